"""The course of an assessment: choosing what to work on, finishing, reopening, and noting who read what."""

from datetime import datetime

from django.db import transaction

from jumelle.assessments.models import Assessment, ChosenFactor
from jumelle.assessments.operations.answering import AssessmentFinished
from jumelle.assessments.operations.journal import note_act
from jumelle.assessments.queries.sheet import asks_something
from jumelle.cities.access import Place
from jumelle.toolkits.queries import package_of

REASON_MINIMUM = 5


class ReasonMissing(Exception):
    """A choice or a reopening needs a reason, in at least five letters."""


class FactorUnknown(Exception):
    """Only a theme of this assessment that asks something can be chosen: the context is not in the city's hands."""


class AssessmentOpen(Exception):
    """The assessment is open already: there is nothing to reopen."""


@transaction.atomic
def choose_factor(*, place: Place, assessment: Assessment, section_code: str, reason: str, now: datetime) -> ChosenFactor:
    """
    Decide to work on a theme, or change the reason of a decision taken earlier.

    Raises:
        FactorUnknown, ReasonMissing: see the classes.
    """
    if section_code not in assessment.themes or not asks_something(package_of(assessment.toolkit_version), (section_code,)):
        raise FactorUnknown
    reason = _reason(reason)
    earlier = ChosenFactor.objects.filter(assessment=assessment, section_code=section_code, archived_by=None).first()
    if earlier and earlier.reason == reason:
        return earlier
    chosen = earlier or ChosenFactor(city_id=assessment.city_id, assessment=assessment, section_code=section_code)
    chosen.reason, chosen.chosen_by, chosen.chosen_at = reason, place.user, now
    chosen.save()
    data = {"assessment": str(assessment.pk), "section": section_code}
    note_act(place, "factor_chosen", "ChosenFactor", chosen.pk, now=now, data=data)
    return chosen


@transaction.atomic
def unchoose_factor(*, place: Place, assessment: Assessment, section_code: str, reason: str, now: datetime) -> ChosenFactor | None:
    """
    Take a decision back; the journal keeps the reason. Return what was removed, None if it was not chosen.

    Raises:
        ReasonMissing: see the class.
    """
    chosen = ChosenFactor.objects.filter(assessment=assessment, section_code=section_code, archived_by=None).first()
    if chosen is None:
        return None
    reason, data = _reason(reason), {"assessment": str(assessment.pk), "section": section_code}
    note_act(place, "factor_unchosen", "ChosenFactor", chosen.pk, now=now, reason=reason, data=data)
    chosen.delete()
    return chosen


@transaction.atomic
def finish_assessment(*, place: Place, assessment: Assessment, now: datetime) -> Assessment:
    """
    Close the assessment: its answers become read-only. Items may stay unanswered; the results say so.

    Raises:
        AssessmentFinished: it is finished already.
    """
    fresh = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if not fresh.is_open:
        raise AssessmentFinished
    _set_finished(assessment, now)
    note_act(place, "assessment_finished", "Assessment", assessment.pk, now=now)
    return assessment


@transaction.atomic
def reopen_assessment(*, place: Place, assessment: Assessment, reason: str, now: datetime) -> Assessment:
    """
    Raises:
        ReasonMissing, AssessmentOpen: see the classes.
    """
    reason = _reason(reason)
    fresh = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if fresh.is_open:
        raise AssessmentOpen
    _set_finished(assessment, None)
    note_act(place, "assessment_reopened", "Assessment", assessment.pk, now=now, reason=reason)
    return assessment


@transaction.atomic
def record_reading(*, place: Place, assessment: Assessment, what: str, now: datetime, item_code: str = "") -> None:
    """Reading who answered, a file of evidence or a copy of all answers is itself an event."""
    note_act(place, what, "Assessment", assessment.pk, now=now, data={"item": item_code} if item_code else None)


def _set_finished(assessment: Assessment, moment: datetime | None) -> None:
    assessment.finished_at = moment
    assessment.save(update_fields=["finished_at"])


def _reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < REASON_MINIMUM:
        raise ReasonMissing
    return reason

"""Starting an assessment: who looks at itself, with which toolkit, on which themes, over which period."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.assessments.enums import Subject
from jumelle.assessments.models import Answer, Assessment, Upgrade
from jumelle.assessments.operations.journal import note_act
from jumelle.assessments.queries.sheet import asks_something, sheet_of, themes_of
from jumelle.cities.access import Place
from jumelle.cities.enums import OrganisationType
from jumelle.cities.models import Organisation
from jumelle.toolkits.enums import ToolkitKind
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.queries import package_of, published_versions

ASSESSABLE = (ToolkitKind.BENCHMARK, ToolkitKind.CHECKLIST, ToolkitKind.GRID)


class StartRefused(Exception):
    """The assessment cannot be started so; `sentence` says why and what to do."""

    sentence = _("The assessment cannot be started.")


class ToolkitNotAvailable(StartRefused):
    sentence = _("This toolkit is not published, or it is a form to fill in. Choose another one.")


class ThemeUnknown(StartRefused):
    sentence = _("Choose at least one theme with questions.")


class OrganisationMissing(StartRefused):
    sentence = _("Choose the organisation or the department that looks at itself.")


class OrganisationUnsuitable(StartRefused):
    sentence = _("This organisation does not fit: a department is part of the municipality, an organisation is not.")


class PeriodBackwards(StartRefused):
    sentence = _("The period ends before it starts. Change one of the two dates.")


@transaction.atomic
def start_assessment(
    *,
    place: Place,
    version: ToolkitVersion,
    subject: Subject,
    themes: Sequence[str],
    period_start_on: date,
    period_end_on: date,
    now: datetime,
    subject_name: str = "",
    organisation: Organisation | None = None,
    organisation_type: str = "",
) -> Assessment:
    """
    Open an assessment and propose "not applicable" where an item is not for this kind of organisation.

    Args:
        subject_name: needed for a practice; else the name of the city or organisation.
        organisation: needed for a department or an organisation, optional for a practice.
        organisation_type: for a practice without an organisation; local authority if empty.
    Raises:
        StartRefused: one of its kinds; nothing was written.
    """
    _check_toolkit(version)
    package = package_of(version)
    chosen = [section.code for section in themes_of(package) if section.code in set(themes)]
    if not asks_something(package, tuple(chosen)) or set(themes) - set(chosen):
        raise ThemeUnknown
    if period_end_on < period_start_on:
        raise PeriodBackwards
    organisation = _suitable(subject, organisation)
    assessment = Assessment.objects.create(
        city=place.here,
        toolkit_version=version,
        subject=subject,
        subject_name=subject_name.strip() or (organisation.name if organisation else place.here.name),
        organisation=organisation,
        organisation_type=_type_of(subject, organisation, organisation_type),
        themes=chosen,
        period_start_on=period_start_on,
        period_end_on=period_end_on,
        started_by=place.user,
        started_at=now,
    )
    proposed = propose_not_applicable(assessment, now)
    data = {"toolkit": package.id, "version": package.version, "themes": chosen, "proposed_not_applicable": proposed}
    note_act(place, "assessment_started", "Assessment", assessment.pk, now=now, data=data)
    return assessment


def _check_toolkit(version: ToolkitVersion) -> None:
    if not published_versions().filter(pk=version.pk, toolkit__kind__in=ASSESSABLE).exists():
        raise ToolkitNotAvailable


def _suitable(subject: Subject, organisation: Organisation | None) -> Organisation | None:
    if subject == Subject.CITY:
        return None
    if subject == Subject.PRACTICE:
        return organisation
    if organisation is None:
        raise OrganisationMissing
    if organisation.is_department != (subject == Subject.DEPARTMENT):
        raise OrganisationUnsuitable
    return organisation


def _type_of(subject: Subject, organisation: Organisation | None, given: str) -> str:
    if organisation:
        return organisation.kind
    return given if subject == Subject.PRACTICE and given in OrganisationType.values else OrganisationType.LOCAL_AUTHORITY


def propose_not_applicable(assessment: Assessment, now: datetime, carried_by: Upgrade | None = None) -> list[str]:
    """
    Propose it for items that are not for this kind of organisation and have no answer; return their codes.

    Nobody answered these: they have no person, and can be taken back with one click.
    """
    sheet = sheet_of(assessment)
    excluded = [entry for entry in sheet.all_entries.values() if not entry.applies and entry.answer is None]
    for entry in excluded:
        Answer.objects.create(
            city_id=assessment.city_id,
            assessment=assessment,
            item_code=entry.code,
            value=entry.not_applicable,
            proposed=True,
            wording=entry.item.text,
            answered_at=now,
            carried_by=carried_by,
        )
    return [entry.code for entry in excluded]

"""A plan begins, its header is changed, and an approved plan is opened for a new version."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.action_plans.models import Plan, PlanLine
from jumelle.action_plans.operations.journal import note_act
from jumelle.assessments.models import Assessment
from jumelle.assessments.operations.answering import tidy
from jumelle.cities.access import Place

REASON_MINIMUM = 5
HEADER_LIMIT = 200


@dataclass(frozen=True, slots=True)
class HeaderGiven:
    """
    The header as somebody typed it.

    language: BCP 47 tag. revision: the stored state that the person saw; 0 for a new plan.
    """

    title: str
    mentee: str
    mentor: str = ""
    language: str = ""
    revision: int = 0


class PlanRefused(Exception):
    """Something in a plan was not taken; `sentence` says why and what to do."""

    sentence = _("This was not saved.")


class PlanApproved(PlanRefused):
    """The plan was approved: its header and its columns stay as they are until a new version is started."""

    sentence = _("The plan is approved: its lines and its header stay as they are. Start a new version to change them.")


class PlanPutAway(PlanRefused):
    """The plan was put away: it can be read, and brought back."""

    sentence = _("The plan is put away. Bring it back first, then change it.")


class PlanNotFrozen(PlanRefused):
    sentence = _("The plan can be changed already: there is no need to start a new version.")


class HeaderIncomplete(PlanRefused):
    sentence = _("A plan needs a title, the city whose plan it is, and a language. Fill in what is empty.")


class HeaderTooLong(PlanRefused):
    sentence = _("The header has room for 200 characters in each field. Shorten what is longer.")


class ReasonMissing(PlanRefused):
    sentence = _("Write down why, in at least five letters.")


class HeaderChangedMeanwhile(PlanRefused):
    """Somebody else changed the header after the person had opened it. Holds both states."""

    sentence = _("Somebody else changed the header while you were writing. Compare both, then save again.")

    def __init__(self, given: HeaderGiven, stored: HeaderGiven) -> None:
        super().__init__("header")
        self.given, self.stored = given, stored


@transaction.atomic
def start_plan(*, place: Place, given: HeaderGiven, now: datetime, assessment: Assessment | None = None) -> Plan:
    """
    Open a plan without lines.

    Args:
        assessment: the one that the plan answers to, if there is one.
    Raises:
        HeaderIncomplete, HeaderTooLong: see the classes.
    """
    given = _checked(given)
    plan = Plan.objects.create(
        city=place.here,
        title=given.title,
        mentee=given.mentee,
        mentor=given.mentor,
        language=given.language,
        assessment=assessment,
        revising_since=now,
        started_by=place.user,
        started_at=now,
    )
    note_act(place, "plan_started", "Plan", plan.pk, now=now, data={"assessment": str(assessment.pk)} if assessment else None)
    return plan


@transaction.atomic
def edit_header(*, place: Place, plan: Plan, given: HeaderGiven, now: datetime) -> Plan:
    """
    Raises:
        HeaderChangedMeanwhile: the stored header is not the one that the person saw, nor the one that was given.
        HeaderIncomplete, HeaderTooLong, PlanApproved: see the classes.
    """
    given = _checked(given)
    fresh = locked_plan(plan)
    stored = header_of(fresh)
    changed = [name for name in ("title", "mentee", "mentor", "language") if getattr(given, name) != getattr(stored, name)]
    if not changed:
        return fresh
    if given.revision != fresh.revision:
        raise HeaderChangedMeanwhile(given, stored)
    for name in changed:
        setattr(fresh, name, getattr(given, name))
    fresh.revision += 1
    fresh.save(update_fields=[*changed, "revision"])
    note_act(place, "plan_header_changed", "Plan", plan.pk, now=now, data={"fields": changed, "revision": fresh.revision})
    return fresh


@transaction.atomic
def start_revision(*, place: Place, plan: Plan, reason: str, now: datetime) -> Plan:
    """
    Open an approved plan for a new version; the journal keeps the reason. What was approved stays as a version.

    Raises:
        ReasonMissing, PlanNotFrozen, PlanPutAway: see the classes.
    """
    reason = checked_reason(reason)
    fresh = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if fresh.archived_at:
        raise PlanPutAway
    if fresh.revising_since:
        raise PlanNotFrozen
    fresh.revising_since = now
    fresh.save(update_fields=["revising_since"])
    note_act(place, "plan_revision_started", "Plan", plan.pk, now=now, reason=reason)
    return fresh


@transaction.atomic
def put_plan_away(*, place: Place, plan: Plan, now: datetime) -> Plan:
    """Close a plan that is over: it stays readable, takes no more changes and no follow-up, and leaves the public page."""
    return _set_archived(place, plan, now, now, "plan_put_away")


@transaction.atomic
def bring_plan_back(*, place: Place, plan: Plan, now: datetime) -> Plan:
    return _set_archived(place, plan, None, now, "plan_brought_back")


def _set_archived(place: Place, plan: Plan, archived_at: datetime | None, now: datetime, action: str) -> Plan:
    fresh = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if bool(fresh.archived_at) != bool(archived_at):
        fresh.archived_at = archived_at
        fresh.save(update_fields=["archived_at"])
        note_act(place, action, "Plan", plan.pk, now=now)
    return fresh


@transaction.atomic
def record_reading(*, place: Place, what: str, object_type: str, object_id: UUID, now: datetime) -> None:
    """Reading who changed a line, or taking out the document of an approval, is itself an event."""
    note_act(place, what, object_type, object_id, now=now)


def header_of(plan: Plan) -> HeaderGiven:
    return HeaderGiven(plan.title, plan.mentee, plan.mentor, plan.language, plan.revision)


def locked_plan(plan: Plan) -> Plan:
    """
    Queue with everyone who writes to this plan: approving and editing must not cross.

    Raises:
        PlanApproved, PlanPutAway: see the classes.
    """
    fresh = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if fresh.archived_at:
        raise PlanPutAway
    if not fresh.can_be_changed:
        raise PlanApproved
    return fresh


def locked_line(line_id: UUID) -> PlanLine:
    return PlanLine.objects.select_for_update(of=("self",)).select_related("lead_organisation").get(pk=line_id)


def checked_reason(reason: str) -> str:
    """
    Raises:
        ReasonMissing: see the class.
    """
    reason = reason.strip()
    if len(reason) < REASON_MINIMUM:
        raise ReasonMissing
    return reason


def _checked(given: HeaderGiven) -> HeaderGiven:
    tidied = HeaderGiven(tidy(given.title), tidy(given.mentee), tidy(given.mentor), given.language, given.revision)
    if not (tidied.title and tidied.mentee and tidied.language):
        raise HeaderIncomplete
    if max(len(tidied.title), len(tidied.mentee), len(tidied.mentor)) > HEADER_LIMIT:
        raise HeaderTooLong
    return tidied

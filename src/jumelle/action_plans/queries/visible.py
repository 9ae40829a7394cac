"""Who sees which plan, what the support group says about it, and the officers' own notes."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from jumelle.action_plans.models import LineComment, LineOrigin, Measure, Plan, PlanLine
from jumelle.cities.access import Place
from jumelle.cities.enums import Role

MANAGERS = (Role.INTEGRATION_OFFICER, Role.CITY_ADMIN)
READERS = (*MANAGERS, Role.SUPPORT_GROUP_MEMBER, Role.MENTOR_OFFICER, "break_glass")
COMMENTERS = (*MANAGERS, Role.SUPPORT_GROUP_MEMBER)


def plans_visible_to(place: Place) -> QuerySet[Plan]:
    """
    The plans of the place's city that its person may open, newest first.

    Officers and administrators write them; the support group and the mentor city read all of them, and so does an operator with
    emergency access. Nobody else sees any.
    """
    found = Plan.objects.filter(city=place.city).order_by("-started_at", "pk")
    return found if place.may(*READERS) else found.none()


def manages(place: Place) -> bool:
    """May this person write the plans of the city, its follow-up and its private notes?"""
    return place.may(*MANAGERS)


def may_comment(place: Place) -> bool:
    """The local support group and the officers talk about a line; the mentor city does not listen in."""
    return place.may(*COMMENTERS)


def reads_comments(place: Place) -> bool:
    return place.may(*COMMENTERS, "break_glass")


def sees_names(place: Place) -> bool:
    """May this person read who wrote or changed something? The support group and the mentor city read what, not who."""
    return place.may(*MANAGERS, "break_glass")


def lines_of(plan: Plan) -> QuerySet[PlanLine]:
    """The lines in their order, without removed ones; three queries, whatever their number. Private notes are not read."""
    return _with_parts(PlanLine.objects.filter(plan=plan, removed_at=None).order_by("position", "pk"))


def removed_lines_of(plan: Plan) -> QuerySet[PlanLine]:
    """What was removed and can be brought back, newest first."""
    return _with_parts(PlanLine.objects.filter(plan=plan).exclude(removed_at=None).order_by("-removed_at", "pk"))


def lines_of_all(plans: Iterable[Plan]) -> QuerySet[PlanLine]:
    """The lines of several plans, without their parts and without removed ones."""
    found = PlanLine.objects.filter(plan__in=list(plans), removed_at=None)
    return found.select_related("lead_organisation").defer("private_note").order_by("plan", "position", "pk")


def _with_parts(lines: QuerySet[PlanLine]) -> QuerySet[PlanLine]:
    measures = Prefetch("measures", Measure.objects.order_by("position", "pk"))
    origins = Prefetch("origins", LineOrigin.objects.order_by("kind", "toolkit", "code", "pk"))
    return lines.select_related("lead_organisation").defer("private_note").prefetch_related(measures, origins)


def private_notes_of(place: Place, plan: Plan) -> dict[UUID, str]:
    """Line → what the officers noted for themselves, where there is something; {} for everybody else."""
    if not manages(place):
        return {}
    return {line.pk: line.private_note for line in PlanLine.objects.filter(plan=plan).only("private_note") if line.private_note}


def comments_of(place: Place, line: PlanLine) -> QuerySet[LineComment]:
    """What the support group said about a line, oldest first; none for those who do not read comments."""
    found = LineComment.objects.filter(line=line, withdrawn_at=None).select_related("written_by", "answered_by")
    return found.order_by("written_at", "pk") if reads_comments(place) else found.none()

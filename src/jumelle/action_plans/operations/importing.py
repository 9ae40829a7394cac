"""Taking lines of a workbook that a person has looked at: each under the rules of a page, all in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.action_plans.content import LineContent, MeasureContent, OriginContent
from jumelle.action_plans.enums import OriginKind
from jumelle.action_plans.models import LineOrigin, Measure, Plan, PlanLine
from jumelle.action_plans.operations.arranging import add_origin, show_line
from jumelle.action_plans.operations.follow_up import Figure, set_reached
from jumelle.action_plans.operations.journal import note_act
from jumelle.action_plans.operations.lines import LineGiven, LineRefused, MeasureGiven, checked, edit_line, new_line
from jumelle.action_plans.operations.planning import PlanRefused, locked_plan
from jumelle.cities.access import Place
from jumelle.cities.models import Organisation
from jumelle.cities.queries import organisations_of


@dataclass(frozen=True, slots=True)
class Taken:
    """
    A row that is to be taken. number: of the row in the file.

    line: its `line_id` is "" for a new one. revision: of the stored line that the person saw beside it.
    """

    number: int
    line: LineContent
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Imported:
    """refused: number of the row → why it was not taken."""

    added: tuple[UUID, ...]
    changed: tuple[UUID, ...]
    refused: Mapping[int, PlanRefused]


class ChangedSinceShown(LineRefused):
    sentence = _("Somebody changed or removed this line after you had looked. Upload the file again and compare.")


class OrganisationGone(LineRefused):
    sentence = _("The organisation that leads is no longer among those of your city. Upload the file again.")


@transaction.atomic
def import_lines(*, place: Place, plan: Plan, rows: Sequence[Taken], now: datetime) -> Imported:
    """
    Take what was shown, row by row; a row that cannot be taken any more is returned with its reason.

    Raises:
        PlanApproved, PlanPutAway: nothing was taken.
    """
    fresh = locked_plan(plan)
    organisations = {organisation.name: organisation for organisation in organisations_of(place.here)}
    added: list[UUID] = []
    changed: list[UUID] = []
    refused: dict[int, PlanRefused] = {}
    for row in rows:
        try:
            with transaction.atomic():
                given = given_of(row.line, _organisation(row.line, organisations))
                if row.line.line_id:
                    changed.append(_change(place, fresh, row, given, now))
                else:
                    added.append(_add(place, fresh, row.line, given, now))
        except LineRefused as refusal:
            refused[row.number] = refusal
    data = {"added": len(added), "changed": len(changed), "refused": len(refused)}
    note_act(place, "plan_lines_imported", "Plan", plan.pk, now=now, data=data)
    return Imported(tuple(added), tuple(changed), refused)


def given_of(line: LineContent, organisation: Organisation | None) -> LineGiven:
    """The columns of a row as a page would have posted them; measures without their ids."""
    measures = tuple(MeasureGiven(each.what, each.baseline, each.target, each.due_on, each.data_source) for each in line.measures)
    return LineGiven(
        action=line.action,
        results=line.results,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        timetable=line.timetable,
        lead=line.lead,
        lead_organisation=organisation,
        staff=line.staff,
        partners=line.partners,
        funding=line.funding,
        evaluation=line.evaluation,
        measures=measures,
    )


def _organisation(line: LineContent, organisations: Mapping[str, Organisation]) -> Organisation | None:
    if not line.lead_organisation:
        return None
    if line.lead_organisation not in organisations:
        raise OrganisationGone("lead_organisation")
    return organisations[line.lead_organisation]


def _add(place: Place, plan: Plan, line: LineContent, given: LineGiven, now: datetime) -> UUID:
    created = new_line(place, plan, checked(given), now)
    created.status, created.is_public = line.status, line.is_public
    created.save(update_fields=["status", "is_public"])
    _set_figures(place, created, line.measures, now)
    for origin in line.origins:
        LineOrigin.objects.create(
            city_id=plan.city_id,
            line=created,
            kind=origin.kind,
            toolkit=origin.toolkit,
            version=origin.version,
            code=origin.code,
            label=origin.label,
            url=origin.url,
            dated_on=origin.dated_on,
        )
    note_act(place, "plan_line_added", "PlanLine", created.pk, now=now, data={"plan": str(plan.pk), "position": created.position})
    return created.pk


def _change(place: Place, plan: Plan, row: Taken, given: LineGiven, now: datetime) -> UUID:
    stored = PlanLine.objects.filter(plan=plan, pk=row.line.line_id, removed_at=None).first()
    if stored is None or stored.revision != row.revision:
        raise ChangedSinceShown
    stored.plan = plan
    known = {_key(origin) for origin in LineOrigin.objects.filter(line=stored)}
    given = replace(given, measures=_with_ids(stored, given.measures), revision=row.revision)
    line = edit_line(place=place, line=stored, given=given, now=now).line
    _set_figures(place, line, row.line.measures, now)
    show_line(place=place, line=line, is_public=row.line.is_public, now=now)
    for origin in row.line.origins:
        if _key(origin) not in known:
            kind = OriginKind(origin.kind)
            add_origin(place=place, line=stored, kind=kind, label=origin.label, url=origin.url, dated_on=origin.dated_on, now=now)
    return stored.pk


def _key(origin: LineOrigin | OriginContent) -> tuple[object, ...]:
    return origin.kind, origin.toolkit, origin.version, origin.code, origin.label, origin.url, origin.dated_on


def _with_ids(line: PlanLine, given: Sequence[MeasureGiven]) -> tuple[MeasureGiven, ...]:
    """A file holds no ids: a measure is the stored one of the same words, else the next one that is left. So its figures stay with it."""
    left = list(Measure.objects.filter(line=line).order_by("position", "pk"))
    same: dict[int, UUID] = {}
    for at, each in enumerate(given):
        twin = next((measure for measure in left if measure.what == each.what), None)
        if twin:
            left.remove(twin)
            same[at] = twin.pk
    return tuple(replace(each, id=same.get(at) or (left.pop(0).pk if left else None)) for at, each in enumerate(given))


def _set_figures(place: Place, line: PlanLine, wanted: Iterable[MeasureContent], now: datetime) -> None:
    stored = Measure.objects.filter(line=line).order_by("position", "pk")
    pairs = zip(stored, wanted, strict=True)
    figures = [Figure(measure, each.reached, each.reached_on) for measure, each in pairs]
    set_reached(place, line, [figure for figure in figures if figure.is_new], now)

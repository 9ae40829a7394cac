"""
Writing lines so that two people never overwrite each other: each post says which state it was typed upon.

Nothing is lost: the state before each change is kept as a `PlanLineRevision`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.action_plans.content import LineContent, line_from_json, line_to_json
from jumelle.action_plans.models import Measure, Plan, PlanLine, PlanLineRevision
from jumelle.action_plans.operations.journal import note_act
from jumelle.action_plans.operations.planning import PlanRefused, locked_line, locked_plan
from jumelle.action_plans.queries import line_content
from jumelle.action_plans.workbook_columns import TEXT_LIMIT
from jumelle.assessments.operations.answering import tidy
from jumelle.cities.access import Place
from jumelle.cities.models import Organisation

FIGURE_LIMIT = 100
MEASURES_LIMIT = 20
TEXTS = ("action", "results", "timetable", "lead", "staff", "partners", "funding", "evaluation")
COLUMNS = (*TEXTS, "starts_on", "ends_on", "lead_organisation")
MEASURE_TEXTS = ("what", "baseline", "target", "data_source")


@dataclass(frozen=True, slots=True)
class MeasureGiven:
    """A measure as somebody typed it. id: of the stored one that it changes; None for a new one."""

    what: str = ""
    baseline: str = ""
    target: str = ""
    due_on: date | None = None
    data_source: str = ""
    id: UUID | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.what or self.baseline or self.target or self.due_on or self.data_source)


@dataclass(frozen=True, slots=True)
class LineGiven:
    """
    The columns of a line as somebody typed them.

    lead_organisation: of the same city. revision: the stored state that the person saw; 0 for a new line.
    """

    action: str
    results: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    timetable: str = ""
    lead: str = ""
    lead_organisation: Organisation | None = None
    staff: str = ""
    partners: str = ""
    funding: str = ""
    evaluation: str = ""
    measures: tuple[MeasureGiven, ...] = ()
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """changed: False when the same was already stored, and nothing was written."""

    line: PlanLine
    changed: bool


class LineRefused(PlanRefused):
    """A line was not taken. `field` is the column that is meant, "" for the line as a whole."""

    sentence = _("The line was not saved.")

    def __init__(self, field: str = "", given: LineGiven | None = None) -> None:
        super().__init__(field)
        self.field, self.given = field, given


class ActionMissing(LineRefused):
    sentence = _("Say what will be done: a line needs an action.")


class TextTooLong(LineRefused):
    sentence = _("The text has more than 10,000 characters. Shorten it.")


class EndsBeforeItStarts(LineRefused):
    sentence = _("The action ends before it starts. Change one of the two dates.")


class MeasureUnnamed(LineRefused):
    sentence = _("A measure of success has a figure or a date but does not say what is measured. Say it, or empty the measure.")


class FigureTooLong(LineRefused):
    sentence = _("A baseline or a target has more than 100 characters. Put the explanation under “What is measured?”.")


class TooManyMeasures(LineRefused):
    sentence = _("A line holds at most 20 measures of success. Take some out.")


class LineRemoved(LineRefused):
    sentence = _("Somebody removed this line meanwhile. Bring it back first, then change it.")


class LineChangedMeanwhile(LineRefused):
    """Somebody else changed the line after the person had opened it. Holds both states."""

    sentence = _("Somebody else changed this line while you were writing. Compare both, then save again.")

    def __init__(self, given: LineGiven, stored: LineGiven, line: PlanLine) -> None:
        super().__init__("", given)
        self.stored, self.line = stored, line


@transaction.atomic
def add_line(*, place: Place, plan: Plan, given: LineGiven, now: datetime) -> PlanLine:
    """
    Put a line at the end of the plan.

    Raises:
        LineRefused: one of its kinds; nothing was written.
        PlanApproved: see the class.
    """
    given = checked(given)
    locked_plan(plan)
    line = new_line(place, plan, given, now)
    note_act(place, "plan_line_added", "PlanLine", line.pk, now=now, data={"plan": str(plan.pk), "position": line.position})
    return line


@transaction.atomic
def edit_line(*, place: Place, line: PlanLine, given: LineGiven, now: datetime) -> Saved:
    """
    Change the columns and measures of a line.

    Raises:
        LineChangedMeanwhile: the stored line is not the one that the person saw, nor the one that was given.
        LineRefused: one of its other kinds.
        PlanApproved: see the class.
    """
    given = checked(given)
    locked_plan(line.plan)
    stored = locked_line(line.pk)
    if stored.removed_at:
        raise LineRemoved("", given)
    before = columns_of(stored)
    if _same(before, given):
        return Saved(stored, changed=False)
    if given.revision != stored.revision and not _only_origins_changed_since(stored, given.revision):
        raise LineChangedMeanwhile(given, before, stored)
    keep_state(stored)
    for name in COLUMNS:
        setattr(stored, name, getattr(given, name))
    _set_measures(stored, given.measures)
    touch(stored, place, now, *COLUMNS)
    data = {"plan": str(line.plan_id), "revision": stored.revision, "columns": _changed(before, given)}
    note_act(place, "plan_line_changed", "PlanLine", line.pk, now=now, data=data)
    return Saved(stored, changed=True)


def new_line(place: Place, plan: Plan, given: LineGiven, now: datetime) -> PlanLine:
    """Inside a transaction that holds the plan; `given` is checked."""
    last = PlanLine.objects.filter(plan=plan).order_by("-position").values_list("position", flat=True).first()
    line = PlanLine.objects.create(
        city_id=plan.city_id,
        plan=plan,
        position=(last or 0) + 1,
        changed_by=place.user,
        changed_at=now,
        **{name: getattr(given, name) for name in COLUMNS},
    )
    _set_measures(line, given.measures)
    return line


def keep_state(line: PlanLine) -> None:
    """Keep what is about to change; call it before anything of the line, its measures or its origins is written."""
    PlanLineRevision.objects.create(
        city_id=line.city_id,
        line=line,
        revision=line.revision,
        content=line_to_json(line_content(line, line.position)),
        changed_by_id=line.changed_by_id,
        changed_at=line.changed_at,
    )


def touch(line: PlanLine, place: Place, now: datetime, *names: str) -> None:
    """Save the named fields as a new revision."""
    line.revision += 1
    line.changed_by, line.changed_at = place.user, now
    line.save(update_fields=[*names, "revision", "changed_by", "changed_at"])


def columns_of(line: PlanLine) -> LineGiven:
    measures = tuple(
        MeasureGiven(measure.what, measure.baseline, measure.target, measure.due_on, measure.data_source, measure.pk)
        for measure in Measure.objects.filter(line=line).order_by("position", "pk")
    )
    return LineGiven(**{name: getattr(line, name) for name in COLUMNS}, measures=measures, revision=line.revision)


# --- checking ---------------------------------------------------------------------------------------------------------


def checked(given: LineGiven) -> LineGiven:
    """
    The same, tidied: line ends as one character, nothing invisible, empty measures left out.

    Raises:
        LineRefused: one of its kinds.
    """
    tidied: dict[str, Any] = {name: tidy(getattr(given, name)) for name in TEXTS}
    measures = tuple(measure for measure in map(_tidied, given.measures) if not measure.is_empty)
    given = replace(given, **tidied, measures=measures)
    if not given.action:
        raise ActionMissing("action", given)
    for name in TEXTS:
        if len(getattr(given, name)) > TEXT_LIMIT:
            raise TextTooLong(name, given)
    if given.starts_on and given.ends_on and given.ends_on < given.starts_on:
        raise EndsBeforeItStarts("ends_on", given)
    _check_measures(given)
    return given


def _tidied(measure: MeasureGiven) -> MeasureGiven:
    texts: dict[str, Any] = {name: tidy(getattr(measure, name)) for name in MEASURE_TEXTS}
    return replace(measure, **texts)


def _check_measures(given: LineGiven) -> None:
    if len(given.measures) > MEASURES_LIMIT:
        raise TooManyMeasures("measures", given)
    for measure in given.measures:
        if not measure.what:
            raise MeasureUnnamed("measures", given)
        if max(len(measure.what), len(measure.data_source)) > TEXT_LIMIT:
            raise TextTooLong("measures", given)
        if max(len(measure.baseline), len(measure.target)) > FIGURE_LIMIT:
            raise FigureTooLong("measures", given)


# --- comparing and writing --------------------------------------------------------------------------------------------


def _same(stored: LineGiven, given: LineGiven) -> bool:
    return not _changed(stored, given)


def _changed(stored: LineGiven, given: LineGiven) -> list[str]:
    """Names of the columns that differ; "measures" among them."""
    names = [name for name in COLUMNS if getattr(stored, name) != getattr(given, name)]
    return [*names, "measures"] if _figures(stored.measures) != _figures(given.measures) else names


def _figures(measures: Iterable[MeasureGiven]) -> list[MeasureGiven]:
    return [replace(measure, id=None) for measure in measures]


def _only_origins_changed_since(line: PlanLine, revision: int) -> bool:
    """Was the state that the person saw the same in every column? Then nobody's text is touched."""
    seen = PlanLineRevision.objects.filter(line=line, revision=revision).first()
    if seen is None:
        return False
    return _columns_alone(line_from_json(seen.content)) == _columns_alone(line_content(line, line.position))


def _columns_alone(content: LineContent) -> LineContent:
    """Without where it stands, how it goes and where it was born."""
    measures = tuple(replace(measure, reached="", reached_on=None) for measure in content.measures)
    return replace(content, position=0, status="", is_public=False, origins=(), measures=measures)


def _set_measures(line: PlanLine, given: Sequence[MeasureGiven]) -> None:
    """Change, add and take out; what follow-up has noted as reached stays with its measure."""
    stored = {measure.pk: measure for measure in Measure.objects.filter(line=line)}
    for position, each in enumerate(given, start=1):
        measure = stored.pop(each.id, None) if each.id else None
        measure = measure or Measure(city_id=line.city_id, line=line)
        measure.position, measure.due_on = position, each.due_on
        for name in MEASURE_TEXTS:
            setattr(measure, name, getattr(each, name))
        measure.save()
    for measure in stored.values():
        measure.delete()

"""What would happen if a workbook were taken: new lines, changed ones field by field, unchanged ones, and rows that are refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from jumelle.action_plans.content import LineContent, MeasureContent, OriginContent
from jumelle.action_plans.enums import OriginKind
from jumelle.action_plans.importing.cells import CellWrong, refuse
from jumelle.action_plans.importing.read import LINE, Known, Reading, Row
from jumelle.action_plans.models import Plan, PlanLine
from jumelle.action_plans.operations.importing import given_of
from jumelle.action_plans.operations.lines import LineRefused, checked
from jumelle.action_plans.queries import line_content, lines_of
from jumelle.action_plans.queries.origins import Sources, sources_of
from jumelle.action_plans.workbook_columns import MEASURE_COLUMNS
from jumelle.assessments.operations.answering import tidy
from jumelle.cities.queries import organisations_of
from jumelle.common.chart_days import day_words
from jumelle.toolkits.package.problems import Problem
from jumelle.toolkits.package.problems import mark as _

PLAIN = ("action", "results", "timetable", "lead", "lead_organisation", "staff", "partners", "funding", "evaluation")
MEASURES, ORIGINS = gettext_lazy("Measures of success"), gettext_lazy("Where the line was born")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a line as words: as it is stored, and as the file has it."""

    label: str | Promise
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """
    A row that would be taken. revision: of the stored line that is shown beside it; 0 for a new line.

    is_later: the line was changed online after the file was written. Then the file may hold what was meant to go.
    """

    number: int
    line: LineContent
    revision: int
    changes: tuple[Change, ...]
    is_later: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """unchanged, absent: how many lines say what is stored, and how many of the plan are not in the file and stay as they are."""

    new: tuple[Proposal, ...]
    changed: tuple[Proposal, ...]
    unchanged: int
    absent: int
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def known_of(plan: Plan) -> Known:
    """What the rows of a workbook are held against; five queries."""
    names = [organisation.name for organisation in organisations_of(plan.city)]
    removed = PlanLine.objects.filter(plan=plan).exclude(removed_at=None).values_list("pk", flat=True)
    return Known(
        plan_id=str(plan.pk),
        lines={str(line.pk): line_content(line, number) for number, line in enumerate(lines_of(plan), start=1)},
        removed=frozenset(map(str, removed)),
        organisations=frozenset(name for name in names if names.count(name) == 1),
    )


def preview_of(reading: Reading, plan: Plan, known: Known) -> Preview:
    """Two queries, whatever the number of rows."""
    lines = {str(line.pk): line for line in PlanLine.objects.filter(plan=plan, removed_at=None).only("revision", "changed_at")}
    return _Previewer(reading, plan, known, lines, sources_of(row.line for row in reading.rows)).preview()


class _Previewer:
    def __init__(self, reading: Reading, plan: Plan, known: Known, lines: Mapping[str, PlanLine], sources: Sources) -> None:
        self.reading, self.plan, self.known, self.lines, self.sources = reading, plan, known, lines, sources
        self.problems, self.notes = list(reading.problems), list(reading.notes)
        self.actions = {_alike(line.action): number for number, line in enumerate(known.lines.values(), start=1)}

    def preview(self) -> Preview:
        new: list[Proposal] = []
        changed: list[Proposal] = []
        unchanged = 0
        for row in self.reading.rows:
            try:
                proposal = self._changed(row) if row.line.line_id else self._new(row)
            except CellWrong as wrong:
                self._tell(self.problems, row, str(wrong.column.label), wrong.template, wrong.params)
                continue
            except LineRefused as refusal:
                self._tell(self.problems, row, _column_label(refusal.field), str(refusal.sentence), {})
                continue
            if proposal.revision == 0:
                new.append(proposal)
            elif proposal.changes:
                changed.append(proposal)
            else:
                unchanged += 1
        self._note_header()
        listed = {row.line.line_id for row in self.reading.rows}
        absent = sum(1 for line_id in self.known.lines if line_id not in listed)
        return Preview(tuple(new), tuple(changed), unchanged, absent, tuple(self.problems), tuple(self.notes))

    def _new(self, row: Row) -> Proposal:
        twin = self.actions.get(_alike(row.line.action))
        if twin is not None:
            message = _("The plan or this file has a line with this action already (%(number)s). Word it otherwise, or delete the row.")
            refuse(LINE["action"], message, number=twin)
        for origin in row.line.origins:
            self._check_source(origin)
        checked(given_of(row.line, None))
        self.actions[_alike(row.line.action)] = row.line.position
        return Proposal(row.number, row.line, 0, ())

    def _changed(self, row: Row) -> Proposal:
        stored, line = self.known.lines[row.line.line_id], self.lines[row.line.line_id]
        self._note_status(row, stored)
        wanted = replace(row.line, status=stored.status, position=stored.position, origins=self._origins(row, stored))
        changes = tuple(_changes(stored, wanted))
        if changes:
            checked(given_of(wanted, None))
        return Proposal(row.number, wanted, line.revision, changes, self._is_later(line))

    def _origins(self, row: Row, stored: LineContent) -> tuple[OriginContent, ...]:
        """The stored ones and those that the file adds. Nothing is taken out, and no gap is put to a line that was not made from it."""
        added = [origin for origin in row.line.origins if origin not in stored.origins]
        if any(origin.kind in (OriginKind.GAP, OriginKind.SUPPORT) for origin in added):
            refuse(LINE["line"], _("A line keeps the gaps and tips that it was made from: put back what stood in the sheet of origins."))
        if set(stored.origins) - set(row.line.origins):
            message = _("The file leaves out where this line was born. That stays as it is; on the page of the line you can change it.")
            self._tell(self.notes, row, "", message, {})
        return (*stored.origins, *added)

    def _check_source(self, origin: OriginContent) -> None:
        if origin.kind not in (OriginKind.GAP, OriginKind.SUPPORT):
            return
        source = self.sources.get((origin.toolkit, origin.version))
        if source is None or not source.texts(origin.code):
            message = _("There is no %(code)s in version %(version)s of the toolkit %(toolkit)s. Correct it in the sheet of origins.")
            refuse(LINE["line"], message, code=origin.code, version=origin.version, toolkit=origin.toolkit)

    def _note_status(self, row: Row, stored: LineContent) -> None:
        if row.line.status != stored.status:
            message = _("How an action stands is told in the follow-up, with one sentence. It is not taken from a file.")
            self._tell(self.notes, row, str(LINE["status"].label), message, {})

    def _note_header(self) -> None:
        """The header is changed on its page; a file that has it otherwise is told so."""
        for name in ("title", "mentee", "mentor"):
            text = tidy(self.reading.header.get(name, ""))
            if text and self.reading.header.get("plan_id") and text != getattr(self.plan, name):
                message = _("The header of the plan is not taken from a file. Change it on the page of the plan.")
                self.notes.append(Problem("plan", None, name, message))

    def _is_later(self, line: PlanLine) -> bool:
        try:
            written_on = date.fromisoformat(self.reading.header.get("dated_on", ""))
        except ValueError:
            return False
        return timezone.localdate(line.changed_at) > written_on

    def _tell(self, into: list[Problem], row: Row, column: str, template: str, params: Mapping[str, str]) -> None:
        into.append(Problem(self.reading.sheet_name, row.number, column, template, dict(params)))


def _alike(action: str) -> str:
    return " ".join(action.split()).casefold()


def _column_label(name: str) -> str:
    if name == "measures":
        return str(MEASURES)
    return str(LINE[name].label) if name in LINE else ""


# --- field by field ---------------------------------------------------------------------------------------------------


def _changes(stored: LineContent, wanted: LineContent) -> Iterable[Change]:
    for name in (*PLAIN, "starts_on", "ends_on", "is_public"):
        before, after = (getattr(line, name) for line in (stored, wanted))
        if _plain(before) != _plain(after):
            yield Change(LINE[name].label, in_words(before), in_words(after))
    if _measures(stored) != _measures(wanted):
        yield Change(MEASURES, measures_in_words(stored.measures), measures_in_words(wanted.measures))
    if stored.origins != wanted.origins:
        yield Change(ORIGINS, origins_in_words(stored.origins), origins_in_words(wanted.origins))


def _plain(value: object) -> object:
    return tidy(value) if isinstance(value, str) else value


def _measures(line: LineContent) -> list[tuple[object, ...]]:
    names = ("what", "baseline", "target", "due_on", "data_source", "reached", "reached_on")
    return [tuple(_plain(getattr(measure, name)) for name in names) for measure in line.measures]


def in_words(value: str | bool | date | None) -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return day_words(value) if isinstance(value, date) else value or ""


def measures_in_words(measures: Iterable[MeasureContent]) -> str:
    """One line of text per measure: what it is, and what is filled in."""
    _line, _what, *columns = MEASURE_COLUMNS
    rows = []
    for measure in measures:
        parts = [(column.label, in_words(getattr(measure, column.key))) for column in columns]
        rows.append("; ".join([measure.what, *(f"{label}: {text}" for label, text in parts if text)]))
    return "\n".join(rows)


def origins_in_words(origins: Iterable[OriginContent]) -> str:
    labels = dict(OriginKind.choices)
    rows = []
    for origin in origins:
        parts = (origin.code, origin.toolkit, origin.version, origin.label, origin.url, in_words(origin.dated_on))
        rows.append(f"{labels[origin.kind]}: " + "; ".join(filter(None, parts)))  # type: ignore[index]
    return "\n".join(rows)


def row_in_words(line: LineContent) -> list[tuple[str | Promise, str]]:
    """Every field of a new line that has something in it."""
    names = (*PLAIN, "starts_on", "ends_on")
    facts: list[tuple[str | Promise, str]] = [(LINE[name].label, in_words(getattr(line, name))) for name in names]
    facts += [(MEASURES, measures_in_words(line.measures)), (ORIGINS, origins_in_words(line.origins))]
    facts.append((LINE["status"].label, str(dict(LINE["status"].choices)[line.status])))
    return [(label, text) for label, text in (*facts, (LINE["is_public"].label, in_words(line.is_public))) if text]

"""A workbook of lines: rows that are understood, and for every other one what is wrong, where, and what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from jumelle.action_plans.content import LineContent, MeasureContent, OriginContent
from jumelle.action_plans.enums import LineStatus, OriginKind
from jumelle.action_plans.importing.cells import CellWrong, Value, refuse
from jumelle.action_plans.importing.sheets import Record, Report, Sheets, Table, read_tables
from jumelle.action_plans.operations.arranging import LABEL_LIMIT
from jumelle.action_plans.workbook_columns import LINE_COLUMNS, MEASURE_COLUMNS, ORIGIN_COLUMNS
from jumelle.assessments.operations.evidence import LinkRefused, checked_link
from jumelle.toolkits.package.problems import Problem, refused
from jumelle.toolkits.package.problems import mark as _

LINE = {column.key: column for column in LINE_COLUMNS}
_MEASURE = {column.key: column for column in MEASURE_COLUMNS}
_ORIGIN = {column.key: column for column in ORIGIN_COLUMNS}


@dataclass(frozen=True, slots=True)
class Known:
    """
    What the rows are held against.

    lines: those that stand in the plan, by id. removed: ids of those that were taken out.
    organisations: the names of those of the city.
    """

    plan_id: str
    lines: Mapping[str, LineContent]
    removed: frozenset[str]
    organisations: frozenset[str]


@dataclass(frozen=True, slots=True)
class Row:
    """An understood row. number: as the person sees it in the spreadsheet. line: `line_id` is "" for a new one."""

    number: int
    line: LineContent


@dataclass(frozen=True, slots=True)
class Reading:
    """problems: what keeps a row from being taken. notes: what is passed over, and told. header: see `Sheets`."""

    sheet_name: str
    header: Mapping[str, str]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def read_workbook(data: bytes, known: Known) -> Reading:
    """
    Return the rows of a workbook of this plan, or of an empty one. A row with a bad measure or origin is not among them.

    Raises:
        WorkbookRefused: the file as a whole is of no use: not a workbook, harmful, of another plan, or too large.
    """
    report = Report()
    sheets = read_tables(data, report)
    if sheets.header.get("plan_id") not in ("", None, known.plan_id):
        raise refused(_("This workbook belongs to another plan. Open that plan, or download the workbook of this one."))
    rows = _read_rows(sheets, known, report)
    for table in (sheets.measures, sheets.origins):
        _refuse_lonely(table, sheets.lines, report)
    order = [table.name for table in (sheets.lines, sheets.measures, sheets.origins)]
    problems = sorted(report.problems, key=lambda problem: (order.index(problem.sheet), problem.row or 0))
    return Reading(sheets.lines.name, sheets.header, rows, tuple(problems), tuple(report.notes))


def _read_rows(sheets: Sheets, known: Known, report: Report) -> tuple[Row, ...]:
    measures, wrong_measures = _parts(sheets.measures, _measure, report)
    origins, wrong_origins = _parts(sheets.origins, _origin, report)
    wrong = sheets.measures.wrong | sheets.origins.wrong | wrong_measures | wrong_origins
    rows: list[Row] = []
    seen: dict[str, dict[Value, int]] = {"line": {}, "line_id": {}}
    for record in sheets.lines.records:
        try:
            _check_once(record, seen)
            line = _line(record, known, measures.get(record.line, ()), origins.get(record.line, ()))
        except CellWrong as problem:
            report.add(sheets.lines.name, record.number, problem)
            continue
        if record.line not in wrong:
            rows.append(Row(record.number, line))
    return tuple(rows)


def _parts(table: Table, build: Any, report: Report) -> tuple[dict[Value, tuple[Any, ...]], set[Value]]:
    """Number of a line → its measures or origins, and the numbers of lines of which one is wrong."""
    found: dict[Value, tuple[Any, ...]] = {}
    wrong: set[Value] = set()
    for record in table.records:
        try:
            found[record.line] = (*found.get(record.line, ()), build(record.values))
        except CellWrong as problem:
            report.add(table.name, record.number, problem)
            wrong.add(record.line)
    return found, wrong


def _refuse_lonely(table: Table, lines: Table, report: Report) -> None:
    """A measure or an origin whose line is nowhere, while the line may be there and be refused."""
    known = {record.line for record in lines.records} | lines.wrong
    for record in table.records:
        if record.line not in known:
            message = _("There is no line %(line)s in the sheet “%(sheet)s”. Correct the number, or delete this row.")
            report.add(table.name, record.number, CellWrong(LINE["line"], message, line=record.line, sheet=lines.name))


def _check_once(record: Record, seen: Mapping[str, dict[Value, int]]) -> None:
    for key, earlier in seen.items():
        value = record.values[key]
        if value is None:
            continue
        if value in earlier:
            refuse(LINE[key], _("The same stands in row %(row)s already. Keep one of the two rows."), row=earlier[value])
        earlier[value] = record.number


# --- a row and its parts ----------------------------------------------------------------------------------------------


def _line(record: Record, known: Known, measures: Iterable[MeasureContent], origins: Iterable[OriginContent]) -> LineContent:
    values = record.values
    line_id = str(values["line_id"] or "")
    stored = known.lines.get(line_id)
    if line_id in known.removed:
        refuse(LINE["line_id"], _("This line was removed from the plan. Bring it back first, or delete the row."))
    if line_id and stored is None:
        message = _("No line of this plan has this identity. For a new line, leave the cell empty.")
        refuse(LINE["line_id"], message)
    if values["starts_on"] and values["ends_on"] and values["ends_on"] < values["starts_on"]:  # type: ignore[operator]
        refuse(LINE["ends_on"], _("The action ends before it starts. Change one of the two dates."))
    organisation = values["lead_organisation"]
    if organisation and organisation not in known.organisations and not (stored and stored.lead_organisation == organisation):
        message = _("“%(name)s” is not an organisation of your city. Add it first, or write it into the column “%(column)s”.")
        refuse(LINE["lead_organisation"], message, name=str(organisation)[:80], column=LINE["lead"].label)
    content: dict[str, Any] = {name: values[name] for name in _names_of(LineContent) & values.keys()}
    content |= {
        "line_id": line_id,
        "position": values["line"],
        "status": values["status"] or (stored.status if stored else LineStatus.PLANNED.value),
        "is_public": values["is_public"] == "yes" if values["is_public"] else bool(stored and stored.is_public),
    }
    return LineContent(**content, measures=tuple(measures), origins=tuple(origins))


def _measure(values: Mapping[str, Value]) -> MeasureContent:
    if values["reached_on"] and not values["reached"]:
        refuse(_MEASURE["reached"], _("There is a day but no figure. Fill in what was reached, or empty the day."))
    return MeasureContent(**_only(MeasureContent, values))


def _origin(values: Mapping[str, Value]) -> OriginContent:
    origin = OriginContent(**_only(OriginContent, values))
    if origin.kind in (OriginKind.GAP, OriginKind.SUPPORT):
        for name in ("toolkit", "version", "code"):
            if not values[name]:
                refuse(_ORIGIN[name], _("A gap or a tip is named by its toolkit, its version and its code. Fill in all three."))
    elif not 0 < len(origin.label) <= LABEL_LIMIT:
        refuse(_ORIGIN["label"], _("Say which practice, visit or meeting it was, in at most %(limit)s characters."), limit=LABEL_LIMIT)
    if origin.url:
        try:
            checked_link(origin.url)
        except LinkRefused:
            refuse(_ORIGIN["url"], _("This is not a web address. It starts with https:// or http://."))
    return origin


def _only(kind: type, values: Mapping[str, Value]) -> dict[str, Any]:
    return {name: values[name] for name in _names_of(kind)}


def _names_of(kind: type) -> set[str]:
    return {field.name for field in fields(kind)}

"""The sheets of a workbook of lines: found by name or by keys, checked for size, and read cell by cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from jumelle.action_plans.importing.cells import CellWrong, Value, value_of
from jumelle.action_plans.workbook_columns import (
    FIRST_ROW,
    FORMAT,
    KEY_ROW,
    LINES_SHEET,
    MARK,
    MEASURES_SHEET,
    ORIGINS_SHEET,
    PLAN_SHEET,
    TABLES,
    Column,
)
from jumelle.toolkits.package.archive import Archive
from jumelle.toolkits.package.problems import PackageRefused, Problem, refused
from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.workbook_cells import Cell, Sheet, letters_of, read_sheets

WorkbookRefused = PackageRefused  # the same messages with sheet, row and column; here it is a workbook of lines
ROW_LIMITS = {LINES_SHEET: 200, MEASURES_SHEET: 2_000, ORIGINS_SHEET: 2_000}
_STARTS = (b"PK", b"\xd0\xcf\x11\xe0")


@dataclass(slots=True)
class Report:
    """problems: what keeps a row from being taken. notes: what is passed over, and told."""

    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def add(self, sheet: str, row: int, wrong: CellWrong) -> None:
        self.problems.append(Problem(sheet, row, str(wrong.column.label), wrong.template, wrong.params))

    def note(self, sheet: str, row: int | None, column: str, template: str, /, **params: object) -> None:
        self.notes.append(Problem(sheet, row, column, template, {name: str(value) for name, value in params.items()}))


@dataclass(frozen=True, slots=True)
class Record:
    """A row whose every cell is understood. number: as the person sees it. line: the number of the line that it belongs to."""

    number: int
    values: Mapping[str, Value]

    @property
    def line(self) -> Value:
        return self.values["line"]


@dataclass(slots=True)
class Table:
    """wrong: the numbers of lines that a bad row belongs to."""

    name: str
    records: list[Record] = field(default_factory=list)
    wrong: set[Value] = field(default_factory=set)

    def by_line(self) -> dict[Value, list[Record]]:
        found: dict[Value, list[Record]] = {}
        for record in self.records:
            found.setdefault(record.line, []).append(record)
        return found


@dataclass(frozen=True, slots=True)
class Sheets:
    """header: what stands in the sheet of the plan, by key, as text."""

    header: Mapping[str, str]
    lines: Table
    measures: Table
    origins: Table


def read_tables(data: bytes, report: Report) -> Sheets:
    """
    Raises:
        WorkbookRefused: the file as a whole is of no use: not a workbook of a plan, harmful, or too large.
    """
    if data and not data.startswith(_STARTS):
        raise refused(_("This is not an XLSX workbook. Upload the workbook that you downloaded from this plan."))
    pages = read_sheets(Archive(data))
    header = _header(_page(pages, PLAN_SHEET))
    lines, measures, origins = (_table(name, _page(pages, name), report) for name in (LINES_SHEET, MEASURES_SHEET, ORIGINS_SHEET))
    return Sheets(header, lines, measures, origins)


# --- finding a sheet --------------------------------------------------------------------------------------------------


def _page(pages: Sequence[Sheet], name: str) -> Sheet:
    """By its name; by its keys if it was renamed."""
    found = [page for page in pages if page.name.strip().casefold() == name] or [page for page in pages if _has_keys_of(page, name)]
    if not found and name == PLAN_SHEET:
        raise refused(_("This workbook does not come from Jumelle. Download the plan as a workbook and fill that one in."))
    if len(found) != 1 or not _has_keys_of(found[0], name):
        raise refused(
            _("The sheet “%(name)s” is missing, stands twice, or a column of it is gone. Download the workbook again and copy your rows."),
            name=name,
        )
    if found[0].merged:
        message = _("The cells %(area)s are merged: only one of them has a value. Unmerge them and fill in each.")
        raise PackageRefused([Problem(found[0].name, None, "", message, {"area": found[0].merged[0][:40]})])
    return found[0]


def _has_keys_of(page: Sheet, name: str) -> bool:
    keys = {_plain(cell) for cell in page.rows.get(KEY_ROW, {}).values()}
    return {column.key for column in TABLES[name]} <= keys if name in TABLES else MARK in keys


def _plain(cell: Cell) -> str:
    return cell.strip() if isinstance(cell, str) else cell.shown


def _header(page: Sheet) -> dict[str, str]:
    facts = {_plain(row.get(1, "")): _plain(row.get(3, "")) for row in page.rows.values()}
    if facts.get(MARK) != FORMAT:
        raise refused(_("This workbook was written by another version of Jumelle. Download the plan as a workbook again."))
    return facts


# --- reading its rows -------------------------------------------------------------------------------------------------


def _table(name: str, page: Sheet, report: Report) -> Table:
    rows = list(_filled(page))
    if len(rows) > ROW_LIMITS[name]:
        message = _("The sheet has %(count)s filled rows, the limit is %(limit)s. Split the workbook.")
        raise PackageRefused([Problem(page.name, None, "", message, {"count": len(rows), "limit": ROW_LIMITS[name]})])
    table, positions = Table(page.name), _positions(TABLES[name], page, report)
    for number, cells in rows:
        own = {key: cells.get(position, "") for key, position in positions.items()}
        if not any(_plain(cell) for cell in own.values()):
            continue  # it stands beside the columns: that is noted already
        try:
            table.records.append(Record(number, {column.key: value_of(column, own[column.key]) for column in TABLES[name]}))
        except CellWrong as wrong:
            report.add(page.name, number, wrong)
            table.wrong |= _line_of(name, own)
    return table


def _filled(page: Sheet) -> Iterator[tuple[int, dict[int, Cell]]]:
    for number in sorted(page.rows):
        if number >= FIRST_ROW and any(_plain(cell) for cell in page.rows[number].values()):
            yield number, page.rows[number]


def _positions(columns: Sequence[Column], page: Sheet, report: Report) -> dict[str, int]:
    """Key → number of the column, whatever their order. What stands in other columns is noted, not read."""
    keys = {number: _plain(cell) for number, cell in page.rows[KEY_ROW].items()}
    wanted = {column.key for column in columns}
    for key in wanted:
        if list(keys.values()).count(key) > 1:
            message = _("The column “%(key)s” stands twice. Delete one of the two.")
            raise PackageRefused([Problem(page.name, KEY_ROW, "", message, {"key": key})])
    for number in sorted({number for _row, cells in _filled(page) for number in cells}):
        if keys.get(number) not in wanted:
            report.note(page.name, None, letters_of(number), _("This column is not one of the plan's. It is not read."))
    return {key: number for number, key in keys.items() if key in wanted}


def _line_of(name: str, cells: Mapping[str, Cell]) -> set[Value]:
    """The number of the line that a bad row belongs to, if that at least can be read."""
    try:
        return {value_of(TABLES[name][0], cells["line"])}
    except CellWrong:
        return set()

"""The XLSX form, read: every sheet is a table with a header in row 1, every cell is text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jumelle.toolkits.package.archive import Archive
from jumelle.toolkits.package.build import build
from jumelle.toolkits.package.columns import LANGUAGE_JOINER, Column, column_names
from jumelle.toolkits.package.fields import Shape
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.problems import Findings, Place
from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.records import Record
from jumelle.toolkits.package.sheets import SHEETS
from jumelle.toolkits.package.workbook_cells import Cell, Sheet, in_order, letters_of, read_sheets

MANUAL_SHEET = "how to"
HEADER_ROW = 1


@dataclass(frozen=True, slots=True)
class Header:
    """A column of the table: its name as written (`text::fr`), what it is, and its language."""

    name: str
    column: Column
    language: str


def read_workbook(data: bytes) -> Package:
    """
    Return the package in an XLSX workbook.

    Raises:
        PackageRefused: with everything that is wrong.
    """
    findings = Findings()
    raw: dict[str, list[Record]] = {}
    for sheet in read_sheets(Archive(data)):
        name = sheet.name.strip().lower()
        if name == MANUAL_SHEET:
            continue
        if _is_a_table(sheet, name, raw, findings):
            raw[name] = list(_read_head(sheet, findings) if name == "package" else _read_table(sheet, name, findings))
    return build(raw, findings)


def _is_a_table(sheet: Sheet, name: str, raw: dict[str, list[Record]], findings: Findings) -> bool:
    if name not in SHEETS:
        message = _("There is no sheet of this name in a package. Rename it or delete it; the sheets are: %(known)s.")
        findings.add(message, sheet=sheet.name, known=", ".join(SHEETS))
        return False
    if name in raw:
        findings.add(_("This sheet stands twice in the workbook. Keep one."), sheet=sheet.name)
        return False
    if sheet.hidden:
        findings.add(_("This sheet is hidden, so nobody sees what it holds. Show it or delete it."), sheet=sheet.name)
    for area in sheet.merged:
        message = _("The cells %(area)s are merged. Split them: each cell holds one value.")
        findings.add(message, sheet=sheet.name, column=area, area=area)
    return True


# --- tables -----------------------------------------------------------------------------------------------------------


def _read_table(sheet: Sheet, name: str, findings: Findings) -> Iterator[Record]:
    if not sheet.rows:
        return
    headers = _read_header(sheet, name, findings)
    titles = {number: header.name for number, header in headers.items()}
    for row, cells in in_order(sheet):
        if row == HEADER_ROW or not headers:
            continue
        if len(cells) > 1 and all(titles.get(number) == cell for number, cell in cells.items()):
            findings.add(_("This row repeats the header. Delete it."), sheet=name, at=Place(row))
            continue
        yield _read_row(name, row, cells, headers, findings)


def _read_header(sheet: Sheet, name: str, findings: Findings) -> dict[int, Header]:
    headers: dict[int, Header] = {}
    place = Place(HEADER_ROW)
    if HEADER_ROW not in sheet.rows:
        findings.add(_("Row 1 is empty. It must hold the names of the columns."), sheet=name, at=place)
        return headers
    for number, cell in sorted(sheet.rows[HEADER_ROW].items()):
        title = cell.strip() if isinstance(cell, str) else cell.shown
        header = _header(title, name)
        if header is None:
            message = _("There is no column “%(title)s” in this sheet. The columns are: %(known)s.")
            known = ", ".join(_known_headers(name))
            findings.add(message, sheet=name, at=place, column=letters_of(number), title=title[:80], known=known)
        elif any(other.name == header.name for other in headers.values()):
            findings.add(_("This column stands twice. Keep one."), sheet=name, at=place, column=header.name)
        else:
            headers[number] = header
    return headers


def _header(title: str, sheet: str) -> Header | None:
    base, joiner, language = title.partition(LANGUAGE_JOINER)
    column = column_names(sheet).get(base)
    if column is None or (column.shape is Shape.TEXT) != bool(joiner and language):
        return None
    return Header(title, column, language)


def _known_headers(sheet: str) -> list[str]:
    return [header for column in column_names(sheet).values() for header in column.headers(["fr"])]


def _read_row(name: str, row: int, cells: dict[int, Cell], headers: dict[int, Header], findings: Findings) -> Record:
    values: dict[str, Any] = {}
    for number, cell in cells.items():
        if number in headers:
            _put(values, headers[number], cell)
        else:
            message = _("This cell stands in a column without a name. Name the column in row 1, or empty the cell.")
            findings.add(message, sheet=name, at=Place(row), column=letters_of(number))
    return Record(values, Place(row))


def _put(values: dict[str, Any], header: Header, cell: Cell) -> None:
    if isinstance(cell, str) and not cell.strip():
        return
    if header.column.shape is Shape.TEXT:
        values.setdefault(header.column.name, {})[header.language] = cell
    else:
        values[header.column.name] = cell


# --- the sheet package: a key and its value on each row ---------------------------------------------------------------


def _read_head(sheet: Sheet, findings: Findings) -> Iterator[Record]:
    if not sheet.rows:
        return
    first = {number: cell for number, cell in sheet.rows.get(HEADER_ROW, {}).items() if isinstance(cell, str)}
    if [first.get(1), first.get(2)] != ["key", "value"]:
        message = _("Row 1 of this sheet must hold “key” in column A and “value” in column B.")
        findings.add(message, sheet="package", at=Place(HEADER_ROW))
        return
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for row, cells in in_order(sheet):
        if row > HEADER_ROW:
            _read_key(row, cells, values, places, findings)
    yield Record(values, Place(HEADER_ROW), places)


def _read_key(row: int, cells: dict[int, Cell], values: dict[str, Any], places: dict[str, Place], findings: Findings) -> None:
    key = cells.get(1, "")
    title = (key if isinstance(key, str) else key.shown).strip()
    header = _header(title, "package")
    for number in sorted(set(cells) - {1, 2}):
        message = _("This cell stands in a column without a name. Name the column in row 1, or empty the cell.")
        findings.add(message, sheet="package", at=Place(row), column=letters_of(number))
    if header is None:
        message = _("There is no key “%(title)s”. The keys are: %(known)s.")
        known = ", ".join(_known_headers("package"))
        findings.add(message, sheet="package", at=Place(row), column="key", title=title[:80], known=known)
    elif header.name in places:
        findings.add(_("This key stands twice. Keep one row."), sheet="package", at=Place(row), column=header.name)
    else:
        places[header.name] = Place(row)
        _put(values, header, cells.get(2, ""))

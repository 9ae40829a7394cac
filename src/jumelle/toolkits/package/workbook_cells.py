"""
The cells of a workbook from a stranger: their texts, and what they hold instead of text.

The XML is read as a stream with limits, and only what a package needs: no styles but date formats, no drawings, no
links, and merged areas as names. A general reader would first build all that the file asks for, a merged area of any
size too.
Source: ECMA-376, part 1, § 18 (SpreadsheetML).
"""

import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from jumelle.toolkits.package.archive import Archive
from jumelle.toolkits.package.fields import MAX_ROWS, NotText
from jumelle.toolkits.package.problems import PackageRefused, refused
from jumelle.toolkits.package.problems import mark as _

MAX_SHEETS = 40
MAX_COLUMNS = 400
MAX_CELLS = 400_000

Cell = str | NotText

_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_DATE_LETTERS = re.compile(r"[ymdhs]", re.IGNORECASE)
_FORMAT_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_REFERENCE = re.compile(r"^([A-Z]{1,3})([0-9]{1,7})$")
_ESCAPES = re.compile(r"_x(000D|005F)_")
_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)


@dataclass(slots=True)
class Sheet:
    """
    rows: number of the row, as the author sees it → letters of the column → cell. Empty cells and rows are left out.
    merged: the merged areas, as A1:B2.
    """

    name: str
    hidden: bool
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)


def read_sheets(archive: Archive) -> list[Sheet]:
    """
    Raises:
        PackageRefused: not a workbook, one with macros, or one beyond the limits.
    """
    try:
        return _read_workbook(archive)
    except (ParseError, DefusedXmlException, UnicodeDecodeError, LookupError, ValueError) as error:
        if isinstance(error, PackageRefused):
            raise
        raise refused(_("The workbook is damaged: one of its parts cannot be read. Open it and save it again.")) from error


def _read_workbook(archive: Archive) -> list[Sheet]:
    if "[Content_Types].xml" not in archive or "xl/workbook.xml" not in archive:
        raise refused(_("This is not an XLSX workbook. Save it as .xlsx."))
    if b"macroEnabled" in archive.read("[Content_Types].xml") or any("vbaProject" in name for name in archive.names):
        raise refused(_("The workbook holds macros. Save it as .xlsx, without macros."))
    targets = _targets(archive)
    strings = _shared_strings(archive)
    date_styles = _date_styles(archive)
    sheets = []
    for entry in _children(fromstring(archive.read("xl/workbook.xml")), "sheets", "sheet"):
        relation = next((value for key, value in entry.attrib.items() if key.endswith("}id")), "")
        if targets.get(relation) not in archive.names:
            raise refused(_("The sheet %(name)s is missing from the file. Save it again."), name=entry.get("name", "?"))
        sheet = Sheet(entry.get("name", ""), entry.get("state", "visible") != "visible")
        _read_cells(archive.read(targets[relation]), sheet, strings, date_styles)
        sheets.append(sheet)
        if len(sheets) > MAX_SHEETS:
            raise refused(_("The workbook has more than %(limit)s sheets. This is not a package."), limit=MAX_SHEETS)
    return sheets


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: Element, *path: str) -> list[Element]:
    found = [element]
    for name in path:
        found = [child for parent in found for child in parent if _local(child) == name]
    return found


def _targets(archive: Archive) -> dict[str, str]:
    """Id of a relation → name of the part in the archive."""
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    return {
        relation.get("Id", ""): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/") for relation in relations
    }


def _shared_strings(archive: Archive) -> list[str]:
    if "xl/sharedStrings.xml" not in archive:
        return []
    return [_rich_text(entry) for entry in _children(fromstring(archive.read("xl/sharedStrings.xml")), "si")]


def _rich_text(element: Element) -> str:
    """The text of a string, whatever its fonts; reading aids (phonetic runs) are not part of it."""
    pieces = []
    for child in element:
        if _local(child) == "t":
            pieces.append(child.text or "")
        elif _local(child) == "r":
            pieces += [run.text or "" for run in child if _local(run) == "t"]
    return _plain("".join(pieces))


def _plain(text: str) -> str:
    """Undo the escapes of spreadsheets: _x000D_ is a carriage return, _x005F_ an underscore before such a code."""
    return _ESCAPES.sub(lambda found: "_" if found[1] == "005F" else "", text)


def _date_styles(archive: Archive) -> frozenset[str]:
    """The style numbers that show a number as a date."""
    if "xl/styles.xml" not in archive:
        return frozenset()
    styles = fromstring(archive.read("xl/styles.xml"))
    own = {entry.get("numFmtId"): entry.get("formatCode", "") for entry in _children(styles, "numFmts", "numFmt")}
    dates = {key for key, code in own.items() if _DATE_LETTERS.search(_FORMAT_LITERALS.sub("", code))}
    dates |= {str(number) for number in _DATE_FORMATS}
    formats = [entry.get("numFmtId") for entry in _children(styles, "cellXfs", "xf")]
    return frozenset(str(index) for index, number in enumerate(formats) if number in dates)


def _read_cells(xml: bytes, sheet: Sheet, strings: list[str], date_styles: frozenset[str]) -> None:
    cells = row = column = 0
    for event, element in iterparse(io.BytesIO(xml), events=("start", "end"), forbid_dtd=True):
        name = _local(element)
        if event == "start":
            if name == "row":
                row, column = int(element.get("r") or row + 1), 0
            continue
        if name == "c":
            cells += 1
            column = _column(element.get("r"), row) or column + 1
            value = _cell(element, strings, date_styles)
            if value != "":
                _keep(sheet, row, column, value)
            if cells > MAX_CELLS:
                raise refused(_("The workbook has too many cells. Delete empty formatted rows and columns."))
        elif name == "mergeCell":
            sheet.merged.append(element.get("ref", "?"))
        if name in ("c", "row"):
            element.clear()


def _column(reference: str | None, row: int) -> int:
    """A → 1, AA → 27; 0 when the cell does not say where it stands."""
    if reference is None:
        return 0
    found = _REFERENCE.match(reference)
    if not found or int(found[2]) != row:
        raise refused(_("The workbook is damaged: one of its parts cannot be read. Open it and save it again."))
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number


def _keep(sheet: Sheet, row: int, column: int, value: Cell) -> None:
    if column > MAX_COLUMNS:
        message = _("The sheet %(name)s has a value in row %(row)s beyond column %(limit)s. Delete it.")
        raise refused(message, name=sheet.name, row=row, limit=MAX_COLUMNS)
    sheet.rows.setdefault(row, {})[column] = value
    if len(sheet.rows) > MAX_ROWS + 1:
        message = _("The sheet %(name)s has more than %(limit)s rows. Split the package.")
        raise refused(message, name=sheet.name, limit=MAX_ROWS)


def _cell(element: Element, strings: list[str], date_styles: frozenset[str]) -> Cell:
    parts = {_local(child): child for child in element}
    kind = element.get("t", "n")
    if "f" in parts:
        return NotText("formula", "=")
    if kind == "inlineStr":
        return _rich_text(parts["is"]) if "is" in parts else ""
    value = (parts["v"].text or "") if "v" in parts else ""
    if value == "":
        return ""
    if kind == "s":
        return strings[int(value)]
    if kind == "str":
        return _plain(value)
    return NotText(*_number(kind, value, element.get("s", "0") in date_styles))


def _number(kind: str, value: str, is_date: bool) -> tuple[str, str]:
    if kind == "b":
        return "boolean", "TRUE" if value == "1" else "FALSE"
    if kind == "e":
        return "error", value
    if kind == "d" or is_date:
        return "date", _date(value)
    number = float(value)
    if number.is_integer() and abs(number) < 10**15:
        return "integer", str(int(number))
    return "decimal", f"{number:.10g}"


def _date(value: str) -> str:
    try:
        return (_EXCEL_EPOCH + timedelta(days=float(value))).date().isoformat()
    except (ValueError, OverflowError):
        return value[:10]


def letters_of(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def in_order(sheet: Sheet) -> Iterator[tuple[int, dict[int, Cell]]]:
    for row in sorted(sheet.rows):
        yield row, sheet.rows[row]

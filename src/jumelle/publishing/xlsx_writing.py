"""Cells of a workbook: what somebody wrote never becomes a formula, and comes back as it was."""

import re
from datetime import date

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

BOLD = Font(bold=True)
HEAD = PatternFill("solid", fgColor="FFE7E2D8")
TO_FILL = PatternFill("solid", fgColor="FFFBF8F3")
DATE_FORMAT = "yyyy-mm-dd"
MOST_IN_A_CELL = 32_000  # a cell holds 32,767 characters
FIRST_YEAR = 1901  # spreadsheets count days from 1900, and count one too many in that year

_WRAP = Alignment(wrap_text=True, vertical="top", readingOrder=0)
_FORMULA_STARTS = ("=", "+", "-", "@")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CUT = " […]"


def write(page: Worksheet, row: int, column: int, value: str | int | date | None) -> Cell:
    """Fill a cell: text as text whatever it starts with, a number as a number, a date as a date; "" and None as nothing."""
    cell = page.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError("nothing is merged in this workbook")
    cell.alignment = _WRAP
    if isinstance(value, date) and value.year >= FIRST_YEAR:
        cell.value, cell.number_format = value, DATE_FORMAT
    elif isinstance(value, int):
        cell.value = value
    elif value:
        _write_text(cell, str(value))
    return cell


def _write_text(cell: Cell, text: str) -> None:
    text = _NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > MOST_IN_A_CELL:
        text = text[:MOST_IN_A_CELL] + _CUT
    cell.value = _LOOKS_ESCAPED.sub("_x005F_", text)
    cell.data_type, cell.number_format = "s", "@"
    cell.quotePrefix = text.startswith(_FORMULA_STARTS)

"""The XLSX form, written: a manual, then one table per sheet, every cell typed as text so that none is a formula."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from jumelle.toolkits.package.columns import LIST_JOINER, Column, columns_of
from jumelle.toolkits.package.fields import MAX_ROWS, Shape
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.sheets import SHEETS
from jumelle.toolkits.package.workbook_read import MANUAL_SHEET

TEXT_FORMAT = "@"
_HEADER_FONT = Font(bold=True)
_HEADER_FILL = PatternFill("solid", fgColor="FFE7E2D8")
_WRAP = Alignment(wrap_text=True, vertical="top")
_WIDTHS = {Shape.TEXT: 60, Shape.LIST: 24, Shape.LINE: 18}
_FORMULA_STARTS = ("=", "+", "-", "@")

MANUAL = (
    _("This workbook is a toolkit package: one sheet per table, one row per record, one value per cell."),
    _("You type the codes: capital letters and digits, parts joined by full stops (KF8.Q2). A code keeps its meaning."),
    _("A text has one column per language: text::fr, text::en. List the languages in the sheet “languages”."),
    _("A list is written in one cell, its parts joined by “ | ”."),
    _("Leave a cell empty when there is nothing to say. Do not merge cells and do not use formulas."),
    _("The order of the rows is the order of display."),
)


def write_workbook(package: Package) -> bytes:
    """Return the workbook of a package; reading it gives the same package again."""
    return _bytes_of(package.language_codes, package)


def write_empty_workbook(languages: Sequence[str]) -> bytes:
    """Return a workbook with the manual and the headers only, for a new toolkit in these languages."""
    return _bytes_of(languages, None)


def _bytes_of(languages: Sequence[str], package: Package | None) -> bytes:
    workbook = Workbook(write_only=False)
    workbook.remove(workbook.worksheets[0])
    _write_manual(workbook.create_sheet(MANUAL_SHEET), languages)
    for sheet in SHEETS:
        table = workbook.create_sheet(sheet)
        if sheet == "package":
            _write_head(table, languages, package)
        else:
            records = package.content.get(sheet, []) if package else []
            _write_table(table, sheet, languages, records)
    workbook.active = 1
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _write_table(table: Worksheet, sheet: str, languages: Sequence[str], records: Iterable[dict[str, Any]]) -> None:
    columns = columns_of(sheet)
    _write_row(table, 1, [header for column in columns for header in column.headers(languages)], header=True)
    for row, record in enumerate(records, start=2):
        values = [value for column in columns for value in _cells(column, record.get(column.name), languages)]
        _write_row(table, row, values)
    number = 0
    for column in columns:
        for _header in column.headers(languages):
            number += 1
            _shape_column(table, number, column)


def _cells(column: Column, value: Any, languages: Sequence[str]) -> list[str]:
    if column.shape is Shape.TEXT:
        return [(value or {}).get(language, "") for language in languages]
    if column.shape is Shape.LIST:
        return [LIST_JOINER.join(value or [])]
    return [value or ""]


def _shape_column(table: Worksheet, number: int, column: Column) -> None:
    letter = get_column_letter(number)
    table.column_dimensions[letter].width = _WIDTHS[column.shape]
    if column.choices and column.shape is Shape.LINE:
        _offer(table, f"{letter}2:{letter}{MAX_ROWS}", column)


def _offer(table: Worksheet, area: str, column: Column) -> None:
    validation = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=not column.required)
    validation.error = gettext("Choose one of the values in the list.")
    validation.add(area)
    table.add_data_validation(validation)


def _write_head(table: Worksheet, languages: Sequence[str], package: Package | None) -> None:
    head = package.content["package"] if package else {}
    _write_row(table, 1, ["key", "value"], header=True)
    row = 1
    for column in columns_of("package"):
        for header, value in zip(column.headers(languages), _cells(column, head.get(column.name), languages), strict=True):
            row += 1
            _write_row(table, row, [header, value])
            if column.choices:
                _offer(table, f"B{row}", column)
    table.column_dimensions["A"].width = 26
    table.column_dimensions["B"].width = 100


def _write_manual(table: Worksheet, languages: Sequence[str]) -> None:
    for row, sentence in enumerate(MANUAL, start=1):
        _write(table, row, 1, gettext(sentence))
    start = len(MANUAL) + 2
    _write_row(
        table,
        start,
        [gettext(word) for word in (_("sheet"), _("column"), _("must be filled"), _("what it holds"))],
        header=True,
    )
    row = start
    for sheet in SHEETS:
        for column in columns_of(sheet):
            row += 1
            explanation = gettext(column.description)
            if column.choices:
                explanation = f"{explanation} ({LIST_JOINER.join(column.choices)})"
            names = LIST_JOINER.join(column.headers(languages))
            _write_row(table, row, [sheet, names, gettext("yes") if column.required else "", explanation])
    for letter, width in (("A", 14), ("B", 44), ("C", 14), ("D", 100)):
        table.column_dimensions[letter].width = width


def _write_row(table: Worksheet, row: int, values: Sequence[str], *, header: bool = False) -> None:
    for number, value in enumerate(values, start=1):
        cell = _write(table, row, number, value)
        cell.number_format = TEXT_FORMAT
        cell.alignment = _WRAP
        if header:
            cell.font, cell.fill = _HEADER_FONT, _HEADER_FILL
    if header and table.title != MANUAL_SHEET:
        table.freeze_panes = f"A{row + 1}"


def _write(table: Worksheet, row: int, column: int, value: str) -> Cell:
    """As text whatever it starts with; the apostrophe that spreadsheets hide keeps it text when it is edited."""
    cell = table.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError("a merged cell in a new workbook")
    if value:
        cell.value = value
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_FORMULA_STARTS)
    return cell

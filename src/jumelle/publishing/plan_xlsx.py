"""
A plan as a workbook to read, to fill in and to bring back; `action_plans.workbook_columns` says what each column means.

Nothing of the plan's content is left out: reading it gives the same content again.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from jumelle.action_plans.content import LineContent, PlanContent
from jumelle.action_plans.workbook_columns import (
    CHOICES_SHEET,
    FIRST_ROW,
    FORMAT,
    KEY_ROW,
    LABEL_ROW,
    LINES_SHEET,
    MARK,
    MEASURES_SHEET,
    ORIGINS_SHEET,
    PLAN_FIELDS,
    PLAN_SHEET,
    TABLES,
    Column,
    Kind,
)
from jumelle.publishing.writing import language_direction
from jumelle.publishing.xlsx_writing import BOLD, DATE_FORMAT, HEAD, TO_FILL, write

Value = str | int | date | None

BLANK_ROWS = 60  # rows made ready in each table beyond those that are filled
_CHOOSING = tuple((sheet, column) for sheet, columns in TABLES.items() for column in columns if column.kind is Kind.CHOICE)


def plan_xlsx(content: PlanContent, *, language: str) -> bytes:
    """
    Args:
        language: of labels and choices; what people wrote stays as it is.
    """
    return _workbook(content, language)


def blank_plan_xlsx(content: PlanContent, *, language: str) -> bytes:
    """
    Return a workbook with the head of a plan and no line, to type lines into.

    Args:
        content: of the plan; its lines are left out.
    """
    return _workbook(content, language, with_lines=False)


def _workbook(content: PlanContent, language: str, *, with_lines: bool = True) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    with translation.override(language):
        _write_head(workbook.create_sheet(PLAN_SHEET), content)
        rows = _rows(content.lines if with_lines else ())
        for sheet, columns in TABLES.items():
            _write_table(workbook.create_sheet(sheet), columns, rows[sheet])
        _write_choices(workbook.create_sheet(CHOICES_SHEET))
        for sheet, column in _CHOOSING:
            _offer(workbook[sheet], sheet, column, len(rows[sheet]))
    for page in workbook.worksheets:
        page.sheet_view.rightToLeft = language_direction(language) == "rtl"
        page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight = "landscape", page.PAPERSIZE_A4, 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    workbook.active = workbook.sheetnames.index(LINES_SHEET)
    properties = workbook.properties
    properties.title, properties.creator, properties.language = content.title, "Jumelle", language
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


# --- the head ---------------------------------------------------------------------------------------------------------


def _write_head(page: Worksheet, content: PlanContent) -> None:
    for number, value in enumerate((MARK, _("Action plan"), FORMAT), start=1):
        write(page, KEY_ROW, number, value).font = BOLD
    row = KEY_ROW
    for column in PLAN_FIELDS:
        row += 1
        write(page, row, 1, column.key)
        write(page, row, 2, str(column.label)).font = BOLD
        cell = write(page, row, 3, _shown(column, getattr(content, column.key)))
        if column.to_fill:
            cell.fill = TO_FILL
    for sentence in _manual():
        row += 1
        write(page, row + 1, 3, sentence)
    page.column_dimensions["A"].hidden = True
    page.column_dimensions["B"].width, page.column_dimensions["C"].width = 40, 80


def _manual() -> Sequence[str]:
    return (
        _("The sheet “lines” has one row per action, “measures” one row per measure of success, “origins” one row per origin."),
        _("The number in the column “Line” ties a measure or an origin to its line. Give each new line a number of its own."),
        _("Leave a cell empty when nobody has settled yet what belongs there: the plan lists it as missing."),
        _("Do not change the hidden row, the hidden column nor the identities: they tell Jumelle what was there already."),
        _("Bring the workbook back on the page of the plan: you see what it changes before anything is saved."),
    )


# --- tables -----------------------------------------------------------------------------------------------------------


def _rows(lines: Sequence[LineContent]) -> dict[str, list[list[Value]]]:
    """Sheet → rows, each with a value per column."""
    rows: dict[str, list[list[Value]]] = {LINES_SHEET: [], MEASURES_SHEET: [], ORIGINS_SHEET: []}
    for number, line in enumerate(lines, start=1):
        for sheet, records in ((LINES_SHEET, (line,)), (MEASURES_SHEET, line.measures), (ORIGINS_SHEET, line.origins)):
            rows[sheet] += [_row(TABLES[sheet], number, record) for record in records]
    return rows


def _row(columns: Sequence[Column], number: int, record: object) -> list[Value]:
    return [number if column.key == "line" else _shown(column, getattr(record, column.key)) for column in columns]


def _shown(column: Column, value: object) -> Value:
    """The value as it stands in its cell: a choice in words, the rest as it is."""
    if column.kind is not Kind.CHOICE:
        return value if isinstance(value, date | None) else str(value)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return next((str(label) for known, label in column.choices if known == value), str(value))


def _write_table(page: Worksheet, columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> None:
    for number, column in enumerate(columns, start=1):
        write(page, KEY_ROW, number, column.key)
        head = write(page, LABEL_ROW, number, str(column.label))
        head.font, head.fill = BOLD, HEAD
        page.column_dimensions[get_column_letter(number)].width = column.width
    for row, values in enumerate((*rows, *([None] * len(columns) for _row in range(BLANK_ROWS))), start=FIRST_ROW):
        for number, (column, value) in enumerate(zip(columns, values, strict=True), start=1):
            _write_cell(page, row, number, column, value)
    page.row_dimensions[KEY_ROW].hidden = True
    page.freeze_panes = page.cell(FIRST_ROW, 3 if columns is TABLES[LINES_SHEET] else 2).coordinate
    page.print_title_rows = f"{LABEL_ROW}:{LABEL_ROW}"


def _write_cell(page: Worksheet, row: int, number: int, column: Column, value: Value) -> None:
    """An empty cell is made ready for what belongs into it: text stays text, a date becomes a date."""
    cell = write(page, row, number, value)
    if column.kind is Kind.DATE:
        cell.number_format = DATE_FORMAT
    elif column.kind is not Kind.NUMBER:
        cell.number_format = "@"
    if column.to_fill:
        cell.fill = TO_FILL


# --- choices ----------------------------------------------------------------------------------------------------------


def _write_choices(page: Worksheet) -> None:
    for number, (_sheet, column) in enumerate(_CHOOSING, start=1):
        head = write(page, KEY_ROW, number, str(column.label))
        head.font, head.fill = BOLD, HEAD
        for row, (_value, label) in enumerate(column.choices, start=KEY_ROW + 1):
            write(page, row, number, str(label))
        page.column_dimensions[get_column_letter(number)].width = 36


def _offer(page: Worksheet, sheet: str, column: Column, filled: int) -> None:
    """Let a spreadsheet offer the words of a choice."""
    letter = get_column_letter(_CHOOSING.index((sheet, column)) + 1)
    area = f"{CHOICES_SHEET}!${letter}${KEY_ROW + 1}:${letter}${KEY_ROW + len(column.choices)}"
    validation = DataValidation(type="list", formula1=area, allow_blank=True)
    validation.error = _("Choose one of the words in the list.")
    letter = get_column_letter(_position(TABLES[sheet], column))
    validation.add(f"{letter}{FIRST_ROW}:{letter}{FIRST_ROW + filled + BLANK_ROWS - 1}")
    page.add_data_validation(validation)


def _position(columns: Iterable[Column], wanted: Column) -> int:
    return list(columns).index(wanted) + 1

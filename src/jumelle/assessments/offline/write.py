"""The workbook to fill in: how to use it, the answers as they stand, and what each choice means."""

import io
import re
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from jumelle.assessments.offline.columns import ABOUT_MARK, COLUMNS, FIRST_ROW, POSITION
from jumelle.assessments.queries.sheet import Entry, Sheet
from jumelle.toolkits.package.model import Package

_BOLD = Font(bold=True)
_HEAD = PatternFill("solid", fgColor="FFE7E2D8")
_TO_FILL = PatternFill("solid", fgColor="FFFBF8F3")
_WRAP = Alignment(wrap_text=True, vertical="top")
_FORMULA_STARTS = ("=", "+", "-", "@")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_RIGHT_TO_LEFT = {"ar", "fa", "ps", "ur", "he"}


def write_workbook(sheet: Sheet, *, language: str, now: datetime) -> bytes:
    """
    Return the workbook of an assessment, in the language of the reader.

    Every cell is typed as text: what somebody wrote never becomes a formula.
    """
    workbook = Workbook()
    about = workbook.worksheets[0]
    answers, choices = workbook.create_sheet(gettext("Answers")), workbook.create_sheet(gettext("Choices"))
    _write_about(about, sheet, language, now)
    areas = _write_choices(choices, sheet.package, _scales_of(sheet), language)
    _write_answers(answers, sheet, areas, choices.title, language)
    workbook.active = 1
    for page in workbook.worksheets:
        page.sheet_view.rightToLeft = language.split("-")[0] in _RIGHT_TO_LEFT
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _write_about(page: Worksheet, sheet: Sheet, language: str, now: datetime) -> None:
    page.title = gettext("Read me")
    assessment, package = sheet.assessment, sheet.package
    facts = (
        (ABOUT_MARK, str(assessment.pk)),
        ("toolkit", package.id),
        ("version", package.version),
        ("language", language),
        ("written", now.isoformat(timespec="minutes")),
    )
    for row, pair in enumerate(facts, start=1):
        _write_row(page, row, pair)
    sentences = (
        package.text(package.title, language).text,
        gettext("Fill in the light columns of the sheet with the answers. Leave a cell empty when there is no answer."),
        gettext("Do not change the codes nor the column “State”: they tell Jumelle which question and which state it was."),
        gettext("When you are back online, open the assessment, choose “Work offline” and upload this file."),
        gettext("If somebody answered the same question online meanwhile, Jumelle shows both and lets you decide."),
        package.text(package.package.attribution, language).text,
    )
    for row, sentence in enumerate(sentences, start=len(facts) + 2):
        _write(page, row, 1, sentence)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 22, 60


def _scales_of(sheet: Sheet) -> list[str]:
    """The scales that this assessment uses, in the order of first use."""
    return list(dict.fromkeys(entry.item.answer for entry in sheet.all_entries.values() if entry.levels))


def _write_choices(page: Worksheet, package: Package, scales: Sequence[str], language: str) -> dict[str, str]:
    """Return for each scale the cells that hold its labels."""
    _write_row(page, 1, (gettext("Answer"), gettext("When to choose it")), head=True)
    row, areas = 1, {}
    for scale in scales:
        first = row + 1
        for level in package.scale(scale).levels:
            row += 1
            _write_row(page, row, (package.text(level.label, language).text, package.text(level.rubric, language).text))
        areas[scale] = f"$A${first}:$A${row}"
        row += 1
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 28, 90
    return areas


def _write_answers(page: Worksheet, sheet: Sheet, areas: dict[str, str], choices: str, language: str) -> None:
    _write_row(page, 1, [column.name for column in COLUMNS], head=True)
    _write_row(page, 2, [str(column.label) for column in COLUMNS], head=True)
    row = FIRST_ROW
    validations = {scale: _validation(page, choices, area) for scale, area in areas.items()}
    for entry in sheet.all_entries.values():
        _write_row(page, row, _cells(sheet.package, entry, language))
        _mark_to_fill(page, row)
        if entry.levels:
            validations[entry.item.answer].add(page.cell(row, POSITION["answer"]).coordinate)
        row += 1
    for number, column in enumerate(COLUMNS, start=1):
        page.column_dimensions[get_column_letter(number)].width = column.width
    page.row_dimensions[1].hidden = True
    page.freeze_panes = page.cell(FIRST_ROW, POSITION["answer"]).coordinate


def _mark_to_fill(page: Worksheet, row: int) -> None:
    for column in COLUMNS:
        cell = page.cell(row, POSITION[column.name])
        if column.to_fill and isinstance(cell, Cell):
            cell.fill = _TO_FILL


def _validation(page: Worksheet, choices: str, area: str) -> DataValidation:
    quoted = choices.replace("'", "''")
    validation = DataValidation(type="list", formula1=f"'{quoted}'!{area}", allow_blank=True)
    validation.error = gettext("Choose one of the answers in the list.")
    page.add_data_validation(validation)
    return validation


def _cells(package: Package, entry: Entry, language: str) -> list[str]:
    number = f"{entry.section.number} " if entry.section.number else ""
    chosen = package.text(entry.level.label, language).text if entry.level else entry.value
    return [
        entry.code,
        number + package.text(entry.section.title, language).text,
        package.text(entry.wording, language).text,
        chosen,
        entry.text,
        entry.note,
        "x" if entry.come_back else "",
        str(entry.revision),
    ]


def _write_row(page: Worksheet, row: int, values: Sequence[str], *, head: bool = False) -> None:
    for number, value in enumerate(values, start=1):
        cell = _write(page, row, number, value)
        cell.number_format = "@"
        cell.alignment = _WRAP
        if head:
            cell.font, cell.fill = _BOLD, _HEAD


def _write(page: Worksheet, row: int, column: int, value: str) -> Cell:
    """As text whatever it starts with; the apostrophe that spreadsheets hide keeps it text when it is edited."""
    cell = page.cell(row, column)
    if not isinstance(cell, Cell):
        raise TypeError("nothing is merged in this workbook")
    if value:
        cell.value = _LOOKS_ESCAPED.sub("_x005F_", value)
        cell.data_type = "s"
        if value.startswith(_FORMULA_STARTS):
            cell.quotePrefix = True
    return cell

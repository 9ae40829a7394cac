"""The summary as a workbook: a sheet with the head and the figures, a sheet with one row per item."""

import io
import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from jumelle.publishing.summary_parts import Agreed, Chapter, Document, Entry, PointList, Proof, Row

_BOLD = Font(bold=True)
_HEAD = PatternFill("solid", fgColor="FFE7E2D8")
_FORMULA_STARTS = ("=", "+", "-", "@")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")
MOST_IN_A_CELL = 32_000  # a cell holds 32,767 characters
_CUT = " […]"


def summary_xlsx(document: Document) -> bytes:
    """Every cell is typed as text or as a whole number: what somebody wrote never becomes a formula."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    first = workbook.create_sheet(_sheet_title(document.labels["sheet_summary"]))
    items = workbook.create_sheet(_sheet_title(document.labels["sheet_items"]))
    _write_summary(first, document)
    _write_items(items, document)
    for page in workbook.worksheets:
        page.sheet_view.rightToLeft = document.direction == "rtl"
        page.page_setup.paperSize, page.page_setup.fitToHeight = page.PAPERSIZE_A4, 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    properties = workbook.properties
    properties.title, properties.creator = f"{document.gathered} – {document.title.text}", "Jumelle"
    properties.language = document.language
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


# --- the first sheet --------------------------------------------------------------------------------------------------


def _write_summary(page: Worksheet, document: Document) -> None:
    labels = document.labels
    _append(page, [document.gathered])
    _append(page, [document.title.text], bold=True)
    for fact in document.facts:
        _append(page, [fact.label, fact.value.text])
    _append(page, [labels["made_on"], document.made_on])
    if document.languages_note:
        _append(page, [document.languages_note])
    if found := document.conclusion:
        advice = found.advice.text if found.advice else ""
        _append(page, [labels["result"], found.sign.word.text, found.count, found.provisional, advice])
    _append_figures(page, document)
    for points in document.lists:
        _append_points(page, points)
    for chapter in document.chosen:
        _append(page, [labels["chosen"], chapter.heading.text, chapter.chosen_on, chapter.reason.text if chapter.reason else ""])
    for title in document.left_out:
        _append(page, [labels["left_out"], title.text])
    _append(page, [])
    for fact in document.credits:
        _append(page, [fact.label, fact.value.text])
    if document.address:
        _append(page, [labels["address"], document.address])
    _set_widths(page, [44, 60, 18, 18, 18, 18, 18, 18, 18, 18])


def _append_figures(page: Worksheet, document: Document) -> None:
    labels, overview = document.labels, document.overview
    _append(page, [])
    words = [column.word for column in overview.columns]
    _append(page, [labels["code"], labels["chapter"], labels["state"], *words, labels["answered"]], bold=True)
    for row in overview.rows:
        _append(page, _figures(row))
    _append(page, _figures(overview.total), bold=True)
    _append(page, [])


def _figures(row: Row) -> list[str | int]:
    return [row.code, row.heading.text, row.sign.word.text if row.sign else "", *row.counts, row.answered]


def _append_points(page: Worksheet, points: PointList) -> None:
    _append(page, [points.heading, points.empty], bold=not points.empty)
    for point in points.points:
        _append(page, [point.code, point.wording.text, point.sign.word.text])
    for group in points.groups:
        _append(page, [", ".join(group.codes), group.heading.text])


# --- the items --------------------------------------------------------------------------------------------------------


def _write_items(page: Worksheet, document: Document) -> None:
    labels = document.labels
    names = (
        *("code", "chapter", "item", "language", "answer", "state", "told", "note", "remarks", "evidence"),
        *("agreed", "minority", "present"),
    )
    _append(page, [labels[name] for name in names], bold=True)
    for cell in page[1]:
        cell.fill = _HEAD
    for chapter in (*document.chapters, *document.context):
        for entry in _entries(chapter):
            _append(page, _cells(chapter, entry, labels))
    page.freeze_panes = "B2"
    page.auto_filter.ref = page.dimensions
    page.print_title_rows = "1:1"
    _set_widths(page, [12, 30, 60, 10, 22, 18, 40, 40, 24, 50, 40, 40, 40])


def _entries(chapter: Chapter) -> Iterable[Entry]:
    return (entry for group in chapter.groups for entry in group.entries)


def _cells(chapter: Chapter, entry: Entry, labels: dict[str, str]) -> list[str | int]:
    return [
        entry.code,
        chapter.heading.text,
        entry.wording.text,
        entry.wording.language,
        entry.sign.word.text,
        entry.meaning or entry.sign.word.text,
        entry.told.text if entry.told else "",
        entry.note.text if entry.note else "",
        "\n".join(entry.remarks),
        "\n".join(_proof(proof, labels) for proof in entry.evidence),
        *_agreed(entry.agreed),
    ]


def _agreed(agreed: Agreed | None) -> list[str]:
    if agreed is None:
        return ["", "", ""]
    present = f"{agreed.held_on} – {agreed.present.text}" if agreed.present else ""
    return [agreed.reason.text, agreed.minority.text if agreed.minority else "", present]


def _proof(proof: Proof, labels: dict[str, str]) -> str:
    where = proof.url or proof.file_name.text
    return f"{proof.title.text} – {proof.date} – {where} – {labels['seen_by']}{labels['colon']}{proof.audience}"


# --- cells ------------------------------------------------------------------------------------------------------------


def _append(page: Worksheet, values: Sequence[str | int], *, bold: bool = False) -> None:
    row = page.max_row + 1 if page.max_row > 1 or page.cell(1, 1).value is not None else 1
    if not values:
        page.cell(row, 1).value = ""
    for column, value in enumerate(values, start=1):
        cell = page.cell(row, column)
        _write(cell, value)
        if bold:
            cell.font = _BOLD


def _write(cell: Cell | MergedCell, value: str | int) -> None:
    if isinstance(value, int):
        cell.value = value
        return
    text = value if len(value) <= MOST_IN_A_CELL else value[:MOST_IN_A_CELL] + _CUT
    cell.value = _LOOKS_ESCAPED.sub("_x005F_", text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(_FORMULA_STARTS)
    cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=0)


def _sheet_title(text: str) -> str:
    return _NOT_IN_TITLES.sub(" ", text)[:31].strip() or "Jumelle"


def _set_widths(page: Worksheet, widths: Sequence[int]) -> None:
    for number, width in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(number)].width = width

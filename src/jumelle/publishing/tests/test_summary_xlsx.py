"""The workbook, opened again."""

import io

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from jumelle.publishing.summary_parts import Document
from jumelle.publishing.summary_xlsx import MOST_IN_A_CELL, summary_xlsx
from jumelle.publishing.tests.samples import HOSTILE, NOTES, package_at, sample_document
from jumelle.publishing.writing import clean

CHECKLIST = package_at("refugee-inclusion/1.0.0")
BENCHMARK = package_at("language-learning-support/1.0.0")
NOTE = 8


def opened(document: Document) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(summary_xlsx(document)))


def test_workbook_has_a_row_per_item_under_a_frozen_header():
    document = sample_document("en", BENCHMARK)

    items = opened(document).worksheets[1]

    chapters = (*document.chapters, *document.context)
    codes = [entry.code for chapter in chapters for group in chapter.groups for entry in group.entries]
    assert [cell.value for cell in items["A"]] == ["Code", *codes]
    assert items.freeze_panes == "B2"
    assert items.print_title_rows == "$1:$1"


def test_row_of_an_item_says_everything_about_it():
    document = sample_document("en", BENCHMARK, notes=[NOTES["en"]], every=1)

    items = opened(document).worksheets[1]

    entry = document.chapters[0].groups[0].entries[0]
    row = [cell.value for cell in items[2]]
    assert row[:8] == [
        "KF1.Q1",
        document.chapters[0].heading.text,
        entry.wording.text,
        "en",
        "Yes",
        "In place",
        None,
        NOTES["en"],
    ]
    assert "https://www.example.org/rapports" in row[9]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_notes_stay_text(name: str):
    note = HOSTILE[name]

    items = opened(sample_document("ar", BENCHMARK, notes=[note], every=1)).worksheets[1]

    kept = items.cell(2, NOTE)
    assert kept.data_type == "s"
    assert unescaped(kept.value) == clean(note)


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_what_looks_like_a_formula_is_quoted(start: str):
    items = opened(sample_document("en", BENCHMARK, notes=[f"{start}1+1"], every=1)).worksheets[1]

    cell = items.cell(2, NOTE)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (f"{start}1+1", "s", True)


def test_text_that_no_cell_can_hold_is_cut_visibly():
    items = opened(sample_document("en", BENCHMARK, notes=["a" * 40_000], every=1)).worksheets[1]

    assert items.cell(2, NOTE).value == "a" * MOST_IN_A_CELL + " […]"


def test_workbook_in_arabic_runs_from_right_to_left():
    workbook = opened(sample_document("ar", CHECKLIST))

    assert [page.sheet_view.rightToLeft for page in workbook.worksheets] == [True, True]
    assert workbook.properties.language == "ar"


def test_figures_are_numbers():
    document = sample_document("en", CHECKLIST)

    page = opened(document).worksheets[0]

    row = next(row for row in page.iter_rows(values_only=True) if row[0] == "UT1")
    assert row[3 : 3 + len(document.overview.columns)] == document.overview.rows[0].counts


def test_credit_and_licence_stand_on_the_first_sheet():
    document = sample_document("en", CHECKLIST)

    texts = {cell for row in opened(document).worksheets[0].iter_rows(values_only=True) for cell in row}
    assert {CHECKLIST.package.attribution["en"], CHECKLIST.package.licence} <= texts


def unescaped(text: str) -> str:
    return text.replace("_x005F_", "_")

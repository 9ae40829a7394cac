"""The workbook of a plan, read again as an upload is: nothing is lost on the way."""

import io
from dataclasses import fields, replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from jumelle.action_plans.content import LineContent, MeasureContent, OriginContent, PlanContent
from jumelle.action_plans.enums import LineStatus, OriginKind
from jumelle.action_plans.workbook_columns import (
    FIRST_ROW,
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
    choice_of,
    position_of,
)
from jumelle.assessments.operations.answering import tidy
from jumelle.publishing.plan_xlsx import BLANK_ROWS, blank_plan_xlsx, plan_xlsx
from jumelle.publishing.tests.plan_samples import sample_line, sample_plan
from jumelle.publishing.tests.samples import HOSTILE
from jumelle.publishing.xlsx_writing import MOST_IN_A_CELL
from jumelle.toolkits.package.archive import Archive
from jumelle.toolkits.package.workbook_cells import Cell, Sheet, read_sheets

LANGUAGES = ("fr", "en", "ar", "ti", "uk")


def opened(content: PlanContent, language: str = "en") -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(plan_xlsx(content, language=language)))


def content_in(data: bytes) -> PlanContent:
    """What a workbook says, read cell by cell by what `workbook_columns` says of its columns."""
    sheets = {sheet.name: sheet for sheet in read_sheets(Archive(data))}
    head = {shown(row.get(1, "")): row.get(3, "") for row in sheets[PLAN_SHEET].rows.values()}
    plan = {column.key: value_of(column, head.get(column.key, "")) for column in PLAN_FIELDS}
    measures, origins = (records_of(sheets[name]) for name in (MEASURES_SHEET, ORIGINS_SHEET))
    lines = []
    for record in records_of(sheets[LINES_SHEET]):
        number = record.pop("line")
        lines.append(
            LineContent(
                **{**record, "is_public": record["is_public"] == "yes"},
                position=number,
                measures=tuple(MeasureContent(**rest(measure)) for measure in measures if measure["line"] == number),
                origins=tuple(OriginContent(**rest(origin)) for origin in origins if origin["line"] == number),
            )
        )
    return PlanContent(**{**plan, "version": int(plan["version"])}, lines=tuple(lines))


def records_of(sheet: Sheet) -> list[dict[str, Any]]:
    columns = TABLES[sheet.name]
    rows = [sheet.rows[number] for number in sorted(sheet.rows) if number >= FIRST_ROW]
    return [{column.key: value_of(column, row.get(place, "")) for place, column in enumerate(columns, start=1)} for row in rows]


def rest(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != "line"}


def value_of(column: Column, cell: Cell) -> Any:
    text = shown(cell)
    if column.kind is Kind.DATE:
        return date.fromisoformat(text) if text else None
    if column.kind is Kind.NUMBER:
        return int(text)
    return choice_of(column, text) if column.kind is Kind.CHOICE and text else text


def shown(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.shown


# --- round trip -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_workbook_read_again_is_the_same_plan(language: str):
    plan = sample_plan("fr", "ar", "ti", lines=12)

    assert content_in(plan_xlsx(plan, language=language)) == plan


@pytest.mark.parametrize("language", LANGUAGES)
def test_draft_read_again_is_the_same_plan(language: str):
    plan = sample_plan("fr", version=0, version_name="", mentor="")

    assert content_in(plan_xlsx(plan, language=language)) == plan


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(tidy)
written = st.one_of(
    texts, st.sampled_from(sorted(HOSTILE.values())).map(tidy), st.sampled_from(["=1+1", "-", "+3", "@x", "_x000D_", "TRUE"])
)
days = st.one_of(st.none(), st.dates(date(1850, 1, 1), date(2200, 1, 1)))
measures = st.builds(MeasureContent, written, written, written, days, written, written, days)
origins = st.builds(OriginContent, st.sampled_from(OriginKind.values), written, written, written, written, written, days)


def draw_line(number: int) -> st.SearchStrategy[LineContent]:
    return st.builds(
        LineContent,
        line_id=st.uuids().map(str),
        position=st.just(number),
        **dict.fromkeys(
            ("action", "results", "timetable", "lead", "lead_organisation", "staff", "partners", "funding", "evaluation"), written
        ),
        starts_on=days,
        ends_on=days,
        status=st.sampled_from(LineStatus.values),
        is_public=st.booleans(),
        measures=st.lists(measures, max_size=3).map(tuple),
        origins=st.lists(origins, max_size=3).map(tuple),
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4).flatmap(lambda count: st.tuples(*(draw_line(number) for number in range(1, count + 1)))), written)
def test_whatever_people_wrote_comes_back(lines: tuple[LineContent, ...], title: str):
    plan = sample_plan("fr", title=title)
    plan = replace(plan, lines=lines)

    assert content_in(plan_xlsx(plan, language="en")) == plan


def test_every_field_of_a_plan_has_its_column():
    keys = {name: {column.key for column in columns} - {"line"} for name, columns in TABLES.items()}

    assert keys == {
        LINES_SHEET: names(LineContent) - {"position", "measures", "origins"},
        MEASURES_SHEET: names(MeasureContent),
        ORIGINS_SHEET: names(OriginContent),
    }
    assert {column.key for column in PLAN_FIELDS} == names(PlanContent) - {"lines"}


def names(kind: type) -> set[str]:
    return {field.name for field in fields(kind)}


# --- cells ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_what_looks_like_a_formula_is_text(start: str):
    plan = replace(sample_plan(), lines=(sample_line(1, action=f"{start}1+1", lead=f"{start}cmd|' /C calc'!A0"),))

    page = opened(plan)[LINES_SHEET]

    cells = [page.cell(FIRST_ROW, position_of(LINES_SHEET, key)) for key in ("action", "lead")]
    assert [(cell.data_type, cell.quotePrefix, cell.value[0]) for cell in cells] == [("s", True, start)] * 2


def test_dates_are_dates_and_numbers_are_numbers():
    page = opened(sample_plan(lines=3))[LINES_SHEET]

    cells = [page.cell(FIRST_ROW, position_of(LINES_SHEET, key)) for key in ("line", "starts_on")]
    assert [(cell.value if cell.data_type == "n" else cell.value.date(), cell.data_type) for cell in cells] == [
        (1, "n"),
        (date(2026, 4, 1), "d"),
    ]


def test_text_that_no_cell_can_hold_is_cut_visibly():
    plan = replace(sample_plan(), lines=(sample_line(1, action="a" * 40_000),))

    assert opened(plan)[LINES_SHEET].cell(FIRST_ROW, 2).value == "a" * MOST_IN_A_CELL + " […]"


# --- the form ---------------------------------------------------------------------------------------------------------


def test_sheets_have_keys_for_jumelle_and_labels_for_people():
    workbook = opened(sample_plan(), "en")

    assert workbook.sheetnames == ["plan", "lines", "measures", "origins", "choices"]
    assert workbook["plan"]["A1"].value == MARK
    for name, columns in TABLES.items():
        page = workbook[name]
        assert [cell.value for cell in page[KEY_ROW]] == [column.key for column in columns]
        assert [cell.value for cell in page[LABEL_ROW]] == [str(column.label) for column in columns]
        assert (page.row_dimensions[KEY_ROW].hidden, page.print_title_rows) == (True, "$2:$2")


def test_choices_are_offered_in_words():
    workbook = opened(sample_plan("fr"), "en")

    offered = {rule.formula1 for rule in workbook[LINES_SHEET].data_validations.dataValidation}
    assert offered == {"choices!$A$2:$A$6", "choices!$B$2:$B$3"}
    assert [cell.value for cell in workbook["choices"]["A"][1:]] == [str(label) for label in LineStatus.labels]


def test_workbook_in_arabic_runs_from_right_to_left():
    workbook = opened(sample_plan("ar"), "ar")

    assert {page.sheet_view.rightToLeft for page in workbook.worksheets} == {True}
    assert workbook.properties.language == "ar"


def test_blank_workbook_has_the_head_and_no_line():
    plan = sample_plan("fr", version=0, version_name="")

    assert content_in(blank_plan_xlsx(plan, language="fr")) == replace(plan, lines=())
    page = openpyxl.load_workbook(io.BytesIO(blank_plan_xlsx(plan, language="fr")))[LINES_SHEET]
    assert page.max_row == LABEL_ROW + BLANK_ROWS

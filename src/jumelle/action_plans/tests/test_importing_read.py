"""Workbooks come back from people: what they meant is understood, and what is not is named with its place."""

import tracemalloc
from datetime import date, datetime
from uuid import uuid4

import pytest
from openpyxl import Workbook

from jumelle.action_plans.content import LineContent, MeasureContent, OriginContent
from jumelle.action_plans.importing.read import read_workbook
from jumelle.action_plans.importing.sheets import WorkbookRefused
from jumelle.action_plans.tests.workbooks import changed, known, make_workbook, saved, with_part, with_replaced
from jumelle.action_plans.workbook_columns import FIRST_ROW, position_of

STORED = str(uuid4())
REMOVED = str(uuid4())
STANDING = known(
    lines={STORED: LineContent(STORED, 1, "Open a language café", status="in_progress", is_public=True)},
    removed=frozenset([REMOVED]),
    organisations=frozenset(["Library", "House of languages"]),
)
CAFE = {"action": "Open a language café"}


def read(data):
    return read_workbook(data, STANDING)


def line_of(cells, **more):
    (row,) = read(make_workbook([{**CAFE, **cells}], **more)).rows
    return row.line


# --- what is understood -----------------------------------------------------------------------------------------------


def test_row_is_read_with_its_measures_and_origins():
    data = make_workbook(
        [
            {
                "line": 7,
                "action": "Open a language café",
                "results": "Thirty people come.",
                "starts_on": date(2026, 4, 1),
                "ends_on": "2026-12-31",
                "timetable": "From spring on",
                "lead": "Integration service",
                "lead_organisation": "Library",
                "staff": "A half post",
                "partners": "Two associations",
                "funding": "8,000 euros",
                "evaluation": "We count.",
                "status": "In progress",
                "is_public": "Yes",
            }
        ],
        measures=[{"line": 7, "what": "People", "baseline": 0, "target": 30, "due_on": date(2026, 12, 1), "data_source": "Lists"}],
        origins=[
            {"line": 7, "kind": "Gap of an assessment", "toolkit": "language-learning-support", "version": "1.0.0", "code": "KF8.Q1"},
            {"line": 7, "kind": "visit", "label": "First visit", "dated_on": "2025-11-12", "url": "https://example.org/visit"},
        ],
    )

    reading = read(data)

    assert (reading.problems, reading.notes, reading.sheet_name, reading.rows[0].number) == ((), (), "lines", FIRST_ROW)
    assert reading.rows[0].line == LineContent(
        line_id="",
        position=7,
        action="Open a language café",
        results="Thirty people come.",
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 12, 31),
        timetable="From spring on",
        lead="Integration service",
        lead_organisation="Library",
        staff="A half post",
        partners="Two associations",
        funding="8,000 euros",
        evaluation="We count.",
        status="in_progress",
        is_public=True,
        measures=(MeasureContent("People", "0", "30", date(2026, 12, 1), "Lists"),),
        origins=(
            OriginContent("gap", "language-learning-support", "1.0.0", "KF8.Q1"),
            OriginContent("visit", label="First visit", url="https://example.org/visit", dated_on=date(2025, 11, 12)),
        ),
    )


@pytest.mark.parametrize(
    ("cells", "name", "value"),
    [
        ({"funding": 8000}, "funding", "8000"),
        ({"funding": 0.5}, "funding", "0.5"),
        ({"staff": True}, "staff", "TRUE"),
        ({"timetable": date(2026, 4, 1)}, "timetable", "2026-04-01"),
        ({"results": "  a \r\n b\x7f "}, "results", "a \n b"),
        ({"starts_on": datetime(2026, 4, 1, 23, 59)}, "starts_on", date(2026, 4, 1)),  # noqa: DTZ001 - sheets know no time zone
        ({"starts_on": "1.4.2026"}, "starts_on", date(2026, 4, 1)),
        ({"starts_on": "01. 04. 2026"}, "starts_on", date(2026, 4, 1)),
        ({"starts_on": " 2026-04-01 "}, "starts_on", date(2026, 4, 1)),
        ({"ends_on": "2024-02-29"}, "ends_on", date(2024, 2, 29)),
        ({"status": "DONE"}, "status", "done"),
        ({"status": "  in   progress "}, "status", "in_progress"),
        ({"status": None}, "status", "planned"),
        ({"is_public": "YES"}, "is_public", True),
        ({"is_public": None}, "is_public", False),
        ({"line": "3"}, "position", 3),
        ({"line_id": STORED}, "status", "in_progress"),
        ({"line_id": STORED.upper()}, "is_public", True),
    ],
)
def test_what_people_type_is_understood(cells, name, value):
    assert getattr(line_of(cells), name) == value


def test_sheets_may_be_renamed_and_moved_columns_sorted_and_rows_left_empty():
    def change(workbook):
        workbook["plan"].title = "Plan d’action"
        workbook["lines"].title = "Actions"
        workbook["measures"].title = "Mesures"
        workbook.move_sheet("origins", -3)
        page = workbook["Actions"]
        page.move_range("B1:B10", rows=0, cols=30)  # the action, far to the right
        page.insert_rows(FIRST_ROW)

    reading = read(changed(make_workbook([CAFE, {"action": "Another"}]), change))

    assert (reading.problems, reading.notes, reading.sheet_name) == ((), (), "Actions")
    assert [(row.number, row.line.action) for row in reading.rows] == [(FIRST_ROW + 1, "Open a language café"), (FIRST_ROW + 2, "Another")]


def test_further_columns_and_what_stands_beside_are_noted_and_not_read():
    def change(workbook):
        workbook["lines"]["Q1"], workbook["lines"]["Q3"], workbook["lines"]["S9"] = "our note", "ask Anna", "a remark"

    reading = read(changed(make_workbook([CAFE]), change))

    assert (reading.problems, len(reading.rows)) == ((), 1)
    assert [(note.sheet, note.column) for note in reading.notes] == [("lines", "Q"), ("lines", "S")]


def test_workbook_without_a_plan_is_taken_for_new_lines():
    assert len(read(make_workbook([CAFE], plan_id="")).rows) == 1


def test_workbook_with_no_row_is_read_as_none():
    assert read(make_workbook()).rows == ()


# --- rows that are not understood -------------------------------------------------------------------------------------


def row(**cells):
    return {"lines": [{**CAFE, **cells}, {"action": "A good one"}]}


def measure(**cells):
    return {**row(), "measures": [{"line": 1, "what": "People", **cells}]}


def origin(**cells):
    return {**row(), "origins": [{"line": 1, "kind": "visit", "label": "First visit", **cells}]}


BAD_ROWS = {
    "no action": (row(action=None), "lines", "Action", "This cell is empty."),
    "an action of blanks": (row(action="  \n "), "lines", "Action", "This cell is empty."),
    "no number": (row(line=None), "lines", "Line", "This cell is empty."),
    "a number of words": (row(line="first"), "lines", "Line", "“first” is not the number of a line."),
    "the number nought": (row(line=0), "lines", "Line", "“0” is not the number of a line."),
    "a negative number": (row(line=-1), "lines", "Line", "“-1” is not the number of a line."),
    "half a number": (row(line=1.5), "lines", "Line", "“1.5” is not the number of a line."),
    "a huge number": (row(line=10**9), "lines", "Line", "is not the number of a line."),
    "a number in other digits": (row(line="١"), "lines", "Line", "is not the number of a line."),
    "a number that stands twice": (row(line=2), "lines", "Line", "The same stands in row 3 already."),
    "a formula": (row(results='=WEBSERVICE("https://example.org")'), "lines", "Expected results", "The cell holds a formula."),
    "a formula as a date": (row(starts_on="=TODAY()"), "lines", "Starts on", "The cell holds a formula."),
    "a formula as a number": (row(line="=1"), "lines", "Line", "The cell holds a formula."),
    "an error": (row(funding="#REF!"), "lines", "Planned funding", "The cell holds the error #REF!."),
    "a text that is too long": (row(results="x" * 10_001), "lines", "Expected results", "has 10001 characters, the limit is 10000"),
    "a day in words": (row(starts_on="in spring"), "lines", "Starts on", "“in spring” is not a day."),
    "a day with strokes": (row(starts_on="03/04/2026"), "lines", "Starts on", "“03/04/2026” is not a day."),
    "a day that is none": (row(starts_on="2026-02-30"), "lines", "Starts on", "“2026-02-30” is not a day."),
    "a month alone": (row(ends_on="2026-04"), "lines", "Ends on", "“2026-04” is not a day."),
    "a year alone": (row(ends_on=2026), "lines", "Ends on", "2026 is a number, not a day."),
    "a serial number": (row(ends_on=46112), "lines", "Ends on", "46112 is a number, not a day."),
    "half a day": (row(ends_on=0.5), "lines", "Ends on", "is not a day."),
    "a tick as a day": (row(ends_on=True), "lines", "Ends on", "“TRUE” is not a day."),
    "a day long ago": (row(starts_on=date(1906, 4, 1)), "lines", "Starts on", "Check the year of this day: 1906-04-01."),
    "a day far away": (row(ends_on="9999-12-31"), "lines", "Ends on", "Check the year of this day"),
    "an end before the start": (
        row(starts_on=date(2026, 4, 1), ends_on=date(2026, 3, 31)),
        "lines",
        "Ends on",
        "The action ends before it starts.",
    ),
    "an unknown state": (row(status="nearly"), "lines", "How it stands", "“nearly” is not one of the choices. Choose one of: Planned,"),
    "a state of two": (row(status="done, stalled"), "lines", "How it stands", "is not one of the choices."),
    "neither yes nor no": (row(is_public="perhaps"), "lines", "On the public page", "“perhaps” is not one of the choices."),
    "an unknown organisation": (row(lead_organisation="The club"), "lines", "Organisation that leads", "“The club” is not an organisation"),
    "an organisation in capitals": (row(lead_organisation="LIBRARY"), "lines", "Organisation that leads", "is not an organisation"),
    "an edited identity": (row(line_id=STORED[:-1]), "lines", "Identity of the line", "was changed. Put back what stood there"),
    "an identity of words": (row(line_id="new"), "lines", "Identity of the line", "The identity “new” was changed."),
    "an identity of nowhere": (row(line_id=str(uuid4())), "lines", "Identity of the line", "No line of this plan has this identity."),
    "an identity of a removed line": (row(line_id=REMOVED), "lines", "Identity of the line", "This line was removed from the plan."),
    "an identity that stands twice": (
        {"lines": [{**CAFE, "line_id": STORED}, {**CAFE, "line_id": STORED.upper()}]},
        "lines",
        "Identity of the line",
        "The same stands in row 3 already.",
    ),
    "a measure of nothing": (measure(what=None), "measures", "What is measured", "This cell is empty."),
    "a measure without a line": (measure(line=None), "measures", "Line", "This cell is empty."),
    "a measure of another line": (measure(line=9), "measures", "Line", "There is no line 9 in the sheet “lines”."),
    "a target of a page": (measure(target="x" * 101), "measures", "Target", "has 101 characters, the limit is 100"),
    "a target day of words": (measure(due_on="soon"), "measures", "Target date", "“soon” is not a day."),
    "a day without a figure": (measure(reached_on=date(2026, 4, 1)), "measures", "Reached so far", "There is a day but no figure."),
    "an origin of an unknown kind": (origin(kind="dream"), "origins", "Where the line was born", "“dream” is not one of the choices."),
    "an origin of no kind": (origin(kind=None), "origins", "Where the line was born", "This cell is empty."),
    "an origin of another line": (origin(line=9), "origins", "Line", "There is no line 9"),
    "a visit without a name": (origin(label=None), "origins", "In words", "Say which practice, visit or meeting it was"),
    "a visit told at length": (origin(label="x" * 301), "origins", "In words", "in at most 300 characters"),
    "a gap without a code": (origin(kind="gap", toolkit="t", version="1.0.0"), "origins", "Code", "is named by its toolkit"),
    "a gap without a toolkit": (origin(kind="gap", version="1.0.0", code="KF1"), "origins", "Toolkit", "is named by its toolkit"),
    "a script as an address": (origin(url="javascript:alert(1)"), "origins", "Address", "This is not a web address."),
    "words as an address": (origin(url="see our site"), "origins", "Address", "This is not a web address."),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_bad_row_is_named_with_sheet_row_and_column_and_the_other_is_read(name):
    sheets, sheet, column, sentence = BAD_ROWS[name]

    reading = read(make_workbook(**sheets))

    (problem,) = reading.problems
    assert sentence in problem.message
    assert (problem.sheet, problem.row >= FIRST_ROW) == (sheet, True)
    assert problem.column.startswith(column)
    wrong_line = {"a measure of another line", "a measure without a line", "an origin of another line"}
    assert len(reading.rows) == (2 if name in wrong_line else 1)


# --- files that are of no use -----------------------------------------------------------------------------------------


def edited(change):
    return lambda data: changed(data, change)


def put(sheet, cell, value):
    def change(workbook):
        workbook[sheet][cell] = value

    return edited(change)


def drop(name):
    def change(workbook):
        del workbook[name]

    return edited(change)


def merge(sheet, area):
    return edited(lambda workbook: workbook[sheet].merge_cells(area))


def many(sheet, count):
    def change(workbook):
        for number in range(count):
            workbook[sheet].cell(FIRST_ROW + number, 1).value = number + 1
            workbook[sheet].cell(FIRST_ROW + number, 2).value = f"Action {number}"

    return edited(change)


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
BAD_FILES = {
    "nothing": (lambda data: b"", "The file is empty."),
    "a text": (lambda data: b"action;results", "This is not an XLSX workbook."),
    "a PDF": (lambda data: b"%PDF-1.7", "This is not an XLSX workbook."),
    "an old workbook": (lambda data: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old format"),
    "a protected workbook": (lambda data: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    "half a file": (lambda data: data[: len(data) // 2], "damaged or cut off"),
    "another workbook": (lambda data: saved(Workbook()), "does not come from Jumelle"),
    "a ZIP bomb": (lambda data: with_part(data, "xl/media/huge.txt", b"0" * 60_000_000), "far too large"),
    "macros": (lambda data: with_part(data, "xl/vbaProject.bin", b"x"), "holds macros"),
    "a path that leads out": (lambda data: with_part(data, "../../etc/passwd", b"x"), "leads out of the file"),
    "entities": (lambda data: with_replaced(data, "xl/workbook.xml", b"<workbook", ENTITIES + b"<workbook"), "damaged"),
    "broken XML": (lambda data: with_replaced(data, "xl/worksheets/sheet2.xml", b"</row>", b"</wor>"), "damaged"),
    "no sheet of the plan": (drop("plan"), "does not come from Jumelle"),
    "no lines": (drop("lines"), "The sheet “lines” is missing"),
    "no measures": (drop("measures"), "The sheet “measures” is missing"),
    "no origins": (drop("origins"), "The sheet “origins” is missing"),
    "a renamed column": (put("lines", "B1", "what we do"), "The sheet “lines” is missing, stands twice, or a column of it is gone."),
    "a deleted column": (edited(lambda workbook: workbook["measures"].delete_cols(2)), "The sheet “measures” is missing"),
    "a column twice": (put("lines", "Q1", "action"), "The column “action” stands twice."),
    "another plan": (put("plan", "C2", str(uuid4())), "belongs to another plan"),
    "a form of another version": (put("plan", "C1", "2"), "another version of Jumelle"),
    "no form": (put("plan", "C1", None), "another version of Jumelle"),
    "merged cells": (merge("lines", "B3:B5"), "The cells B3:B5 are merged"),
    "merged heads": (merge("measures", "A1:A2"), "are merged"),
    "201 lines": (many("lines", 201), "has 201 filled rows, the limit is 200"),
    "2,001 measures": (many("measures", 2_001), "has 2001 filled rows, the limit is 2000"),
    "5,001 rows": (many("lines", 5_001), "has more than 5000 rows"),
    "a cell far to the right": (put("lines", "ZZ3", "x"), "beyond column 400"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_is_refused_with_a_sentence(name):
    spoil, sentence = BAD_FILES[name]

    with pytest.raises(WorkbookRefused) as refused:
        read(spoil(make_workbook([CAFE])))

    assert sentence in refused.value.problems[0].message


def huge_workbook(rows):
    """Written by hand: a general library takes longer to write it than we to refuse it."""
    cells = "".join(
        f'<row r="{number}"><c r="A{number}"><v>{number}</v></c><c r="B{number}" t="inlineStr"><is><t>Action {number}</t></is></c></row>'
        for number in range(FIRST_ROW, FIRST_ROW + rows)
    )
    return with_replaced(make_workbook(), "xl/worksheets/sheet2.xml", b"</sheetData>", f"{cells}</sheetData>".encode())


def test_hundred_thousand_rows_are_refused_within_256_megabytes():
    data = huge_workbook(100_000)
    tracemalloc.start()

    with pytest.raises(WorkbookRefused, match="more than 5000 rows"):
        read(data)

    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < 256 * 2**20


def test_column_is_where_its_key_stands():
    assert position_of("lines", "action") == 2

import io
from typing import Any

from openpyxl import load_workbook

from jumelle.toolkits.package.columns import columns_of
from jumelle.toolkits.package.reading import read_bytes
from jumelle.toolkits.package.sheets import SHEETS
from jumelle.toolkits.package.workbook import MANUAL_SHEET, write_empty_workbook, write_workbook
from jumelle.toolkits.package.workbook_read import read_workbook
from jumelle.toolkits.tests.factories import make_package, parts_of, text, workbook_with, zip_of


def opened(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data))


def test_workbook_has_the_manual_first_and_one_sheet_per_table():
    assert opened(write_workbook(make_package())).sheetnames == [MANUAL_SHEET, *SHEETS]


def test_manual_explains_every_column():
    manual = opened(write_workbook(make_package()))[MANUAL_SHEET]

    explained = {(row[0], row[1].partition("::")[0]) for row in manual.iter_rows(values_only=True) if row[1] and row[3]}

    assert explained >= {(sheet, column.name) for sheet in SHEETS for column in columns_of(sheet)}


def test_table_is_ready_to_be_filled():
    items = opened(write_workbook(make_package()))["items"]

    assert [cell.value for cell in items[1]][:7] == ["code", "section", "parent", "kind", "text::fr", "text::en", "help::fr"]
    assert (items.freeze_panes, items["E2"].alignment.wrap_text, items["E2"].number_format) == ("A2", True, "@")
    [choices] = [found.formula1 for found in items.data_validations.dataValidation]
    assert choices == '"question,check,indicator,context_factor,field,column,point"'


def test_text_that_looks_like_a_formula_stays_text():
    title = text('=HYPERLINK("http://example.org")', "@SUM(A1)")

    workbook = opened(write_workbook(make_package(package__title=title)))

    cells = {row[0].value: row[1] for row in workbook["package"].iter_rows(min_row=2)}
    assert [(cells[key].data_type, cells[key].value, cells[key].quotePrefix) for key in ("title::fr", "title::en")] == [
        ("s", title["fr"], True),
        ("s", title["en"], True),
    ]


def test_empty_rows_and_spaces_around_values_do_not_matter():
    def change(workbook: Any) -> None:
        workbook["items"].insert_rows(3)
        workbook["items"]["A2"].value = "  A.Q1 "
        workbook["items"]["K2"].value = " ngo | health "

    assert read_bytes(workbook_with(change)) == make_package()


def test_whole_number_in_a_column_of_numbers_is_read_as_its_digits():
    package = read_bytes(workbook_with(lambda workbook: setattr(workbook["sections"]["D2"], "value", 8)))

    assert package.section("A").number == "8"


def test_shared_strings_with_fonts_and_carriage_returns_are_plain_text():
    parts = parts_of(write_workbook(make_package()))
    sheet = parts["xl/worksheets/sheet5.xml"]
    start = sheet.index(b'<c r="E2"')
    end = sheet.index(b"</c>", start) + 4
    parts["xl/worksheets/sheet5.xml"] = sheet[:start] + b'<c r="E2" t="s"><v>0</v></c>' + sheet[end:]
    parts["xl/sharedStrings.xml"] = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><r><rPr><b/></rPr><t>Une </t></r>'
        b"<r><t>ligne_x000D_\nune autre</t></r><rPh><t>aide</t></rPh></si></sst>"
    )

    assert read_workbook(zip_of(parts)).item("A.Q1").text["fr"] == "Une ligne\nune autre"


def test_empty_workbook_has_headers_in_the_languages_asked_for():
    workbook = opened(write_empty_workbook(["pt", "ar"]))

    assert [cell.value for cell in workbook["glossary"][1]] == [
        "code", "term::pt", "term::ar", "definition::pt", "definition::ar", "synonyms::pt", "synonyms::ar", "source",
    ]  # fmt: skip

"""The DOCX of a plan, opened again."""

import io
from dataclasses import replace

import docx
import pytest
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from jumelle.publishing.plan_document import plan_document
from jumelle.publishing.plan_docx import plan_docx
from jumelle.publishing.plan_parts import PlanDocument
from jumelle.publishing.tests.plan_samples import NOW, TEXTS, sample_document, sample_line, sample_plan
from jumelle.publishing.tests.samples import HOSTILE


def opened(document: PlanDocument) -> Docx:
    return docx.Document(io.BytesIO(plan_docx(document, now=NOW)))


def test_docx_lies_across_and_has_headings_and_properties():
    file = opened(sample_document("en"))

    section, core = file.sections[0], file.core_properties
    assert (section.orientation, round(section.page_width.cm, 1), round(section.page_height.cm)) == (WD_ORIENT.LANDSCAPE, 29.7, 21)
    assert (core.language, core.author, core.title) == (
        "en",
        "Jumelle",
        "Action plan – Learning the language together – Sonnebourg – Version 2: Revised plan",
    )
    headings = [paragraph.text for paragraph in file.paragraphs if paragraph.style.name.startswith(("Heading", "Title"))]
    assert headings == ["Action plan", "Actions of the plan", "Still missing", "Approval"]


def test_docx_has_the_four_fields_of_the_template():
    file = opened(sample_document("en"))

    assert [paragraph.text for paragraph in file.paragraphs[1:5]] == [
        "Title of the programme: Learning the language together",
        "Mentee city: Sonnebourg",
        "Mentor city: Ville de Hautepierre",
        "Date and version: 3 March 2026 – Version 2: Revised plan",
    ]


def test_docx_table_has_six_columns_a_repeated_header_and_a_name():
    document = sample_document("en", lines=4)

    (table,) = opened(document).tables

    assert [cell.text for cell in table.rows[0].cells] == list(document.columns)
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Actions of the plan"
    assert len(table.rows) == 1 + 2 * 4
    assert table.rows[1].cells[0].text == f"1\n{TEXTS['en']['action']}"
    assert "KF8.Q2 (language-learning-support 1.0.0)" in table.rows[4].cells[0].text


def test_docx_in_arabic_runs_from_right_to_left():
    file = opened(sample_document("ar"))

    assert file.sections[0]._sectPr.find(qn("w:bidi")) is not None
    assert file.tables[0]._tbl.tblPr.find(qn("w:bidiVisual")) is not None
    action = file.tables[0].rows[1].cells[0].paragraphs[1]
    assert action._p.pPr.find(qn("w:bidi")) is not None
    assert action.runs[0].font.rtl is True
    assert action.runs[0]._r.rPr.find(qn("w:lang")).get(qn("w:bidi")) == "ar"


@pytest.mark.parametrize(("reader", "written_in", "key"), [("fr", "ar", "bidi"), ("ar", "fr", "val"), ("en", "ti", "val")])
def test_docx_keeps_the_language_of_what_people_wrote(reader: str, written_in: str, key: str):
    file = opened(sample_document(reader, written_in))

    action = file.tables[0].rows[1].cells[0].paragraphs[1]
    assert action.runs[0]._r.rPr.find(qn("w:lang")).get(qn(f"w:{key}")) == written_in
    assert (action._p.pPr is not None and action._p.pPr.find(qn("w:bidi")) is not None) == (written_in == "ar")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_lines_do_not_break_a_docx(name: str):
    text = HOSTILE[name]
    line = sample_line(1, action=text, results=text, timetable=text, lead=text, staff=text, evaluation=text)
    plan = replace(sample_plan("fr"), title=text, lines=(line,))

    file = opened(plan_document(plan, language="ar", address="", now=NOW))

    assert [len(table.rows) for table in file.tables] == [3]


def test_docx_of_a_plan_without_lines_says_so():
    document = plan_document(replace(sample_plan("en"), lines=()), language="en", address="", now=NOW)

    file = opened(document)

    assert file.tables == []
    assert "This plan has no line yet." in [paragraph.text for paragraph in file.paragraphs]

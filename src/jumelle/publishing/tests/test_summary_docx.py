"""The DOCX, opened again."""

import io
import re

import docx
import pytest
from docx.document import Document as Docx
from docx.oxml.ns import qn

from jumelle.publishing.summary_docx import summary_docx
from jumelle.publishing.summary_parts import Document
from jumelle.publishing.tests.samples import HOSTILE, NOTES, NOW, package_at, sample_document

CHECKLIST = package_at("refugee-inclusion/1.0.0")
BENCHMARK = package_at("language-learning-support/1.0.0")


def opened(document: Document) -> Docx:
    return docx.Document(io.BytesIO(summary_docx(document, now=NOW)))


def test_docx_has_real_headings_in_order():
    document = sample_document("en", BENCHMARK)

    file = opened(document)

    headings = [(p.style.name, p.text) for p in file.paragraphs if p.style.name.startswith(("Heading", "Title"))]
    assert headings[0] == ("Title", document.title.text)
    chapters = [text for style, text in headings if style == "Heading 1"]
    assert [text for text in chapters if text in {c.heading.text for c in document.chapters}] == [c.heading.text for c in document.chapters]


def test_docx_properties_say_title_and_language():
    file = opened(sample_document("ar", CHECKLIST))

    core = file.core_properties
    assert (core.language, core.author, core.comments) == ("ar", "Jumelle", "")
    assert "Ville de Sonnebourg" in core.title


def test_docx_tables_repeat_their_header_and_have_a_name():
    file = opened(sample_document("en", BENCHMARK))

    for table in file.tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))


def test_docx_in_arabic_runs_from_right_to_left():
    file = opened(sample_document("ar", CHECKLIST))

    assert file.sections[0]._sectPr.find(qn("w:bidi")) is not None
    assert all(table._tbl.tblPr.find(qn("w:bidiVisual")) is not None for table in file.tables)
    heading = next(p for p in file.paragraphs if p.style.name == "Heading 1")
    assert heading._p.pPr.find(qn("w:bidi")) is not None
    assert heading.runs[0].font.rtl is True
    assert heading.runs[0]._r.rPr.find(qn("w:lang")).get(qn("w:bidi")) == "ar"


def test_docx_text_in_another_language_keeps_its_own_direction():
    file = opened(sample_document("ar", CHECKLIST))

    wording = file.tables[1].rows[1].cells[1].paragraphs[0]
    assert wording._p.pPr is None or wording._p.pPr.find(qn("w:bidi")) is None
    assert wording.runs[0]._r.rPr.find(qn("w:lang")).get(qn("w:val")) == "fr"


@pytest.mark.parametrize(("written_in", "key"), [("ar", "bidi"), ("ti", "val"), ("uk", "val")])
def test_docx_note_says_its_language(written_in: str, key: str):
    file = opened(sample_document("fr", CHECKLIST, notes=[NOTES[written_in]]))

    runs = [run for table in file.tables for cell in table.columns[1].cells for p in cell.paragraphs for run in p.runs]
    note = next(run for run in runs if run.text == NOTES[written_in])
    assert note._r.rPr.find(qn("w:lang")).get(qn(f"w:{key}")) == written_in


def test_docx_has_every_item():
    document = sample_document("en", CHECKLIST)

    text = "\n".join(cell.text for table in opened(document).tables for cell in table.columns[0].cells)
    codes = [entry.code for chapter in document.chapters for group in chapter.groups for entry in group.entries]
    assert re.findall(r"^UT\d[A-Z]*\.C\d+$", text, re.MULTILINE) == codes


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_notes_do_not_break_a_docx(name: str):
    document = sample_document("ar", BENCHMARK, notes=[HOSTILE[name]])

    file = opened(document)

    assert len(file.tables) == 1 + len(document.chapters) + len(document.context)


def test_properties_of_runs_stand_in_the_order_of_the_schema():
    file = opened(sample_document("ar", CHECKLIST))

    order = ["rStyle", "rFonts", "b", "bCs", "color", "sz", "szCs", "u", "rtl", "lang"]
    for properties in file.element.body.iter(qn("w:rPr")):
        names = [child.tag.split("}")[1] for child in properties]
        assert names == sorted(names, key=order.index)

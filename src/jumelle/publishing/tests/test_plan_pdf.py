"""The PDF of a plan: tagged, six columns, mirrored, whole whatever people typed."""

import io
import shutil
import subprocess
from collections import Counter
from dataclasses import replace

import pikepdf
import pytest

from jumelle.publishing.plan_document import plan_document
from jumelle.publishing.plan_parts import PlanDocument
from jumelle.publishing.plan_pdf import plan_pdf
from jumelle.publishing.tests.plan_samples import NOW, TEXTS, sample_document, sample_line, sample_plan
from jumelle.publishing.tests.samples import HOSTILE
from jumelle.publishing.tests.test_summary_pdf import bookmarks, elements

LANGUAGES = ("fr", "en", "ar", "ti", "uk")
reads_text = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
WRITTEN = {"fr": "fr", "en": "en", "ar": "ar", "ti": "ti", "uk": "fr"}


def opened(document: PlanDocument) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(plan_pdf(document, now=NOW)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdf_declares_pdf_ua_its_language_and_its_title(language: str):
    pdf = opened(sample_document(language, WRITTEN[language]))

    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert "Sonnebourg" in metadata["dc:title"]
    assert pdf.Root.MarkInfo.Marked is True
    assert str(pdf.Root.Lang) == language
    assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
    assert str(pdf.Root.ViewerPreferences.Direction) == ("/R2L" if language == "ar" else "/L2R")


def test_pdf_lies_across():
    pdf = opened(sample_document("fr"))

    assert {tuple(round(float(side)) for side in page.MediaBox) for page in pdf.pages} == {(0, 0, 842, 595)}


def test_pdf_has_one_table_with_six_header_cells_and_two_rows_a_line():
    document = sample_document("fr", lines=5)

    pdf = opened(document)
    tags = list(elements(pdf.Root.StructTreeRoot.K))

    counts = Counter(str(tag.S) for tag in tags)
    assert [counts[name] for name in ("/H1", "/H2", "/Table", "/THead", "/TH", "/TR")] == [1, 3, 1, 1, 6, 1 + 2 * 5]
    assert counts["/TD"] == 7 * 5
    assert [str(tag.Alt) for tag in tags if str(tag.S) == "/Figure"] == [document.labels["qr"]]


@reads_text
def test_pdf_repeats_the_header_on_each_page_of_the_table():
    document = sample_document("en", lines=40)

    pages = text_of(plan_pdf(document, now=NOW)).split("\f")

    with_lines = [page for page in pages if "Attendance sheets" in page]
    assert len(with_lines) > 5
    assert [page for page in with_lines if "Evaluation of success" not in page] == []


def test_pdf_marks_texts_in_another_language():
    pdf = opened(sample_document("en", "ar", "fr", "ti"))

    languages = {str(tag.Lang) for tag in elements(pdf.Root.StructTreeRoot.K) if "/Lang" in tag}
    assert {"ar", "fr", "ti"} <= languages


@reads_text
def test_pdf_says_all_that_the_lines_say():
    text = " ".join(text_of(plan_pdf(sample_document("en", lines=1), now=NOW)).split())
    full = " ".join(text_of(plan_pdf(sample_document("en", lines=2), now=NOW)).split())

    assert "Still missing" in text
    for words in ("Social service", "One half-time post", "Attendance sheets", "3 March 2026 – Version 2: Revised plan", "KF8.Q2"):
        assert words in full


def test_pdf_has_its_parts_as_bookmarks():
    document = sample_document("en")

    pdf = opened(document)

    titles = bookmarks(pdf.Root.Outlines.First)
    assert [title.strip() for title in titles] == ["Action plan", "Actions of the plan", "Still missing", "Approval"]


def test_plan_without_a_line_can_be_printed():
    document = plan_document(replace(sample_plan("en"), lines=()), language="en", address="", now=NOW)

    pdf = opened(document)

    assert len(pdf.pages) == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_lines_do_not_break_a_pdf(name: str):
    text = HOSTILE[name]
    line = sample_line(1, action=text, results=text, timetable=text, lead=text, staff=text, evaluation=text)
    plan = replace(sample_plan("fr"), title=text[:200], lines=(line, sample_line(2)))

    pdf = opened(plan_document(plan, language="ar", address="", now=NOW))

    assert pdf.Root.MarkInfo.Marked is True


@reads_text
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_long_words_stay_in_their_column(language: str):
    word = "Donaudampfschifffahrtsgesellschaftskapitän" if language == "fr" else "ش" * 42
    line = sample_line(1, language, timetable=word, lead=f"https://www.example.org/{word}")
    document = plan_document(replace(sample_plan(language), lines=(line,)), language=language, address="", now=NOW)

    boxes = words_of(plan_pdf(document, now=NOW))

    assert max(right - left for left, right in boxes) < 110  # points: what the timetable column, the narrowest, is wide


def test_only_addresses_of_the_web_become_links():
    line = sample_line(1, origins=(replace(sample_line(3).origins[0], kind="practice", code="", url="javascript:alert(1)"),))
    document = plan_document(replace(sample_plan(), lines=(line,)), language="fr", address="https://example.org/plan", now=NOW)

    pdf = opened(document)

    links = [str(annotation.A.URI) for page in pdf.pages for annotation in page.get("/Annots", []) if "/A" in annotation]
    assert links == ["https://example.org/plan"]


def test_pdf_of_40_lines_is_at_most_a_megabyte():
    document = sample_document("fr", "fr", "ar", lines=40)

    content = plan_pdf(document, now=NOW)

    assert len(content) <= 1_000_000


def test_same_plan_gives_the_same_bytes():
    document = sample_document("ar", "ar", "fr")

    assert plan_pdf(document, now=NOW) == plan_pdf(document, now=NOW)


@reads_text
def test_arabic_reads_in_its_order():
    text = text_of(plan_pdf(sample_document("ar", lines=2), now=NOW))

    assert TEXTS["ar"]["lead"].split()[0] in text


def text_of(pdf: bytes) -> str:
    return subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def words_of(pdf: bytes) -> list[tuple[float, float]]:
    """Left and right of each word on the page, in points."""
    page = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    lines = [line for line in page.splitlines() if "<word" in line]
    return [(float(line.split('xMin="')[1].split('"')[0]), float(line.split('xMax="')[1].split('"')[0])) for line in lines]

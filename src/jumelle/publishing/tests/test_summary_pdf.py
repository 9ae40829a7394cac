"""The PDF: tagged, in its language, whole whatever people typed, and small. How quick: `benchmarks/documents.py`."""

import io
from collections import Counter
from collections.abc import Iterator

import pikepdf
import pytest

from jumelle.publishing import press
from jumelle.publishing.press import Job, PrintingFailed, print_pdf
from jumelle.publishing.summary_parts import Document
from jumelle.publishing.summary_pdf import printable_data, summary_pdf
from jumelle.publishing.tests.samples import HOSTILE, NOW, package_at, sample_document, sample_summary

CHECKLIST = package_at("refugee-inclusion/1.0.0")
BENCHMARK = package_at("language-learning-support/1.0.0")
LANGUAGES = ("fr", "en", "ar", "ti", "uk")


def opened(document: Document) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(summary_pdf(document, now=NOW)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdf_declares_pdf_ua_its_language_and_its_title(language: str):
    pdf = opened(sample_document(language, CHECKLIST))

    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert "Sonnebourg" in metadata["dc:title"]
    assert pdf.Root.MarkInfo.Marked is True
    assert str(pdf.Root.Lang) == language
    assert pdf.Root.ViewerPreferences.DisplayDocTitle is True
    assert str(pdf.Root.ViewerPreferences.Direction) == ("/R2L" if language == "ar" else "/L2R")


def test_pdf_has_headings_tables_with_header_cells_and_a_described_chart():
    document = sample_document("fr", CHECKLIST)

    pdf = opened(document)
    tags = list(elements(pdf.Root.StructTreeRoot.K))

    counts = Counter(str(tag.S) for tag in tags)
    tables = 1 + sum(len(chapter.groups) for chapter in (*document.chapters, *document.context))
    assert counts["/H1"] == 1
    assert counts["/H2"] == 5 + len(document.chapters)
    assert (counts["/Table"], counts["/THead"]) == (tables, tables)
    assert counts["/TH"] == 3 * (tables - 1) + len(document.overview.columns) + 3
    figures = [str(tag.Alt) for tag in tags if str(tag.S) == "/Figure"]
    assert figures == [printable_data(document)["overview"]["alt"], document.labels["qr"]]


def test_pdf_marks_texts_in_another_language():
    pdf = opened(sample_document("ar", CHECKLIST))

    languages = {str(tag.Lang) for tag in elements(pdf.Root.StructTreeRoot.K) if "/Lang" in tag}
    assert {"fr", "en", "ti", "uk"} <= languages


def test_pdf_has_chapters_as_bookmarks():
    document = sample_document("en", BENCHMARK)

    pdf = opened(document)
    titles = bookmarks(pdf.Root.Outlines.First)
    assert [chapter.heading.text for chapter in document.chapters if chapter.heading.text in titles] == [
        chapter.heading.text for chapter in document.chapters
    ]


def test_pdf_embeds_our_fonts_only():
    pdf = opened(sample_document("ar", CHECKLIST))

    names = {str(font.BaseFont).split("+")[-1] for page in pdf.pages for font in page.Resources.Font.values()}
    assert {name.split("-")[0] for name in names} <= {
        "NotoSans",
        "NotoSansArabic",
        "NotoSansEthiopic",
        "NotoSansMath",
        "NotoSansSymbols2",
        "NotoEmoji",
    }


def test_pdf_is_a4():
    pdf = opened(sample_document("fr", BENCHMARK))

    assert {tuple(round(float(side)) for side in page.MediaBox) for page in pdf.pages} == {(0, 0, 595, 842)}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_notes_do_not_break_a_pdf(name: str):
    document = sample_document("ar", BENCHMARK, notes=[HOSTILE[name]], every=9)

    pdf = opened(document)

    assert pdf.Root.MarkInfo.Marked is True
    assert len(pdf.pages) > 3


def test_markup_in_a_note_stays_text():
    data = printable_data(sample_document("en", BENCHMARK, notes=[HOSTILE["markup"]], every=1))

    entries = [entry for chapter in data["chapters"] for group in chapter["groups"] for entry in group["entries"]]
    assert {entry["note"]["text"] for entry in entries if entry["note"]} == {HOSTILE["markup"]}


def test_only_addresses_of_the_web_become_links():
    summary = sample_document("en", BENCHMARK)
    pdf = opened(summary)

    links = [annotation.A for page in pdf.pages for annotation in page.get("/Annots", []) if "/A" in annotation]
    addresses = {str(link.URI) for link in links if "/URI" in link}
    assert all(address.startswith("https://") for address in addresses)
    assert summary.address in addresses


def test_pdf_of_93_items_is_at_most_500_kilobytes():
    sample = sample_summary("fr", CHECKLIST)
    assert len(CHECKLIST.answerable()) == 93
    assert sum(1 for _ in sample.lines) >= 80
    document = sample_document("fr", CHECKLIST)

    content = summary_pdf(document, now=NOW)

    assert len(content) <= 500_000


def test_same_document_gives_the_same_bytes():
    document = sample_document("uk", BENCHMARK)

    assert summary_pdf(document, now=NOW) == summary_pdf(document, now=NOW)


def test_press_that_fails_says_so_without_quoting_what_people_typed():
    data = printable_data(sample_document("en", BENCHMARK))
    data["gathered"] = "a secret in letters that we cannot print: 中"

    with pytest.raises(PrintingFailed) as caught:
        print_pdf(Job("summary.typ", data, 0))

    assert str(caught.value).startswith("summary.typ: PDF/UA-1 error")
    assert not {"secret", "中"} & set(str(caught.value).split())


def test_press_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(press, "TIMEOUT_S", 0.001)

    with pytest.raises(PrintingFailed, match="more than"):
        print_pdf(Job("summary.typ", {}, 0))


def elements(node: object) -> Iterator[pikepdf.Object]:
    if isinstance(node, pikepdf.Array):
        for part in node:
            yield from elements(part)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from elements(node.K)


def bookmarks(item: pikepdf.Object) -> list[str]:
    titles = [str(item.Title)]
    if "/First" in item:
        titles += bookmarks(item.First)
    if "/Next" in item:
        titles += bookmarks(item.Next)
    return titles

import hashlib
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jumelle.assessments.enums import EvidenceAudience
from jumelle.assessments.file_types import PDF, TXT
from jumelle.assessments.models import Evidence
from jumelle.assessments.operations import (
    AssessmentFinished,
    EvidenceRefused,
    FileTooLarge,
    FileTypeRefused,
    ItemUnknown,
    LinkRefused,
    add_evidence,
    remove_evidence,
    restore_evidence,
)
from jumelle.assessments.operations import evidence as evidence_operations
from jumelle.assessments.operations.evidence import shown_name
from jumelle.assessments.tests.factories import LATER, make_assessment, make_link, make_place
from jumelle.audit.models import Event
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db
PDF_BYTES = b"%PDF-1.7\n%test"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def assessment(place):
    made = make_assessment(place, themes=["KF1"])
    with city_scope(place.city.id):
        yield made


def add(place, assessment, code="KF1.Q1", **fields):
    return add_evidence(
        place=place,
        assessment=assessment,
        code=code,
        title="Report",
        dated_on=date(2026, 1, 31),
        audience=EvidenceAudience.CITY,
        now=LATER,
        **fields,
    )


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_link_is_kept_as_it_is(place, assessment):
    piece = add(place, assessment, url=" https://example.org/a?b=c#d ")

    assert (piece.kind, piece.url, piece.sha256) == ("link", "https://example.org/a?b=c#d", "")
    assert Event.objects.get(action="evidence_added").data["kind"] == "link"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript://example.org/%0aalert(1)",
        "data:text/html,x",
        "ftp://example.org/x",
        "//example.org/x",
        "example.org",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org/a b",
        "https://[broken",
        "https://example.org/" + "x" * 1000,
    ],
)
def test_other_links_are_refused(place, assessment, url):
    with pytest.raises(LinkRefused):
        add(place, assessment, url=url)


def test_neither_link_nor_file_is_refused(place, assessment):
    with pytest.raises(EvidenceRefused):
        add(place, assessment)


def test_file_gets_a_random_name_and_keeps_its_own_for_download(place, assessment, uploads):
    piece = add(place, assessment, upload=SimpleUploadedFile("../Rapport café.pdf", PDF_BYTES))

    (path,) = files_in(uploads)
    assert path.read_bytes() == PDF_BYTES
    assert path.suffix == ".pdf"
    assert "apport" not in path.name
    assert path.stat().st_mode & 0o077 == 0
    assert (piece.file_name, piece.sha256) == ("Rapport café.pdf", hashlib.sha256(PDF_BYTES).hexdigest())


def test_file_is_what_its_content_says(place, assessment):
    piece = add(place, assessment, upload=SimpleUploadedFile("harmless.html", b"just words"))

    assert piece.file_name == "harmless.html.txt"
    assert piece.file.name.endswith(".txt")


def test_unknown_kind_is_refused_and_nothing_is_kept(place, assessment, uploads):
    with pytest.raises(FileTypeRefused):
        add(place, assessment, upload=SimpleUploadedFile("report.pdf", b"<html><script>1</script>"))

    assert (files_in(uploads), Evidence.objects.count()) == ([], 0)


def test_too_large_file_is_refused(place, assessment, settings):
    settings.UPLOAD_MAX_BYTES = 10

    with pytest.raises(FileTooLarge):
        add(place, assessment, upload=SimpleUploadedFile("a.pdf", PDF_BYTES))


def test_empty_file_is_refused(place, assessment):
    with pytest.raises(EvidenceRefused):
        add(place, assessment, upload=SimpleUploadedFile("a.pdf", b""))


def test_no_file_stays_behind_when_the_row_fails(place, assessment, uploads, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the journal is gone")

    monkeypatch.setattr(evidence_operations, "note_act", fail)

    with pytest.raises(RuntimeError):
        add(place, assessment, upload=SimpleUploadedFile("a.pdf", PDF_BYTES))

    assert (files_in(uploads), Evidence.objects.count()) == ([], 0)


@pytest.mark.parametrize("code", ["NOPE", "KF1", "KF2.Q1"], ids=["unknown", "a section", "theme not chosen"])
def test_evidence_needs_an_item_of_the_assessment(place, assessment, code):
    with pytest.raises(ItemUnknown):
        add(place, assessment, code=code, url="https://example.org/")


def test_removed_evidence_comes_back(place, assessment, uploads):
    piece = add(place, assessment, upload=SimpleUploadedFile("a.pdf", PDF_BYTES))

    remove_evidence(place=place, evidence=piece, now=LATER)
    remove_evidence(place=place, evidence=piece, now=LATER)
    assert Evidence.objects.get().removed_at == LATER
    assert len(files_in(uploads)) == 1

    restore_evidence(place=place, evidence=piece, now=LATER)
    assert Evidence.objects.get().removed_at is None
    assert list(Event.objects.filter(object_type="Evidence").order_by("number").values_list("action", flat=True)) == [
        "evidence_added",
        "evidence_removed",
        "evidence_restored",
    ]


def test_finished_assessment_keeps_its_evidence(place):
    assessment = make_assessment(place)
    piece = make_link(place, assessment, "KF1.Q1")

    with city_scope(place.city.id):
        assessment.finished_at = LATER
        assessment.save()
        piece = Evidence.objects.select_related("assessment").get(pk=piece.pk)
        for act in (
            lambda: remove_evidence(place=place, evidence=piece, now=LATER),
            lambda: restore_evidence(place=place, evidence=piece, now=LATER),
            lambda: add(place, assessment, url="https://example.org/"),
        ):
            with pytest.raises(AssessmentFinished):
                act()


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("report.pdf", PDF, "report.pdf"),
        ("REPORT.PDF", PDF, "REPORT.pdf"),
        ("report.pdf.exe", PDF, "report.pdf.exe.pdf"),
        ("C:\\temp\\notes.txt", TXT, "notes.txt"),
        ("../../etc/passwd", TXT, "passwd.txt"),
        ('a"b\r\nSet-Cookie: x.txt', TXT, "abSet-Cookie x.txt"),
        ("\u202efdp.exe", TXT, "fdp.exe.txt"),
        ("", TXT, "file.txt"),
        ("x" * 400, TXT, "x" * 150 + ".txt"),
    ],
)
def test_shown_name_is_harmless(name, kind, expected):
    assert shown_name(name, kind) == expected

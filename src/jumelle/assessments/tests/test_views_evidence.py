import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jumelle.assessments.enums import EvidenceAudience
from jumelle.assessments.models import Evidence
from jumelle.assessments.operations import add_evidence
from jumelle.assessments.tests.factories import LATER, make_assessment, make_link, make_place
from jumelle.audit.models import Event
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_organisation

pytestmark = pytest.mark.django_db
PDF_BYTES = b"%PDF-1.7\n%test"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def assessment(place):
    return make_assessment(place, themes=["KF1"])


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


def url(assessment, name, **kwargs):
    return reverse(f"assessments:{name}", kwargs={"city": assessment.city.slug, "pk": assessment.pk, **kwargs})


def form(**changes):
    return {"title": "Report 2025", "url": "", "dated_on": "2026-01-31", "audience": "team", **changes}


def make_file(place, assessment, audience=EvidenceAudience.CITY):
    with city_scope(place.city.id):
        return add_evidence(
            place=place,
            assessment=assessment,
            code="KF1.Q1",
            title="Report",
            dated_on=LATER.date(),
            audience=audience,
            upload=SimpleUploadedFile("rapport été.pdf", PDF_BYTES),
            now=LATER,
        )


def all_evidence(place):
    with city_scope(place.city.id):
        return list(Evidence.objects.order_by("added_at"))


def test_link_and_file_are_added_on_the_page(client, place, assessment):
    page = url(assessment, "evidence", code="KF1.Q1")

    client.post(page, form(url="https://example.org/report"))
    client.post(page, form(title="Plan", file=SimpleUploadedFile("plan.pdf", PDF_BYTES), audience="public"))

    assert [(piece.kind, piece.title, piece.audience) for piece in all_evidence(place)] == [
        ("link", "Report 2025", "team"),
        ("file", "Plan", "public"),
    ]
    html = client.get(page).content.decode()
    assert "https://example.org/report" in html
    assert "Plan" in html


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "Give a link, or choose a file."),
        ({"url": "javascript:alert(1)"}, "This is not a web address."),
        ({"url": "https://example.org", "title": ""}, "This field is required."),
        ({"url": "https://example.org", "dated_on": "0001-01-01"}, "Check the year of this date."),
        ({"url": "https://example.org", "audience": "everyone"}, "Select a valid choice."),
    ],
)
def test_page_says_what_is_wrong(client, place, assessment, changes, sentence):
    page = client.post(url(assessment, "evidence", code="KF1.Q1"), form(**changes))

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert all_evidence(place) == []


def test_page_refuses_a_harmful_file(client, place, assessment):
    upload = SimpleUploadedFile("report.pdf", b"<html><script>alert(1)</script>", content_type="application/pdf")

    page = client.post(url(assessment, "evidence", code="KF1.Q1"), form(file=upload))

    assert page.status_code == 422
    assert "This kind of file is not taken." in page.content.decode()


def test_page_refuses_link_and_file_together(client, assessment):
    upload = SimpleUploadedFile("plan.pdf", PDF_BYTES)

    page = client.post(url(assessment, "evidence", code="KF1.Q1"), form(url="https://example.org", file=upload))

    assert "not both" in page.content.decode()


def test_file_is_offered_as_a_harmless_download_and_the_reading_recorded(client, place, assessment):
    piece = make_file(place, assessment)

    reply = client.get(url(assessment, "evidence_file", evidence=piece.pk))

    assert b"".join(reply.streaming_content) == PDF_BYTES
    assert reply.headers["Content-Type"] == "application/pdf"
    assert reply.headers["Content-Disposition"].startswith("attachment;")
    assert "rapport%20%C3%A9t%C3%A9.pdf" in reply.headers["Content-Disposition"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert reply.headers["Cache-Control"] == "no-store"
    assert Event.objects.filter(action="evidence_read").count() == 1


def test_link_has_no_file(client, place, assessment):
    piece = make_link(place, assessment, "KF1.Q1")

    assert client.get(url(assessment, "evidence_file", evidence=piece.pk)).status_code == 404


def test_evidence_is_removed_and_brought_back(client, place, assessment):
    piece = make_file(place, assessment)

    client.post(url(assessment, "evidence_remove", evidence=piece.pk))
    gone = client.get(url(assessment, "evidence_file", evidence=piece.pk))
    page = client.get(url(assessment, "evidence", code="KF1.Q1")).content.decode()
    client.post(url(assessment, "evidence_restore", evidence=piece.pk))

    assert gone.status_code == 404
    assert url(assessment, "evidence_restore", evidence=piece.pk) in page
    assert all_evidence(place)[0].removed_at is None


def test_evidence_of_another_city_or_assessment_is_missing(client, place, assessment):
    foreign_place = make_place()
    foreign = make_assessment(foreign_place, themes=["KF1"])
    foreign_piece = make_file(foreign_place, foreign)
    sibling_piece = make_file(place, make_assessment(place, themes=["KF1"]))

    for piece in (foreign_piece, sibling_piece):
        assert client.get(url(assessment, "evidence_file", evidence=piece.pk)).status_code == 404
        assert client.post(url(assessment, "evidence_remove", evidence=piece.pk)).status_code == 404
    assert client.get(url(foreign, "evidence_file", evidence=foreign_piece.pk)).status_code == 404


def test_staff_of_another_organisation_sees_no_evidence(place, signed_in):
    theirs, others = make_organisation(place.city), make_organisation(place.city)
    own, other = (make_assessment(place, organisation=each, themes=["KF1"]) for each in (theirs, others))
    pieces = [make_file(place, each, EvidenceAudience.PUBLIC) for each in (own, other)]
    client = signed_in(make_place(place.city, Role.PROVIDER_STAFF, organisation=theirs).user)

    replies = [client.get(url(each, "evidence_file", evidence=piece.pk)) for each, piece in zip((own, other), pieces, strict=True)]

    assert [reply.status_code for reply in replies] == [200, 404]

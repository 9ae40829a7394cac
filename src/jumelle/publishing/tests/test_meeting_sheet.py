"""The sheet for a meeting: figures and room to write, in the reader's language, and nobody's name."""

import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import Round
from jumelle.assessments.operations.agreeing import Agreement, agree
from jumelle.assessments.queries.divergence import Show, discussion_of
from jumelle.assessments.tests.factories import (
    LATER,
    hand_in,
    lay_open,
    make_assessment,
    make_open_round,
    make_place,
    make_respondent,
    make_round,
    respond,
)
from jumelle.audit.models import Event
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_member
from jumelle.publishing import views
from jumelle.publishing.meeting_sheet import SheetDocument, meeting_sheet_pdf, sheet_document
from jumelle.publishing.press import PrintingFailed
from jumelle.publishing.tests.samples import HOSTILE

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
NGO = RespondentRole.NGO
Q1, Q2, OTHER = "KF1.Q1", "KF1.Q2", "KF8.Q1"
LANGUAGES = ("fr", "en", "ar", "ti", "uk")


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def opened(place: Place) -> Round:
    assessment = make_assessment(place, themes=["KF1", "CF"])
    return make_open_round(place, assessment, [(NGO, {Q1: "yes", Q2: "no"})] * 3 + [(NGO, {Q1: "no", Q2: "no"})] * 3)


def document_of(opened: Round, language: str = "en", show: Show = Show.ALL) -> SheetDocument:
    with city_scope(opened.city_id):
        discussion = discussion_of(opened)
        points, address = discussion.shown(show), "https://jumelle.example.org/here/"
        return sheet_document(discussion, points, language=language, city_languages=["fr"], address=address, now=LATER)


def address(opened: Round, language: str = "en", city: str = "", query: str = "") -> str:
    with translation.override(language):
        kwargs = {"city": city or opened.city.slug, "pk": opened.assessment_id, "round": opened.pk}
        return reverse("publishing:meeting_sheet_pdf", kwargs=kwargs) + query


def elements(node: object) -> Iterator[pikepdf.Object]:
    if isinstance(node, pikepdf.Array):
        for part in node:
            yield from elements(part)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from elements(node.K)


# --- what it says -----------------------------------------------------------------------------------------------------


def test_sheet_counts_in_the_order_of_the_discussion(opened: Round):
    document = document_of(opened, show=Show.DISCUSS)

    assert [point.code for point in document.points] == [Q1]
    point = document.points[0]
    assert [(part.sign.word.text, part.count) for part in point.counts] == [("Yes", 3), ("Partly", 0), ("No", 3)]
    assert point.facts == "Disagreement 100 % · 6 of 6 answered"
    assert [option.text for option in point.options] == ["Yes", "Partly", "No", "Does not apply to us", "We do not know"]


def test_what_is_agreed_leaves_no_room_to_write(place: Place, opened: Round):
    with city_scope(opened.city_id):
        agreement = Agreement(value="partly", reason="Both are right.", minority_note="One says no.")
        agree(place=place, round=opened, code=Q1, agreement=agreement, meeting=None, now=LATER)

    settled = document_of(opened).points[0].settled

    assert settled is not None
    assert (settled.answer.text, settled.reason.text, settled.minority.text) == ("Partly", "Both are right.", "One says no.")


def test_theme_that_is_withheld_says_so_and_what_to_do(place: Place):
    opened = make_round(place, make_assessment(place, themes=["KF1", "KF8"]))
    for number in range(6):
        person = make_respondent(place, opened, NGO, themes=["KF1", "KF8"] if number < 4 else ["KF1"])
        for code in (Q1, OTHER) if number < 4 else (Q1,):
            respond(person, code, "no")
        hand_in(place, person)
    lay_open(place, opened)

    document = document_of(opened)

    hidden = next(point for point in document.points if point.code == OTHER)
    assert (hidden.counts, hidden.facts) == ((), "Nothing is shown here.")
    assert [words.text for words in document.withheld] == ["Supporting volunteering and non-formal language learning"]
    assert "Talk about it in the meeting" in document.withheld_why


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_pdf_declares_pdf_ua_its_language_and_its_direction(opened: Round, language: str):
    pdf = pikepdf.open(io.BytesIO(meeting_sheet_pdf(document_of(opened, language), now=LATER)))

    with pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
    assert (pdf.Root.MarkInfo.Marked, str(pdf.Root.Lang)) == (True, language)
    assert str(pdf.Root.ViewerPreferences.Direction) == ("/R2L" if language == "ar" else "/L2R")


def test_pdf_has_a_heading_for_each_point(opened: Round):
    document = document_of(opened)

    pdf = pikepdf.open(io.BytesIO(meeting_sheet_pdf(document, now=LATER)))

    tags = [str(tag.S) for tag in elements(pdf.Root.StructTreeRoot.K)]
    assert (tags.count("/H1"), tags.count("/H2")) == (1, len(document.points))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_agreements_do_not_break_the_pdf(place: Place, opened: Round, name: str):
    with city_scope(opened.city_id):
        agreement = Agreement(value="yes", reason=f"x {HOSTILE[name]}"[:9_999], minority_note=f"x {HOSTILE[name]}"[:9_999])
        agree(place=place, round=opened, code=Q1, agreement=agreement, meeting=None, now=LATER)

    pdf = pikepdf.open(io.BytesIO(meeting_sheet_pdf(document_of(opened, "ar"), now=LATER)))

    assert pdf.Root.MarkInfo.Marked is True


def test_sheet_without_a_point_is_a_sheet_all_the_same(opened: Round):
    assert meeting_sheet_pdf(document_of(opened, show=Show.UNKNOWN), now=LATER).startswith(b"%PDF")


# --- the address ------------------------------------------------------------------------------------------------------


def test_file_is_handed_over_and_written_into_the_journal(signed_in: SignIn, place: Place, opened: Round):
    answer = signed_in(place.user).get(address(opened))

    assert answer["Content-Type"] == "application/pdf"
    assert re.search(rf'filename="{place.city.slug}-language-learning-support-meeting-[-\d]+-en\.pdf"', answer["Content-Disposition"])
    event = Event.objects.get(chain=place.chain, action="meeting_sheet_exported")
    assert (event.object_id, event.data) == (str(opened.pk), {"format": "pdf", "language": "en"})


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="NOT RUN: pdftotext is not installed (apt install poppler-utils)")
def test_no_name_and_no_note_stands_on_the_sheet_even_where_the_round_shows_names(signed_in: SignIn, place: Place):
    opened = make_round(place, make_assessment(place, themes=["KF1"]), shows_names=True)
    for number in range(2):
        person = make_respondent(place, opened, NGO, name=f"Canary-Name{number}")
        respond(person, Q1, "yes" if number else "no", note="Canary-Note", private_note="Canary-Private")
        hand_in(place, person)
    lay_open(place, opened)

    content = signed_in(place.user).get(address(opened, query="?show=all")).content

    text = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    assert "Disagreement 100 %" in text
    assert "Canary" not in text


def test_round_that_collects_has_no_sheet(signed_in: SignIn, place: Place):
    collecting = make_round(place, make_assessment(place, themes=["KF1"]))

    assert signed_in(place.user).get(address(collecting)).status_code == 404


def test_round_of_another_city_has_no_sheet_here(signed_in: SignIn, opened: Round):
    here = make_place()

    answer = signed_in(here.user).get(address(opened, city=here.city.slug))

    assert answer.status_code == 404
    assert not Event.objects.filter(action="meeting_sheet_exported").exists()


def test_volunteer_is_refused(signed_in: SignIn, place: Place, opened: Round):
    assert signed_in(make_member(place.city, Role.VOLUNTEER)).get(address(opened)).status_code == 403


def test_pdf_that_fails_leads_to_the_page_to_print(signed_in: SignIn, place: Place, opened: Round, monkeypatch: pytest.MonkeyPatch):
    def fail(*args: object, **kwargs: object) -> bytes:
        raise PrintingFailed("meeting_sheet.typ: nothing goes")

    monkeypatch.setattr(views, "sheet_pdf_of", fail)

    answer = signed_in(place.user).get(address(opened), follow=True)

    assert "Print this page instead" in answer.content.decode()
    assert not Event.objects.filter(action="meeting_sheet_exported").exists()

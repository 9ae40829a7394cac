"""The four faces of one summary: who may open them, what they say, what is written into the journal."""

import io
import re
import subprocess
from collections.abc import Callable
from datetime import date

import docx
import openpyxl
import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import Assessment
from jumelle.assessments.operations.agreeing import Agreement, NewMeeting, agree
from jumelle.assessments.tests.factories import LATER, give, make_assessment, make_open_round, make_place
from jumelle.audit.models import Event
from jumelle.audit.operations import verify_chain
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_member, make_organisation
from jumelle.publishing import views
from jumelle.publishing.press import PrintingFailed

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
FORMATS = ("pdf", "docx", "xlsx")


def address(assessment: Assessment, name: str = "summary", language: str = "en", city: str = "") -> str:
    with translation.override(language):
        return reverse(f"publishing:{name}", kwargs={"city": city or assessment.city.slug, "pk": assessment.pk})


def text_of_pdf(content: bytes) -> str:
    """As one line."""
    done = subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True)
    return re.sub(r"\s+", " ", done.stdout.decode())


def test_page_says_what_was_answered_and_noted(signed_in: SignIn):
    place = make_place()
    assessment = make_assessment(place)
    give(place, assessment, "KF1.Q1", "yes", note="Vote of 3 March")

    page = signed_in(place.user).get(address(assessment))

    text = page.content.decode()
    assert page.status_code == 200
    assert "Vote of 3 March" in text
    assert "1 of 28" in text


@pytest.mark.parametrize("language", ["fr", "ar", "ti", "uk"])
def test_page_opens_in_every_language(signed_in: SignIn, language: str):
    place = make_place()
    assessment = make_assessment(place)

    page = signed_in(place.user).get(address(assessment, language=language))

    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()


def test_page_writes_what_people_typed_as_text(signed_in: SignIn):
    place = make_place()
    assessment = make_assessment(place)
    give(place, assessment, "KF1.Q1", "yes", note="<script>alert(1)</script>")

    text = signed_in(place.user).get(address(assessment)).content.decode()

    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_pdf_is_handed_over_as_a_file(signed_in: SignIn):
    place = make_place()
    assessment = make_assessment(place)

    answer = signed_in(place.user).get(address(assessment, "summary_pdf"))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{place.city.slug}-language-learning-support-')
    assert pikepdf.open(io.BytesIO(answer.content)).Root.MarkInfo.Marked is True


def test_docx_and_xlsx_open_again(signed_in: SignIn):
    place = make_place()
    assessment = make_assessment(place)
    client = signed_in(place.user)

    document = docx.Document(io.BytesIO(client.get(address(assessment, "summary_docx")).content))
    workbook = openpyxl.load_workbook(io.BytesIO(client.get(address(assessment, "summary_xlsx")).content))

    assert document.core_properties.language == "en"
    assert workbook.sheetnames == ["Summary", "Items"]


@pytest.mark.parametrize("file_format", FORMATS)
def test_each_export_is_written_into_the_journal(signed_in: SignIn, file_format: str):
    place = make_place()
    assessment = make_assessment(place)

    signed_in(place.user).get(address(assessment, f"summary_{file_format}"))

    event = Event.objects.get(chain=place.chain, action="assessment_exported")
    assert (event.actor, event.object_id) == (str(place.user.pk), str(assessment.pk))
    assert event.data == {"format": file_format, "language": "en"}
    assert verify_chain(place.chain) == []


def test_agreed_answer_stands_in_all_four_with_its_reason_and_who_was_there(signed_in: SignIn):
    place = make_place()
    assessment, client = make_assessment(place, themes=["KF1"]), signed_in(place.user)
    opened = make_open_round(place, assessment, [(RespondentRole.NGO, {"KF1.Q1": "no"})] * 5)
    agreement = Agreement(value="partly", reason="Reason of ours", minority_note="Minority of ours")
    with city_scope(place.here.id):
        meeting = NewMeeting(date(2026, 2, 28), "Teachers and mothers")
        agree(place=place, round=opened, code="KF1.Q1", agreement=agreement, meeting=meeting, now=LATER)

    page = client.get(address(assessment)).content.decode()
    paper = text_of_pdf(client.get(address(assessment, "summary_pdf")).content)
    document = docx.Document(io.BytesIO(client.get(address(assessment, "summary_docx")).content))
    workbook = openpyxl.load_workbook(io.BytesIO(client.get(address(assessment, "summary_xlsx")).content))

    cells = [paragraph.text for table in document.tables for row in table.rows for cell in row.cells for paragraph in cell.paragraphs]
    row = next(row for row in workbook["Items"].iter_rows(values_only=True) if row[0] == "KF1.Q1")
    told = ("Reason of ours", "Minority of ours", "28 February 2026", "Teachers and mothers")
    assert [text for text in told if text not in page] == []
    assert [text for text in told if text not in paper] == []
    assert [text for text in told if not any(text in cell for cell in cells)] == []
    assert row[-3:] == ("Reason of ours", "Minority of ours", "28 February 2026 – Teachers and mothers")


def test_answer_that_was_changed_since_is_not_called_agreed(signed_in: SignIn):
    place = make_place()
    assessment = make_assessment(place, themes=["KF1"])
    opened = make_open_round(place, assessment, [(RespondentRole.NGO, {"KF1.Q1": "no"})] * 5)
    with city_scope(place.here.id):
        agreement = Agreement(value="partly", reason="Reason of ours")
        agree(place=place, round=opened, code="KF1.Q1", agreement=agreement, meeting=None, now=LATER)
    give(place, assessment, "KF1.Q1", "yes")

    page = signed_in(place.user).get(address(assessment)).content.decode()

    assert "Reason of ours" not in page


def test_reading_the_page_is_no_export(signed_in: SignIn):
    place = make_place()
    assessment = make_assessment(place)

    signed_in(place.user).get(address(assessment))

    assert not Event.objects.filter(action="assessment_exported").exists()


@pytest.mark.parametrize("name", ["summary", *(f"summary_{file_format}" for file_format in FORMATS)])
def test_summary_of_another_city_is_missing(signed_in: SignIn, name: str):
    here, elsewhere = make_place(), make_place()
    foreign = make_assessment(elsewhere)

    answer = signed_in(here.user).get(address(foreign, name, city=here.city.slug))

    assert answer.status_code == 404
    assert not Event.objects.filter(action="assessment_exported").exists()


def test_summary_of_an_organisation_is_missing_for_the_staff_of_another(signed_in: SignIn):
    place = make_place()
    assessment = make_assessment(place, organisation=make_organisation(place.city))
    other = make_member(place.city, Role.PROVIDER_STAFF, organisation=make_organisation(place.city))

    answer = signed_in(other).get(address(assessment, "summary_docx"))

    assert answer.status_code == 404


def test_volunteer_is_refused(signed_in: SignIn):
    place = make_place()
    assessment = make_assessment(place)
    volunteer = make_member(place.city, Role.VOLUNTEER)

    assert signed_in(volunteer).get(address(assessment)).status_code == 403


def test_pdf_that_fails_says_what_to_do_instead(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    def fail(*args: object, **kwargs: object) -> bytes:
        raise PrintingFailed("summary.typ: nothing goes")

    place = make_place()
    assessment = make_assessment(place)
    monkeypatch.setattr(views, "pdf_of", fail)

    answer = signed_in(place.user).get(address(assessment, "summary_pdf"), follow=True)

    assert "Take the DOCX file" in answer.content.decode()
    assert not Event.objects.filter(action="assessment_exported").exists()

"""The summary of an assessment on screen, and as files to keep. All four say the same: they lay out one document."""

from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from jumelle.assessments.models import Assessment
from jumelle.assessments.queries import assessments_visible_to
from jumelle.assessments.queries.divergence import Show, discussion_of, opened_rounds_of
from jumelle.assessments.queries.summary import Summary, summary_of
from jumelle.cities.access import Place
from jumelle.cities.requests import PlacedRequest
from jumelle.publishing import operations
from jumelle.publishing.meeting_sheet import meeting_sheet_pdf as sheet_pdf_of
from jumelle.publishing.meeting_sheet import sheet_document
from jumelle.publishing.press import PrintingFailed
from jumelle.publishing.summary_charts import states_chart
from jumelle.publishing.summary_document import document_of
from jumelle.publishing.summary_docx import summary_docx as docx_of
from jumelle.publishing.summary_parts import Document
from jumelle.publishing.summary_pdf import summary_pdf as pdf_of
from jumelle.publishing.summary_xlsx import summary_xlsx as xlsx_of

logger = structlog.get_logger(__name__)

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
}


def summary(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    found = summary_of(assessment, get_language(), place=request.place)
    document = document_of(found, address=address_of(assessment, city), now=timezone.now())
    context = {
        "assessment": assessment,
        "document": document,
        "labels": document.labels,
        "chart": states_chart(document, is_rtl=get_language_bidi()),
        "next_step": next_step_of(found, request.place, assessment),
    }
    return render(request, "publishing/summary.html", context)


def summary_pdf(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment, document, now = taken_out(request, city, pk)
    try:
        content = pdf_of(document, now=now)
    except PrintingFailed as error:
        logger.error("summary_not_printed", assessment=str(assessment.pk), reason=str(error))
        messages.error(request, _("The PDF could not be made. Take the DOCX file, or print this page, and tell us."))
        return redirect("publishing:summary", city=city, pk=pk)
    return handed_over(request, assessment, content, "pdf", now)


def summary_docx(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment, document, now = taken_out(request, city, pk)
    return handed_over(request, assessment, docx_of(document, now=now), "docx", now)


def summary_xlsx(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment, document, now = taken_out(request, city, pk)
    return handed_over(request, assessment, xlsx_of(document), "xlsx", now)


def meeting_sheet_pdf(request: PlacedRequest, city: str, pk: UUID, round: UUID) -> HttpResponse:
    """What is to be discussed of an opened round; `?show=` says which points, as on the page."""
    assessment, now, language = assessment_or_404(request, pk), timezone.now(), get_language()
    opened = get_object_or_404(opened_rounds_of(assessment), pk=round)
    discussion, show = discussion_of(opened), Show.named(request.GET.get("show", ""))
    page = reverse("assessments:divergence", kwargs={"city": city, "pk": pk, "round": round})
    document = sheet_document(
        discussion,
        discussion.shown(show),
        language=language,
        city_languages=request.place.here.languages,
        address=settings.PUBLIC_ADDRESS + page,
        now=now,
    )
    try:
        content = sheet_pdf_of(document, now=now)
    except PrintingFailed as error:
        logger.error("meeting_sheet_not_printed", round=str(round), reason=str(error))
        messages.error(request, _("The PDF could not be made. Print this page instead, and tell us."))
        return redirect("assessments:sheet", city=city, pk=pk, round=round)
    operations.record_sheet_export(place=request.place, round=opened, language=language, now=now)
    return as_file(request, assessment, content, "pdf", now, kind="-meeting")


def assessment_or_404(request: PlacedRequest, pk: UUID) -> Assessment:
    """Missing and not for this person are the same."""
    return get_object_or_404(assessments_visible_to(request.place), pk=pk)


def address_of(assessment: Assessment, city: str) -> str:
    """Of the page, in the reader's language, as it stands on paper."""
    return settings.PUBLIC_ADDRESS + reverse("publishing:summary", kwargs={"city": city, "pk": assessment.pk})


def taken_out(request: PlacedRequest, city: str, pk: UUID) -> tuple[Assessment, Document, datetime]:
    assessment, now = assessment_or_404(request, pk), timezone.now()
    found = summary_of(assessment, get_language(), place=request.place)
    return assessment, document_of(found, address=address_of(assessment, city), now=now), now


def handed_over(
    request: PlacedRequest, assessment: Assessment, content: bytes, file_format: operations.Format, now: datetime
) -> HttpResponse:
    """Record first: nothing leaves unrecorded. The name of the file says nothing about anybody."""
    place, language = request.place, get_language()
    operations.record_export(place=place, assessment=assessment, file_format=file_format, language=language, now=now)
    return as_file(request, assessment, content, file_format, now)


def as_file(
    request: PlacedRequest, assessment: Assessment, content: bytes, file_format: operations.Format, now: datetime, kind: str = ""
) -> HttpResponse:
    day, toolkit = f"{timezone.localdate(now):%Y-%m-%d}", assessment.toolkit_version.toolkit.slug
    name = f"{request.place.here.slug}-{toolkit}{kind}-{day}-{get_language()}.{file_format}"
    response = HttpResponse(content, content_type=TYPES[file_format])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def next_step_of(found: Summary, place: Place, assessment: Assessment) -> dict[str, Any]:
    """One step and why; only where this person may go."""
    kwargs = {"city": place.here.slug, "pk": assessment.pk}
    if assessment.is_open and found.open_points and place.opens("assessments:overview"):
        return {
            "step": _("Answer what is still open"),
            "why": _("Points without an answer keep the result from being settled."),
            "url": reverse("assessments:overview", kwargs=kwargs),
        }
    if not found.chosen and found.gaps and place.opens("assessments:factors"):
        return {
            "step": _("Choose what to work on"),
            "why": _("A summary leads somewhere when it says what comes first, and why."),
            "url": reverse("assessments:factors", kwargs=kwargs),
        }
    return {
        "step": _("Talk about it with those concerned"),
        "why": _("Take the PDF to your partners and to the people it is about: their view belongs to the picture."),
        "url": "",
    }

"""An action plan as files to keep, to fill in and to put into a calendar: its draft, or with `?version=N` a version as it was kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jumelle.action_plans.content import PlanContent, to_json
from jumelle.action_plans.models import Approval, Plan, PlanLine, PlanVersion
from jumelle.action_plans.queries import content_of, plans_visible_to, version_content
from jumelle.action_plans.queries.follow_up import follow_up_of
from jumelle.cities.requests import PlacedRequest
from jumelle.publishing import operations
from jumelle.publishing.plan_document import ApprovalRecord, News, plan_document
from jumelle.publishing.plan_docx import plan_docx as docx_of
from jumelle.publishing.plan_ics import NothingDated
from jumelle.publishing.plan_ics import plan_ics as ics_of
from jumelle.publishing.plan_parts import PlanDocument
from jumelle.publishing.plan_pdf import plan_pdf as pdf_of
from jumelle.publishing.plan_xlsx import blank_plan_xlsx
from jumelle.publishing.plan_xlsx import plan_xlsx as xlsx_of
from jumelle.publishing.press import PrintingFailed

logger = structlog.get_logger(__name__)

OFFICE = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "json": "application/json",
    "ics": "text/calendar; charset=utf-8",
}
LONGEST_NUMBER = 4  # digits of the number of a version
PLAN_PAGE = "action_plans:overview"


@dataclass(frozen=True, slots=True)
class TakenOut:
    """What a file is made of. version: its number, 0 for the draft; news and revisions: of the draft alone, by the id of the line."""

    plan: Plan
    version: int
    content: PlanContent
    approval: ApprovalRecord | None
    news: Mapping[str, News]
    revisions: Mapping[str, int]
    address: str
    city_languages: Sequence[str]
    now: datetime

    @property
    def document(self) -> PlanDocument:
        return plan_document(
            self.content,
            language=get_language() or settings.LANGUAGE_CODE,
            address=self.address,
            now=self.now,
            approval=self.approval,
            news=self.news,
            city_languages=self.city_languages,
        )


def plan_pdf(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    taken = taken_out(request, city, pk)
    try:
        content = pdf_of(taken.document, now=taken.now)
    except PrintingFailed as error:
        logger.error("plan_not_printed", plan=str(pk), reason=str(error))
        messages.error(request, _("The PDF could not be made. Take the DOCX file, and tell us."))
        return redirect(PLAN_PAGE, city=city, pk=pk)
    return handed_over(request, taken, content, "pdf")


def plan_docx(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    taken = taken_out(request, city, pk)
    return handed_over(request, taken, docx_of(taken.document, now=taken.now), "docx")


def plan_xlsx(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    taken = taken_out(request, city, pk)
    return handed_over(request, taken, xlsx_of(taken.content, language=get_language()), "xlsx")


def plan_blank(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """A workbook with the head of the plan and no line."""
    taken = taken_out(request, city, pk)
    return handed_over(request, taken, blank_plan_xlsx(taken.content, language=get_language()), "xlsx", what="blank")


def plan_json(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    taken = taken_out(request, city, pk)
    return handed_over(request, taken, to_json(taken.content).encode(), "json")


def plan_ics(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    taken = taken_out(request, city, pk)
    try:
        content = ics_of(
            taken.content,
            language=get_language(),
            address=taken.address,
            now=taken.now,
            approval=taken.approval,
            revisions=taken.revisions,
            city_languages=taken.city_languages,
        )
    except NothingDated:
        messages.info(request, _("The plan has no date yet: there is nothing to put into a calendar."))
        return redirect(PLAN_PAGE, city=city, pk=pk)
    return handed_over(request, taken, content, "ics")


def taken_out(request: PlacedRequest, city: str, pk: UUID) -> TakenOut:
    """Missing and not for this person are the same; so is a version that the plan does not have."""
    plan, now = get_object_or_404(plans_visible_to(request.place), pk=pk), timezone.now()
    spoken = request.place.here.languages
    if number := request.GET.get("version"):
        version = version_or_404(plan, number)
        address = address_of("action_plans:version", plan, city, number=version.number)
        return TakenOut(plan, version.number, version_content(version), approval_of(version, city), {}, {}, address, spoken, now)
    address = address_of(PLAN_PAGE, plan, city)
    revisions = {str(line): revision for line, revision in PlanLine.objects.filter(plan=plan).values_list("pk", "revision")}
    return TakenOut(plan, 0, content_of(plan, now), None, news_of(plan, now), revisions, address, spoken, now)


def address_of(page: str, plan: Plan, city: str, **more: int) -> str:
    """Of a page, in the reader's language, as it stands on paper."""
    return settings.PUBLIC_ADDRESS + reverse(page, kwargs={"city": city, "pk": plan.pk, **more})


def version_or_404(plan: Plan, number: str) -> PlanVersion:
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER):
        raise Http404
    return get_object_or_404(PlanVersion, plan=plan, number=int(number))


def approval_of(version: PlanVersion, city: str) -> ApprovalRecord | None:
    found = Approval.objects.filter(version=version).first()
    if found is None:
        return None
    document = found.document_url
    if found.document:
        document = address_of("action_plans:document", version.plan, city, number=version.number)
    return ApprovalRecord(found.body, found.approved_on, document)


def news_of(plan: Plan, now: datetime) -> dict[str, News]:
    """Id of the line → what was told last, where anything was."""
    told = [row.last for row in follow_up_of(plan, now).rows if row.last]
    return {str(update.line_id): News(update.quarter, update.status, update.sentence, update.next_step) for update in told}


def handed_over(request: PlacedRequest, taken: TakenOut, content: bytes, file_format: operations.Format, what: str = "") -> HttpResponse:
    """Record first: nothing leaves unrecorded. The name of the file says nothing about anybody."""
    place, language = request.place, get_language()
    operations.record_plan_export(
        place=place, plan=taken.plan, version=taken.version, file_format=file_format, language=language, now=taken.now, what=what
    )
    kind = what or (f"v{taken.version}" if taken.version else "draft")
    name = f"{place.here.slug}-action-plan-{kind}-{timezone.localdate(taken.now):%Y-%m-%d}-{language}.{file_format}"
    headers: dict[str, Any] = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=TYPES[file_format], headers=headers)

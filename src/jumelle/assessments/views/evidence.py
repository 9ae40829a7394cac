"""Evidence beside an answer: adding, opening, removing, bringing back."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jumelle.assessments import operations
from jumelle.assessments.enums import EvidenceAudience, EvidenceKind
from jumelle.assessments.file_types import type_of_name
from jumelle.assessments.forms import EvidenceForm
from jumelle.assessments.models import Assessment, Evidence
from jumelle.assessments.queries import evidence_visible_to, removed_evidence, sheet_of
from jumelle.assessments.views.answering import entry_or_404
from jumelle.assessments.views.found import assessment_or_404, frame, may, reader_of
from jumelle.assessments.views.screens import theme_label
from jumelle.cities.requests import PlacedRequest

FINISHED = gettext_lazy("The assessment is finished: its evidence stays as it is.")


def evidence(request: PlacedRequest, city: str, pk: UUID, code: str) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    sheet = sheet_of(assessment)
    entry = entry_or_404(sheet, code)
    form = EvidenceForm(
        request.POST or None,
        request.FILES or None,
        initial={"dated_on": timezone.localdate(), "audience": EvidenceAudience.TEAM},
    )
    may_add = may(request, "assessments.add_evidence", assessment)
    if request.method == "POST":
        if not may_add and assessment.is_open:
            raise PermissionDenied
        if form.is_valid() and (added := add(request, assessment, code, form)):
            messages.success(request, _("“%(title)s” is added.") % {"title": added.title})
            return redirect("assessments:evidence", city=city, pk=pk, code=code)
    reader, theme = reader_of(sheet), sheet.theme_of(code)
    context = {
        **frame(request, assessment, "evidence"),
        "form": form,
        "entry": entry,
        "question": reader.words(entry.wording),
        "theme": theme,
        "theme_label": theme_label(reader, theme),
        "pieces": evidence_visible_to(request.place, assessment).filter(item_code=code),
        "removed": removed_evidence(request.place, assessment).filter(item_code=code) if may_add else [],
        "may_add": may_add,
    }
    return render(request, "assessments/evidence.html", context, status=422 if form.errors else 200)


def add(request: PlacedRequest, assessment: Assessment, code: str, form: EvidenceForm) -> Evidence | None:
    chosen = form.cleaned_data
    try:
        return operations.add_evidence(
            place=request.place,
            assessment=assessment,
            code=code,
            title=chosen["title"],
            dated_on=chosen["dated_on"],
            audience=EvidenceAudience(chosen["audience"]),
            url=chosen["url"],
            upload=chosen["file"],
            now=timezone.now(),
        )
    except operations.LinkRefused as refusal:
        form.add_error("url", refusal.sentence)
    except operations.EvidenceRefused as refusal:
        form.add_error("file", refusal.sentence)
    except operations.AssessmentFinished:
        form.add_error(None, FINISHED)
    return None


def file(request: PlacedRequest, city: str, pk: UUID, evidence: UUID) -> FileResponse:
    """As a download, never shown in the page's own origin: a sandbox without rights, and no guessing of the kind."""
    assessment = assessment_or_404(request, pk)
    piece = get_object_or_404(evidence_visible_to(request.place, assessment), pk=evidence, kind=EvidenceKind.FILE)
    name = piece.file.name or ""
    kind = type_of_name(name)
    if kind is None or not piece.file.storage.exists(name):
        raise Http404
    operations.record_reading(
        place=request.place,
        assessment=assessment,
        what="evidence_read",
        item_code=piece.item_code,
        now=timezone.now(),
    )
    response = FileResponse(piece.file.open("rb"), as_attachment=True, filename=piece.file_name, content_type=kind.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def remove(request: PlacedRequest, city: str, pk: UUID, evidence: UUID) -> HttpResponse:
    assessment = team_assessment(request, pk)
    piece = get_object_or_404(evidence_visible_to(request.place, assessment), pk=evidence)
    try:
        operations.remove_evidence(place=request.place, evidence=piece, now=timezone.now())
    except operations.AssessmentFinished:
        messages.error(request, FINISHED)
    else:
        messages.success(
            request,
            _("“%(title)s” is removed. You can bring it back at the foot of this page.") % {"title": piece.title},
        )
    return redirect("assessments:evidence", city=city, pk=pk, code=piece.item_code)


def restore(request: PlacedRequest, city: str, pk: UUID, evidence: UUID) -> HttpResponse:
    assessment = team_assessment(request, pk)
    piece = get_object_or_404(removed_evidence(request.place, assessment), pk=evidence)
    try:
        operations.restore_evidence(place=request.place, evidence=piece, now=timezone.now())
    except operations.AssessmentFinished:
        messages.error(request, FINISHED)
    else:
        messages.success(request, _("“%(title)s” is back.") % {"title": piece.title})
    return redirect("assessments:evidence", city=city, pk=pk, code=piece.item_code)


def team_assessment(request: PlacedRequest, pk: UUID) -> Assessment:
    assessment = assessment_or_404(request, pk)
    if assessment.is_open and not may(request, "assessments.add_evidence", assessment):
        raise PermissionDenied
    return assessment

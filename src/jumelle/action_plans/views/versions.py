"""Named versions of a plan: making one, reading it, comparing any two, and its approval."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from jumelle.action_plans import operations
from jumelle.action_plans.content import PlanContent
from jumelle.action_plans.diff import diff
from jumelle.action_plans.enums import VersionName
from jumelle.action_plans.forms import ApprovalForm, VersionForm
from jumelle.action_plans.models import Approval, Plan, PlanVersion
from jumelle.action_plans.queries import content_of, differs, version_content, versions_of
from jumelle.action_plans.views.differences import plan_screen
from jumelle.action_plans.views.found import frame, may, plan_or_404
from jumelle.action_plans.views.screens import PLAN_LABELS, Reader, attributes, language_name, version_words
from jumelle.assessments.file_types import type_of_name
from jumelle.assessments.operations import EvidenceRefused, LinkRefused
from jumelle.cities.requests import PlacedRequest

DRAFT = "draft"


def versions(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    form = VersionForm(request.POST or None, initial={"name": VersionName.FIRST_LIST})
    if request.method == "POST" and form.is_valid() and (made := make(request, plan, form)):
        messages.success(request, _("Version %(number)s is kept as it is and will never change.") % {"number": made.number})
        return redirect("action_plans:version", city=city, pk=pk, number=made.number)
    found = list(versions_of(plan))
    if not found and not form.is_bound:
        form = VersionForm(initial={"name": VersionName.FIRST_LIST})
    context = {
        **frame(request, plan, "versions"),
        "rows": [version_row(version, older) for version, older in zip(found, [*found[1:], None], strict=False)],
        "form": form,
        "may_make": may(request, "action_plans.make_version", plan),
        "may_revise": may(request, "action_plans.start_revision", plan),
    }
    return render(request, "action_plans/versions.html", context, status=422 if form.errors else 200)


def make(request: PlacedRequest, plan: Plan, form: VersionForm) -> PlanVersion | None:
    chosen = form.cleaned_data
    try:
        return operations.make_version(
            place=request.place, plan=plan, name=VersionName(chosen["name"]), own_name=chosen["own_name"], now=timezone.now()
        )
    except operations.NameMissing as refusal:
        form.add_error("own_name", refusal.sentence)
    except operations.PlanRefused as refusal:
        form.add_error(None, refusal.sentence)
    return None


def version_row(version: PlanVersion, older: PlanVersion | None) -> dict[str, Any]:
    return {
        "version": version,
        "words": version_words(version.name, version.own_name),
        "approval": approval_of(version),
        "older": older,
    }


def approval_of(version: PlanVersion) -> Approval | None:
    return getattr(version, "approval", None)


def version_or_404(plan: Plan, number: int) -> PlanVersion:
    version = get_object_or_404(PlanVersion.objects.filter(plan=plan).select_related("approval"), number=number)
    version.plan = plan
    return version


def version(request: PlacedRequest, city: str, pk: UUID, number: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    found = version_or_404(plan, number)
    content = version_content(found)
    approval = approval_of(found)
    context = {
        **frame(request, plan, "version"),
        "version": found,
        "words": version_words(found.name, found.own_name),
        "content": content,
        "text_attrs": attributes(content.language),
        "facts": version_facts(content),
        "lines": Reader(request.place, content).lines(),
        "approval": approval,
        "previous": versions_of(plan).filter(number__lt=number).first(),
        "may_approve": approval is None and may(request, "action_plans.write", plan) and is_newest(plan, found),
    }
    return render(request, "action_plans/version.html", context)


def version_facts(content: PlanContent) -> list[dict[str, Any]]:
    attrs = attributes(content.language)
    return [
        {"label": PLAN_LABELS["title"], "value": content.title, "attrs": attrs},
        {"label": PLAN_LABELS["mentee"], "value": content.mentee, "attrs": attrs},
        {"label": PLAN_LABELS["mentor"], "value": content.mentor, "attrs": attrs},
        {"label": PLAN_LABELS["language"], "value": language_name(content.language), "attrs": attrs},
    ]


def is_newest(plan: Plan, version: PlanVersion) -> bool:
    return not versions_of(plan).filter(number__gt=version.number).exists()


# --- comparing --------------------------------------------------------------------------------------------------------


def compare(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """Any two versions, or a version and the draft: `?from=1&to=draft`. Without them: the newest version and the draft."""
    plan = plan_or_404(request, pk)
    found = list(versions_of(plan))
    choices = [(DRAFT, _("The draft as it stands")), *((str(each.number), choice_words(each)) for each in found)]
    old = chosen(request, "from", choices, str(found[0].number) if found else DRAFT)
    new = chosen(request, "to", choices, DRAFT)
    context = {
        **frame(request, plan, "compare"),
        "has_versions": bool(found),
        "choices": choices,
        "old": old,
        "new": new,
        "old_words": dict(choices)[old],
        "new_words": dict(choices)[new],
        "found": plan_screen(diff(content_named(plan, old), content_named(plan, new))),
    }
    return render(request, "action_plans/compare.html", context)


def choice_words(version: PlanVersion) -> str:
    return _("Version %(number)s: %(name)s") % {"number": version.number, "name": version_words(version.name, version.own_name)}


def chosen(request: PlacedRequest, name: str, choices: list[tuple[str, str]], otherwise: str) -> str:
    value = request.GET.get(name, otherwise)
    return value if value in dict(choices) else otherwise


def content_named(plan: Plan, name: str) -> PlanContent:
    if name == DRAFT:
        return content_of(plan, timezone.now())
    return version_content(PlanVersion.objects.get(plan=plan, number=int(name)))


# --- approving --------------------------------------------------------------------------------------------------------


def approve(request: PlacedRequest, city: str, pk: UUID, number: int) -> HttpResponse:
    plan = plan_or_404(request, pk)
    found = version_or_404(plan, number)
    form = ApprovalForm(request.POST or None, request.FILES or None, initial={"approved_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid() and record(request, found, form):
        messages.success(request, _("The approval is recorded. From now on the plan changes only by a new version."))
        return redirect("action_plans:version", city=city, pk=pk, number=number)
    if request.method == "GET" and approval_of(found):
        return redirect("action_plans:version", city=city, pk=pk, number=number)
    newest, changed = is_newest(plan, found), differs(content_of(plan, timezone.now()), version_content(found))
    context = {
        **frame(request, plan, "approve"),
        "version": found,
        "words": version_words(found.name, found.own_name),
        "form": form if form.is_bound or (newest and not changed) else None,
        "is_newest": newest,
        "changed_since": changed,
    }
    return render(request, "action_plans/approve.html", context, status=422 if form.errors else 200)


def record(request: PlacedRequest, version: PlanVersion, form: ApprovalForm) -> Approval | None:
    given = form.cleaned_data
    try:
        return operations.approve_version(
            place=request.place,
            version=version,
            body=given["body"],
            approved_on=given["approved_on"],
            document_url=given["document_url"],
            upload=given["document"],
            today=timezone.localdate(),
            now=timezone.now(),
        )
    except operations.BodyMissing as refusal:
        form.add_error("body", refusal.sentence)
    except operations.ApprovedInFuture as refusal:
        form.add_error("approved_on", refusal.sentence)
    except (LinkRefused, operations.LinkAndFile) as refusal:
        form.add_error("document_url", refusal.sentence)
    except EvidenceRefused as refusal:
        form.add_error("document", refusal.sentence)
    except operations.PlanRefused as refusal:
        form.add_error(None, refusal.sentence)
    return None


def document(request: PlacedRequest, city: str, pk: UUID, number: int) -> FileResponse:
    """As a download, never shown in the page's own origin: a sandbox without rights, and no guessing of the kind."""
    plan = plan_or_404(request, pk)
    version = version_or_404(plan, number)
    approval = approval_of(version)
    name = (approval.document.name if approval else "") or ""
    kind = type_of_name(name)
    if approval is None or kind is None or not approval.document.storage.exists(name):
        raise Http404
    operations.record_reading(
        place=request.place, what="plan_approval_read", object_type="PlanVersion", object_id=version.pk, now=timezone.now()
    )
    response = FileResponse(approval.document.open("rb"), as_attachment=True, filename=approval.document_name, content_type=kind.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response

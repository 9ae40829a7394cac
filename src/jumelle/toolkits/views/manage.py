"""Toolkits that an association brings itself: upload, look, publish, withdraw."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jumelle.cities.enums import AssociationRole
from jumelle.cities.models import Association
from jumelle.cities.requests import PlacedRequest
from jumelle.common.tables import Column, Table
from jumelle.toolkits import operations, queries
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.forms import UploadForm, WithdrawForm
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.package.fields import TAG_PATTERN, Matching
from jumelle.toolkits.package.problems import PackageRefused, Problem
from jumelle.toolkits.package.workbook import write_empty_workbook
from jumelle.toolkits.views.downloads import XLSX, attachment
from jumelle.toolkits.views.guide import section_view
from jumelle.toolkits.views.reading import reading_context

MAX_SHOWN_PROBLEMS = 500


@require_GET
def toolkit_list(request: PlacedRequest, association: str) -> HttpResponse:
    versions = queries.versions_of_association(_association(request))
    rows = [{"version": version, "package": queries.package_of(version)} for version in versions]
    return render(request, "toolkits/manage_list.html", {"rows": rows, "association": _association(request)})


@require_http_methods(["GET", "POST"])
def toolkit_upload(request: PlacedRequest, association: str) -> HttpResponse:
    """A sound package becomes a draft; anything else comes back with its problems, and nothing is kept."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        try:
            version = _load(request, form)
        except operations.LoadRefused as refusal:
            form.add_error("file", refusal.sentence)
        except PackageRefused as refusal:
            form.refuse(refusal.problems)
        else:
            messages.success(request, _("The package is sound. It is kept as a draft: read it, then publish it."))
            return redirect("toolkits_manage:preview", association, version.toolkit.slug, version.version)
    context = {
        "form": form,
        "association": _association(request),
        "problem_count": len(form.problems),
        "problem_table": problem_table(form.problems) if form.problems else None,
    }
    return render(request, "toolkits/upload.html", context, status=400 if form.errors else 200)


def _load(request: PlacedRequest, form: UploadForm) -> ToolkitVersion:
    return operations.load_package(
        package=form.cleaned_data["package"],
        association=_association(request),
        status=VersionStatus.DRAFT,
        actor=str(request.user.pk),
        role=request.place.role,
        now=timezone.now(),
    ).version


def problem_table(problems: tuple[Problem, ...]) -> Table:
    """What to mend, with its place in the author's own file."""
    columns = [Column(_("Sheet")), Column(_("Row"), numeric=True), Column(_("Column")), Column(_("What to mend"))]
    return Table(
        caption=_("What to mend in the package"),
        columns=columns,
        rows=[
            [problem.sheet or _("the file"), problem.row or "", problem.column, problem.message]
            for problem in problems[:MAX_SHOWN_PROBLEMS]
        ],
    )


@require_GET
def blank_workbook(request: PlacedRequest, association: str) -> HttpResponse:
    """An empty workbook with headers in the languages asked for: `?languages=fr,en`."""
    asked = request.GET.get("languages", "fr,en").replace(" ", "").split(",")
    languages = [tag for tag in dict.fromkeys(asked) if _is_tag(tag)][:10] or ["fr", "en"]
    return attachment(write_empty_workbook(languages), XLSX, "toolkit.xlsx")


def _is_tag(tag: str) -> bool:
    return bool(tag) and Matching(TAG_PATTERN, "", 35).fits(tag)


@require_GET
def version_preview(request: PlacedRequest, association: str, toolkit: str, version: str) -> HttpResponse:
    found = _own_or_404(request, toolkit, version)
    return _preview(request, found, WithdrawForm())


@require_POST
def version_publish(request: PlacedRequest, association: str, toolkit: str, version: str) -> HttpResponse:
    found = _own_or_404(request, toolkit, version)
    try:
        operations.publish_version(version=found, now=timezone.now(), **_who(request))
    except operations.LoadRefused as refusal:
        messages.error(request, refusal.sentence)
    except PackageRefused as refusal:
        messages.error(request, " ".join(str(problem) for problem in refusal.problems[:5]))
    else:
        messages.success(request, _("The toolkit is published: everyone can read it, and cities can use it."))
    return redirect("toolkits_manage:preview", association, toolkit, version)


@require_POST
def version_withdraw(request: PlacedRequest, association: str, toolkit: str, version: str) -> HttpResponse:
    found = _own_or_404(request, toolkit, version)
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return _preview(request, found, form, status=400)
    try:
        operations.withdraw_version(version=found, reason=form.cleaned_data["reason"], now=timezone.now(), **_who(request))
    except operations.LoadRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The version is withdrawn. Assessments that use it keep it."))
    return redirect("toolkits_manage:preview", association, toolkit, version)


def _own_or_404(request: PlacedRequest, toolkit: str, version: str) -> ToolkitVersion:
    own = queries.versions_of_association(_association(request))
    return get_object_or_404(own, toolkit__slug=toolkit, version=version)


def _association(request: PlacedRequest) -> Association:
    if request.place.association is None:
        raise Http404  # the policy table gives these addresses to members of an association only
    return request.place.association


def _may_publish(request: PlacedRequest) -> bool:
    """Whether to show the buttons; what they lead to is guarded by the policy table."""
    return request.place.may(AssociationRole.ASSOCIATION_OFFICER)


def _who(request: PlacedRequest) -> dict[str, str]:
    return {"actor": str(request.user.pk), "role": request.place.role}


def _preview(request: PlacedRequest, version: ToolkitVersion, form: WithdrawForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = reading_context(request, version)
    package = context["package"]
    context |= {
        "association": _association(request),
        "sections": [section_view(package, section, level=2) for section in package.top_sections()],
        "scales": [package.scale(name) for name in package.scale_names()],
        "withdraw_form": form,
        "may_publish": _may_publish(request),
    }
    return render(request, "toolkits/preview.html", context, status=status)

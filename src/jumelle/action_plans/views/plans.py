"""The plan as a whole: the list, the start, the table of its lines, its header, and what the public may read."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jumelle.action_plans import operations
from jumelle.action_plans.forms import HeaderForm, ReasonForm
from jumelle.action_plans.models import Plan
from jumelle.action_plans.operations import HeaderGiven
from jumelle.action_plans.queries import (
    lines_of,
    lines_of_all,
    manages,
    plans_visible_to,
    removed_lines_of,
    versions_of,
)
from jumelle.action_plans.views.found import closed_sentence, draft_reader, frame, may, plan_or_404
from jumelle.action_plans.views.screens import PLAN_LABELS, attributes, language_name, short, version_words
from jumelle.cities.models import City
from jumelle.cities.requests import PlacedRequest

PAGE_SIZE = 20


def plans(request: PlacedRequest, city: str) -> HttpResponse:
    page = Paginator(plans_visible_to(request.place), PAGE_SIZE).get_page(request.GET.get("page"))
    found = list(page)
    counts = lines_per_plan(found)
    rows = [{"plan": plan, "attrs": attributes(plan.language), "lines": counts.get(plan.pk, 0)} for plan in found]
    context = {
        "page": page,
        "rows": rows,
        "may_start": manages(request.place),
        "opens_assessments": request.place.opens("assessments:list"),
    }
    return render(request, "action_plans/list.html", context)


def lines_per_plan(plans: Sequence[Plan]) -> dict[UUID, int]:
    counts: dict[UUID, int] = {}
    for plan_id in lines_of_all(plans).values_list("plan_id", flat=True):
        counts[plan_id] = counts.get(plan_id, 0) + 1
    return counts


def new(request: PlacedRequest, city: str) -> HttpResponse:
    form = HeaderForm(request.POST or None, initial=first_header(request.place.here))
    if request.method == "POST" and form.is_valid():
        try:
            plan = operations.start_plan(place=request.place, given=form.given, now=timezone.now())
        except operations.PlanRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The plan is open. Add its first line, or make lines from the gaps of an assessment."))
            return redirect("action_plans:overview", city=city, pk=plan.pk)
    return render(request, "action_plans/new.html", {"form": form}, status=422 if form.errors else 200)


def first_header(city: City) -> dict[str, Any]:
    """The language that the city works in first, else that of the page."""
    return {"mentee": city.name, "language": next(iter(city.languages), get_language() or "en")}


# --- the table of lines -----------------------------------------------------------------------------------------------


def overview(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    reader = draft_reader(request, plan)
    versions = list(versions_of(plan))
    may_write = may(request, "action_plans.write", plan)
    context = {
        **frame(request, plan, "overview"),
        "lines": reader.lines(),
        "missing": reader.missing(),
        "facts": facts(plan),
        "newest": versions[0] if versions else None,
        "newest_words": version_words(versions[0].name, versions[0].own_name) if versions else "",
        "approved": next((version for version in versions if hasattr(version, "approval")), None),
        "removed": removed_lines_of(plan) if may_write else [],
        "may_revise": may(request, "action_plans.start_revision", plan),
        "may_put_away": may(request, "action_plans.put_away", plan),
    }
    return render(request, "action_plans/overview.html", context)


def facts(plan: Plan) -> list[dict[str, Any]]:
    """The header of the template, in its order."""
    attrs = attributes(plan.language)
    return [
        {"label": PLAN_LABELS["title"], "value": plan.title, "attrs": attrs},
        {"label": PLAN_LABELS["mentee"], "value": plan.mentee, "attrs": attrs},
        {"label": PLAN_LABELS["mentor"], "value": plan.mentor, "attrs": attrs},
        {"label": PLAN_LABELS["language"], "value": language_name(plan.language), "attrs": attributes(plan.language)},
    ]


# --- the header -------------------------------------------------------------------------------------------------------


def header(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    if request.method == "GET" and not may(request, "action_plans.write", plan):
        messages.info(request, closed_sentence(plan))
        return redirect("action_plans:overview", city=city, pk=pk)
    stored = operations.header_of(plan)
    initial = {name: getattr(stored, name) for name in ("title", "mentee", "mentor", "language", "revision")}
    form = HeaderForm(request.POST or None, initial=initial)
    conflict = None
    if request.method == "POST" and form.is_valid():
        try:
            operations.edit_header(place=request.place, plan=plan, given=form.given, now=timezone.now())
        except operations.HeaderChangedMeanwhile as told:
            conflict = header_conflict(told.given, told.stored)
        except operations.PlanRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The header is saved."))
            return redirect("action_plans:overview", city=city, pk=pk)
    context = {**frame(request, plan, "header"), "form": form, "conflict": conflict}
    return render(request, "action_plans/header.html", context, status=409 if conflict else 422 if form.errors else 200)


def header_conflict(given: HeaderGiven, stored: HeaderGiven) -> dict[str, Any]:
    rows = [
        {"label": PLAN_LABELS[name], "stored": getattr(stored, name), "mine": getattr(given, name)}
        for name in ("title", "mentee", "mentor", "language")
        if getattr(stored, name) != getattr(given, name)
    ]
    return {"rows": rows, "revision": stored.revision}


def revise(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """Open an approved plan for a new version, with a reason."""
    plan = plan_or_404(request, pk)
    if plan.revising_since or plan.archived_at:
        if request.method == "POST":
            messages.info(request, operations.PlanNotFrozen.sentence if plan.revising_since else operations.PlanPutAway.sentence)
        return redirect("action_plans:overview", city=city, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.start_revision(place=request.place, plan=plan, reason=form.cleaned_data["reason"], now=timezone.now())
        except operations.PlanRefused as refusal:
            form.add_error("reason", refusal.sentence)
        else:
            messages.success(request, _("A new version is open: the lines can be changed. What was approved stays as it was."))
            return redirect("action_plans:overview", city=city, pk=pk)
    return render(request, "action_plans/revise.html", {**frame(request, plan, "revise"), "form": form}, status=422 if form.errors else 200)


def put_away(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """Close a plan that is over, or bring it back: `act` says which."""
    plan = plan_or_404(request, pk)
    if request.POST.get("act") == "back":
        operations.bring_plan_back(place=request.place, plan=plan, now=timezone.now())
        messages.success(request, _("The plan is back."))
    else:
        operations.put_plan_away(place=request.place, plan=plan, now=timezone.now())
        messages.success(request, _("The plan is put away. It can be read, and brought back on its page."))
    return redirect("action_plans:overview", city=city, pk=pk)


# --- what the public may read -----------------------------------------------------------------------------------------


def public(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """One form for the plan and all its lines; lines that came meanwhile keep their choice."""
    plan = plan_or_404(request, pk)
    lines = list(lines_of(plan))
    if request.method == "POST":
        known = {str(line.pk): line.pk for line in lines}
        listed = {known[value] for value in request.POST.getlist("listed") if value in known}
        shown = {known[value] for value in request.POST.getlist("shown") if value in known}
        operations.publish_plan(
            place=request.place, plan=plan, is_public="is_public" in request.POST, listed=listed, shown=shown, now=timezone.now()
        )
        messages.success(request, _("Your choice is saved."))
        return redirect("action_plans:public", city=city, pk=pk)
    context = {
        **frame(request, plan, "public"),
        "rows": [{"line": line, "number": number, "words": short(line.action)} for number, line in enumerate(lines, start=1)],
        "count": sum(line.is_public for line in lines),
    }
    return render(request, "action_plans/public.html", context)

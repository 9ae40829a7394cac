"""The course of an assessment: the list, the start, the overview, the end."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jumelle.assessments import operations
from jumelle.assessments.enums import Subject
from jumelle.assessments.forms import ReasonForm, StartForm
from jumelle.assessments.models import Assessment
from jumelle.assessments.operations.starting import ASSESSABLE
from jumelle.assessments.queries import (
    Sheet,
    Theme,
    asked_of,
    assessments_visible_to,
    chosen_factors_of,
    manages,
    sheet_of,
    sheets_of,
    themes_of,
)
from jumelle.assessments.queries.comparing import speaks_for, waiting_for
from jumelle.assessments.queries.divergence import opened_rounds_of
from jumelle.assessments.queries.suggestions import hints_for
from jumelle.assessments.queries.upgrading import can_be_undone, newer_versions_of, upgrades_of
from jumelle.assessments.views.found import assessment_or_404, frame, may, reader_of
from jumelle.assessments.views.screens import Addresses, Reader, reader_for, theme_label
from jumelle.cities.requests import PlacedRequest
from jumelle.engines.scoring.findings import Condition, standing_of
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.queries import published_versions

PAGE_SIZE = 20
STATE_OF_CONDITION = {
    Condition.IN_PLACE: "done",
    Condition.PARTLY: "partly",
    Condition.MISSING: "missing",
    Condition.NOT_KNOWN: "unknown",
}


def assessments(request: PlacedRequest, city: str) -> HttpResponse:
    page = Paginator(assessments_visible_to(request.place), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [list_row(sheet, city) for sheet in sheets_of(list(page))]
    context = {
        "page": page,
        "rows": rows,
        "asked": list(asked_of(request.place)),
        "going_on": next((row for row in rows if row["assessment"].is_open), None),
        "may_start": manages(request.place),
        "proposals": waiting_for(request.place) if request.place.opens("assessments:comparisons") else 0,
    }
    return render(request, "assessments/list.html", context)


def list_row(sheet: Sheet, city: str) -> dict[str, Any]:
    reader = reader_of(sheet)
    return {
        "assessment": sheet.assessment,
        "url": Addresses(sheet.assessment, city)["overview"],
        "toolkit": reader.words(sheet.package.title),
        "progress": sheet.progress,
    }


def condition_word(condition: Condition) -> str:
    return {
        Condition.IN_PLACE: _("In place"),
        Condition.PARTLY: _("Partly in place"),
        Condition.MISSING: _("Missing"),
        Condition.NOT_KNOWN: _("Not known"),
    }[condition]


# --- starting ---------------------------------------------------------------------------------------------------------


def new(request: PlacedRequest, city: str) -> HttpResponse:
    """First the toolkit (a link each), then one form for the rest: two steps that need no script."""
    wanted = request.GET.get("toolkit", "")
    choices = [version for version in published_versions() if version.toolkit.kind in ASSESSABLE]
    version = next((version for version in choices if str(version.pk) == wanted), None)
    if version is None:
        if wanted:
            messages.error(request, _("This toolkit is not published any more. Choose another one."))
        return render(request, "assessments/new_toolkit.html", {"toolkits": newest_first(choices)})
    return new_with(request, city, version)


def newest_first(versions: Iterable[ToolkitVersion]) -> list[dict[str, Any]]:
    """The newest version of each toolkit; older ones stay reachable beneath it."""
    rows: dict[UUID, dict[str, Any]] = {}
    for version in versions:
        reader = reader_for(version, get_language() or "en")
        row = {"version": version, "title": reader.words(reader.package.title), "older": []}
        newest = rows.setdefault(version.toolkit_id, {**row, "summary": reader.words(reader.package.package.summary)})
        if newest["version"] is not version:
            newest["older"].append(row)
    order = list(ASSESSABLE)
    return sorted(rows.values(), key=lambda row: order.index(row["version"].toolkit.kind))


def new_with(request: PlacedRequest, city: str, version: ToolkitVersion) -> HttpResponse:
    reader = reader_for(version, get_language() or "en")
    package = reader.package
    themes = [(section, section_label(reader, section)) for section in themes_of(package)]
    form = StartForm(request.POST or None, city=request.place.here, themes=themes, initial=first_choices(package.kind))
    if request.method == "POST" and form.is_valid():
        try:
            assessment = start(request, version, form.cleaned_data)
        except operations.StartRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The assessment is open. Every answer is saved as you give it."))
            return redirect("assessments:overview", city=city, pk=assessment.pk)
    context = {
        "form": form,
        "version": version,
        "toolkit_title": reader.words(package.title),
        "summary": reader.words(package.package.summary),
        "first_step": request.path,
    }
    return render(request, "assessments/new.html", context, status=422 if form.errors else 200)


def section_label(reader: Reader, section: Any) -> str:
    return f"{section.number} {reader.words(section.title).text}".strip()


def first_choices(kind: str) -> dict[str, Any]:
    """The year that has just passed; a grid looks at a practice, the others at the city."""
    today = timezone.localdate()
    subject = Subject.PRACTICE if kind == "grid" else Subject.CITY
    return {"subject": subject, "period_start_on": a_year_before(today), "period_end_on": today}


def a_year_before(day: date) -> date:
    return day - timedelta(days=365)


def start(request: PlacedRequest, version: ToolkitVersion, chosen: dict[str, Any]) -> Assessment:
    return operations.start_assessment(
        place=request.place,
        version=version,
        subject=Subject(chosen["subject"]),
        subject_name=chosen["subject_name"] if chosen["subject"] == Subject.PRACTICE else "",
        organisation=chosen["organisation"],
        themes=chosen["themes"],
        period_start_on=chosen["period_start_on"],
        period_end_on=chosen["period_end_on"],
        now=timezone.now(),
    )


# --- the overview and the end -----------------------------------------------------------------------------------------


def overview(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    sheet = sheet_of(assessment)
    reader = reader_of(sheet)
    chosen = chosen_factors_of(assessment)
    going_on = next((found for found in sheet.themes if not found.progress.is_complete), None)
    context = {
        **frame(request, assessment, "overview"),
        "sheet": sheet,
        "themes": [theme_row(found, reader, found.code in chosen) for found in sheet.themes],
        "come_back": [come_back_row(sheet, entry, reader) for entry in sheet.come_back],
        "going_on": going_on and {"code": going_on.code, "label": theme_label(reader, going_on)},
        "to_confirm": [come_back_row(sheet, entry, reader) for entry in sheet.to_confirm],
        "opened_round": opened_rounds_of(assessment).first(),
        **versions_of(request, assessment),
        **hints_of(request, sheet),
        "may_answer": may(request, "assessments.answer", assessment),
        "may_finish": may(request, "assessments.finish", assessment),
        "may_reopen": may(request, "assessments.reopen", assessment),
    }
    return render(request, "assessments/overview.html", context)


def versions_of(request: PlacedRequest, assessment: Assessment) -> dict[str, Any]:
    """The newest version to go over to, the version that one step back leads to, and whether something was archived."""
    newer = newer_versions_of(assessment)
    last = upgrades_of(assessment).first()
    may_upgrade = may(request, "assessments.upgrade", assessment)
    return {
        "newer_version": newer[0] if newer else None,
        "may_upgrade": may_upgrade,
        "undo_version": last.from_version if last and may_upgrade and can_be_undone(assessment, last) else None,
        "has_archive": last is not None,
    }


def hints_of(request: PlacedRequest, sheet: Sheet) -> dict[str, Any]:
    """How many waiting questions other answers have something to say about, and for how many of them an answer follows."""
    hints = hints_for(request.place, sheet) if sheet.assessment.is_open else ()
    return {
        "hinted": len({hint.entry.code for hint in hints}),
        "suggested": len({hint.entry.code for hint in hints if hint.suggestion.value}),
        "may_propose": request.place.opens("assessments:comparison_new") and speaks_for(request.place, sheet.assessment),
    }


def theme_row(found: Theme, reader: Reader, is_chosen: bool) -> dict[str, Any]:
    standing = standing_of(found.tally) if found.tally.is_complete else None
    return {
        "theme": found,
        "label": theme_label(reader, found),
        "attrs": reader.words(found.section.title).attrs,
        "summary": reader.words(found.section.summary),
        "progress": found.progress,
        "state": STATE_OF_CONDITION[standing.condition] if standing else "",
        "state_word": condition_word(standing.condition) if standing else "",
        "noted": sum(entry.state == "written" for entry in found.context),
        "is_chosen": is_chosen,
    }


def come_back_row(sheet: Sheet, entry: Any, reader: Reader) -> dict[str, Any]:
    return {"code": entry.code, "theme": sheet.theme_of(entry.code).code, "question": reader.words(entry.wording)}


def finish(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    if request.method == "POST":
        if not may(request, "assessments.finish", assessment) and assessment.is_open:
            raise PermissionDenied
        try:
            operations.finish_assessment(place=request.place, assessment=assessment, now=timezone.now())
        except operations.AssessmentFinished:
            messages.info(request, _("The assessment was finished already."))
        else:
            messages.success(request, _("The assessment is finished. It can be reopened, with a reason."))
        return redirect("assessments:results", city=city, pk=pk)
    if not assessment.is_open:
        return redirect("assessments:overview", city=city, pk=pk)
    sheet = sheet_of(assessment)
    return render(request, "assessments/finish.html", {**frame(request, assessment, "finish"), "sheet": sheet})


def reopen(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    if assessment.is_open:
        if request.method == "POST":
            messages.info(request, _("The assessment is open already."))
        return redirect("assessments:overview", city=city, pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.reopen_assessment(place=request.place, assessment=assessment, reason=form.cleaned_data["reason"], now=timezone.now())
        messages.success(request, _("The assessment is open again. The reason stands in the journal."))
        return redirect("assessments:overview", city=city, pk=pk)
    context = {**frame(request, assessment, "reopen"), "form": form}
    return render(request, "assessments/reopen.html", context, status=422 if form.errors else 200)

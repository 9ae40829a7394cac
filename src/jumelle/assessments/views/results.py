"""Results: the source's verdict, the counts, strengths and gaps, two charts of ours; and the themes chosen to work on."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from jumelle.assessments import operations
from jumelle.assessments.forms import ReasonForm
from jumelle.assessments.models import AgreedAnswer, Assessment
from jumelle.assessments.queries import Entry, Results, ThemeResult, results_of
from jumelle.assessments.queries.agreed import agreements_that_hold
from jumelle.assessments.queries.results import SourceVerdict
from jumelle.assessments.views.charts import degrees_chart, share_chart, states_chart
from jumelle.assessments.views.course import STATE_OF_CONDITION, condition_word
from jumelle.assessments.views.found import assessment_or_404, frame, may, reader_of
from jumelle.assessments.views.screens import Reader, Words, theme_label
from jumelle.assessments.views.side_by_side import agreed_screen
from jumelle.cities.requests import PlacedRequest
from jumelle.engines.scoring.verdict import Band

STATE_OF_BAND = {Band.ALL: "done", Band.SOME: "partly", Band.NONE: "missing"}


def results(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    found = results_of(assessment)
    reader, agreements = reader_of(found.sheet), agreements_that_hold(found.sheet)
    kind = found.package.kind
    is_rtl = get_language_bidi()
    context = {
        **frame(request, assessment, "results"),
        "kind": kind,
        "found": found,
        "progress": found.sheet.progress,
        "verdict": verdict_screen(found.verdict, reader),
        "themes": [theme_screen(result, found, reader, agreements) for result in found.themes],
        "exemplary": [theme_label(reader, result.theme) for result in found.exemplary],
        "chosen": [chosen_screen(result, reader) for result in found.chosen],
        "charts": charts(found, reader, is_rtl),
        "context_factors": [line(entry, reader, agreements) for entry in found.context],
        "attribution": reader.words(found.package.package.attribution),
        "may_choose": may(request, "assessments.choose_factors", assessment),
        "may_finish": may(request, "assessments.finish", assessment),
        "may_plan": request.place.opens("action_plans:from_gaps"),
    }
    return render(request, "assessments/results.html", context)


def charts(found: Results, reader: Reader, is_rtl: bool) -> list[dict[str, Any]]:
    if not found.tally.scaled:
        return []
    second = degrees_chart if found.package.kind == "grid" else share_chart
    drawn = [states_chart(found, reader, is_rtl), second(found, reader, is_rtl)]
    return [chart for chart in drawn if chart]


def verdict_screen(found: SourceVerdict | None, reader: Reader) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "state": STATE_OF_BAND[found.verdict.band],
        "label": reader.words(found.words.label),
        "advice": reader.words(found.words.advice),
        "ticked": found.verdict.ticked,
        "of": found.verdict.of,
        "provisional": found.verdict.provisional,
    }


def theme_screen(
    result: ThemeResult, found: Results, reader: Reader, agreements: Mapping[str, AgreedAnswer] | None = None
) -> dict[str, Any]:
    standing, findings = result.standing, result.findings

    def lines(codes: tuple[str, ...]) -> list[dict[str, Any]]:
        return [line(entry, reader, agreements or {}) for entry in found.entries(codes)]

    return {
        "code": result.theme.code,
        "label": theme_label(reader, result.theme),
        "attrs": reader.words(result.theme.section.title).attrs,
        "tally": result.tally,
        "verdict": verdict_screen(result.verdict, reader),
        "standing": standing and STATE_OF_CONDITION[standing.condition],
        "standing_word": standing and condition_word(standing.condition),
        "settled": standing is None or standing.settled,
        "exemplary": bool(result.dimension and result.dimension.exemplary),
        "strengths": lines(findings.strengths),
        "partly": lines(findings.partly),
        "gaps": lines(findings.gaps),
        "to_find_out": lines(findings.to_find_out),
        "written": lines(findings.written),
        "chosen": result.chosen,
    }


def line(entry: Entry, reader: Reader, agreements: Mapping[str, AgreedAnswer]) -> dict[str, Any]:
    agreed = agreements.get(entry.code)
    return {
        "code": entry.code,
        "question": reader.words(entry.wording),
        "answer": reader.label(entry, entry.value) if entry.value else Words(""),
        "text": entry.text,
        "note": entry.note,
        "agreed": agreed_screen(agreed, entry, reader) if agreed else None,
    }


def chosen_screen(result: ThemeResult, reader: Reader) -> dict[str, Any]:
    return {"label": theme_label(reader, result.theme), "code": result.theme.code, "chosen": result.chosen}


# --- choosing what to work on -----------------------------------------------------------------------------------------


def factors(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """A form per theme, so that each choice has its reason."""
    assessment = assessment_or_404(request, pk)
    code = request.POST.get("section", "")
    form = ReasonForm(request.POST if request.method == "POST" else None, prefix=code or None)
    if request.method == "POST" and form.is_valid() and decide(request, assessment, code, form.cleaned_data["reason"]):
        return redirect("assessments:factors", city=city, pk=pk)
    found = results_of(assessment)
    reader = reader_of(found.sheet)
    themes: Sequence[dict[str, Any]] = [
        {
            **theme_screen(result, found, reader),
            "form": form if result.theme.code == code and form.errors else reason_form(result),
        }
        for result in found.themes
    ]
    context = {**frame(request, assessment, "factors"), "themes": themes, "count": len(found.chosen)}
    return render(request, "assessments/factors.html", context, status=422 if form.errors else 200)


def reason_form(result: ThemeResult) -> ReasonForm:
    reason = result.chosen.reason if result.chosen else ""
    return ReasonForm(initial={"reason": reason}, prefix=result.theme.code)


def decide(request: PlacedRequest, assessment: Assessment, code: str, reason: str) -> bool:
    act: dict[str, Any] = {
        "place": request.place,
        "assessment": assessment,
        "section_code": code,
        "reason": reason,
        "now": timezone.now(),
    }
    if request.POST.get("act") == "unchoose":
        operations.unchoose_factor(**act)
        messages.success(request, _("The theme is no longer chosen. Your reason stands in the journal."))
        return True
    try:
        operations.choose_factor(**act)
    except operations.FactorUnknown:
        messages.error(request, _("This theme is not part of the assessment."))
    else:
        messages.success(request, _("Chosen. The reason will stand in the summary; you can take the choice back."))
    return True

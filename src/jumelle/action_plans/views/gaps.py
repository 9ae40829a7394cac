"""Make a plan from the gaps: the chosen themes of an assessment, their gaps, and what the toolkit says beside each."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from jumelle.action_plans import operations
from jumelle.action_plans.forms import GapsForm
from jumelle.action_plans.models import Plan
from jumelle.action_plans.operations import GapChoice, HeaderGiven
from jumelle.action_plans.queries import Gap, Gaps, GapTheme, gaps_of, plans_visible_to
from jumelle.action_plans.views.plans import first_header
from jumelle.action_plans.views.screens import Words, attributes, short
from jumelle.assessments.models import Assessment
from jumelle.assessments.queries import assessments_visible_to
from jumelle.cities.requests import PlacedRequest
from jumelle.engines.scoring.tally import State
from jumelle.toolkits.package.sheets import Support

HEADINGS: dict[str, Promise] = {
    "tip": gettext_lazy("Tips"),
    "action_hint": gettext_lazy("What you can do"),
    "criterion": gettext_lazy("What makes it succeed"),
    "example": gettext_lazy("Examples"),
    "benefit": gettext_lazy("What it brings"),
    "warning": gettext_lazy("Mind"),
}


def from_gaps(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """The address names the assessment. A form that was refused comes back with everything that was ticked and typed."""
    assessment = get_object_or_404(assessments_visible_to(request.place), pk=pk)
    plans = {str(plan.pk): plan for plan in plans_visible_to(request.place) if plan.can_be_changed}
    found = gaps_of(assessment)
    form = GapsForm(request.POST or None, plans=plans.values(), initial=first_choice(request, plans.values(), assessment))
    if request.method == "POST" and form.is_valid() and (made := make(request, assessment, form, plans)):
        messages.success(request, made_sentence(len(made.lines)))
        return redirect("action_plans:overview", city=city, pk=made.plan.pk)
    context = {
        "assessment": assessment,
        "themes": [theme_screen(request, found, theme) for theme in found.themes],
        "waiting": len(found.open),
        "form": form,
        "has_plans": bool(plans),
        "results_url": reverse("assessments:results", kwargs={"city": city, "pk": pk}),
        "factors_url": reverse("assessments:factors", kwargs={"city": city, "pk": pk}),
    }
    return render(request, "action_plans/from_gaps.html", context, status=422 if form.errors else 200)


def first_choice(request: PlacedRequest, plans: Iterable[Plan], assessment: Assessment) -> dict[str, Any]:
    """The plan that answers to this assessment already, else a new one."""
    plan = next((plan for plan in plans if plan.assessment_id == assessment.pk), None)
    return {"into": str(plan.pk) if plan else "new", "language": first_header(request.place.here)["language"]}


def make(request: PlacedRequest, assessment: Assessment, form: GapsForm, plans: Mapping[str, Plan]) -> operations.Made | None:
    choices = [GapChoice(code, request.POST.get(f"start-{code}", "")) for code in request.POST.getlist("gap")]
    given = form.cleaned_data
    into = plans.get(given["into"]) or HeaderGiven(given["title"], request.place.here.name, "", given["language"])
    try:
        return operations.make_lines_from_gaps(place=request.place, assessment=assessment, choices=choices, into=into, now=timezone.now())
    except operations.PlanRefused as refusal:
        form.add_error(None, refusal.sentence)
    return None


def made_sentence(count: int) -> str:
    return ngettext(
        "%(count)s line is made. Reword it, and fill in what is listed as missing.",
        "%(count)s lines are made. Reword them, and fill in what is listed as missing.",
        count,
    ) % {"count": count}


# --- showing ----------------------------------------------------------------------------------------------------------


def theme_screen(request: PlacedRequest, found: Gaps, theme: GapTheme) -> dict[str, Any]:
    section, chosen = theme.result.theme.section, theme.result.chosen
    return {
        "code": section.code,
        "number": section.number,
        "title": words(found, section.title),
        "reason": chosen.reason if chosen else "",
        "gaps": [gap_screen(request, found, gap) for gap in theme.gaps],
        "beside": support(found, theme.beside),
    }


def gap_screen(request: PlacedRequest, found: Gaps, gap: Gap) -> dict[str, Any]:
    """What was ticked and chosen, if the form came back; else the nearest tip is proposed."""
    start = request.POST.get(f"start-{gap.code}", gap.starts[0].code if gap.starts else "")
    return {
        "code": gap.code,
        "question": words(found, gap.entry.wording),
        "state": "missing" if gap.entry.state == State.UNMET else "partly",
        "note": gap.entry.note,
        "line": gap.line,
        "line_words": short(gap.line.action) if gap.line else "",
        "ticked": gap.code in request.POST.getlist("gap"),
        "starts": [
            {"code": row.code, "label": start_label(found, row), "attrs": words(found, row.text).attrs, "chosen": row.code == start}
            for row in gap.starts
        ],
        "own_words": not start,
        "beside": support(found, (*gap.starts, *gap.criteria, *gap.beside)),
    }


def start_label(found: Gaps, row: Support) -> str:
    """Such as "Tip: recruit volunteers"."""
    shown = {"words": short(words(found, row.title or row.text).text, 60)}
    return _("Tip: %(words)s") % shown if row.kind == "tip" else _("What you can do: %(words)s") % shown


def support(found: Gaps, rows: Iterable[Support]) -> list[dict[str, Any]]:
    """By kind, in a fixed order."""
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        where = ", ".join(filter(None, [row.organisation, row.place, row.country]))
        shown = {"code": row.code, "title": words(found, row.title), "text": words(found, row.text), "where": where, "url": row.url}
        by_kind.setdefault(row.kind, []).append(shown)
    return [{"heading": heading, "rows": by_kind[kind]} for kind, heading in HEADINGS.items() if kind in by_kind]


def words(found: Gaps, texts: Mapping[str, str]) -> Words:
    text, language = found.results.package.text(texts, get_language() or "en")
    return Words(text, attributes(language))

"""Comparing with others by consent: proposals, the page of a comparison, and one's own consent."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jumelle.assessments import operations
from jumelle.assessments.forms_comparing import ConsentForm, ProposalForm
from jumelle.assessments.models import Assessment, Comparison, ComparisonSide
from jumelle.assessments.queries import assessments_visible_to
from jumelle.assessments.queries.comparing import (
    OnTheTable,
    Part,
    assessments_spoken_for,
    can_be_laid,
    cities_near,
    on_the_table,
    sides_spoken_for,
    speaks_for,
)
from jumelle.assessments.queries.comparison import FEWEST, Side, compare
from jumelle.assessments.views.compared import compared_screen, period_words
from jumelle.assessments.views.found import assessment_or_404
from jumelle.assessments.views.screens import Words, reader_for
from jumelle.cities.requests import PlacedRequest
from jumelle.common.chart_dots import LETTERS
from jumelle.toolkits.models import Toolkit
from jumelle.toolkits.queries import published_versions


class Found(NamedTuple):
    """A comparison and the sides in it that the person speaks for; at least one."""

    comparison: Comparison
    sides: list[ComparisonSide]


def found_or_404(request: PlacedRequest, pk: UUID) -> Found:
    """Whoever speaks for no side of it is told what a missing one answers."""
    sides = list(sides_spoken_for(request.place).filter(comparison_id=pk))
    if not sides:
        raise Http404
    return Found(sides[0].comparison, sides)


# --- the list and the proposal ----------------------------------------------------------------------------------------


def comparisons(request: PlacedRequest, city: str) -> HttpResponse:
    rows: dict[UUID, dict[str, Any]] = {}
    for side in sides_spoken_for(request.place):
        row = rows.setdefault(side.comparison_id, {"comparison": side.comparison, "sides": []})
        row["sides"].append(side)
    titles = titles_of([row["comparison"].toolkit for row in rows.values()])
    for row in rows.values():
        row |= {
            "toolkit": titles[row["comparison"].toolkit_id],
            "waits": any(is_waiting(side) for side in row["sides"]),
            "runs": any(side.is_shown for side in row["sides"]),
            "is_ours": row["comparison"].started_by_city_id == request.place.here.pk,
        }
    context = {"rows": list(rows.values()), "may_propose": request.place.opens("assessments:comparison_new")}
    return render(request, "assessments/compare/comparisons.html", context)


def is_waiting(side: ComparisonSide) -> bool:
    return side.agreed_at is None and side.ended_at is None


def titles_of(toolkits: Sequence[Toolkit]) -> dict[UUID, Words]:
    """Each by the title of its newest published version, or by its id."""
    titles = {toolkit.pk: Words(toolkit.slug) for toolkit in toolkits}
    for version in reversed(list(published_versions().filter(toolkit__in=titles))):
        reader = reader_for(version, get_language() or "en")
        titles[version.toolkit_id] = reader.words(reader.package.title)
    return titles


def propose(request: PlacedRequest, city: str) -> HttpResponse:
    """First one's own assessment (a link each), then one form for the rest: two steps that need no script."""
    wanted = request.GET.get("assessment", "")
    if not wanted:
        return choose_own(request)
    try:
        assessment = assessment_or_404(request, UUID(wanted))
    except ValueError:
        raise Http404 from None
    if not speaks_for(request.place, assessment):
        messages.error(request, operations.NotYoursToLay.sentence)
        return redirect("assessments:comparison_new", city=city)
    form = proposal_form(request, assessment)
    if request.method == "POST" and form.is_valid():
        try:
            comparison = begin(request, assessment, form.cleaned_data)
        except operations.ComparisonRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The comparison is proposed. Each side answers for itself."))
            return redirect("assessments:comparison", city=city, pk=comparison.pk)
    context = {"form": form, "assessment": assessment, "toolkit": title_of(assessment)}
    return render(request, "assessments/compare/propose.html", context, status=422 if form.errors else 200)


def choose_own(request: PlacedRequest) -> HttpResponse:
    rows = [{"assessment": assessment, "toolkit": title_of(assessment)} for assessment in assessments_spoken_for(request.place)]
    return render(request, "assessments/compare/choose_own.html", {"rows": rows})


def title_of(assessment: Assessment) -> Words:
    reader = reader_for(assessment.toolkit_version, get_language() or "en")
    return reader.words(reader.package.title)


def proposal_form(request: PlacedRequest, assessment: Assessment) -> ProposalForm:
    others = assessments_visible_to(request.place).filter(toolkit_version__toolkit=assessment.toolkit_version.toolkit)
    return ProposalForm(
        request.POST or None,
        cities=list(cities_near(request.place.here).exclude(pk=request.place.here.pk)),
        others=list(others.exclude(pk=assessment.pk)),
    )


def begin(request: PlacedRequest, assessment: Assessment, chosen: dict[str, Any]) -> Comparison:
    return operations.propose_comparison(
        place=request.place,
        title=chosen["title"],
        assessment=assessment,
        cities=chosen["cities"],
        others=chosen["others"],
        shares_context=chosen["shares_context"],
        now=timezone.now(),
    )


# --- one comparison ---------------------------------------------------------------------------------------------------


def comparison(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    found = found_or_404(request, pk)
    table = on_the_table(request.place, found.comparison, found.sides)
    read = [part.city_id for part in table.running if not part.is_mine] if table.takes_part else []
    if read:
        operations.record_comparison_read(place=request.place, comparison=found.comparison, city_ids=read, now=timezone.now())
    context = {
        "comparison": found.comparison,
        "toolkit": titles_of([found.comparison.toolkit])[found.comparison.toolkit_id],
        "parts": parts_screen(table),
        "takes_part": table.takes_part,
        "waits": any(is_waiting(side) for side in found.sides),
        **result_of(table),
    }
    return render(request, "assessments/compare/comparison.html", context)


def parts_screen(table: OnTheTable) -> list[dict[str, Any]]:
    """Letters stand for those whose consent runs, as in the charts; for nobody before one takes part oneself."""
    laid = dict(zip((part.id for part in table.running), zip(LETTERS, table.sides, strict=False), strict=False))
    return [{"part": part, "standing": standing_of(part), **side_screen(*laid.get(part.id, ("", None)))} for part in table.parts]


def side_screen(letter: str, side: Side | None) -> dict[str, Any]:
    return {"letter": letter, "period": period_words(side) if side else "", "version": side.version.version if side else ""}


def standing_of(part: Part) -> str:
    if part.runs:
        return "runs"
    if part.ended_at:
        return "ended" if part.agreed_at else "declined"
    return "waits"


def result_of(table: OnTheTable) -> dict[str, Any]:
    if len(table.sides) < FEWEST:
        return {"compared": None}
    found = compare(table.sides)
    return {"compared": compared_screen(found, [side.name for side in table.sides], over_time=False)}


# --- consent ----------------------------------------------------------------------------------------------------------


def consent(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """One's own sides, each with its form: agree, decline, end."""
    found = found_or_404(request, pk)
    posted = side_among(found, request.POST.get("side", "")) if request.method == "POST" else None
    forms = {side.pk: consent_form(request, found.comparison, side, posted) for side in found.sides}
    status = 422 if request.method == "POST" else 200
    if posted:
        answered = answer(request, posted, forms[posted.pk])
        if answered:
            return answered
    context = {
        "comparison": found.comparison,
        "toolkit": titles_of([found.comparison.toolkit])[found.comparison.toolkit_id],
        "rows": [{"side": side, "form": forms[side.pk], "waits": is_waiting(side)} for side in found.sides],
    }
    return render(request, "assessments/compare/consent.html", context, status=status)


def side_among(found: Found, wanted: str) -> ComparisonSide | None:
    return next((side for side in found.sides if str(side.pk) == wanted), None)


def consent_form(request: PlacedRequest, of: Comparison, side: ComparisonSide, posted: ComparisonSide | None) -> ConsentForm:
    agrees = posted == side and request.POST.get("act") == "agree"
    initial = {"assessment": side.assessment_id, "shares_context": side.shares_context}
    choices = can_be_laid(request.place, of, side)
    return ConsentForm(request.POST if agrees else None, prefix=str(side.pk), assessments=choices, initial=initial)


def answer(request: PlacedRequest, side: ComparisonSide, form: ConsentForm) -> HttpResponse | None:
    """Do what was chosen and lead back to the comparison; None when the page must come back with what is wrong."""
    act = request.POST.get("act", "")
    if act not in ("agree", "decline", "end") or (act == "agree" and not form.is_valid()):
        return None
    try:
        messages.success(request, carry_out(request, act, side, form))
    except operations.ComparisonRefused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("assessments:comparison", city=request.place.here.slug, pk=side.comparison_id)


def carry_out(request: PlacedRequest, act: str, side: ComparisonSide, form: ConsentForm) -> str:
    """Returns what to tell the person."""
    place, now = request.place, timezone.now()
    if act == "agree":
        operations.agree_to_comparison(place=place, side=side, now=now, **form.cleaned_data)
        return _("You take part. You can end it at any time, and it counts at once.")
    if act == "decline":
        operations.decline_comparison(place=place, side=side, now=now)
        return _("You have declined. The city that asked is told; you can still agree later.")
    operations.end_consent(place=place, side=side, now=now)
    return _("Your consent has ended. From now on the others see nothing of your assessment.")

"""Writing a line: adding, changing, and what happens when somebody else changed it meanwhile."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from jumelle.action_plans import operations
from jumelle.action_plans.forms import LineForm, MeasureForm, MeasureForms
from jumelle.action_plans.models import Plan, PlanLine
from jumelle.action_plans.operations import LineGiven, LineRefused, MeasureGiven
from jumelle.action_plans.operations.lines import COLUMNS
from jumelle.action_plans.views.found import closed_sentence, frame, line_or_404, may, plan_or_404
from jumelle.action_plans.views.screens import LINE_LABELS, MEASURE_LABELS, short
from jumelle.cities.requests import PlacedRequest

MORE_FIELDS = 2
MEASURE_FIELDS = ("what", "baseline", "target", "due_on", "data_source")


def line_new(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    return write(request, plan, None)


def line_edit(request: PlacedRequest, city: str, pk: UUID, line: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    return write(request, plan, line_or_404(plan, line))


def write(request: PlacedRequest, plan: Plan, line: PlanLine | None) -> HttpResponse:
    if request.method == "GET" and not may(request, "action_plans.write", plan):
        messages.info(request, closed_sentence(plan))
        return leave(request, plan, line)
    if request.method == "GET":
        return show(request, plan, line, *stored_forms(plan, line))
    form, measures = posted_forms(request.POST, plan)
    if request.POST.get("go") == "more":
        return show(request, plan, line, form, measures, is_unfinished=True)
    if not (form.is_valid() & measures.is_valid()):
        return show(request, plan, line, form, measures)
    given = form.given(each.given for each in measures)
    try:
        saved = save(request, plan, line, given)
    except operations.LineChangedMeanwhile as told:
        return show(request, plan, line, form, measures, conflict=conflict_of(told.given or given, told.stored))
    except operations.PlanRefused as refusal:
        tell(form, refusal)
        return show(request, plan, line, form, measures)
    messages.success(request, sentence(line, saved))
    return leave(request, plan, saved.line)


def save(request: PlacedRequest, plan: Plan, line: PlanLine | None, given: LineGiven) -> operations.Saved:
    """
    Raises:
        PlanRefused: one of its kinds.
    """
    now = timezone.now()
    if line is None:
        return operations.Saved(operations.add_line(place=request.place, plan=plan, given=given, now=now), changed=True)
    return operations.edit_line(place=request.place, line=line, given=given, now=now)


def sentence(line: PlanLine | None, saved: operations.Saved) -> str:
    if line is None:
        return _("The line is added. What is still empty is listed as missing, and can be filled in at any time.")
    return _("The line is saved. Its earlier state is kept.") if saved.changed else _("Nothing had changed, so nothing was saved.")


def leave(request: PlacedRequest, plan: Plan, line: PlanLine | None) -> HttpResponse:
    city = request.place.here.slug
    if line is None:
        return redirect("action_plans:overview", city=city, pk=plan.pk)
    return redirect("action_plans:line", city=city, pk=plan.pk, line=line.pk)


def tell(form: LineForm, refusal: operations.PlanRefused) -> None:
    """Beside the field that is meant; what was typed stays in its field."""
    field = refusal.field if isinstance(refusal, LineRefused) and refusal.field in form.fields else None
    form.add_error(field, refusal.sentence)


# --- forms ------------------------------------------------------------------------------------------------------------


def stored_forms(plan: Plan, line: PlanLine | None) -> tuple[LineForm, BaseFormSet[MeasureForm]]:
    if line is None:
        return LineForm(city=plan.city), MeasureForms(prefix="measures")
    initial = {name: getattr(line, name) for name in COLUMNS}
    given = [{"id": measure.pk, **{name: getattr(measure, name) for name in MEASURE_FIELDS}} for measure in line.measures.all()]
    form = LineForm(city=plan.city, initial={**initial, "revision": line.revision})
    return form, MeasureForms(prefix="measures", initial=given)


def posted_forms(data: QueryDict, plan: Plan) -> tuple[LineForm, BaseFormSet[MeasureForm]]:
    """With two more empty measures, if the person asked for them."""
    data = data.copy()
    total = data.get("measures-TOTAL_FORMS", "")
    if data.get("go") == "more" and total.isascii() and total.isdigit() and len(total) < 4:
        data["measures-TOTAL_FORMS"] = str(int(total) + MORE_FIELDS)
    return LineForm(data, city=plan.city), MeasureForms(data, prefix="measures")


def show(
    request: PlacedRequest,
    plan: Plan,
    line: PlanLine | None,
    form: LineForm,
    measures: BaseFormSet[MeasureForm],
    *,
    conflict: dict[str, Any] | None = None,
    is_unfinished: bool = False,
) -> HttpResponse:
    """
    Args:
        is_unfinished: the person asked for more fields and has not tried to save: nothing is wrong yet.
    """
    wrong = form.is_bound and not is_unfinished and bool(form.errors or measures.total_error_count())
    if is_unfinished:
        form.errors.clear()
    context = {
        **frame(request, plan, "line_edit"),
        "line": line,
        "words": short(line.action) if line else "",
        "form": form,
        "measures": measures,
        "measures_wrong": wrong and measures.total_error_count() > 0,
        "conflict": conflict,
    }
    return render(request, "action_plans/line_edit.html", context, status=409 if conflict else 422 if wrong else 200)


# --- two editors ------------------------------------------------------------------------------------------------------


def conflict_of(given: LineGiven, stored: LineGiven) -> dict[str, Any]:
    """Both texts of each field that differs, in the order of the form."""
    rows = [
        {"label": LINE_LABELS[name], "stored": in_words(getattr(stored, name)), "mine": in_words(getattr(given, name))}
        for name in COLUMNS
        if getattr(stored, name) != getattr(given, name)
    ]
    theirs, mine = (measures_in_words(each.measures) for each in (stored, given))
    if theirs != mine:
        rows.append({"label": _("Measures of success"), "stored": "\n".join(theirs), "mine": "\n".join(mine)})
    return {"rows": rows, "revision": stored.revision}


def in_words(value: Any) -> str:
    if value is None:
        return ""
    return formats.date_format(value, "DATE_FORMAT") if hasattr(value, "isoformat") else str(value)


def measures_in_words(measures: Sequence[MeasureGiven]) -> list[str]:
    """Such as "Places · Where we start from: 0 · Target: 30"."""
    found = []
    for measure in measures:
        parts = [f"{MEASURE_LABELS[name]}: {in_words(getattr(measure, name))}" for name in MEASURE_FIELDS[1:] if getattr(measure, name)]
        found.append(" · ".join([measure.what, *parts]))
    return found

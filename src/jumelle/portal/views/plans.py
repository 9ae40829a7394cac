"""
The public page of an action plan: what was promised, what was done.

It opens the scope of the city by itself and reads public lines alone. It is never older than the plan: a browser that kept it asks
again each time. Nothing secret stands on it, so that it may travel compressed.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import conditional_page

from jumelle.action_plans.content import MeasureContent
from jumelle.action_plans.enums import LineStatus
from jumelle.action_plans.quarters import quarter_named
from jumelle.action_plans.queries.public import PublicLine, PublicPlan, last_told_at, public_plan, public_plans_of
from jumelle.action_plans.timeline import timeline_of
from jumelle.action_plans.words import quarter_words
from jumelle.cities.models import City
from jumelle.cities.tenancy import city_scope
from jumelle.common.chart_days import day_words
from jumelle.common.tables import Column, Table


@cache_control(no_cache=True)
@gzip_page
@conditional_page
def plans(request: HttpRequest, city: str) -> HttpResponse:
    found = get_object_or_404(City, slug=city)
    with city_scope(found.id):
        rows = [{"plan": plan, "attrs": attributes(plan.language)} for plan in public_plans_of(found)]
    return render(request, "portal/plans.html", {"city": found, "rows": rows})


@cache_control(no_cache=True)
@gzip_page
@conditional_page
def plan(request: HttpRequest, city: str, pk: UUID) -> HttpResponse:
    """A plan that is not public answers as one that does not exist."""
    found = get_object_or_404(City, slug=city)
    with city_scope(found.id):
        shown = public_plan(found, pk)
    if shown is None:
        raise Http404
    return render(request, "portal/plan.html", context_of(found, shown, timezone.localdate()))


def context_of(city: City, plan: PublicPlan, today: date) -> dict[str, Any]:
    attrs = attributes(plan.language)
    info = get_language_info(get_language() or "en")
    return {
        "city": city,
        "plan": plan,
        "attrs": attrs,
        "written_in": language_name(plan.language) if attrs else "",
        "counts": counts(plan.lines),
        "last_told_on": last_told_at(plan),
        "lines": [line_screen(line, attrs) for line in plan.lines],
        "timeline": timeline_of([(line.number, line) for line in plan.lines], today=today, rtl=info["bidi"], attrs=attrs),
    }


def line_screen(line: PublicLine, attrs: SafeString) -> dict[str, Any]:
    return {
        "line": line,
        "status": LineStatus(line.status).label,
        "measures": measures_table(line.measures, attrs),
        "updates": [
            {"update": update, "quarter": quarter_words(quarter_named(update.quarter)), "status": LineStatus(update.status).label}
            for update in line.updates
        ],
    }


def measures_table(measures: Iterable[MeasureContent], attrs: SafeString) -> Table | None:
    """None without a measure. What the city typed is marked with its language."""

    def typed(text: str) -> SafeString | str:
        return format_html("<span{}>{}</span>", attrs, text) if attrs and text else text

    rows = [
        [
            typed(measure.what),
            typed(measure.baseline),
            typed(measure.target),
            day_words(measure.due_on) if measure.due_on else "",
            typed(measure.reached),
            day_words(measure.reached_on) if measure.reached_on else "",
        ]
        for measure in measures
    ]
    names = (_("Measure"), _("At the start"), _("Target"), _("Target date"), _("Reached so far"), _("Measured on"))
    return Table(_("How success is measured"), [Column(name) for name in names], rows) if rows else None


def counts(lines: Iterable[PublicLine]) -> list[dict[str, Any]]:
    """How many of how many stand where, in the order of the states; states without a line are left out."""
    states = [line.status for line in lines]
    return [
        {"status": status.value, "label": status.label, "words": of_all(states.count(status), len(states))}
        for status in LineStatus
        if status in states
    ]


def of_all(count: int, total: int) -> str:
    return ngettext("%(count)s of %(total)s line", "%(count)s of %(total)s lines", total) % {"count": count, "total": total}


def attributes(language: str) -> SafeString:
    """`lang` and `dir` for what the city wrote, if it is in another language than the page."""
    if language == get_language():
        return SafeString("")
    try:
        direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        direction = "auto"
    return format_html(' lang="{}" dir="{}"', language, direction)


def language_name(language: str) -> str:
    try:
        return str(get_language_info(language)["name_local"])
    except KeyError:
        return language

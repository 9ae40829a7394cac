"""The home of a city: the year as seven verbs, the profile with its map, the journal."""

from collections.abc import Iterable

from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from jumelle.assessments.queries import assessments_visible_to
from jumelle.audit.models import Event
from jumelle.audit.queries import events_of
from jumelle.cities import operations, queries
from jumelle.cities.models import District
from jumelle.cities.requests import PlacedRequest
from jumelle.common import charts
from jumelle.common.tables import Column, Table
from jumelle.workspace.next_step import next_step_of


def home(request: PlacedRequest, city: str) -> HttpResponse:
    place = request.place
    assessments = list(assessments_visible_to(place)[:5])
    context = {
        "assessments": assessments,
        "assessments_open": place.opens("assessments:list"),
        "people_open": place.opens("workspace:people"),
        "journal_open": place.opens("workspace:journal"),
        "next_step": next_step_of(place, assessments),
    }
    return render(request, "workspace/city.html", context)


def profile(request: PlacedRequest, city: str) -> HttpResponse:
    place = request.place
    districts = list(queries.districts_of(place.here))
    context = {
        "districts": districts,
        "map": map_of(districts),
        "organisations": queries.organisations_of(place.here),
        "credit": districts[0].credit if districts else "",
        "table": districts_table(districts),
    }
    return render(request, "workspace/profile.html", context)


def map_of(districts: list[District]) -> SafeString:
    shapes = [charts.District(row.code, row.name, [ring for part in row.outline["coordinates"] for ring in part]) for row in districts]
    figures = [row.population for row in districts if row.population is not None]
    breaks = [round(max(figures, default=0) * share / 5, -3) for share in range(1, 5)]
    return charts.district_map(
        shapes,
        {row.code: row.population for row in districts},
        breaks=breaks,
        title=_("Inhabitants by district"),
        description=_("A map of the districts; the darker a district, the more people live in it. The table beneath has the figures."),
    )


def districts_table(districts: list[District]) -> Table:
    columns = [Column(_("District")), Column(_("Inhabitants"), numeric=True), Column(_("Under 20 years"), numeric=True)]
    unknown = _("not known")
    rows = [[row.name, *(unknown if count is None else intcomma(count) for count in (row.population, row.children))] for row in districts]
    return Table(_("Inhabitants by district, rounded to five"), columns, rows)


def journal(request: PlacedRequest, city: str) -> HttpResponse:
    """Who did and read what in this city; reading the journal is itself recorded."""
    place = request.place
    page = Paginator(events_of(place.chain), 50).get_page(request.GET.get("page"))
    operations.record_reading(place=place, what="journal_read", now=timezone.now(), count=len(page))
    return render(request, "workspace/journal.html", {"page": page, "table": events_table(page)})


def events_table(events: Iterable[Event]) -> Table:
    columns = [Column(_("Number"), numeric=True), *map(Column, (_("When"), _("As what"), _("What"), _("Reason")))]
    rows = [
        [
            event.number,
            date_format(localtime(event.at), "DATETIME_FORMAT"),
            format_html('<code dir="ltr">{}</code>', event.role or "–"),
            format_html('<code dir="ltr">{}</code>', event.action),
            event.reason or "–",
        ]
        for event in events
    ]
    return Table(_("Newest first"), columns, rows)

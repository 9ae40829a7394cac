"""The home of a city: the year as seven verbs, the profile with its map, the journal."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from jumelle.assessments.queries import asked_of, assessments_visible_to
from jumelle.audit.models import Event
from jumelle.audit.queries import events_of
from jumelle.cities import operations, queries
from jumelle.cities.models import District, Organisation
from jumelle.cities.requests import PlacedRequest
from jumelle.common import charts
from jumelle.common.tables import Column, Table
from jumelle.workspace.forms import OrganisationForm
from jumelle.workspace.next_step import next_step_of


def home(request: PlacedRequest, city: str) -> HttpResponse:
    place = request.place
    assessments = list(assessments_visible_to(place)[:5])
    context = {
        "assessments": assessments,
        "asked": list(asked_of(place)),
        "assessments_open": place.opens("assessments:list"),
        "group_open": place.opens("workspace:groups"),
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
        "chart": chart_of(districts),
        "may_add": place.opens("workspace:add_organisation"),
        "organisations": organisations_table(queries.organisations_of(place.here)),
        "credit": districts[0].credit if districts else "",
    }
    return render(request, "workspace/profile.html", context)


def chart_of(districts: list[District]) -> dict[str, Any] | None:
    """The map of the districts with its sentence and its table, for `components/chart.html`."""
    figures = {row.code: row.population for row in districts}
    known = [count for count in figures.values() if count is not None]
    if not known:
        return None
    shapes = [charts.District(row.code, row.name, rings_of(row.outline)) for row in districts]
    title = _("Inhabitants by district")
    return {
        "title": title,
        "sentence": _("The darker a district, the more people live in it: from %(least)s to %(most)s.")
        % {"least": intcomma(min(known)), "most": intcomma(max(known))},
        "svg": charts.district_map(
            shapes,
            {code: None if count is None else float(count) for code, count in figures.items()},
            breaks=[step_size(max(known)) * step for step in range(1, 5)],
            title=title,
            description=_("A map of the districts with their numbers. The table beneath has the figures."),
        ),
        "table": districts_table(districts),
    }


def rings_of(outline: dict[str, Any]) -> tuple[tuple[tuple[float, float], ...], ...]:
    """The rings of a GeoJSON MultiPolygon as (longitude, latitude)."""
    return tuple(tuple((spot[0], spot[1]) for spot in ring) for part in outline["coordinates"] for ring in part)


def step_size(most: int) -> int:
    """A fifth of the largest figure, rounded up to two digits that one can say: 20,795 gives 4,200."""
    fifth = max(1, -(-most // 5))
    unit = 10 ** max(0, len(str(fifth)) - 2)
    return -(-fifth // unit) * unit


def add_organisation(request: PlacedRequest, city: str) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_organisation(place=request.place, now=timezone.now(), **form.cleaned_data)
        except operations.OrganisationKnown:
            form.add_error("name", _("The city already has an organisation of this name."))
        else:
            messages.success(request, _("The organisation is entered. You can invite its staff now."))
            return redirect("workspace:profile", city=city)
    return render(request, "workspace/add_organisation.html", {"form": form})


def organisations_table(organisations: Iterable[Organisation]) -> Table:
    columns = [Column(_("Name")), Column(_("Kind")), Column(_("Part of the municipality"))]
    rows = [[row.name, row.get_kind_display(), _("yes") if row.is_department else _("no")] for row in organisations]
    return Table(_("Organisations that act in the city"), columns, rows)


def districts_table(districts: list[District]) -> Table:
    labels = [(_("Number"), False), (_("District"), False), (_("Inhabitants"), True), (_("Under 20 years"), True)]
    unknown = _("not known")
    rows = [
        [row.code, row.name, *(unknown if count is None else intcomma(count) for count in (row.population, row.children))]
        for row in districts
    ]
    return Table(_("Inhabitants by district, rounded to five"), [Column(label, numeric=numeric) for label, numeric in labels], rows)


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

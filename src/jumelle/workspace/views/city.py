"""The home of a city: the year as seven verbs, the profile with its map, the journal."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jumelle.assessments.queries import assessments_visible_to
from jumelle.audit.queries import events_of
from jumelle.cities import operations, queries
from jumelle.common.charts import district_map
from jumelle.workspace.next_step import next_step_of


def home(request: HttpRequest, city: str) -> HttpResponse:
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


def profile(request: HttpRequest, city: str) -> HttpResponse:
    place = request.place
    districts = list(queries.districts_of(place.city))
    picture = district_map(
        [(district.name, district.outline) for district in districts], [district.population for district in districts]
    )
    context = {
        "districts": districts,
        "map": picture,
        "organisations": queries.organisations_of(place.city),
        "credit": districts[0].credit if districts else "",
    }
    return render(request, "workspace/profile.html", context)


def journal(request: HttpRequest, city: str) -> HttpResponse:
    """Who did and read what in this city; reading the journal is itself recorded."""
    place = request.place
    page = Paginator(events_of(place.chain), 50).get_page(request.GET.get("page"))
    operations.record_reading(place=place, what="journal_read", now=timezone.now(), count=len(page))
    return render(request, "workspace/journal.html", {"page": page})

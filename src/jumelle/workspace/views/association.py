"""An association sees its cities and what they have made public, never a person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jumelle.cities import queries
from jumelle.toolkits.queries import toolkits_visible_to_association


def home(request: HttpRequest, association: str) -> HttpResponse:
    place = request.place
    context = {
        "cities": queries.cities_of(place.association),
        "toolkits": toolkits_visible_to_association(place.association),
    }
    return render(request, "workspace/association.html", context)

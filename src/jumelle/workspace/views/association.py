"""An association sees its cities and what they have made public, never a person."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from jumelle.cities import queries
from jumelle.cities.requests import PlacedRequest
from jumelle.common.tables import Column, Table


def home(request: PlacedRequest, association: str) -> HttpResponse:
    columns = [Column(_("City")), Column(_("Country")), Column(_("Inhabitants"), numeric=True)]
    rows = [[city.name, city.country, intcomma(city.population or "–")] for city in queries.cities_of(request.place.union)]
    return render(request, "workspace/association.html", {"table": Table(_("Cities of this association"), columns, rows)})

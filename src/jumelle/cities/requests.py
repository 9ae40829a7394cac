from django.http import HttpRequest

from jumelle.accounts.models import User
from jumelle.cities.access import Place


class PlacedRequest(HttpRequest):
    """A request that passed the access middleware: signed in, with the place of its address."""

    place: Place
    user: User

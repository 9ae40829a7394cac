"""Where an invented person stands, for the loaders of the demonstration."""

from jumelle.accounts.models import User
from jumelle.assessments.models import Assessment
from jumelle.cities.access import Place
from jumelle.cities.models import City, Membership


def place_of(city_slug: str, email: str) -> Place:
    """Open the scope of the city first."""
    city = City.objects.select_related("association").get(slug=city_slug)
    user = User.objects.get(email=email)
    roles = frozenset(Membership.objects.filter(user=user, city=city, ended_at=None).values_list("role", flat=True))
    return Place(user=user, city=city, association=city.association, roles=roles)


def city_assessment(place: Place, toolkit: str) -> Assessment:
    """The assessment of the whole city with this toolkit."""
    found = Assessment.objects.select_related("toolkit_version__toolkit")
    return found.get(city=place.here, subject="city", toolkit_version__toolkit__slug=toolkit)

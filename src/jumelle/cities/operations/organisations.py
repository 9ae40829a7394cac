"""The bodies that act in a city."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from jumelle.cities.access import Place
from jumelle.cities.models import Organisation
from jumelle.cities.operations.journal import note_act


class OrganisationKnown(Exception):
    """The city already has an organisation of this name."""


@transaction.atomic
def add_organisation(*, place: Place, name: str, kind: str, is_department: bool, now: datetime) -> Organisation:
    """
    Enter a body that acts in the city.

    Raises:
        OrganisationKnown: one with this name is there already.
    """
    slug = slugify(name)[:50] or secrets.token_hex(4)
    if Organisation.objects.filter(city=place.here, slug=slug).exists():
        raise OrganisationKnown
    organisation = Organisation.objects.create(city=place.here, slug=slug, name=name, kind=kind, is_department=is_department)
    note_act(place, "organisation_added", "Organisation", organisation.id, now)
    return organisation

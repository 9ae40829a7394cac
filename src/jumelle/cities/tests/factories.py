"""Plain makers of rows for tests; each opens the scope that it needs."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from jumelle.accounts.models import User
from jumelle.accounts.tests.factories import make_user
from jumelle.cities.enums import OrganisationType, Role
from jumelle.cities.models import Association, AssociationMembership, City, Membership, Organisation
from jumelle.cities.tenancy import city_scope

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def make_association(slug: str = "", **fields: Any) -> Association:
    slug = slug or f"association-{uuid4().hex[:8]}"
    return Association.objects.create(slug=slug, name=fields.pop("name", slug), country="BE", **fields)


def make_city(slug: str = "", association: Association | None = None, **fields: Any) -> City:
    slug = slug or f"city-{uuid4().hex[:8]}"
    fields.setdefault("name", slug.title())
    fields.setdefault("contact_email", f"{slug}@example.org")
    return City.objects.create(slug=slug, association=association or make_association(), country="BE", languages=["fr"], **fields)


def make_organisation(city: City, slug: str = "", **fields: Any) -> Organisation:
    slug = slug or f"organisation-{uuid4().hex[:8]}"
    fields.setdefault("kind", OrganisationType.NGO)
    with city_scope(city.id):
        return Organisation.objects.create(city=city, slug=slug, name=fields.pop("name", slug.title()), **fields)


def make_member(city: City, role: str = Role.INTEGRATION_OFFICER, user: User | None = None, **fields: Any) -> User:
    user = user or make_user()
    fields.setdefault("started_at", NOW)
    with city_scope(city.id):
        Membership.objects.create(city=city, user=user, role=role, **fields)
    return user


def make_association_member(association: Association, role: str, user: User | None = None, **fields: Any) -> User:
    user = user or make_user()
    AssociationMembership.objects.create(association=association, user=user, role=role, started_at=NOW, **fields)
    return user

"""The second factor is forced for every role that can see another person's data, on every page of that role."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jumelle.accounts.models import User
from jumelle.cities.enums import MFA_ROLES, AssociationRole, Role
from jumelle.cities.models import BreakGlass, City
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests import factories

pytestmark = pytest.mark.django_db
SEES_OTHERS = {
    "provider_staff",
    "integration_officer",
    "city_admin",
    "mentor_officer",
    "association_officer",
    "facilitator",
    "operator",
    "break_glass",
}
CITY_PAGES = ["workspace:city", "workspace:profile", "assessments:list"]


@pytest.fixture
def city(db) -> City:
    return factories.make_city("here")


def member(city: City, role: str) -> tuple[User, str]:
    """A person with this role, and a page of it."""
    if role in AssociationRole.values:
        return factories.make_association_member(city.association, role), reverse("workspace:association", args=[city.association.slug])
    user = factories.make_user(is_operator=role in {"operator", "break_glass"})
    if role == "operator":
        return user, reverse("workspace:operator")
    if role == "break_glass":
        now = timezone.now()
        with city_scope(city.id):
            BreakGlass.objects.create(
                city=city, operator=user, reason="a reason of twenty letters", opened_at=now, expires_at=now + timedelta(hours=1)
            )
    else:
        factories.make_member(city, role, user)
    return user, reverse("workspace:city", args=[city.slug])


def test_roles_that_see_others_are_those_that_we_promise():
    assert set(MFA_ROLES) == SEES_OTHERS


@pytest.mark.parametrize("role", sorted(SEES_OTHERS))
def test_without_a_second_factor_the_role_opens_nothing(city, signed_in, role):
    user, page = member(city, role)
    client = signed_in(user, second_factor=False)

    for answer in (client.get(page), client.post(page)):
        assert answer.status_code in {302, 405}
        assert answer.status_code == 405 or answer.headers["Location"] == reverse("workspace:second_factor")


@pytest.mark.parametrize("role", sorted(SEES_OTHERS))
def test_second_factor_that_this_session_did_not_use_is_asked_for(city, role):
    """A thief of the first factor has a session, but not the second factor of the account."""
    user, page = member(city, role)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": ""})
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = client.get(page)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("mfa_reauthenticate"))


@pytest.mark.parametrize("role", sorted(SEES_OTHERS))
def test_with_the_second_factor_the_role_opens_its_page(city, signed_in, role):
    user, page = member(city, role)

    assert signed_in(user).get(page).status_code == 200


@pytest.mark.parametrize("role", sorted(set(Role.values) - SEES_OTHERS))
def test_roles_that_see_nobody_else_are_not_forced(city, signed_in, role):
    user, page = member(city, role)

    assert signed_in(user, second_factor=False).get(page).status_code == 200


@pytest.mark.parametrize("name", CITY_PAGES)
def test_every_page_of_the_city_asks(city, signed_in, name):
    user, _ = member(city, Role.INTEGRATION_OFFICER)

    answer = signed_in(user, second_factor=False).get(reverse(name, args=[city.slug]))

    assert (answer.status_code, answer.headers.get("Location")) == (302, reverse("workspace:second_factor"))


def test_second_role_with_more_rights_asks_even_if_the_first_would_not(city, signed_in):
    user, page = member(city, Role.LEARNER)
    factories.make_member(city, Role.CITY_ADMIN, user)

    assert signed_in(user, second_factor=False).get(page).status_code == 302


def test_second_factor_taken_away_closes_the_role_at_the_next_click(city, signed_in):
    user, page = member(city, Role.CITY_ADMIN)
    client = signed_in(user)
    assert client.get(page).status_code == 200

    Authenticator.objects.filter(user=user).delete()

    assert client.get(page).headers["Location"] == reverse("workspace:second_factor")

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from jumelle.audit.models import Event
from jumelle.cities import operations
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.models import Invitation, Membership
from jumelle.cities.signals import invitation_created
from jumelle.cities.tenancy import city_scope, every_city
from jumelle.cities.tests.factories import NOW, make_city, make_member, make_organisation, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    city = make_city()
    admin = make_member(city, Role.CITY_ADMIN)
    return Place(user=admin, city=city, association=city.association, roles=frozenset({Role.CITY_ADMIN}))


def invite(place: Place, email: str = "new@example.org", role: str = Role.VOLUNTEER, now=NOW) -> str:
    """Invite, and return the link's token as the mail carries it."""
    sent = []

    def listen(sender, token, **kwargs):
        sent.append(token)

    invitation_created.connect(listen)
    with city_scope(place.city.id):
        operations.invite_member(place=place, email=email, role=role, organisation=None, language="fr", now=now)
    invitation_created.disconnect(listen)
    return sent[0]


def test_invitation_makes_a_member_of_the_invited_address(place):
    token = invite(place)
    user = make_user(email="new@example.org")

    membership = operations.accept_invitation(user=user, token=token, now=NOW)

    assert (membership.city_id, membership.user_id, membership.role, membership.ended_at) == (place.city.id, user.id, "volunteer", None)


@pytest.mark.parametrize("why", ["used", "expired", "withdrawn", "other address", "guessed"])
def test_invitation_that_is_not_valid_opens_nothing(place, why):
    token = invite(place)
    user = make_user(email="other@example.org" if why == "other address" else "new@example.org")
    now = NOW + timedelta(days=11) if why == "expired" else NOW
    with every_city("a test"):
        if why == "used":
            Invitation.objects.update(accepted_at=NOW)
        if why == "withdrawn":
            Invitation.objects.update(withdrawn_at=NOW)

    with pytest.raises(operations.InvitationNotValid):
        operations.accept_invitation(user=user, token="x" if why == "guessed" else token, now=now)

    with every_city("a test"):
        assert Membership.objects.filter(user=user).count() == 0


def test_invitation_keeps_neither_address_nor_token(place):
    token = invite(place, email="secret.person@example.org")

    with every_city("a test"):
        stored = repr(Invitation.objects.values().get())

    assert "secret.person" not in stored
    assert token not in stored


def test_local_support_group_has_at_most_ten_members(place):
    for _number in range(10):
        make_member(place.city, Role.SUPPORT_GROUP_MEMBER)

    with pytest.raises(operations.SupportGroupFull):
        invite(place, role=Role.SUPPORT_GROUP_MEMBER)


def test_last_administrator_stays(place):
    with city_scope(place.city.id):
        own = Membership.objects.get(user=place.user)

        with pytest.raises(operations.LastAdministrator):
            operations.end_membership(place=place, membership=own, now=NOW)

        make_member(place.city, Role.CITY_ADMIN)
        operations.end_membership(place=place, membership=own, now=NOW)

    assert own.ended_at == NOW


def test_break_glass_needs_a_reason(place):
    with pytest.raises(operations.ReasonMissing):
        operations.open_break_glass(operator=make_user(is_operator=True), city=place.city, reason="because", now=NOW)


@pytest.mark.django_db(transaction=True)
def test_break_glass_tells_the_city_and_the_journal(place):
    operator = make_user(is_operator=True)

    access = operations.open_break_glass(operator=operator, city=place.city, reason="The city asked us to look at an error.", now=NOW)

    assert access.expires_at == NOW + timedelta(hours=2)
    (message,) = mail.outbox
    assert message.to == [place.city.contact_email]
    assert "The city asked us to look at an error." in message.body
    event = Event.objects.get(action="break_glass_opened")
    assert (event.chain, event.actor, event.reason) == (
        f"city:{place.city.id}",
        str(operator.id),
        "The city asked us to look at an error.",
    )


def test_member_can_hold_a_role_once_at_a_time(place):
    user = make_member(place.city, Role.VOLUNTEER)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_member(place.city, Role.VOLUNTEER, user)


def test_membership_for_an_organisation_of_another_city_is_refused_by_the_database(place):
    foreign = make_organisation(make_city())

    with city_scope(place.city.id), pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(city=place.city, user=make_user(), role=Role.PROVIDER_STAFF, organisation=foreign, started_at=NOW)


def test_organisation_is_entered_once_under_its_name(place):
    with city_scope(place.city.id):
        first = operations.add_organisation(place=place, name="Maison des langues", kind="ngo", is_department=False, now=NOW)

        with pytest.raises(operations.OrganisationKnown):
            operations.add_organisation(place=place, name="Maison des Langues", kind="ngo", is_department=False, now=NOW)

    assert (first.slug, Event.objects.filter(action="organisation_added").count()) == ("maison-des-langues", 1)

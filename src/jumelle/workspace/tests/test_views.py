import json

import pytest
from django.urls import reverse

from jumelle.audit.models import Event
from jumelle.cities.enums import AssociationRole, Role
from jumelle.cities.models import Organisation
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_association_member, make_city, make_member, make_organisation, make_user

pytestmark = pytest.mark.django_db


def test_places_shows_own_cities_only(signed_in):
    own, other = make_city("own", name="Ourtown"), make_city("other", name="Theirtown")
    officer = make_member(own)
    make_member(other)

    text = signed_in(officer).get(reverse("workspace:places")).content.decode()

    assert ("Ourtown" in text, "Theirtown" in text) == (True, False)


def test_people_lists_the_city_and_records_the_reading(signed_in):
    own, other = make_city("own"), make_city("other")
    officer = make_member(own, user=make_user("Annabel"))
    make_member(own, Role.VOLUNTEER, make_user("Yvandro"))
    make_member(other, user=make_user("Foreigna"))

    text = signed_in(officer).get(reverse("workspace:people", kwargs={"city": "own"})).content.decode()

    assert [name in text for name in ("Annabel", "Yvandro", "Foreigna")] == [True, True, False]
    event = Event.objects.get(action="members_read")
    assert (event.chain, event.actor, event.data) == (f"city:{own.id}", str(officer.id), {"rows": 2})


def test_people_costs_the_same_for_one_and_for_many(signed_in, django_assert_max_num_queries):
    city = make_city("own")
    client = signed_in(make_member(city))
    for _number in range(12):
        make_member(city, Role.LEARNER)

    with django_assert_max_num_queries(25):
        client.get(reverse("workspace:people", kwargs={"city": "own"}))


def test_organisation_is_entered_and_shown(signed_in):
    city = make_city("own")
    client = signed_in(make_member(city))

    answer = client.post(reverse("workspace:add_organisation", kwargs={"city": "own"}), {"name": "Library", "kind": "ngo"}, follow=True)

    assert "Library" in answer.content.decode()
    with city_scope(city.id):
        assert Organisation.objects.get().kind == "ngo"


def test_invitation_form_offers_only_organisations_of_the_city(signed_in):
    own, other = make_city("own"), make_city("other")
    make_organisation(own, "ours", name="Ours")
    make_organisation(other, "theirs", name="Theirs")
    client = signed_in(make_member(own, Role.CITY_ADMIN))

    text = client.get(reverse("workspace:invite", kwargs={"city": "own"})).content.decode()

    assert ("Ours" in text, "Theirs" in text) == (True, False)


def test_staff_of_a_provider_cannot_be_invited_without_an_organisation(signed_in):
    client = signed_in(make_member(make_city("own"), Role.CITY_ADMIN))
    data = {"email": "new@example.org", "role": Role.PROVIDER_STAFF, "language": "fr"}

    answer = client.post(reverse("workspace:invite", kwargs={"city": "own"}), data)

    assert answer.context["form"].errors.keys() == {"organisation"}
    assert "new@example.org" in answer.content.decode()


def test_own_data_can_be_taken_away(signed_in):
    city = make_city("own", name="Ourtown")
    user = make_member(city, user=make_user("Annabel"))

    data = json.loads(signed_in(user).get(reverse("workspace:my_data")).content)

    assert (data["account"]["name"], data["account"]["email"]) == ("Annabel", user.email)
    assert [(row["city"], row["role"]) for row in data["memberships"]] == [("Ourtown", "integration_officer")]


def test_association_sees_its_cities_and_no_person(signed_in):
    city = make_city("own", name="Ourtown")
    make_member(city, user=make_user("Annabel"))
    officer = make_association_member(city.association, AssociationRole.ASSOCIATION_OFFICER)

    address = reverse("workspace:association", kwargs={"association": city.association.slug})
    text = signed_in(officer).get(address).content.decode()

    assert ("Ourtown" in text, "Annabel" in text) == (True, False)


def test_opening_a_page_by_emergency_access_stands_in_the_journal(signed_in):
    city = make_city("own")
    operator = make_user("operator", is_operator=True)
    client = signed_in(operator)
    reason = {"reason": "The city reported a broken page."}

    client.post(reverse("workspace:break_glass", kwargs={"city_slug": "own"}), reason)
    client.get(reverse("workspace:profile", kwargs={"city": "own"}))

    actions = list(Event.objects.filter(chain=f"city:{city.id}").order_by("number").values_list("action", flat=True))
    assert actions == ["break_glass_opened", "break_glass_page workspace:profile"]


def test_operator_without_emergency_access_is_nobody_in_a_city(signed_in):
    make_city("own")

    answer = signed_in(make_user("operator", is_operator=True)).get(reverse("workspace:city", kwargs={"city": "own"}))

    assert answer.status_code == 404

from datetime import date, timedelta

import pytest

from jumelle.audit.models import Event
from jumelle.cities import operations, queries
from jumelle.cities.access import Place
from jumelle.cities.enums import MemberType, Role
from jumelle.cities.models import GroupSeat, SupportGroup
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import NOW, make_city, make_member, make_user

pytestmark = pytest.mark.django_db
START = date(2026, 3, 1)


@pytest.fixture
def place():
    city = make_city()
    with city_scope(city.id):
        yield Place(user=make_member(city), city=city, association=city.association, roles=frozenset({Role.INTEGRATION_OFFICER}))


@pytest.fixture
def group(place) -> SupportGroup:
    return operations.set_up_group(place=place, subject="Language learning", set_up_on=START, now=NOW)


def give_seat(place: Place, group: SupportGroup, **given) -> GroupSeat:
    fields = {"name": "A function", "member_type": MemberType.RESIDENTS, "joined_on": START, "now": NOW, **given}
    return operations.add_seat(place=place, group=group, **fields)


def composition(group: SupportGroup) -> queries.Composition:
    return queries.composition_of(list(queries.seats_of(group)))


def test_group_has_ten_seats_and_an_ended_one_makes_room(place, group):
    seats = [give_seat(place, group) for _number in range(10)]

    with pytest.raises(operations.SeatsTaken):
        give_seat(place, group)
    operations.end_seat(place=place, seat=seats[0], left_on=START, now=NOW)
    give_seat(place, group)

    assert (len(composition(group).seats), GroupSeat.objects.count()) == (10, 11)


def test_composition_names_the_missing_types_and_whether_migrants_are_heard(place, group):
    give_seat(place, group, member_type=MemberType.PUBLIC_BODY)
    before = composition(group)
    speaker = give_seat(place, group, member_type=MemberType.RESIDENTS, speaks_for_migrants=True)
    after = composition(group)
    operations.end_seat(place=place, seat=speaker, left_on=START, now=NOW)

    assert (before.missing_types, before.hears_migrants) == ((MemberType.RESIDENTS, MemberType.CIVIL_SOCIETY), False)
    assert (after.missing_types, after.hears_migrants) == ((MemberType.CIVIL_SOCIETY,), True)
    assert composition(group).hears_migrants is False, "a seat that has ended speaks for nobody"


def test_resting_group_takes_nobody_until_it_is_called_again(place, group):
    operations.let_group_rest(place=place, group=group, rests_since=START, now=NOW)

    with pytest.raises(operations.GroupResting):
        give_seat(place, group)
    with pytest.raises(operations.GroupResting):
        operations.let_group_rest(place=place, group=group, rests_since=START, now=NOW)
    operations.call_meeting(place=place, group=group, held_on=START, purpose="The answers", now=NOW)
    give_seat(place, group)

    group.refresh_from_db()
    assert (group.rests_since, len(composition(group).seats)) == (None, 1)


def test_seat_for_an_account_needs_a_role_in_the_city(place, group):
    with pytest.raises(operations.PersonNotInCity):
        give_seat(place, group, user=make_user())

    seat = give_seat(place, group, user=make_member(place.city, Role.SUPPORT_GROUP_MEMBER))

    assert GroupSeat.objects.get() == seat


@pytest.mark.parametrize("day", [START - timedelta(days=1)])
def test_days_before_the_beginning_are_refused(place, group, day):
    with pytest.raises(operations.BeforeTheStart):
        give_seat(place, group, joined_on=day)
    seat = give_seat(place, group)
    with pytest.raises(operations.BeforeTheStart):
        operations.end_seat(place=place, seat=seat, left_on=day, now=NOW)


def test_seat_ends_once(place, group):
    seat = operations.end_seat(place=place, seat=give_seat(place, group), left_on=START, now=NOW)

    with pytest.raises(operations.SeatLeft):
        operations.end_seat(place=place, seat=seat, left_on=START, now=NOW)


def test_journal_holds_no_name(place, group):
    give_seat(place, group, name="Somebody Special", body="Special Body")

    assert "Special" not in repr(list(Event.objects.values()))

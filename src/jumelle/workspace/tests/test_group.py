from datetime import date

import pytest
from django.urls import reverse

from jumelle.cities.enums import Role
from jumelle.cities.models import GroupMeeting, GroupSeat, SupportGroup
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_city, make_member

pytestmark = pytest.mark.django_db
WARNING = "Migrants are not represented yet"


@pytest.fixture
def city():
    return make_city("own")


@pytest.fixture
def officer(city, signed_in):
    return signed_in(make_member(city))


def url(name: str, group: SupportGroup | None = None, **more) -> str:
    return reverse(f"workspace:{name}", kwargs={"city": "own", **({"pk": group.pk} if group else {}), **more})


def make_group(city, subject: str = "Language", **fields) -> SupportGroup:
    with city_scope(city.id):
        return SupportGroup.objects.create(city=city, subject=subject, set_up_on=date(2026, 1, 1), **fields)


def seat_data(**changed) -> dict[str, str]:
    return {"name": "Passerelles", "body": "", "member_type": "residents", "joined_on": "2026-02-01", **changed}


def test_group_is_set_up_and_warns_until_migrants_are_represented(city, officer):
    answer = officer.post(url("groups"), {"subject": "Language", "set_up_on": "2026-01-01"}, follow=True)
    with city_scope(city.id):
        group = SupportGroup.objects.get()

    assert WARNING in answer.content.decode()
    answer = officer.post(url("group_seat", group), seat_data(speaks_for_migrants="on"), follow=True)

    assert (WARNING in answer.content.decode(), "Passerelles" in answer.content.decode()) == (False, True)


def test_groups_of_another_city_are_not_listed(city, officer):
    make_group(city, "Ours")
    make_group(make_city("other"), "Theirs")

    text = officer.get(url("groups")).content.decode()

    assert ("Ours" in text, "Theirs" in text) == (True, False)


def test_refused_seat_keeps_what_was_typed(city, officer):
    group = make_group(city, rests_since=date(2026, 2, 1))

    answer = officer.post(url("group_seat", group), seat_data(name="Typed by hand"))

    assert (answer.status_code, "Typed by hand" in answer.content.decode()) == (422, True)
    assert "The group is resting" in answer.content.decode()


def test_member_of_the_group_reads_and_changes_nothing(city, signed_in):
    group = make_group(city)
    member = signed_in(make_member(city, Role.SUPPORT_GROUP_MEMBER))

    assert member.get(url("group", group)).status_code == 200
    assert [member.post(url(name, group), seat_data()).status_code for name in ("group_seat", "group_meeting", "group_rest")] == [403] * 3
    with city_scope(city.id):
        assert (GroupSeat.objects.count(), SupportGroup.objects.get().rests_since) == (0, None)


def test_resting_group_is_called_again_by_a_meeting_with_an_outcome(city, officer):
    group = make_group(city)
    officer.post(url("group_rest", group))
    officer.post(url("group_meeting", group), {"held_on": "2026-05-01", "purpose": "The plan"})
    with city_scope(city.id):
        meeting = GroupMeeting.objects.get()

    answer = officer.post(url("group_outcome", group, meeting=meeting.pk), {"outcome": "Six lines were discussed."}, follow=True)

    text = answer.content.decode()
    assert ("Six lines were discussed." in text, "has been resting" in text) == (True, False)


def test_page_costs_the_same_for_one_seat_and_for_ten(city, officer, django_assert_max_num_queries):
    group = make_group(city)
    with city_scope(city.id):
        for number in range(10):
            GroupSeat.objects.create(city=city, group=group, name=f"Seat {number}", member_type="residents", joined_on=date(2026, 1, 1))

    with django_assert_max_num_queries(25):
        officer.get(url("group", group))

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jumelle.action_plans.content import from_json, to_json
from jumelle.action_plans.queries import content_of, lines_of, plans_visible_to, private_notes_of, removed_lines_of
from jumelle.action_plans.tests.factories import NOW, make_line, make_plan
from jumelle.assessments.tests.factories import make_place
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.INTEGRATION_OFFICER, True),
        (Role.CITY_ADMIN, True),
        (Role.SUPPORT_GROUP_MEMBER, True),
        (Role.MENTOR_OFFICER, True),
        (Role.PROVIDER_STAFF, False),
        (Role.LEARNER, False),
        (Role.VOLUNTEER, False),
    ],
)
def test_plans_are_seen_by_those_who_write_comment_or_mentor(role, sees):
    place = make_place(role=role)
    plan = make_plan(place)
    make_plan()

    with city_scope(place.here.id):
        found = list(plans_visible_to(place))

    assert found == ([plan] if sees else [])


def test_lines_come_in_order_without_removed_ones():
    plan = make_plan()
    second = make_line(plan, "second", position=2)
    first = make_line(plan, "first", position=1)
    gone = make_line(plan, "gone", position=3, removed=True)

    with city_scope(plan.city_id):
        assert list(lines_of(plan)) == [first, second]
        assert list(removed_lines_of(plan)) == [gone]


@pytest.mark.parametrize("count", [1, 40])
def test_content_takes_as_many_queries_for_one_line_as_for_forty(count):
    plan = make_plan()
    for _number in range(count):
        make_line(plan, complete=True, measured=True, from_gap=True)

    with (
        city_scope(plan.city_id),
        CaptureQueriesContext(
            connection,
        ) as queries,
    ):
        content = content_of(plan, NOW)

    assert (len(content.lines), len(queries)) == (count, 3)


def test_content_survives_the_way_through_json():
    plan = make_plan()
    make_line(plan, complete=True, measured=True, from_gap=True)

    with city_scope(plan.city_id):
        content = content_of(plan, NOW)

    assert from_json(to_json(content)) == content


def test_private_notes_are_in_no_content_and_read_by_officers_alone():
    officer = make_place()
    member = make_place(officer.here, Role.SUPPORT_GROUP_MEMBER)
    plan = make_plan(officer)
    line = make_line(plan, private_note="between us")

    with city_scope(plan.city_id):
        assert private_notes_of(officer, plan) == {line.pk: "between us"}
        assert private_notes_of(member, plan) == {}
        assert "between us" not in to_json(content_of(plan, NOW))

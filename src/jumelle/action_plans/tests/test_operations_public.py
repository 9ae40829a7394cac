import pytest

from jumelle.action_plans.models import Plan, PlanLine
from jumelle.action_plans.operations.public import PlanPutAway, set_public
from jumelle.action_plans.tests.factories import LATER, NOW, make_line, make_plan
from jumelle.assessments.tests.factories import make_place
from jumelle.audit.models import Event
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    made = make_place()
    with city_scope(made.here.id):
        yield made


def actions():
    return sorted(Event.objects.values_list("action", flat=True))


def test_page_and_lines_are_chosen_even_after_an_approval(place):
    plan = make_plan(place, approved=True)
    shown, hidden, left = make_line(plan), make_line(plan, is_public=True), make_line(plan, is_public=True)

    result = set_public(place=place, plan=plan, is_public=True, lines={shown.pk: True, hidden.pk: False}, now=LATER)

    assert (result.plan_changed, result.lines, Plan.objects.get().is_public) == (True, 2, True)
    assert {line.pk: line.is_public for line in PlanLine.objects.all()} == {shown.pk: True, hidden.pk: False, left.pk: True}
    assert {line.revision for line in PlanLine.objects.all()} == {1}
    assert actions() == ["plan_line_hidden", "plan_line_published", "plan_published"]


def test_same_choice_writes_nothing(place):
    plan = make_plan(place, is_public=True)
    line = make_line(plan, is_public=True)

    result = set_public(place=place, plan=plan, is_public=True, lines={line.pk: True}, now=LATER)

    assert (result.plan_changed, result.lines, actions()) == (False, 0, [])


def test_closing_the_page_keeps_the_choice_of_lines(place):
    plan = make_plan(place, is_public=True)
    make_line(plan, is_public=True)

    set_public(place=place, plan=plan, is_public=False, lines={}, now=LATER)

    assert (Plan.objects.get().is_public, PlanLine.objects.get().is_public, actions()) == (False, True, ["plan_hidden"])


def test_lines_of_another_plan_and_removed_ones_stay_as_they_are(place):
    plan = make_plan(place)
    sibling, removed = make_line(make_plan(place)), make_line(plan, removed=True)
    foreign = make_line(make_plan())

    result = set_public(place=place, plan=plan, is_public=False, lines=dict.fromkeys((sibling.pk, removed.pk, foreign.pk), True), now=LATER)

    assert (result.lines, list(PlanLine.objects.values_list("is_public", flat=True))) == (0, [False, False])


def test_plan_that_was_put_away_has_no_page(place):
    plan = make_plan(place, archived_at=NOW)

    with pytest.raises(PlanPutAway):
        set_public(place=place, plan=plan, is_public=True, lines={}, now=LATER)

import pytest

from jumelle.action_plans.models import Plan
from jumelle.action_plans.operations import (
    HeaderChangedMeanwhile,
    HeaderGiven,
    HeaderIncomplete,
    HeaderTooLong,
    PlanApproved,
    PlanNotFrozen,
    PlanPutAway,
    ReasonMissing,
    bring_plan_back,
    edit_header,
    header_of,
    put_plan_away,
    start_plan,
    start_revision,
)
from jumelle.action_plans.tests.factories import LATER, NOW, make_plan
from jumelle.assessments.tests.factories import make_place
from jumelle.audit.models import Event
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place()


def edit(place, plan, given):
    with city_scope(place.here.id):
        return edit_header(place=place, plan=plan, given=given, now=LATER)


def test_start_plan_needs_no_mentor_and_can_be_changed(place):
    with city_scope(place.here.id):
        plan = start_plan(place=place, given=HeaderGiven(" Language for all ", "Aubrelle", "", "fr"), now=NOW)

        plan.refresh_from_db()
        assert header_of(plan) == HeaderGiven("Language for all", "Aubrelle", "", "fr", 1)
        assert plan.can_be_changed
    assert Event.objects.filter(action="plan_started", object_id=str(plan.pk)).count() == 1


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        (HeaderGiven("", "Aubrelle", "", "fr"), HeaderIncomplete),
        (HeaderGiven("Language", " ", "", "fr"), HeaderIncomplete),
        (HeaderGiven("Language", "Aubrelle", "", ""), HeaderIncomplete),
        (HeaderGiven("Language", "Aubrelle", "x" * 201, "fr"), HeaderTooLong),
    ],
)
def test_start_plan_refuses_what_the_template_asks_for(place, given, refusal):
    with city_scope(place.here.id), pytest.raises(refusal):
        start_plan(place=place, given=given, now=NOW)

    with city_scope(place.here.id):
        assert not Plan.objects.exists()


def test_header_changed_meanwhile_is_told_with_both_states_and_can_then_be_replaced(place):
    plan = make_plan(place, title="Old", mentee="Aubrelle", language="fr")
    edit(place, plan, HeaderGiven("Theirs", "Aubrelle", "Bruyères", "fr", 1))
    mine = HeaderGiven("Mine", "Aubrelle", "", "fr", 1)

    with pytest.raises(HeaderChangedMeanwhile) as told:
        edit(place, plan, mine)

    assert (told.value.given, told.value.stored) == (mine, HeaderGiven("Theirs", "Aubrelle", "Bruyères", "fr", 2))
    assert header_of(edit(place, plan, HeaderGiven("Mine", "Aubrelle", "", "fr", 2))) == HeaderGiven("Mine", "Aubrelle", "", "fr", 3)


def test_same_header_is_no_change_and_no_conflict(place):
    plan = make_plan(place, title="Same", mentee="Aubrelle", language="fr", revision=7)

    assert edit(place, plan, HeaderGiven("Same", "Aubrelle", "", "fr", 2)).revision == 7
    assert not Event.objects.filter(action="plan_header_changed").exists()


def test_header_of_an_approved_plan_stays_until_a_new_version_is_started(place):
    plan = make_plan(place, approved=True, title="Old")
    given = HeaderGiven("New", plan.mentee, "", "fr", 1)

    with pytest.raises(PlanApproved):
        edit(place, plan, given)
    with city_scope(place.here.id):
        start_revision(place=place, plan=plan, reason="The council asked for it", now=LATER)

    assert edit(place, plan, given).title == "New"
    assert Event.objects.get(action="plan_revision_started").reason == "The council asked for it"


def test_new_version_needs_a_reason_and_a_frozen_plan(place):
    frozen, open_plan = make_plan(place, approved=True), make_plan(place)

    with city_scope(place.here.id), pytest.raises(ReasonMissing):
        start_revision(place=place, plan=frozen, reason="no", now=LATER)
    with city_scope(place.here.id), pytest.raises(PlanNotFrozen):
        start_revision(place=place, plan=open_plan, reason="A good reason", now=LATER)


def test_plan_that_is_put_away_takes_no_changes_until_it_is_brought_back(place):
    plan = make_plan(place, title="Old")
    given = HeaderGiven("New", plan.mentee, "", "fr", 1)
    with city_scope(place.here.id):
        put_plan_away(place=place, plan=plan, now=LATER)

    with pytest.raises(PlanPutAway):
        edit(place, plan, given)
    with city_scope(place.here.id), pytest.raises(PlanPutAway):
        start_revision(place=place, plan=plan, reason="A good reason", now=LATER)
    with city_scope(place.here.id):
        bring_plan_back(place=place, plan=plan, now=LATER)

    assert edit(place, plan, given).title == "New"


def test_journal_holds_no_word_of_the_header(place):
    plan = make_plan(place, title="Old")
    edit(place, plan, HeaderGiven("Secretplan", "Aubrelle", "", "fr", 1))

    assert not any("Secretplan" in str(event.data) for event in Event.objects.all())

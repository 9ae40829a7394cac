import pytest

from jumelle.assessments.models import Assessment, ChosenFactor
from jumelle.assessments.operations import (
    AssessmentFinished,
    AssessmentOpen,
    FactorUnknown,
    ReasonMissing,
    choose_factor,
    finish_assessment,
    reopen_assessment,
    unchoose_factor,
)
from jumelle.assessments.tests.factories import LATER, make_assessment, make_place
from jumelle.audit.models import Event
from jumelle.audit.operations import verify_chain
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db
REASON = "Three schools asked for it."


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def assessment(place):
    made = make_assessment(place, themes=["KF1", "KF2", "CF"])
    with city_scope(place.city.id):
        yield made


def choose(place, assessment, code="KF1", reason=REASON):
    return choose_factor(place=place, assessment=assessment, section_code=code, reason=reason, now=LATER)


def test_chosen_factor_keeps_its_reason(place, assessment):
    choose(place, assessment, reason=f"  {REASON} ")

    chosen = ChosenFactor.objects.get()
    assert (chosen.section_code, chosen.reason, chosen.chosen_by, chosen.chosen_at) == ("KF1", REASON, place.user, LATER)
    assert "reason" not in Event.objects.get(action="factor_chosen").data


def test_choosing_again_changes_the_reason_and_not_the_count(place, assessment):
    choose(place, assessment)
    choose(place, assessment, reason="The council asked for it.")
    choose(place, assessment, reason="The council asked for it.")

    assert ChosenFactor.objects.get().reason == "The council asked for it."
    assert Event.objects.filter(action="factor_chosen").count() == 2


@pytest.mark.parametrize("reason", ["", "    ", "yes", "four"])
def test_choice_needs_a_reason(place, assessment, reason):
    with pytest.raises(ReasonMissing):
        choose(place, assessment, reason=reason)


@pytest.mark.parametrize("code", ["KF3", "NOPE", "KF1.Q1", "", "CF"])
def test_only_a_theme_of_the_assessment_can_be_chosen(place, assessment, code):
    with pytest.raises(FactorUnknown):
        choose(place, assessment, code=code)


def test_choice_is_taken_back_with_a_reason_that_the_journal_keeps(place, assessment):
    choose(place, assessment)

    unchoose_factor(place=place, assessment=assessment, section_code="KF1", reason="Another year.", now=LATER)

    assert ChosenFactor.objects.count() == 0
    assert Event.objects.get(action="factor_unchosen").reason == "Another year."


def test_taking_back_what_was_not_chosen_does_nothing(place, assessment):
    act = {"place": place, "assessment": assessment, "section_code": "KF1", "reason": REASON, "now": LATER}

    assert unchoose_factor(**act) is None
    assert not Event.objects.filter(action="factor_unchosen").exists()


def test_finishing_closes_and_reopening_opens_with_a_reason(place, assessment):
    finish_assessment(place=place, assessment=assessment, now=LATER)
    assert Assessment.objects.get().finished_at == LATER

    reopen_assessment(place=place, assessment=assessment, reason="One answer was wrong.", now=LATER)
    assert Assessment.objects.get().finished_at is None
    assert Event.objects.get(action="assessment_reopened").reason == "One answer was wrong."
    assert verify_chain(place.chain) == []


def test_finishing_twice_and_reopening_what_is_open_are_refused(place, assessment):
    with pytest.raises(AssessmentOpen):
        reopen_assessment(place=place, assessment=assessment, reason=REASON, now=LATER)
    finish_assessment(place=place, assessment=assessment, now=LATER)
    with pytest.raises(AssessmentFinished):
        finish_assessment(place=place, assessment=assessment, now=LATER)


def test_reopening_needs_a_reason(place, assessment):
    finish_assessment(place=place, assessment=assessment, now=LATER)

    with pytest.raises(ReasonMissing):
        reopen_assessment(place=place, assessment=assessment, reason=" no ", now=LATER)
    assert not Assessment.objects.get().is_open

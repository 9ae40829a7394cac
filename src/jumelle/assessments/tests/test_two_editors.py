"""Several people at the same moment, each on a connection of their own."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from jumelle.assessments.models import Answer, AnswerRevision
from jumelle.assessments.operations import AnsweredMeanwhile, AssessmentFinished, Given, finish_assessment, save_answer
from jumelle.assessments.tests.factories import LATER, make_assessment, make_place
from jumelle.audit.operations import verify_chain
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 6
CODES = ["KF1.Q1", "KF1.Q2", "KF2.Q1", "KF2.Q2", "KF3.Q1", "KF3.Q2"]


def together(act, inputs):
    """What each of the inputs led to: "saved", or the name of the refusal."""

    def one(given):
        try:
            act(given)
        except (AnsweredMeanwhile, AssessmentFinished) as refusal:
            return type(refusal).__name__
        else:
            return "saved"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as people:
        return Counter(people.map(one, inputs))


def saving(place, assessment, code, value):
    with city_scope(place.city.id):
        save_answer(place=place, assessment=assessment, code=code, given=Given(value), now=LATER)


def test_of_many_first_answers_to_one_item_one_is_stored_and_the_others_are_told():
    place = make_place()
    assessment = make_assessment(place)
    values = ["yes", "partly", "no", "na", "unknown", "yes"]

    outcome = together(lambda value: saving(place, assessment, "KF1.Q1", value), values)

    with city_scope(place.city.id):
        stored = Answer.objects.get()
        assert (stored.revision, AnswerRevision.objects.count()) == (1, 0)
    same = values.count(stored.value)  # who gave what is stored already has nothing to be told
    assert outcome == Counter({"saved": same, "AnsweredMeanwhile": PEOPLE - same})


def test_many_answers_to_different_items_are_all_stored_and_journalled():
    place = make_place()
    assessment = make_assessment(place)

    outcome = together(lambda code: saving(place, assessment, code, "yes"), CODES)

    with city_scope(place.city.id):
        assert sorted(Answer.objects.values_list("item_code", flat=True)) == CODES
    assert outcome == Counter({"saved": PEOPLE})
    assert verify_chain(place.chain) == []


def test_no_answer_slips_into_an_assessment_that_is_being_finished():
    place = make_place()
    assessment = make_assessment(place)

    def act(code):
        if code != CODES[0]:
            return saving(place, assessment, code, "yes")
        with city_scope(place.city.id):
            return finish_assessment(place=place, assessment=make_copy(assessment), now=LATER)

    outcome = together(act, CODES)

    with city_scope(place.city.id):
        assert Answer.objects.count() == outcome["saved"] - 1
    assert outcome["saved"] + outcome["AssessmentFinished"] == PEOPLE


def make_copy(assessment):
    """Each person's own view of the row."""
    return type(assessment).objects.get(pk=assessment.pk)

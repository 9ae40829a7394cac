"""What the group agrees upon: written down, kept in all its states, and never at the cost of what people had said."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.db import connection

from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import AgreedAnswer, Answer, AnswerRevision, Assessment, ConsensusMeeting, Round
from jumelle.assessments.operations import AssessmentFinished, ItemUnknown, TextTooLong, ValueUnknown, close_round, finish_assessment
from jumelle.assessments.operations.agreeing import (
    AgreedMeanwhile,
    AgreedOn,
    Agreement,
    MeetingAhead,
    NewMeeting,
    NotBeingDiscussed,
    NothingAgreed,
    NotSaidByAll,
    PresentMissing,
    ReasonNeeded,
    agree,
    agree_as_said,
)
from jumelle.assessments.queries.agreed import agreed_in, agreements_on, agreements_that_hold, meetings_of
from jumelle.assessments.queries.sheet import sheet_of
from jumelle.assessments.tests.factories import LATER, give, make_assessment, make_open_round, make_place, make_round
from jumelle.audit.models import Event
from jumelle.cities.access import Place
from jumelle.cities.tenancy import city_scope, every_city

pytestmark = pytest.mark.django_db

NGO = RespondentRole.NGO
Q1, Q2, Q3, OPEN = "KF1.Q1", "KF1.Q2", "KF2.Q1", "CF.F1"
MEETING = NewMeeting(date(2026, 2, 28), "Two services, an NGO, three members of the support group")
GOOD = Agreement(value="partly", reason="Both sides are right: see the list of 2025.", minority_note="Two of us say no.")


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def opened(place: Place) -> Round:
    assessment = make_assessment(place, themes=["KF1", "KF2", "CF"])
    people = [{Q1: "yes", Q2: "no", Q3: "na"}] * 3 + [{Q1: "no", Q2: "no", Q3: "na"}] * 2
    return make_open_round(place, assessment, [(NGO, values) for values in people])


def agree_on(place: Place, opened: Round, code: str = Q1, agreement: Agreement = GOOD, meeting: Any = None) -> AgreedAnswer:
    with city_scope(opened.city_id):
        return agree(place=place, round=opened, code=code, agreement=agreement, meeting=meeting, now=LATER)


def answer_to(opened: Round, code: str = Q1) -> Answer:
    with city_scope(opened.city_id):
        return Answer.objects.get(assessment=opened.assessment, item_code=code, archived_by=None)


def said_alone() -> list[tuple[Any, ...]]:
    """Every byte that respondents have in the database, as it lies there."""
    with every_city("a test"), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM assessments_respondentanswer ORDER BY id")
        answers = cursor.fetchall()
        cursor.execute("SELECT * FROM assessments_respondent ORDER BY id")
        return answers + cursor.fetchall()


# --- one item ---------------------------------------------------------------------------------------------------------


def test_agreed_answer_becomes_the_answer_of_the_assessment(place: Place, opened: Round):
    agreed = agree_on(place, opened, meeting=MEETING)

    assert (agreed.value, agreed.reason, agreed.minority_note, agreed.revision) == ("partly", GOOD.reason, GOOD.minority_note, 1)
    assert (agreed.meeting.held_on, agreed.meeting.present) == (MEETING.held_on, MEETING.present)
    assert (answer_to(opened).value, answer_to(opened).revision) == ("partly", 1)


def test_answer_of_the_team_stays_among_its_earlier_states_and_keeps_its_note(place: Place, opened: Round):
    give(place, opened.assessment, Q1, "yes", note="As we saw it", come_back=True)

    agree_on(place, opened, agreement=replace(GOOD, answer_revision=1))

    with city_scope(opened.city_id):
        earlier = AnswerRevision.objects.get(answer=answer_to(opened))
    assert (earlier.value, earlier.note) == ("yes", "As we saw it")
    assert (answer_to(opened).value, answer_to(opened).note, answer_to(opened).come_back) == ("partly", "As we saw it", True)


def test_what_people_said_stays_as_it_was_to_the_last_byte(place: Place, opened: Round):
    before = said_alone()

    agree_on(place, opened, meeting=MEETING)
    agree_on(place, opened, agreement=replace(GOOD, value="no", revision=1, answer_revision=1))
    with city_scope(opened.city_id):
        agree_as_said(place=place, round=opened, codes={Q2: 0}, reason="All said so.", meeting=None, now=LATER)
        close_round(place=place, round=opened, now=LATER)

    assert len(before) > 5
    assert said_alone() == before


def test_change_of_mind_is_a_further_row(place: Place, opened: Round):
    first = agree_on(place, opened)
    second = agree_on(place, opened, agreement=replace(GOOD, value="no", reason="We looked again.", revision=1, answer_revision=1))

    with city_scope(opened.city_id):
        assert agreed_in(opened)[Q1] == second
        assert list(agreements_on(opened.assessment, Q1)) == [second, first]
    assert (first.value, second.value, second.revision) == ("partly", "no", 2)
    assert answer_to(opened).value == "no"


def test_open_question_is_agreed_upon_in_words(place: Place, opened: Round):
    agreed = agree_on(place, opened, OPEN, Agreement(text="About  400 people.\r\nMore in summer.", reason="Both figures fit."))

    assert agreed.text == "About  400 people.\nMore in summer."
    assert answer_to(opened, OPEN).text == agreed.text


def test_an_answer_that_stands_already_can_be_agreed_upon(place: Place, opened: Round):
    give(place, opened.assessment, Q1, "partly")

    agreed = agree_on(place, opened)

    with city_scope(opened.city_id):
        assert agreements_that_hold(sheet_of(opened.assessment)) == {Q1: agreed}
    assert answer_to(opened).revision == 1


def test_an_answer_that_waits_to_be_confirmed_is_confirmed(place: Place, opened: Round):
    answer = give(place, opened.assessment, Q1, "partly")
    with city_scope(opened.city_id):
        Answer.objects.filter(pk=answer.pk).update(to_confirm=True)

    agree_on(place, opened, agreement=replace(GOOD, answer_revision=1))

    assert (answer_to(opened).value, answer_to(opened).to_confirm) == ("partly", False)


def test_agreement_holds_until_somebody_answers_otherwise(place: Place, opened: Round):
    agree_on(place, opened)
    give(place, opened.assessment, Q1, "no")

    with city_scope(opened.city_id):
        assert agreements_that_hold(sheet_of(opened.assessment)) == {}


def test_posting_twice_writes_once(place: Place, opened: Round):
    first = agree_on(place, opened, meeting=MEETING)
    again = agree_on(place, opened, meeting=MEETING)

    assert again == first
    with city_scope(opened.city_id):
        assert (AgreedAnswer.objects.count(), ConsensusMeeting.objects.count()) == (1, 1)


# --- two at once ------------------------------------------------------------------------------------------------------


def test_second_facilitator_is_told_and_shown_both(place: Place, opened: Round):
    theirs = agree_on(place, opened)
    mine = replace(GOOD, value="no", reason="We think otherwise.")

    with pytest.raises(AgreedMeanwhile) as caught:
        agree_on(place, opened, agreement=mine, meeting=MEETING)

    assert (caught.value.agreement, caught.value.stored, caught.value.answer) == (mine, theirs, answer_to(opened))
    with city_scope(opened.city_id):
        assert AgreedAnswer.objects.get() == theirs
        assert not meetings_of(opened).exists()


def test_answer_that_the_team_changed_meanwhile_is_not_overwritten(place: Place, opened: Round):
    answer = give(place, opened.assessment, Q1, "yes")

    with pytest.raises(AgreedMeanwhile) as caught:
        agree_on(place, opened)

    assert (caught.value.stored, caught.value.answer) == (None, answer)
    assert answer_to(opened).value == "yes"
    with city_scope(opened.city_id):
        assert not AgreedAnswer.objects.exists()


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "agreement", "meeting", "refusal"),
    [
        pytest.param("KF8.Q1", GOOD, None, ItemUnknown, id="not asked"),
        pytest.param("no such item", GOOD, None, ItemUnknown, id="no item"),
        pytest.param(Q1, replace(GOOD, value="perhaps"), None, ValueUnknown, id="no level"),
        pytest.param(Q1, replace(GOOD, text="In words"), None, ValueUnknown, id="words for a scale"),
        pytest.param(Q1, replace(GOOD, value=""), None, NothingAgreed, id="no answer"),
        pytest.param(Q1, replace(GOOD, reason=" \n"), None, ReasonNeeded, id="no reason"),
        pytest.param(Q1, replace(GOOD, reason="x" * 10_001), None, TextTooLong, id="long reason"),
        pytest.param(Q1, replace(GOOD, minority_note="x" * 10_001), None, TextTooLong, id="long minority"),
        pytest.param(Q1, GOOD, NewMeeting(date(2026, 2, 28), " "), PresentMissing, id="nobody there"),
        pytest.param(Q1, GOOD, NewMeeting(date(2026, 3, 2), "All"), MeetingAhead, id="tomorrow"),
    ],
)
def test_refused_and_nothing_written(place: Place, opened: Round, code: str, agreement: Agreement, meeting: Any, refusal: type[Exception]):
    with pytest.raises(refusal):
        agree_on(place, opened, code, agreement, meeting)

    with city_scope(opened.city_id):
        assert not AgreedAnswer.objects.exists()
        assert not Answer.objects.filter(assessment=opened.assessment, item_code=code).exists()
        assert not ConsensusMeeting.objects.exists()


def test_meeting_of_another_round_is_refused(place: Place, opened: Round):
    other = make_open_round(place, make_assessment(place, themes=["KF1"]), [(NGO, {Q1: "yes"})] * 5)
    foreign = agree_on(place, other, meeting=MEETING).meeting

    with pytest.raises(LookupError):
        agree_on(place, opened, meeting=foreign)


def test_nothing_is_agreed_before_the_round_is_open_or_after_it_is_closed(place: Place, opened: Round):
    collecting = make_round(place, make_assessment(place, themes=["KF1"]))
    with city_scope(opened.city_id):
        close_round(place=place, round=opened, now=LATER)

    for each in (collecting, opened):
        with pytest.raises(NotBeingDiscussed):
            agree_on(place, each)


def test_nothing_is_agreed_in_a_finished_assessment(place: Place, opened: Round):
    with city_scope(opened.city_id):
        finish_assessment(place=place, assessment=Assessment.objects.get(pk=opened.assessment_id), now=LATER)

    with pytest.raises(AssessmentFinished):
        agree_on(place, opened)


def test_journal_keeps_that_something_was_agreed_and_not_what(place: Place, opened: Round):
    agreed = agree_on(place, opened, meeting=MEETING)

    events = {event.action: event for event in Event.objects.filter(chain=place.chain)}
    assert events["answer_agreed"].data == {"round": str(opened.pk), "item": Q1, "revision": 1}
    assert events["answer_agreed"].object_id == str(agreed.pk)
    assert {"answer_saved", "consensus_meeting_noted"} <= set(events)
    assert not any(GOOD.reason in str(event.data) or MEETING.present in str(event.data) for event in events.values())


# --- in one step ------------------------------------------------------------------------------------------------------


def test_what_all_said_is_agreed_in_one_step_where_it_was_chosen(place: Place, opened: Round):
    with city_scope(opened.city_id):
        done = agree_as_said(place=place, round=opened, codes={Q2: 0, Q3: 0}, reason="All said so.", meeting=MEETING, now=LATER)
        found = agreed_in(opened)

    assert done == AgreedOn((Q2, Q3), {})
    assert {code: (each.value, each.reason) for code, each in found.items()} == {Q2: ("no", "All said so."), Q3: ("na", "All said so.")}
    assert len({each.meeting_id for each in found.values()}) == 1
    assert (answer_to(opened, Q2).value, answer_to(opened, Q3).value) == ("no", "na")


def test_what_not_all_said_cannot_be_agreed_in_one_step(place: Place, opened: Round):
    agree_on(place, opened, Q2, replace(GOOD, value="yes"))
    give(place, opened.assessment, Q3, "yes")

    with city_scope(opened.city_id):
        done = agree_as_said(place=place, round=opened, codes={Q1: 0, Q2: 1, Q3: 0}, reason="All said so.", meeting=None, now=LATER)
        found = agreed_in(opened)

    assert done.codes == ()
    assert {code: type(refusal) for code, refusal in done.refused.items()} == {Q1: NotSaidByAll, Q2: NotSaidByAll, Q3: AgreedMeanwhile}
    assert [(code, each.value) for code, each in found.items()] == [(Q2, "yes")]

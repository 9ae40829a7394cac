from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import connections

from jumelle.assessments import operations
from jumelle.assessments.models import Respondent, RespondentAnswer
from jumelle.assessments.operations import Given
from jumelle.assessments.tests.factories import (
    CHECKLIST,
    LAST_DAY,
    LATER,
    hand_in,
    lay_open,
    make_assessment,
    make_place,
    make_respondent,
    make_round,
    make_shipped_version,
    respond,
)
from jumelle.audit.models import Event
from jumelle.cities.enums import OrganisationType
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_organisation

pytestmark = pytest.mark.django_db
TOO_LATE = datetime.combine(LAST_DAY + timedelta(days=1), datetime.min.time(), tzinfo=UTC)


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def round(place):
    return make_round(place, make_assessment(place))


@pytest.fixture
def person(place, round):
    return make_respondent(place, round, themes=["KF1", "CF"])


@pytest.fixture
def inside(place):
    with city_scope(place.city.id):
        yield


def save(person, code="KF1.Q1", now=LATER, **given):
    return operations.save_respondent_answer(respondent=person, code=code, given=Given(**given), now=now)


def test_save_keeps_value_notes_and_the_wording_that_was_answered(person, inside):
    saved = save(person, value="partly", note=" For the others.\r\nReally. ", private_note="For me.")

    stored = RespondentAnswer.objects.get()
    assert saved == operations.Saved(stored, changed=True)
    assert (stored.value, stored.text, stored.note, stored.private_note) == ("partly", "", "For the others.\nReally.", "For me.")
    assert (stored.revision, stored.answered_at) == (1, LATER)
    assert set(stored.wording) >= {"fr", "en"}


def test_a_private_note_alone_is_worth_saving(person, inside):
    assert save(person, private_note="Ask my colleague.").changed
    assert not save(person, code="KF1.Q2").changed
    assert RespondentAnswer.objects.count() == 1


def test_the_same_again_changes_nothing(person, inside):
    save(person, value="yes", private_note="x")

    again = save(person, value="yes", private_note="x", revision=0)

    assert (again.changed, again.answer.revision) == (False, 1)


def test_two_windows_are_told(person, inside):
    save(person, value="yes")
    save(person, value="no", revision=1)

    with pytest.raises(operations.AnsweredElsewhere) as refusal:
        save(person, value="yes", private_note="typed", revision=1)

    assert refusal.value.stored == RespondentAnswer.objects.get()
    assert refusal.value.given.private_note == "typed"
    assert RespondentAnswer.objects.get().value == "no"


@pytest.mark.parametrize("code", ["NOPE", "KF1", "KF2.Q1"])
def test_only_what_one_is_asked_can_be_answered(person, inside, code):
    with pytest.raises(operations.ItemUnknown):
        save(person, code, value="yes")


def test_what_is_not_for_this_kind_of_organisation_is_not_asked(place, inside):
    ngo = make_organisation(place.city, kind=OrganisationType.NGO)
    assessment = make_assessment(place, make_shipped_version(CHECKLIST), organisation=ngo)
    person = make_respondent(place, make_round(place, assessment))

    with pytest.raises(operations.ItemUnknown):
        save(person, "UT6.C09", value="ticked")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"value": "maybe"}, operations.ValueUnknown),
        ({"value": "yes", "text": "typed"}, operations.ValueUnknown),
        ({"note": "x" * 10_001}, operations.TextTooLong),
        ({"private_note": "x" * 10_001}, operations.TextTooLong),
    ],
)
def test_values_and_texts_are_checked_as_the_teams_are(person, inside, given, refusal):
    with pytest.raises(refusal):
        save(person, **given)

    assert not RespondentAnswer.objects.exists()


def test_a_page_saves_what_it_can(person, inside):
    given = {"KF1.Q1": Given("yes"), "KF1.Q2": Given("maybe"), "KF2.Q1": Given("yes")}

    page = operations.save_respondent_page(respondent=person, given=given, now=LATER)

    assert (dict(page.saved), page.unchanged) == ({"KF1.Q1": 1}, ())
    assert {code: type(refusal).__name__ for code, refusal in page.refused.items()} == {"KF1.Q2": "ValueUnknown", "KF2.Q1": "ItemUnknown"}


def test_answers_are_not_written_to_the_journal_but_sending_in_is(place, person, inside):
    before = Event.objects.count()
    save(person, value="yes", note="Canary.")
    assert Event.objects.count() == before

    operations.send_in(place=place, respondent=person, now=LATER)

    event = Event.objects.latest("number")
    assert (event.action, event.object_id, event.data) == ("respondent_sent_in", str(person.pk), {"round": str(person.round_id)})


def test_send_in_is_not_final_until_the_round_is_opened(place, person, inside):
    save(person, value="yes")
    operations.send_in(place=place, respondent=person, now=LATER)
    with pytest.raises(operations.SentIn):
        save(person, value="no", revision=1)
    with pytest.raises(operations.SentIn):
        operations.send_in(place=place, respondent=person, now=LATER)

    operations.take_back(place=place, respondent=person, now=LATER)
    save(person, value="no", revision=1)

    assert Respondent.objects.get().sent_in_at is None
    assert RespondentAnswer.objects.get().value == "no"
    with pytest.raises(operations.NotSentIn):
        operations.take_back(place=place, respondent=person, now=LATER)


def test_nothing_answered_cannot_be_sent_in(place, person, inside):
    save(person, private_note="Only this.")

    with pytest.raises(operations.NothingAnswered):
        operations.send_in(place=place, respondent=person, now=LATER)


def opened(place, person):
    for _ in range(5):
        other = make_respondent(place, person.round)
        respond(other, "KF1.Q1", "yes")
        hand_in(place, other)
    lay_open(place, person.round)


def closed(place, person):
    operations.close_round(place=place, round=person.round, now=LATER)


def withdrawn(place, person):
    operations.withdraw_respondent(place=place, respondent=person, now=LATER)


def finished(place, person):
    operations.finish_assessment(place=place, assessment=person.round.assessment, now=LATER)


@pytest.mark.parametrize("end", [opened, closed, withdrawn, finished])
def test_after_the_end_nobody_answers(place, person, inside, end):
    save(person, value="yes")
    end(place, person)

    with pytest.raises(operations.AnsweringOver):
        save(person, value="no", revision=1)
    with pytest.raises(operations.AnsweringOver):
        operations.save_respondent_page(respondent=person, given={"KF1.Q1": Given("no", revision=1)}, now=LATER)
    with pytest.raises(operations.AnsweringOver):
        operations.send_in(place=place, respondent=person, now=LATER)

    assert RespondentAnswer.objects.get(respondent=person).value == "yes"


def test_after_the_last_day_nobody_answers(place, person, inside):
    save(person, value="yes", now=TOO_LATE - timedelta(hours=3))

    with pytest.raises(operations.AnsweringOver):
        save(person, value="no", revision=1, now=TOO_LATE)


def test_what_was_sent_in_cannot_be_taken_back_once_it_lies_open(place, person, inside):
    save(person, value="yes")
    operations.send_in(place=place, respondent=person, now=LATER)
    opened(place, person)

    with pytest.raises(operations.AnsweringOver):
        operations.take_back(place=place, respondent=person, now=LATER)


# --- at the same moment -----------------------------------------------------------------------------------------------


def together(acts):
    """What each act led to: "done", or the name of the refusal."""

    def one(act):
        try:
            act()
        except (operations.AnswerRefused, operations.AnsweringRefused) as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as windows:
        return Counter(windows.map(one, acts))


def in_city(person, act):
    def run():
        with city_scope(person.city_id):
            return act()

    return run


@pytest.mark.django_db(transaction=True)
def test_of_many_windows_on_one_item_one_saves_and_the_others_are_told():
    place = make_place()
    person = make_respondent(place, make_round(place, make_assessment(place)))
    notes = [f"Window {number}" for number in range(6)]

    outcome = together([in_city(person, partial(save, person, value="yes", note=note)) for note in notes])

    assert outcome == Counter({"done": 1, "AnsweredElsewhere": 5})
    with city_scope(place.city.id):
        assert RespondentAnswer.objects.get().revision == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_comes_in_once_the_round_is_opened():
    place = make_place()
    round = make_round(place, make_assessment(place))
    people = [make_respondent(place, round) for _ in range(10)]
    for person in people:
        respond(person, "KF1.Q1", "yes")
    for person in people[:5]:
        hand_in(place, person)
    late = [in_city(person, partial(operations.send_in, place=place, respondent=person, now=LATER)) for person in people[5:]]

    outcome = together([*late, partial(lay_open, place, round)])

    with city_scope(place.city.id):
        opened = Event.objects.get(action="round_opened").data["sent_in"]
        assert Respondent.objects.exclude(sent_in_at=None).count() == opened
    assert outcome == Counter({"done": opened - 5 + 1, "AnsweringOver": 10 - opened})

from datetime import date, timedelta

import pytest

from jumelle.assessments import operations
from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import RespondentAnswer
from jumelle.assessments.queries import (
    answers_on_the_table,
    asked_of,
    questionnaire_of,
    respondent_of,
    respondents_of,
    rounds_of,
    running_round_of,
    sent_in,
    themes_to_ask,
)
from jumelle.assessments.tests.factories import (
    CHECKLIST,
    LAST_DAY,
    LATER,
    NOW,
    hand_in,
    lay_open,
    make_assessment,
    make_open_round,
    make_place,
    make_respondent,
    make_round,
    make_shipped_version,
    respond,
)
from jumelle.cities.access import Place
from jumelle.cities.enums import OrganisationType, Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_city, make_member, make_organisation

pytestmark = pytest.mark.django_db
DAY = NOW.date()


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def assessment(place):
    return make_assessment(place)


@pytest.fixture
def round(place, assessment):
    return make_round(place, assessment)


@pytest.fixture
def inside(place):
    with city_scope(place.city.id):
        yield


def guest(person):
    return Place(city=person.city, roles=frozenset({"respondent"}), guest_pass=person.guest_pass)


def test_rounds_stand_newest_first_and_one_runs(place, assessment, inside):
    first = make_round(place, assessment)
    operations.close_round(place=place, round=first, now=NOW)
    second = make_round(place, assessment, now=LATER)

    assert list(rounds_of(assessment)) == [second, first]
    assert running_round_of(assessment) == second


@pytest.mark.parametrize("people", [1, 4])
def test_progress_counts_what_counts_and_costs_the_same(place, round, inside, people, django_assert_num_queries):
    for _ in range(people):
        person = make_respondent(place, round, themes=["KF1", "KF8", "CF"])
        respond(person, "KF1.Q1", "unknown")
        respond(person, "KF1.Q2", note="A note is no answer.")
        respond(person, "KF8.Q1", private_note="Nor is this.")
        respond(person, "CF.F1", text="Context is not counted.")

    with django_assert_num_queries(2):
        found = respondents_of(round)

    assert [(row.answered, row.asked) for row in found] == [(1, 5)] * people


def test_progress_reads_no_answer(place, round, inside, django_assert_num_queries):
    respond(make_respondent(place, round), "KF1.Q1", "yes", note="Canary.")

    with django_assert_num_queries(2) as queries:
        respondents_of(round)

    assert not any("note" in query["sql"] for query in queries)


def test_who_was_withdrawn_is_not_listed(place, round, inside):
    gone, here = make_respondent(place, round), make_respondent(place, round)
    operations.withdraw_respondent(place=place, respondent=gone, now=LATER)

    assert [row.respondent for row in respondents_of(round)] == [here]


def test_nothing_lies_on_the_table_before_the_round_is_opened(place, round, inside):
    people = [make_respondent(place, round) for _ in range(7)]
    for person in people:
        respond(person, "KF1.Q1", "yes", note="For the others.", private_note="For me.")
    for person in people[:6]:
        hand_in(place, person)
    operations.withdraw_respondent(place=place, respondent=people[0], now=LATER)
    assert list(answers_on_the_table(round)) == []

    lay_open(place, round)

    assert {answer.respondent_id for answer in answers_on_the_table(round)} == {person.pk for person in people[1:6]}
    assert set(sent_in(round)) == set(people[1:6])
    assert "private_note" in answers_on_the_table(round)[0].get_deferred_fields()


def test_a_round_given_up_never_lies_on_the_table(place, round, inside):
    person = make_respondent(place, round)
    respond(person, "KF1.Q1", "yes")
    hand_in(place, person)
    operations.close_round(place=place, round=round, now=LATER)

    assert list(answers_on_the_table(round)) == []


def test_each_respondent_finds_only_oneself(place, round, inside):
    member, colleague = make_member(place.city, Role.VOLUNTEER), make_member(place.city, Role.VOLUNTEER)
    first, second = make_respondent(place, round, user=member), make_respondent(place, round, user=colleague)
    third, fourth = make_respondent(place, round), make_respondent(place, round)
    place_of_member = Place(user=member, city=place.city, roles=frozenset({Role.VOLUNTEER}))

    assert respondent_of(place_of_member, first.pk) == first
    assert [respondent_of(place_of_member, other.pk) for other in (second, third)] == [None, None]
    assert [respondent_of(guest(person)) for person in (third, fourth)] == [third, fourth]
    assert respondent_of(guest(third), fourth.pk) is None
    assert respondent_of(place, first.pk) is None  # the facilitator neither
    assert respondent_of(place) is None


def test_a_withdrawn_respondent_finds_nothing(place, round, inside):
    person = make_respondent(place, round)
    operations.withdraw_respondent(place=place, respondent=person, now=LATER)

    assert respondent_of(guest(person)) is None


def test_asked_of_lists_what_collects_the_most_urgent_first(place, round, inside):
    member = make_member(place.city, Role.VOLUNTEER)
    at = Place(user=member, city=place.city, roles=frozenset({Role.VOLUNTEER}))
    later = make_respondent(place, round, user=member)
    sooner = make_respondent(place, make_round(place, make_assessment(place), answer_until=date(2026, 3, 9)), user=member)
    over = make_round(place, make_assessment(place))
    make_respondent(place, over, user=member)
    operations.close_round(place=place, round=over, now=LATER)
    make_respondent(place, round, user=make_member(place.city, Role.VOLUNTEER))

    assert list(asked_of(at)) == [sooner, later]


def test_asked_of_never_crosses_cities(place, round):
    member = make_member(place.city, Role.VOLUNTEER)
    make_respondent(place, round, user=member)
    other = make_city()
    make_member(other, Role.VOLUNTEER, member)

    with city_scope(other.id):
        assert list(asked_of(Place(user=member, city=other, roles=frozenset({Role.VOLUNTEER})))) == []


def test_questionnaire_holds_the_chosen_themes_and_the_own_answers(place, round, inside):
    person, other = make_respondent(place, round, themes=["KF1", "CF"]), make_respondent(place, round)
    respond(other, "KF1.Q1", "no")
    respond(person, "KF1.Q1", "yes", private_note="For me.")

    asked = questionnaire_of(person)

    assert [theme.code for theme in asked.sheet.themes] == ["KF1", "CF"]
    entry = asked.sheet.all_entries["KF1.Q1"]
    assert (entry.value, entry.private_note, entry.come_back, entry.proposed) == ("yes", "For me.", False, False)
    assert (asked.sheet.progress.answered, asked.notes) == (1, 1)


def test_questionnaire_leaves_out_what_is_not_for_this_kind_of_organisation(place, inside):
    ngo = make_organisation(place.city, kind=OrganisationType.NGO)
    assessment = make_assessment(place, make_shipped_version(CHECKLIST), organisation=ngo)
    person = make_respondent(place, make_round(place, assessment))

    codes = set(questionnaire_of(person).sheet.all_entries)

    assert "UT6.C01" in codes
    assert "UT6.C09" not in codes
    assert [section.code for section in themes_to_ask(assessment)] == assessment.themes


@pytest.mark.parametrize(
    ("today", "sent", "changed"),
    [(LAST_DAY, True, True), (LAST_DAY + timedelta(days=1), False, False)],
)
def test_answers_can_be_changed_until_the_last_day(place, round, inside, today, sent, changed):
    asked = questionnaire_of(make_respondent(place, round))

    assert (asked.can_be_sent(today), asked.can_be_changed(today)) == (sent, changed)


def test_answers_can_be_taken_back_but_not_changed_once_sent_in(place, round, inside):
    person = make_respondent(place, round)
    respond(person, "KF1.Q1", "yes")
    asked = questionnaire_of(hand_in(place, person))

    assert (asked.can_be_sent(DAY), asked.can_be_changed(DAY)) == (True, False)


def test_answers_of_respondents_are_no_answers_of_the_assessment(place, assessment, inside):
    make_open_round(place, assessment, [(RespondentRole.NGO, {"KF1.Q1": "no"})] * 5)

    assert assessment.answers.count() == 0
    assert RespondentAnswer.objects.count() == 5

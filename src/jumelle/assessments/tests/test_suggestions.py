"""Suggestions by mapping: what is shown, what follows, and that nothing is taken over unless it is ticked."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from jumelle.assessments import operations
from jumelle.assessments.enums import Subject
from jumelle.assessments.models import Answer, Assessment
from jumelle.assessments.operations import take_suggestions
from jumelle.assessments.queries import sheet_of
from jumelle.assessments.queries.suggestions import hints_for
from jumelle.assessments.tests.comparisons import make_version
from jumelle.assessments.tests.factories import BENCHMARK, CHECKLIST, LATER, give, make_assessment, make_place, make_shipped_version
from jumelle.audit.models import Event
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_organisation

pytestmark = pytest.mark.django_db
ORIGIN = (
    "Taken over from the answer to UTG.C02 in “Inclusion of refugees: checklists”, assessment of March 1, 2025 – Feb. 28, 2026 "
    "(mapping general-to-themes/1.0.0)."
)


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def checklist(place):
    """The general list and the first two themes, nothing answered yet."""
    return make_assessment(place, make_shipped_version(CHECKLIST), themes=["UTG", "UT1", "UT2"])


@pytest.fixture
def benchmark(place):
    return make_assessment(place, make_shipped_version(BENCHMARK))


def hints(place, assessment):
    with city_scope(place.city.id):
        return hints_for(place, sheet_of(assessment))


def told(place, assessment):
    """The question that waits, the one that was answered, and what follows."""
    return {(hint.entry.code, hint.answered.code): hint.suggestion.value for hint in hints(place, assessment)}


def take(place, assessment, *keys, revisions=None):
    with city_scope(place.city.id):
        return take_suggestions(place=place, assessment=assessment, keys=keys, revisions=revisions or {}, now=LATER)


def answer_of(assessment, code):
    with city_scope(assessment.city_id):
        return Answer.objects.get(assessment=assessment, item_code=code)


def key_of(place, assessment, code):
    return next(hint.key for hint in hints(place, assessment) if hint.entry.code == code and hint.suggestion.value)


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_a_full_yes_to_the_wider_point_of_the_same_assessment_suggests_a_tick(place, checklist):
    give(place, checklist, "UTG.C02", "ticked")

    found = told(place, checklist)

    assert found["UT1.C09", "UTG.C02"] == "ticked"
    assert {answered for _waits, answered in found} == {"UTG.C02"}
    assert [value for value in found.values() if value] == ["ticked"]


def test_from_less_than_a_full_yes_to_the_wider_point_nothing_follows(place, checklist):
    give(place, checklist, "UTG.C02", "not_ticked")

    hint = next(hint for hint in hints(place, checklist) if hint.entry.code == "UT1.C09")

    assert (hint.suggestion.value, hint.suggestion.reason) == (None, "nothing_follows")


@pytest.mark.parametrize(
    ("answer", "value"), [("yes", None), ("partly", "not_ticked"), ("no", "not_ticked"), ("unknown", None), ("na", None)]
)
def test_without_a_full_yes_to_a_part_the_box_stays_empty(place, checklist, benchmark, answer, value):
    give(place, benchmark, "KF5.Q2", answer)

    assert told(place, checklist)["UT2.C11", "KF5.Q2"] == value


def test_answered_questions_get_no_hint_and_a_note_alone_is_no_answer(place, checklist):
    give(place, checklist, "UTG.C02", "ticked")
    give(place, checklist, "UT1.C09", "not_ticked")
    assert ("UT1.C09", "UTG.C02") not in told(place, checklist)

    give(place, checklist, "UT1.C09", "", note="Ask the library.")

    assert told(place, checklist)["UT1.C09", "UTG.C02"] == "ticked"


def test_the_newest_assessment_that_answered_counts(place, checklist):
    older, newer, empty = (make_assessment(place, make_shipped_version(BENCHMARK)) for _ in range(3))
    started_on(older, 1)
    started_on(newer, 2)
    started_on(empty, 3)
    give(place, older, "KF5.Q2", "no")
    give(place, newer, "KF5.Q2", "yes")

    found = [hint for hint in hints(place, checklist) if hint.answered.code == "KF5.Q2" and hint.entry.code == "UT2.C11"]

    assert [hint.source.assessment for hint in found] == [newer]


def started_on(assessment, day):
    with city_scope(assessment.city_id):
        Assessment.objects.filter(pk=assessment.pk).update(started_at=datetime(2026, 2, day, tzinfo=UTC))


def test_only_answers_of_the_same_subject_that_one_sees_are_shown(place, checklist):
    theirs = make_organisation(place.city, "theirs")
    version = make_shipped_version(BENCHMARK)
    for assessment in (
        make_assessment(place, version, organisation=theirs),
        make_assessment(place, version, subject=Subject.PRACTICE, subject_name="Café"),
    ):
        give(place, assessment, "KF5.Q2", "no")
    stranger = make_place()
    give(stranger, make_assessment(stranger, version), "KF5.Q2", "no")

    assert told(place, checklist) == {}


def test_an_answer_to_another_version_is_not_what_the_mapping_is_about(place):
    older = make_assessment(place, make_version("0.9.0"))
    give(place, older, "KF8.Q2", "no")
    checklist = make_assessment(place, make_shipped_version(CHECKLIST))

    assert told(place, checklist) == {}


def test_proposed_and_unconfirmed_answers_suggest_nothing(place, checklist):
    give(place, checklist, "UTG.C02", "ticked")
    with city_scope(place.city.id):
        Answer.objects.filter(item_code="UTG.C02").update(to_confirm=True)

    assert told(place, checklist) == {}


# --- taking over ------------------------------------------------------------------------------------------------------


def test_what_is_ticked_is_saved_with_a_note_that_says_where_it_comes_from(place, checklist):
    give(place, checklist, "UTG.C02", "ticked")
    give(place, checklist, "UT1.C09", "", note="Ask the library.", come_back=True)

    page = take(place, checklist, key_of(place, checklist, "UT1.C09"), revisions={"UT1.C09": 1})

    saved = answer_of(checklist, "UT1.C09")
    assert dict(page.saved) == {"UT1.C09": 2}
    assert (saved.value, saved.come_back, saved.answered_by_id, saved.revision) == ("ticked", True, place.user.pk, 2)
    assert saved.note == f"Ask the library.\n\n{ORIGIN}"
    event = Event.objects.filter(chain=place.chain).order_by("-number").first()
    assert (event.action, event.data) == ("suggestions_taken_over", {"items": {"UT1.C09": 2}})


def test_what_is_not_ticked_is_not_touched(place, checklist):
    give(place, checklist, "UTG.C02", "ticked")
    give(place, checklist, "UTG.C09", "ticked")

    take(place, checklist, key_of(place, checklist, "UT1.C09"))

    with city_scope(place.city.id):
        codes = set(Answer.objects.exclude(proposed=True).values_list("item_code", flat=True))
    assert codes == {"UTG.C02", "UTG.C09", "UT1.C09"}


def test_somebody_who_answered_meanwhile_is_not_overwritten(place, checklist):
    give(place, checklist, "UTG.C02", "ticked")
    key = key_of(place, checklist, "UT1.C09")
    give(place, checklist, "UT1.C09", "", note="Somebody else's.")

    page = take(place, checklist, key, revisions={"UT1.C09": 0})

    assert list(page.refused) == ["UT1.C09"]
    assert answer_of(checklist, "UT1.C09").note == "Somebody else's."


def test_refusals_save_nothing(place, checklist, benchmark):
    give(place, checklist, "UTG.C02", "ticked")
    key = key_of(place, checklist, "UT1.C09")
    for_information = next(hint.key for hint in hints(place, checklist) if hint.suggestion.value is None)
    with pytest.raises(operations.NothingTicked):
        take(place, checklist)
    with pytest.raises(operations.SuggestionGone):
        take(place, checklist, key, for_information)

    give(place, checklist, "UT1.C09", "not_ticked")

    with pytest.raises(operations.SuggestionGone):
        take(place, checklist, key)
    assert answer_of(checklist, "UT1.C09").value == "not_ticked"


def test_two_different_answers_to_one_question_are_refused(place, checklist, benchmark, monkeypatch):
    """No shipped mapping does so; one that an association writes may."""
    give(place, benchmark, "KF5.Q2", "no")
    found = [hint for hint in hints(place, checklist) if hint.suggestion.value]
    other = found[0].__class__(**{**vars(found[0]), "suggestion": found[0].suggestion.__class__("ticked", "same")})
    monkeypatch.setattr("jumelle.assessments.operations.suggestions.hints_for", lambda *_: (found[0], other))

    with pytest.raises(operations.TwoAnswersTicked):
        take(place, checklist, found[0].key)


# --- the page ---------------------------------------------------------------------------------------------------------


def url(assessment, name="suggestions"):
    return reverse(f"assessments:{name}", kwargs={"city": assessment.city.slug, "pk": assessment.pk})


def test_page_shows_both_questions_the_relation_the_reason_and_the_credit(signed_in, place, checklist):
    give(place, checklist, "UTG.C02", "ticked", note="Since 2024.")

    html = signed_in(place.user).get(url(checklist)).content.decode()

    for words in (
        "What other answers suggest",
        "From the general checklist to the six themes",
        "is wider",
        "The other question is wider and its answer is a full yes. What is asked here is a part of it.",
        "Since 2024.",
        "The source does not make these links itself.",
    ):
        assert words in html, words
    assert html.count('name="take"') == 1
    assert "checked" not in html


def test_each_question_stands_once_with_all_that_has_to_do_with_it(signed_in, place, checklist, benchmark):
    give(place, checklist, "UTG.C02", "ticked")
    give(place, checklist, "UTG.C09", "ticked")
    for code in ("KF2.Q1", "KF5.Q2", "KF6.Q2", "KF11.Q1"):
        give(place, benchmark, code, "no")

    html = signed_in(place.user).get(url(checklist)).content.decode()

    ids = re.findall(r'<h3 id="([^"]+)"', html)
    assert sorted(ids) == sorted(f"{code}-waits" for code in {hint.entry.code for hint in hints(place, checklist)})
    assert len(ids) > len(set(re.findall(r'name="([^"]+)-revision"', html))) > 1


def test_ticked_is_taken_over_and_said(signed_in, place, checklist):
    give(place, checklist, "UTG.C02", "ticked")
    client = signed_in(place.user)

    page = client.post(url(checklist), {"take": key_of(place, checklist, "UT1.C09"), "UT1.C09-revision": "0"}, follow=True)

    assert "1 answer is taken over, with a note that says where it comes from." in page.content.decode()
    assert answer_of(checklist, "UT1.C09").note == ORIGIN


def test_nothing_ticked_comes_back_with_a_sentence(signed_in, place, checklist):
    give(place, checklist, "UTG.C02", "ticked")

    page = signed_in(place.user).post(url(checklist), {"UT1.C09-revision": "x" * 500})

    assert page.status_code == 422
    assert "Nothing is ticked." in page.content.decode()


def test_conflict_is_told(signed_in, place, checklist):
    give(place, checklist, "UTG.C02", "ticked")
    key = key_of(place, checklist, "UT1.C09")
    give(place, checklist, "UT1.C09", "", note="Somebody else's.")

    page = signed_in(place.user).post(url(checklist), {"take": key, "UT1.C09-revision": "0"}, follow=True)

    assert "UT1.C09: Somebody else changed this answer" in page.content.decode()


def test_finished_assessment_shows_hints_without_boxes_and_takes_nothing(signed_in, place):
    checklist = make_assessment(place, make_shipped_version(CHECKLIST), themes=["UTG", "UT1"])
    give(place, checklist, "UTG.C02", "ticked")
    key = key_of(place, checklist, "UT1.C09")
    with city_scope(place.city.id):
        operations.finish_assessment(place=place, assessment=checklist, now=LATER)
    client = signed_in(place.user)

    assert 'name="take"' not in client.get(url(checklist)).content.decode()
    client.post(url(checklist), {"take": key, "UT1.C09-revision": "0"})

    with city_scope(place.city.id):
        assert not Answer.objects.filter(item_code="UT1.C09").exists()


def test_page_without_any_hint_says_so(signed_in, place, checklist):
    html = signed_in(place.user).get(url(checklist)).content.decode()

    assert "No other answer has to do with what waits here" in html


def test_overview_says_how_many_suggestions_wait(signed_in, place, checklist):
    client = signed_in(place.user)
    assert url(checklist) not in client.get(url(checklist, "overview")).content.decode()

    give(place, checklist, "UTG.C02", "ticked")

    assert "1 suggestion from other answers" in client.get(url(checklist, "overview")).content.decode()


def test_support_group_takes_over_what_the_city_answered(signed_in, place, checklist):
    give(place, checklist, "UTG.C02", "ticked")
    member = make_place(place.city, Role.SUPPORT_GROUP_MEMBER)

    signed_in(member.user).post(url(checklist), {"take": key_of(place, checklist, "UT1.C09"), "UT1.C09-revision": "0"})

    assert answer_of(checklist, "UT1.C09").answered_by_id == member.user.pk


@pytest.mark.parametrize("answers", [1, 6])
def test_page_costs_the_same_queries(signed_in, place, checklist, benchmark, answers, django_assert_num_queries):
    for number in range(1, answers + 1):
        give(place, checklist, f"UTG.C{number:02}", "ticked", note="n")
    give(place, benchmark, "KF5.Q2", "no")
    client = signed_in(place.user)
    client.get(url(checklist))

    # session, person, city, roles, second factor, assessment, answers, assessments to look at, their answers
    with django_assert_num_queries(9):
        client.get(url(checklist))

import dataclasses

import pytest
from hypothesis import given as given_examples
from hypothesis import strategies as st

from jumelle.assessments.models import Answer, AnswerRevision
from jumelle.assessments.operations import (
    AnsweredMeanwhile,
    AssessmentFinished,
    Given,
    ItemUnknown,
    NotProposed,
    TextTooLong,
    ValueUnknown,
    import_offline,
    save_answer,
    save_page,
    take_back_proposal,
)
from jumelle.assessments.operations.answering import tidy
from jumelle.assessments.tests.factories import (
    CHECKLIST,
    LATER,
    give,
    make_assessment,
    make_place,
    make_shipped_version,
)
from jumelle.audit.models import Event
from jumelle.cities.enums import OrganisationType
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_organisation
from jumelle.toolkits.queries import package_of
from jumelle.toolkits.tests.factories import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def assessment(place):
    made = make_assessment(place)
    with city_scope(place.city.id):
        yield made


def save(place, assessment, code, **given):
    return save_answer(place=place, assessment=assessment, code=code, given=Given(**given), now=LATER)


def content_of(answer):
    return answer.value, answer.text, answer.note, answer.come_back


def test_first_answer_is_stored_with_wording_person_and_moment(place, assessment):
    saved = save(place, assessment, "KF1.Q1", value="partly", note="Two speeches in 2025.", come_back=True)

    answer = Answer.objects.get(assessment=assessment, item_code="KF1.Q1")
    assert saved.changed
    assert content_of(answer) == ("partly", "", "Two speeches in 2025.", True)
    assert (answer.revision, answer.answered_by, answer.answered_at, answer.proposed) == (1, place.user, LATER, False)
    assert set(answer.wording) == {"fr", "en"}
    assert AnswerRevision.objects.count() == 0


def test_change_keeps_the_earlier_state(place, assessment):
    save(place, assessment, "KF1.Q1", value="no", note="Nothing yet.")

    save(place, assessment, "KF1.Q1", value="yes", note="A plan exists.", revision=1)

    answer, earlier = Answer.objects.get(), AnswerRevision.objects.get()
    assert (*content_of(answer), answer.revision) == ("yes", "", "A plan exists.", False, 2)
    assert (*content_of(earlier), earlier.revision, earlier.answered_by) == ("no", "", "Nothing yet.", False, 1, place.user)


def test_open_question_is_answered_in_words(place, assessment):
    save(place, assessment, open_code(assessment), text="We lend tablets.")

    assert content_of(Answer.objects.get()) == ("", "We lend tablets.", "", False)


def open_code(assessment):
    package = package_of(assessment.toolkit_version)
    return next(item.code for item in package.answerable() if item.is_open)


def test_context_factor_can_be_noted(place, assessment):
    save(place, assessment, context_code(assessment), text="A national law of 2024.")

    assert Answer.objects.get().text == "A national law of 2024."


def context_code(assessment):
    package = package_of(assessment.toolkit_version)
    return next(item.code for item in package.items if item.kind == "context_factor")


def test_same_content_again_changes_and_records_nothing(place, assessment):
    save(place, assessment, "KF1.Q1", value="yes", note="a\r\nb ")
    before = Event.objects.count()

    saved = save(place, assessment, "KF1.Q1", value="yes", note="a\nb")  # seen: nothing; typed: what is stored

    assert not saved.changed
    assert (Answer.objects.get().revision, AnswerRevision.objects.count(), Event.objects.count()) == (1, 0, before)


def test_empty_answer_to_an_untouched_item_stores_nothing(place, assessment):
    saved = save(place, assessment, "KF1.Q1")

    assert (saved.answer, saved.changed, Answer.objects.count()) == (None, False, 0)


def test_answer_changed_meanwhile_is_told_with_both_states_and_not_overwritten(place, assessment):
    colleague = make_place(place.city)
    save(place, assessment, "KF1.Q1", value="no")
    save(colleague, assessment, "KF1.Q1", value="partly", note="Theirs.", revision=1)

    with pytest.raises(AnsweredMeanwhile) as told:
        save(place, assessment, "KF1.Q1", value="yes", note="Mine.", revision=1)

    assert content_of(told.value.stored) == ("partly", "", "Theirs.", False)
    assert (told.value.given.value, told.value.given.note) == ("yes", "Mine.")
    assert content_of(Answer.objects.get()) == ("partly", "", "Theirs.", False)


def test_two_first_answers_are_told_too(place, assessment):
    colleague = make_place(place.city)
    save(colleague, assessment, "KF1.Q1", value="no")

    with pytest.raises(AnsweredMeanwhile):
        save(place, assessment, "KF1.Q1", value="yes", revision=0)


@pytest.mark.parametrize("revision", [0, 2, 99])
def test_only_the_stored_state_may_be_replaced(place, assessment, revision):
    save(place, assessment, "KF1.Q1", value="no")

    with pytest.raises(AnsweredMeanwhile):
        save(place, assessment, "KF1.Q1", value="yes", revision=revision)


@pytest.mark.parametrize(
    ("code", "content", "error"),
    [
        ("KF1.Q1", {"value": "maybe"}, ValueUnknown),
        ("KF1.Q1", {"value": "ticked"}, ValueUnknown),
        ("KF1.Q1", {"text": "words for a scale"}, ValueUnknown),
        ("KF1.Q1", {"value": "yes", "note": "x" * 10_001}, TextTooLong),
        ("KF1", {"value": "yes"}, ItemUnknown),
        ("NOPE", {"value": "yes"}, ItemUnknown),
    ],
)
def test_refused_answers_store_nothing(place, assessment, code, content, error):
    with pytest.raises(error):
        save(place, assessment, code, **content)

    assert Answer.objects.count() == 0


def test_text_of_ten_thousand_characters_is_taken(place, assessment):
    save(place, assessment, "KF1.Q1", value="yes", note="é" * 10_000)

    assert len(Answer.objects.get().note) == 10_000


def test_item_of_a_theme_that_was_not_chosen_is_unknown(place):
    assessment = make_assessment(place, themes=["KF2"])

    with city_scope(place.city.id), pytest.raises(ItemUnknown):
        save(place, assessment, "KF1.Q1", value="yes")


def test_finished_assessment_takes_nothing(place):
    assessment = make_assessment(place, finished=True)

    with city_scope(place.city.id):
        assessment.finished_at = None  # as a page that was opened before would still believe
        for act in (
            lambda: save(place, assessment, "KF1.Q1", value="yes"),
            lambda: save_page(place=place, assessment=assessment, given={"KF1.Q1": Given("yes")}, now=LATER),
            lambda: take_back_proposal(place=place, assessment=assessment, code="KF1.Q1", now=LATER),
        ):
            with pytest.raises(AssessmentFinished):
                act()
        assert Answer.objects.count() == 0


def test_saving_is_recorded_with_ids_and_codes_only(place, assessment):
    saved = save(place, assessment, "KF1.Q1", value="partly", note="Canary note")

    event = Event.objects.get(action="answer_saved")
    assert (event.object_id, event.role) == (str(saved.answer.pk), "integration_officer")
    assert event.data == {"assessment": str(assessment.pk), "item": "KF1.Q1", "revision": 1}
    assert "Canary" not in f"{event.data} {event.reason}"


def test_page_saves_what_it_can_and_reports_the_rest(place, assessment):
    colleague = make_place(place.city)
    save(place, assessment, "KF1.Q2", value="no")
    save(colleague, assessment, "KF1.Q2", value="partly", revision=1)
    save(place, assessment, "KF2.Q1", value="yes")

    page = save_page(
        place=place,
        assessment=assessment,
        given={
            "KF1.Q1": Given("yes"),
            "KF1.Q2": Given("yes", revision=1),
            "KF2.Q1": Given("yes", revision=1),
            "KF2.Q2": Given("maybe"),
            "KF3.Q1": Given(),
        },
        now=LATER,
    )

    assert dict(page.saved) == {"KF1.Q1": 1}
    assert page.unchanged == ("KF2.Q1", "KF3.Q1")
    assert {code: type(refusal) for code, refusal in page.refused.items()} == {
        "KF1.Q2": AnsweredMeanwhile,
        "KF2.Q2": ValueUnknown,
    }
    assert Event.objects.get(action="answers_saved").data == {"items": {"KF1.Q1": 1}}


def test_page_of_nothing_new_records_nothing(place, assessment):
    save_page(place=place, assessment=assessment, given={"KF1.Q1": Given()}, now=LATER)

    assert not Event.objects.filter(action="answers_saved").exists()


def test_import_follows_the_same_rules(place, assessment):
    save(place, assessment, "KF1.Q1", value="no")

    page = import_offline(place=place, assessment=assessment, given={"KF1.Q1": Given("yes"), "KF1.Q2": Given("partly")}, now=LATER)

    assert (list(page.saved), list(page.refused)) == (["KF1.Q2"], ["KF1.Q1"])
    assert Event.objects.filter(action="answers_imported").count() == 1


def test_proposal_is_confirmed_by_an_answer_and_kept_as_earlier_state(place):
    ngo = make_organisation(place.city, kind=OrganisationType.NGO)
    assessment = make_assessment(place, make_shipped_version(CHECKLIST), organisation=ngo)

    give(place, assessment, "UT6.C09", "ticked")

    with city_scope(place.city.id):
        answer, earlier = Answer.objects.get(item_code="UT6.C09"), AnswerRevision.objects.get()
        assert (answer.value, answer.proposed, answer.revision) == ("ticked", False, 2)
        assert (earlier.value, earlier.proposed, earlier.answered_by) == ("na", True, None)


def test_proposal_posted_back_unchanged_stays_a_proposal(place):
    ngo = make_organisation(place.city, kind=OrganisationType.NGO)
    assessment = make_assessment(place, make_shipped_version(CHECKLIST), organisation=ngo)

    give(place, assessment, "UT6.C09", "na")

    with city_scope(place.city.id):
        assert Answer.objects.get(item_code="UT6.C09").proposed


def test_take_back_asks_the_item_after_all(place):
    ngo = make_organisation(place.city, kind=OrganisationType.NGO)
    assessment = make_assessment(place, make_shipped_version(CHECKLIST), organisation=ngo)

    with city_scope(place.city.id):
        answer = take_back_proposal(place=place, assessment=assessment, code="UT6.C09", now=LATER)

        assert (answer.value, answer.proposed, answer.revision) == ("", False, 2)
        assert AnswerRevision.objects.get().proposed
        with pytest.raises(NotProposed):
            take_back_proposal(place=place, assessment=assessment, code="UT6.C09", now=LATER)


def test_not_applicable_without_a_level_is_only_taken_where_it_is_proposed(place):
    assessment = make_assessment(place, make_version())  # a scale of yes and no; A.Q1 is not for a city

    give(place, assessment, "A.Q1", "yes")
    give(place, assessment, "A.Q1", "na")

    with city_scope(place.city.id):
        assert Answer.objects.get(item_code="A.Q1").value == "na"
        with pytest.raises(ValueUnknown):
            save(place, assessment, "A1.Q1", value="na")


def test_page_costs_the_same_queries_for_items_without_change(place, assessment, django_assert_num_queries):
    with django_assert_num_queries(4):  # savepoint, assessment, answers, release
        save_page(place=place, assessment=assessment, given={"KF1.Q1": Given(), "KF1.Q2": Given()}, now=LATER)


@given_examples(st.text())
def test_tidy_text_stays_the_same_when_tidied_again(text):
    assert tidy(tidy(text)) == tidy(text)


def test_given_is_empty_only_without_any_content():
    contents = {"value": "yes", "text": "a", "note": "b", "come_back": True}

    assert Given(revision=3).is_empty
    assert not any(dataclasses.replace(Given(), **{name: value}).is_empty for name, value in contents.items())

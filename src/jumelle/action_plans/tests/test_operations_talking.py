import pytest

from jumelle.action_plans.operations import (
    AnsweredOtherwise,
    CommentEmpty,
    CommentTooLong,
    CommentWithdrawn,
    NotYours,
    answer_comment,
    comment_line,
    mark_of,
    withdraw_comment,
)
from jumelle.action_plans.queries import comments_of
from jumelle.action_plans.tests.factories import LATER, NOW, make_line, make_plan
from jumelle.assessments.tests.factories import make_place
from jumelle.audit.models import Event
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_place()


@pytest.fixture
def member(officer):
    return make_place(officer.here, Role.SUPPORT_GROUP_MEMBER)


@pytest.fixture
def line(officer):
    return make_line(make_plan(officer))


def say(place, line, text="Ask the learners first"):
    with city_scope(place.here.id):
        return comment_line(place=place, line=line, text=text, now=NOW)


def answer(place, comment, text, seen=""):
    with city_scope(place.here.id):
        return answer_comment(place=place, comment=comment, answer=text, seen=mark_of(seen), now=LATER)


def test_comment_gets_an_answer(officer, member, line):
    comment = say(member, line)

    answer(officer, comment, "We asked them in May")

    with city_scope(officer.here.id):
        found = comments_of(member, line).get()
    assert (found.text, found.written_by, found.answer, found.answered_by) == (
        "Ask the learners first",
        member.user,
        "We asked them in May",
        officer.user,
    )


def test_second_answer_is_not_written_over_the_first_unseen(officer, member, line):
    comment = say(member, line)
    answer(officer, comment, "theirs")

    with pytest.raises(AnsweredOtherwise) as told:
        answer(officer, comment, "mine")

    assert (told.value.typed, told.value.stored) == ("mine", "theirs")
    assert answer(officer, comment, "mine", seen="theirs").answer == "mine"


@pytest.mark.parametrize(("text", "refusal"), [(" \n", CommentEmpty), ("x" * 2001, CommentTooLong)])
def test_comment_refused(member, line, text, refusal):
    with pytest.raises(refusal):
        say(member, line, text)


def test_only_the_author_withdraws_a_comment(officer, member, line):
    comment = say(member, line)

    with city_scope(officer.here.id), pytest.raises(NotYours):
        withdraw_comment(place=officer, comment=comment, now=LATER)
    with city_scope(member.here.id):
        withdraw_comment(place=member, comment=comment, now=LATER)

    with city_scope(officer.here.id):
        assert not comments_of(officer, line).exists()
    with pytest.raises(CommentWithdrawn):
        answer(officer, comment, "Too late")


def test_mentor_city_reads_no_comments(officer, member, line):
    say(member, line)

    with city_scope(officer.here.id):
        assert not comments_of(make_place(officer.here, Role.MENTOR_OFFICER), line).exists()


def test_journal_holds_no_word_of_a_comment(officer, member, line):
    answer(officer, say(member, line, "Secretcomment"), "Secretanswer")

    assert not any("Secret" in str(event.data) for event in Event.objects.all())

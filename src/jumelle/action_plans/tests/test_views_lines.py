import pytest
from django.urls import reverse

from jumelle.action_plans.enums import OriginKind
from jumelle.action_plans.models import LineComment, LineOrigin, PlanLine
from jumelle.action_plans.operations import LineGiven, add_origin, answer_comment, comment_line, edit_line, mark_of, note_privately
from jumelle.action_plans.queries import lines_of
from jumelle.action_plans.tests.factories import CODE, LATER, make_line, make_plan
from jumelle.assessments.tests.factories import make_assessment, make_place, make_shipped_version
from jumelle.audit.models import Event
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def plan(place):
    return make_plan(place)


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


@pytest.fixture
def member(place):
    return make_place(place.here, Role.SUPPORT_GROUP_MEMBER)


def url(plan, name, **kwargs):
    return reverse(f"action_plans:{name}", kwargs={"city": plan.city.slug, "pk": plan.pk, **kwargs})


def html(client, page):
    return client.get(page).content.decode()


def say(place, line, text="Ask the learners first"):
    with city_scope(place.here.id):
        return comment_line(place=place, line=line, text=text, now=LATER)


def order(plan):
    with city_scope(plan.city_id):
        return [line.action for line in lines_of(plan)]


def test_lines_are_moved_removed_and_brought_back(client, plan):
    first = make_line(plan, "first")
    make_line(plan, "second")

    client.post(url(plan, "move", line=first.pk), {"to": "down"})
    moved = order(plan)
    page = client.post(url(plan, "remove", line=first.pk), follow=True).content.decode()
    gone = order(plan)
    client.post(url(plan, "restore", line=first.pk))

    assert (moved, gone, order(plan)) == (["second", "first"], ["second"], ["second", "first"])
    assert "“first” is removed." in page
    assert url(plan, "restore", line=first.pk) in page


def test_removed_line_has_no_page(client, plan):
    line = make_line(plan, removed=True)

    assert client.get(url(plan, "line", line=line.pk)).status_code == 404
    assert client.post(url(plan, "remove", line=line.pk)).status_code == 404


def test_gap_leads_to_its_question_for_those_who_may_open_it_and_to_the_guide_for_others(client, place, plan, signed_in):
    make_shipped_version()
    assessment = make_assessment(place, themes=["KF8"])
    line = make_line(plan, origins=[{"kind": OriginKind.GAP, "assessment": assessment, **CODE}])
    mentor = signed_in(make_place(place.here, Role.MENTOR_OFFICER).user)
    question = reverse("assessments:theme", kwargs={"city": place.here.slug, "pk": assessment.pk, "code": "KF8"}) + "#KF8.Q1"
    guide = reverse("toolkits:item", kwargs=CODE)

    assert question in html(client, url(plan, "line", line=line.pk))
    seen = html(mentor, url(plan, "line", line=line.pk))
    assert guide in seen
    assert question not in seen


def test_origin_is_added_and_taken_out_on_the_page(client, plan):
    line = make_line(plan)
    client.post(url(plan, "origin_add", line=line.pk), {"kind": "visit", "label": "Second visit", "url": "", "dated_on": "2026-02-01"})
    with city_scope(plan.city_id):
        origin = LineOrigin.objects.get()

    page = html(client, url(plan, "line", line=line.pk))
    client.post(url(plan, "origin_remove", line=line.pk, origin=origin.pk))

    assert "Second visit" in page
    with city_scope(plan.city_id):
        assert not LineOrigin.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"label": ""}, "This field is required."),
        ({"kind": "gap"}, "Select a valid choice."),
        ({"url": "javascript:alert(1)"}, "This is not a web address."),
    ],
)
def test_origin_refused_says_why(client, plan, changes, sentence):
    line = make_line(plan)

    page = client.post(url(plan, "origin_add", line=line.pk), {"kind": "visit", "label": "Visit", "url": "", "dated_on": "", **changes})

    assert page.status_code == 422
    assert sentence in page.content.decode()


# --- who reads what ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "reads_comments", "reads_note"),
    [
        (Role.INTEGRATION_OFFICER, True, True),
        (Role.CITY_ADMIN, True, True),
        (Role.SUPPORT_GROUP_MEMBER, True, False),
        (Role.MENTOR_OFFICER, False, False),
    ],
)
def test_comments_and_private_notes_are_shown_to_whom_they_are_for(place, plan, member, signed_in, role, reads_comments, reads_note):
    line = make_line(plan, private_note="between officers")
    say(member, line, "from the group")

    page = html(signed_in(make_place(place.here, role).user), url(plan, "line", line=line.pk))

    assert ("from the group" in page, "between officers" in page) == (reads_comments, reads_note)


def test_support_group_reads_what_was_said_and_not_who_said_it(place, plan, member, signed_in):
    line = make_line(plan)
    say(member, line)
    member.user.name = "Camille"
    member.user.save()

    fellow = html(signed_in(make_place(place.here, Role.SUPPORT_GROUP_MEMBER).user), url(plan, "line", line=line.pk))

    assert "Camille" not in fellow
    assert "Somebody of the team" in fellow


def test_provider_and_learner_have_no_plans(place, plan, signed_in):
    line = make_line(plan)

    for role in (Role.PROVIDER_STAFF, Role.LEARNER, Role.VOLUNTEER):
        person = signed_in(make_place(place.here, role).user)
        assert person.get(url(plan, "line", line=line.pk)).status_code == 403


# --- comments ---------------------------------------------------------------------------------------------------------


def test_member_comments_officer_answers_and_the_member_withdraws(client, plan, member, signed_in):
    line = make_line(plan)
    theirs = signed_in(member.user)
    theirs.post(url(plan, "comment", line=line.pk), {"text": "Ask the learners first"})
    with city_scope(plan.city_id):
        comment = LineComment.objects.get()

    client.post(
        url(plan, "comment_answer", line=line.pk, comment=comment.pk), {f"{comment.pk}-answer": "Done", f"{comment.pk}-seen": mark_of("")}
    )
    page = html(theirs, url(plan, "line", line=line.pk))
    refused = client.post(url(plan, "comment_withdraw", line=line.pk, comment=comment.pk), follow=True).content.decode()
    theirs.post(url(plan, "comment_withdraw", line=line.pk, comment=comment.pk))

    assert "Done" in page
    assert "Only who wrote a comment can withdraw it." in refused
    assert "Ask the learners first" not in html(theirs, url(plan, "line", line=line.pk))


def test_member_cannot_answer_and_the_mentor_city_cannot_comment(place, plan, member, signed_in):
    line = make_line(plan)
    comment = say(member, line)
    mentor = signed_in(make_place(place.here, Role.MENTOR_OFFICER).user)

    assert signed_in(member.user).post(url(plan, "comment_answer", line=line.pk, comment=comment.pk)).status_code == 403
    assert mentor.post(url(plan, "comment", line=line.pk), {"text": "Hello"}).status_code == 403


def test_second_answer_is_told_and_can_replace(client, place, plan, member):
    line = make_line(plan)
    comment = say(member, line)
    with city_scope(place.here.id):
        answer_comment(place=place, comment=comment, answer="Their answer", seen=mark_of(""), now=LATER)
    page, key = url(plan, "comment_answer", line=line.pk, comment=comment.pk), comment.pk

    told = client.post(page, {f"{key}-answer": "My answer", f"{key}-seen": mark_of("")})
    client.post(page, {f"{key}-answer": "My answer", f"{key}-seen": mark_of(""), f"{key}-over": mark_of("Their answer")})

    assert told.status_code == 409
    assert "Their answer" in told.content.decode()
    assert "My answer" in told.content.decode()
    assert mark_of("Their answer") in told.content.decode()
    with city_scope(place.here.id):
        assert LineComment.objects.get().answer == "My answer"


def test_comment_that_is_too_long_comes_back_whole(client, plan):
    line = make_line(plan)

    page = client.post(url(plan, "comment", line=line.pk), {"text": "x" * 2001})

    assert page.status_code == 422
    assert "x" * 2001 in page.content.decode()
    assert "2,000 characters" in page.content.decode()


def test_private_note_is_kept_and_a_second_one_told(client, place, plan):
    line = make_line(plan)
    client.post(url(plan, "note", line=line.pk), {"note": "first", "seen": mark_of("")})
    with city_scope(place.here.id):
        note_privately(place=place, line=line, note="theirs", seen=mark_of("first"), now=LATER)

    told = client.post(url(plan, "note", line=line.pk), {"note": "mine", "seen": mark_of("first")})

    assert told.status_code == 409
    assert "theirs" in told.content.decode()
    assert "mine" in told.content.decode()
    client.post(url(plan, "note", line=line.pk), {"note": "mine", "seen": mark_of("first"), "over": mark_of("theirs")})
    with city_scope(place.here.id):
        assert PlanLine.objects.get().private_note == "mine"


# --- history ----------------------------------------------------------------------------------------------------------


def test_history_shows_every_state_and_what_changed_and_reading_it_is_recorded(client, place, plan):
    line = make_line(plan, "Open a café", status="stalled")
    with city_scope(place.here.id):
        edit_line(place=place, line=line, given=LineGiven("Open two cafés", revision=1), now=LATER)
        add_origin(place=place, line=line, kind=OriginKind.VISIT, label="Second visit", now=LATER)
        PlanLine.objects.filter(pk=line.pk).update(status="done", is_public=True)

    page = html(client, url(plan, "history", line=line.pk))

    for words in (
        "State 2",
        "State 1",
        "The line as it began.",
        "[taken out:",
        "a café",
        "[added:",
        "two cafés",
        "Origin added:",
        "Second visit",
    ):
        assert words in page
    assert "How it stands" not in page  # told by the follow-up, not by the history of the text
    assert Event.objects.filter(action="plan_line_history_read").count() == 1

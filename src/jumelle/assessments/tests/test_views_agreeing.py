"""Writing down what the group agrees upon: one point, what all said alike, and two people at once."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import AgreedAnswer, Answer, Round
from jumelle.assessments.operations import close_round, finish_assessment
from jumelle.assessments.queries.agreed import agreed_in, meetings_of
from jumelle.assessments.tests.factories import LATER, give, make_assessment, make_open_round, make_place
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_member

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
NGO = RespondentRole.NGO
Q1, Q2, OTHER, CONTEXT = "KF1.Q1", "KF1.Q2", "KF8.Q1", "CF.F1"
TYPED = {
    "value": "partly",
    "reason": "Both are right.",
    "minority_note": "Two say no.",
    "meeting": "new",
    "held_on": "2026-02-28",
    "present": "Two services, three mothers",
    "revision": "0",
    "answer_revision": "0",
}


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def opened(place: Place) -> Round:
    assessment = make_assessment(place, themes=["KF1", "KF8", "CF"])
    people = [{Q1: "yes", Q2: "no", OTHER: "yes"}] * 4 + [{Q1: "no", Q2: "no", OTHER: "no"}] * 2
    return make_open_round(place, assessment, [(NGO, values) for values in people])


@pytest.fixture
def client(place: Place, signed_in: SignIn) -> Client:
    return signed_in(place.user)


def url(opened: Round, code: str = "", name: str = "") -> str:
    """Of one point; without its code, of what all said."""
    name = name or ("agree" if code else "agree_as_said")
    kwargs = {"city": opened.city.slug, "pk": opened.assessment_id, "round": opened.pk} | ({"code": code} if code else {})
    return reverse(f"assessments:{name}", kwargs=kwargs)


def in_all(opened: Round) -> dict[str, AgreedAnswer]:
    with city_scope(opened.city_id):
        return agreed_in(opened)


def answer_to(opened: Round, code: str) -> Answer | None:
    with city_scope(opened.city_id):
        return Answer.objects.filter(assessment=opened.assessment, item_code=code).first()


def field(html: str, name: str) -> str:
    """What stands in a text area or a hidden field."""
    found = re.search(rf'<textarea name="{name}"[^>]*>\s*(.*?)</textarea>|name="{name}" value="([^"]*)"', html, re.S)
    return unescape(next(filter(None, found.groups()), "")) if found else "no such field"


# --- one point --------------------------------------------------------------------------------------------------------


def test_what_is_agreed_is_written_down_and_leads_to_the_next_point(client: Client, opened: Round):
    answer = client.post(url(opened, Q1), {**TYPED, "go": "next"})

    agreed = in_all(opened)[Q1]
    assert (agreed.value, agreed.reason, agreed.minority_note) == ("partly", "Both are right.", "Two say no.")
    assert agreed.meeting.present == "Two services, three mothers"
    assert answer_to(opened, Q1).value == "partly"
    assert (answer.status_code, answer["Location"]) == (302, url(opened, OTHER))


def test_list_is_led_back_to_with_its_choice(client: Client, opened: Round):
    answer = client.post(f"{url(opened, Q1)}?show=all", {**TYPED, "go": "back"})

    assert answer["Location"] == f"{url(opened, name='divergence')}?show=all#{Q1}"


def test_page_after_it_shows_the_reason_who_was_there_and_how_much_is_agreed(client: Client, opened: Round):
    client.post(url(opened, Q1), TYPED)

    html = unescape(client.get(url(opened, name="divergence")).content.decode())

    words = re.sub(r"<[^>]+>|\s+", " ", html)
    assert re.search(r"1 of 5 points are agreed", words)
    for text in ("Both are right.", "Two say no.", "Two services, three mothers"):
        assert text in html


def test_open_question_is_agreed_upon_in_words(client: Client, opened: Round):
    client.post(url(opened, CONTEXT), {**TYPED, "value": "", "text": "About 400 people"})

    assert (in_all(opened)[CONTEXT].text, answer_to(opened, CONTEXT).text) == ("About 400 people", "About 400 people")


def test_known_meeting_is_chosen_again(client: Client, opened: Round):
    client.post(url(opened, Q1), TYPED)
    with city_scope(opened.city_id):
        meeting = meetings_of(opened).get()
    form = client.get(url(opened, OTHER)).content.decode()

    client.post(url(opened, OTHER), {**TYPED, "meeting": str(meeting.pk), "held_on": "", "present": ""})

    assert f'value="{meeting.pk}"' in form
    assert in_all(opened)[OTHER].meeting == meeting


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        pytest.param({"value": ""}, "Choose the answer that you agree on", id="no answer"),
        pytest.param({"value": "perhaps"}, "perhaps is not one of the available choices", id="no level"),
        pytest.param({"reason": ""}, "Say in a few words why", id="no reason"),
        pytest.param({"reason": "x" * 10_001}, "more than 10,000 characters", id="long reason"),
        pytest.param({"present": ""}, "Say who was there", id="nobody there"),
        pytest.param({"held_on": ""}, "Say on which day you met", id="no day"),
        pytest.param({"held_on": "2999-01-01"}, "This day is still to come", id="day to come"),
        pytest.param({"meeting": "elsewhere"}, "elsewhere is not one of the available choices", id="no such meeting"),
        pytest.param({"revision": "x"}, "Enter a whole number", id="form incomplete"),
    ],
)
def test_refused_keeps_what_was_typed(client: Client, opened: Round, changed: dict[str, str], sentence: str):
    answer = client.post(url(opened, Q1), {**TYPED, **changed})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in unescape(html)
    assert field(html, "minority_note") == "Two say no."
    assert in_all(opened) == {}
    assert answer_to(opened, Q1) is None


# --- two at once ------------------------------------------------------------------------------------------------------


def test_second_facilitator_sees_both_and_may_replace(client: Client, opened: Round):
    client.post(url(opened, Q1), TYPED)
    mine: dict[str, Any] = {**TYPED, "value": "no", "reason": "We think otherwise."}

    conflict = client.post(url(opened, Q1), mine)
    html = conflict.content.decode()
    over = re.search(r'name="over"[^>]*value="([^"]+)"', html, re.S)[1]
    before = in_all(opened)[Q1].value
    client.post(url(opened, Q1), {**mine, "over": over})

    assert conflict.status_code == 409
    assert "Both are right." in html
    assert field(html, "reason") == "We think otherwise."
    assert (before, in_all(opened)[Q1].value, in_all(opened)[Q1].revision) == ("partly", "no", 2)
    with city_scope(opened.city_id):
        assert [each.value for each in AgreedAnswer.objects.order_by("revision")] == ["partly", "no"]


def test_answer_of_the_team_that_changed_meanwhile_is_shown_before_it_is_replaced(client: Client, place: Place, opened: Round):
    give(place, opened.assessment, Q1, "yes")

    conflict = client.post(url(opened, Q1), TYPED)
    html = conflict.content.decode()
    over = re.search(r'name="over"[^>]*value="([^"]+)"', html, re.S)[1]
    client.post(url(opened, Q1), {**TYPED, "over": over})

    assert (conflict.status_code, over) == (409, "0-1")
    assert "The assessment says now:" in html
    assert (in_all(opened)[Q1].value, answer_to(opened, Q1).value, answer_to(opened, Q1).revision) == ("partly", "partly", 2)


# --- who and when -----------------------------------------------------------------------------------------------------


def test_others_read_and_do_not_write(signed_in: SignIn, place: Place, opened: Round):
    member = signed_in(make_member(place.city, Role.SUPPORT_GROUP_MEMBER))

    page, answer = member.get(url(opened, Q1)), member.post(url(opened, Q1), TYPED)

    assert (page.status_code, answer.status_code) == (200, 403)
    assert "Save and go" not in page.content.decode()
    assert in_all(opened) == {}


@pytest.mark.parametrize("end", ["closed", "finished"])
def test_too_late_is_told_beside_what_was_typed(client: Client, place: Place, opened: Round, end: str):
    with city_scope(opened.city_id):
        if end == "closed":
            close_round(place=place, round=opened, now=LATER)
        else:
            finish_assessment(place=place, assessment=opened.assessment, now=LATER)

    answer = client.post(url(opened, Q1), TYPED)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "are not being discussed now" in html or "Copy your text" in html
    assert field(html, "reason") == "Both are right."
    assert in_all(opened) == {}


# --- what all said ----------------------------------------------------------------------------------------------------


def test_only_what_is_ticked_is_agreed(client: Client, opened: Round):
    page = client.get(url(opened)).content.decode()
    choices = re.findall(r'name="items" value="([^"]+)"( checked)?', page)

    answer = client.post(url(opened), {**TYPED, "items": [f"{Q2}:0"], "reason": "Everybody said the same."})

    assert choices == [(f"{Q2}:0", "")]
    assert answer["Location"] == url(opened, name="divergence")
    assert {code: (each.value, each.reason) for code, each in in_all(opened).items()} == {Q2: ("no", "Everybody said the same.")}
    assert answer_to(opened, Q2).value == "no"


@pytest.mark.parametrize("items", [[], [f"{Q1}:0"], ["nonsense"]], ids=["nothing", "not said by all", "nonsense"])
def test_nothing_else_can_be_agreed_in_one_step(client: Client, opened: Round, items: list[str]):
    answer = client.post(url(opened), {**TYPED, "items": items})

    assert answer.status_code == 422
    assert in_all(opened) == {}


def test_answer_of_the_team_is_told_in_the_list_and_not_overwritten_unseen(client: Client, place: Place, opened: Round):
    give(place, opened.assessment, Q2, "yes")
    page = client.get(url(opened)).content.decode()

    answer = client.post(url(opened), {**TYPED, "items": [f"{Q2}:0"], "reason": "All."})

    assert "The assessment says now: Yes" in unescape(page)
    assert f'value="{Q2}:1"' in page
    assert answer.status_code == 422
    assert (in_all(opened), answer_to(opened, Q2).value) == ({}, "yes")


# --- afterwards -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["results", "history"])
def test_results_and_history_say_why_and_who_was_there(client: Client, opened: Round, name: str):
    client.post(url(opened, Q1), TYPED)
    code = {"code": Q1} if name == "history" else {}

    page = client.get(reverse(f"assessments:{name}", kwargs={"city": opened.city.slug, "pk": opened.assessment_id, **code}))

    html = unescape(page.content.decode())
    assert [text for text in ("Both are right.", "Two say no.", "Two services, three mothers") if text not in html] == []


def test_results_no_longer_call_agreed_what_was_changed_since(client: Client, place: Place, opened: Round):
    client.post(url(opened, Q1), TYPED)
    give(place, opened.assessment, Q1, "yes")

    page = client.get(reverse("assessments:results", kwargs={"city": opened.city.slug, "pk": opened.assessment_id}))

    assert "Both are right." not in page.content.decode()

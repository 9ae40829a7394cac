"""Answering alone, with an account and as a guest: the same screens at two addresses."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jumelle.assessments import operations
from jumelle.assessments.models import Respondent, RespondentAnswer
from jumelle.assessments.tests.factories import (
    hand_in,
    lay_open,
    make_assessment,
    make_place,
    make_respondent,
    make_round,
    respond,
)
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_member

pytestmark = pytest.mark.django_db
QUERIES_OF_A_GUESTS_PAGE = 4  # session, pass with its city, respondent with round and assessment, answers


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def round(place, now):
    return make_round(place, make_assessment(place), now=now, answer_until=timezone.localdate(now) + timedelta(days=10))


@dataclass
class Somebody:
    """A respondent with a browser, and where the questionnaire is."""

    respondent: Respondent
    client: Client
    kwargs: dict[str, Any]
    space: str

    def url(self, name, **more):
        return reverse(f"{self.space}:{name}", kwargs={**self.kwargs, **more})

    def get(self, name, **more):
        return self.client.get(self.url(name, **more))

    def post(self, name, data, headers=None, **more):
        return self.client.post(self.url(name, **more), data, headers=headers or {})

    @property
    def stored(self):
        with city_scope(self.respondent.city_id):
            found = RespondentAnswer.objects.filter(respondent=self.respondent).order_by("item_code")
            return [(answer.item_code, answer.value, answer.text, answer.note, answer.private_note) for answer in found]

    @property
    def is_sent_in(self):
        with city_scope(self.respondent.city_id):
            return Respondent.objects.get(pk=self.respondent.pk).sent_in_at is not None


@pytest.fixture
def link_of(django_capture_on_commit_callbacks):
    """Invite by mail, and return the respondent with the path of the link in the mail."""

    def make(place, round, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            person = make_respondent(place, round, **fields)
        found = re.search(r"(/\w+/answer/[\w-]+/)", mail.outbox[-1].body)
        return person, found[1]

    return make


@pytest.fixture
def guest(place, round, now, link_of):
    person, link = link_of(place, round, themes=["KF1", "KF2", "CF"], name="The library", now=now)
    client = Client()
    assert client.post(link).url == reverse("answering:overview")
    return Somebody(person, client, {}, "answering")


@pytest.fixture
def member(place, round, now, signed_in):
    user = make_member(place.city, Role.VOLUNTEER)
    person = make_respondent(place, round, user=user, themes=["KF1", "KF2", "CF"], name="The library", now=now)
    return Somebody(person, signed_in(user), {"city": place.city.slug, "pk": person.pk}, "assessments:asked")


@pytest.fixture(params=["guest", "member"])
def somebody(request):
    return request.getfixturevalue(request.param)


def html_of(page):
    return " ".join(page.content.decode().split())


def typed(code, revision=0, **fields):
    return {f"{code}-revision": revision, **{f"{code}-{name}": value for name, value in fields.items()}}


# --- the link ---------------------------------------------------------------------------------------------------------


def test_looking_at_a_link_uses_nothing_up(place, round, now, link_of):
    _person, link = link_of(place, round, now=now)

    pages = [Client().get(link) for _ in range(2)]

    assert [page.status_code for page in pages] == [200, 200]
    assert "Open the questionnaire" in html_of(pages[0])
    assert place.city.name not in html_of(pages[0])
    assert Client().post(link).url == reverse("answering:overview")


def test_the_page_of_a_link_tells_its_address_to_nobody(place, round, now, link_of):
    _person, link = link_of(place, round, now=now)
    token = link.split("/")[-2]

    page = Client().get(link)

    html = html_of(page)
    headers = {name: page[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")}
    assert headers == {"Cache-Control": "no-store", "Referrer-Policy": "strict-origin", "X-Robots-Tag": "noindex"}
    assert token not in re.search(r"<title>.*?</title>", html)[0]
    assert set(re.findall(r'[^"]*' + token + r'[^"]*', html)) == {f"/{code}/answer/{token}/" for code in ("fr", "en", "ar", "uk", "ti")}


def dead_links(place, round, now, link_of):
    used_by, used = link_of(place, round, now=now)
    Client().post(used)
    withdrawn_by, withdrawn = link_of(place, round, now=now)
    expired_by, expired = link_of(place, round, now=now)
    with city_scope(place.city.id):
        operations.withdraw_respondent(place=place, respondent=withdrawn_by, now=now)
        expired_by.guest_pass.expires_at = now
        expired_by.guest_pass.save()
    assert used_by.pk != expired_by.pk
    return {"used": used, "withdrawn": withdrawn, "expired": expired, "guessed": used[:-3] + "xy/"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_dead_links_answer_with_the_same_bytes(place, round, now, link_of, method):
    found = {kind: getattr(Client(), method)(link) for kind, link in dead_links(place, round, now, link_of).items()}

    assert {page.status_code for page in found.values()} == {404}
    assert len({page.content for page in found.values()}) == 1
    assert len({str(sorted(page.headers.items())) for page in found.values()}) == 1
    html = html_of(found["used"])
    assert "for a new link" in html
    assert "Go on with the questionnaire" not in html


def test_a_dead_link_leads_on_where_this_browser_holds_a_pass(guest, place, round, now, link_of):
    links = dead_links(place, round, now, link_of)

    pages = {kind: guest.client.get(link) for kind, link in links.items()}

    assert {page.status_code for page in pages.values()} == {404}
    assert len({page.content for page in pages.values()}) == 1
    assert f'href="{guest.url("overview")}"' in html_of(pages["used"])


def test_another_browser_opens_nothing(guest):
    assert [Client().get(guest.url(name)).status_code for name in ("overview", "send_in", "done")] == [404, 404, 404]


def test_the_questionnaire_stays_open_longer_than_a_session_of_a_reader(guest):
    assert guest.client.session.get_expiry_date() == guest.respondent.guest_pass.created_at + timedelta(days=60)
    assert guest.client.cookies["session"]["max-age"] > 59 * 24 * 3600


def test_a_withdrawn_guest_is_out_with_the_next_click(guest, place, now):
    with city_scope(place.city.id):
        operations.withdraw_respondent(place=place, respondent=guest.respondent, now=now)

    assert guest.get("overview").status_code == 404


def test_a_guest_is_nobody_elsewhere(guest, place):
    city = reverse("workspace:city", kwargs={"city": place.city.slug})

    assert guest.client.get(city).url.startswith(reverse("account_login"))


def test_a_borrowed_device_can_forget_the_questionnaire(guest):
    guest.post("theme", {**typed("KF1.Q1", value="yes"), "go": "stay"}, code="KF1")

    page = guest.post("leave", {})

    assert page.url == reverse("portal:start")
    assert guest.get("overview").status_code == 404
    assert len(guest.stored) == 1


# --- the questionnaire ------------------------------------------------------------------------------------------------


def test_overview_says_who_asks_and_what_is_promised(somebody, place):
    html = html_of(somebody.get("overview"))

    assert f"{place.city.name} asks you, as: NGO or association." in html
    assert "Nobody is told what you answered." in html
    assert "a group that is shown has at least 5 people" in html
    assert "read by nobody but you, ever" in html
    assert "0 of 4 answered" in html
    assert [code for code in ("KF1", "KF2", "KF3", "CF") if somebody.url("theme", code=code) in html] == ["KF1", "KF2", "CF"]


def test_overview_says_that_names_will_be_shown_where_the_group_chose_so(place, now, signed_in):
    named = make_round(place, make_assessment(place), shows_names=True, now=now, answer_until=timezone.localdate(now))
    user = make_member(place.city, Role.VOLUNTEER)
    person = make_respondent(place, named, user=user, name="Ada of the library", now=now)

    html = html_of(signed_in(user).get(reverse("assessments:asked:overview", kwargs={"city": place.city.slug, "pk": person.pk})))

    assert "“Ada of the library” stands beside your answers and notes" in html
    assert "Nobody is told" not in html


def test_a_guest_sees_no_rail_no_account_and_other_languages(guest):
    html = html_of(guest.get("overview"))

    assert 'class="rail' not in html
    assert "My account" not in html
    assert "Sign in" not in html
    assert 'href="/ar/answering/"' in html


def test_a_member_stays_in_the_pages_of_the_city(member):
    html = html_of(member.get("overview"))

    assert "My account" in html
    assert "Is this not your own device?" not in html


@pytest.mark.parametrize("language", ["fr", "ar", "uk", "ti"])
def test_the_questionnaire_is_there_in_every_language(guest, language):
    page = guest.client.get(guest.url("theme", code="KF1").replace("/en/", f"/{language}/"))

    html = html_of(page)
    assert page.status_code == 200
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in html
    assert html.count('type="radio"') == 10


def test_theme_shows_questions_scale_examples_and_both_notes(somebody):
    html = html_of(somebody.get("theme", code="KF2"))

    assert "Have you asked migrants what they need" in html
    assert html.count('type="radio"') == 10
    assert "You can name a fact, a document or a service that shows it." in html
    assert "CAMIM, the House of Immersion" in html
    assert html.count("Only you will ever read this.") == 2
    assert "Note and evidence" not in html
    assert "Come back to this" not in html


def test_theme_without_script_saves_the_whole_page(somebody):
    page = somebody.post(
        "theme",
        {**typed("KF1.Q1", value="yes", note="A speech.", private_note="For me."), **typed("KF1.Q2", value="no"), "go": "next"},
        code="KF1",
    )

    assert (page.status_code, page.url) == (302, somebody.url("theme", code="KF2"))
    assert somebody.stored == [("KF1.Q1", "yes", "", "A speech.", "For me."), ("KF1.Q2", "no", "", "", "")]


def test_open_questions_take_text(somebody):
    somebody.post("theme", {**typed("CF.F1", text="Two thousand people."), "go": "stay"}, code="CF")

    assert somebody.stored == [("CF.F1", "", "Two thousand people.", "", "")]
    assert "Two thousand people.</textarea>" in html_of(somebody.get("theme", code="CF"))


def test_last_theme_leads_to_sending_in(somebody):
    assert somebody.post("theme", {"go": "next"}, code="CF").url == somebody.url("send_in")


def test_two_windows_are_shown_both_states(somebody):
    somebody.post("theme", typed("KF1.Q1", value="partly", private_note="First window."), code="KF1")

    page = somebody.post("theme", typed("KF1.Q1", value="no", private_note="Second window."), code="KF1")
    html = html_of(page)
    settled = somebody.post("theme", typed("KF1.Q1", value="no", private_note="Second window.", over=1), code="KF1")

    assert page.status_code == 409
    assert "You changed this answer in another window." in html
    assert "Somebody else" not in html
    assert html.index("First window.") < html.index("Second window.</textarea>")
    assert settled.status_code == 302
    assert somebody.stored == [("KF1.Q1", "no", "", "", "Second window.")]


def test_text_that_is_too_long_comes_back_whole(somebody):
    page = somebody.post("theme", typed("KF1.Q1", value="no", private_note="x" * 10_001), code="KF1")

    assert page.status_code == 422
    assert "more than 10,000 characters" in html_of(page)
    assert "x" * 10_001 in html_of(page)
    assert somebody.stored == []


@pytest.mark.parametrize("code", ["KF3", "KF1.Q1", "NOPE"])
def test_themes_that_are_not_asked_are_not_there(somebody, code):
    assert somebody.get("theme", code=code).status_code == 404
    assert somebody.post("theme", typed("KF3.Q1", value="no"), code=code).status_code == 404


def autosave(somebody, code, **fields):
    return somebody.post("answer", typed(code, **fields), headers={"X-Autosave": "1"}, code=code)


def test_autosave_answers_with_a_fragment_that_carries_the_new_state(somebody):
    first = autosave(somebody, "KF1.Q1", value="yes", private_note="For me.")
    second = autosave(somebody, "KF1.Q1", value="partly", private_note="For me.", revision=1)

    assert (first.status_code, second.status_code) == (200, 200)
    assert 'data-set-name="KF1.Q1-revision" data-set-value="1"' in html_of(first)
    assert 'data-set-value="2"' in html_of(second)
    assert "<html" not in html_of(first)
    assert somebody.stored == [("KF1.Q1", "partly", "", "", "For me.")]


def test_autosave_tells_of_another_window_with_both_ways_out(somebody):
    autosave(somebody, "KF1.Q1", value="yes", private_note="First window.")

    reply = autosave(somebody, "KF1.Q1", value="no")

    html = html_of(reply)
    assert reply.status_code == 409
    assert "You changed this answer in another window." in html
    assert "First window." in html
    assert 'name="KF1.Q1-over" id="KF1.Q1-over" value="1"' in html


@pytest.mark.parametrize("fields", [{"value": "maybe"}, {"revision": "x"}, {"note": "x" * 10_001}, {"private_note": "x" * 10_001}])
def test_autosave_refuses_with_a_sentence(somebody, fields):
    reply = autosave(somebody, "KF1.Q1", **fields)

    assert reply.status_code == 422
    assert "field__error" in html_of(reply)


@pytest.mark.parametrize("code", ["KF3.Q1", "KF1", "NOPE"])
def test_autosave_of_what_is_not_asked_is_404(somebody, code):
    assert autosave(somebody, code, value="yes").status_code == 404


def test_item_post_without_script_leads_back_to_the_item(somebody):
    page = somebody.post("answer", typed("KF1.Q1", value="yes"), code="KF1.Q1")

    assert page.url == somebody.url("theme", code="KF1") + "#KF1.Q1"


@pytest.mark.parametrize("name", ["overview", "theme", "send_in", "done"])
def test_pages_of_a_questionnaire_are_kept_by_no_cache(guest, place, now, name):
    respond(guest.respondent, "KF1.Q1", "yes", now=now)
    hand_in(place, guest.respondent, now=now)

    page = guest.get(name, **({"code": "KF1"} if name == "theme" else {}))

    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize("count", [1, 4])
def test_pages_of_a_guest_cost_the_same_queries(guest, now, count, django_assert_num_queries):
    for code in ("KF1.Q1", "KF1.Q2", "KF2.Q1", "KF2.Q2")[:count]:
        respond(guest.respondent, code, "yes", note="x", now=now)

    for name, more in (("overview", {}), ("theme", {"code": "KF1"}), ("send_in", {})):
        with django_assert_num_queries(QUERIES_OF_A_GUESTS_PAGE):
            guest.get(name, **more)


# --- sending in -------------------------------------------------------------------------------------------------------


def test_send_in_thanks_and_can_be_taken_back(somebody):
    somebody.post("theme", {**typed("KF1.Q1", value="yes"), "go": "stay"}, code="KF1")

    before = html_of(somebody.get("send_in"))
    sent = somebody.post("send_in", {"go": "send"})
    thanks = html_of(somebody.client.get(sent.url))
    was_sent = somebody.is_sent_in
    refused = somebody.post("theme", typed("KF1.Q1", value="no", revision=1, note="Typed."), code="KF1")
    back = somebody.post("send_in", {"go": "take_back"})
    changed = somebody.post("theme", typed("KF1.Q1", value="no", revision=1), code="KF1")

    assert "Sending in is not final" in before
    assert "That is allowed: answer only what you know." in before
    assert sent.url == somebody.url("done")
    assert "They wait, unread, until the answers of all are opened." in thanks
    assert was_sent
    assert refused.status_code == 422
    assert "Take them back first" in html_of(refused)
    assert "Typed.</textarea>" in html_of(refused)
    assert (back.url, somebody.is_sent_in, changed.status_code) == (somebody.url("overview"), False, 302)
    assert somebody.stored == [("KF1.Q1", "no", "", "", "")]


def test_nothing_answered_is_not_sent_in(somebody):
    page = somebody.client.post(somebody.url("send_in"), {"go": "send"}, follow=True)

    assert "You have not answered anything yet." in html_of(page)
    assert not somebody.is_sent_in


def test_thanks_are_for_those_who_sent_in(somebody):
    assert somebody.get("done").url == somebody.url("overview")


def test_once_opened_the_own_answers_are_read_only(somebody, place, round, now):
    respond(somebody.respondent, "KF1.Q1", "partly", note="For all.", private_note="For me.", now=now)
    hand_in(place, somebody.respondent, now=now)
    for _ in range(4):
        other = make_respondent(place, round, now=now)
        respond(other, "KF1.Q1", "no", note="CanaryNote", private_note="CanaryPrivate", now=now)
        hand_in(place, other, now=now)
    lay_open(place, round, now=now)

    overview = html_of(somebody.get("overview"))
    theme = html_of(somebody.get("theme", code="KF1"))
    late = autosave(somebody, "KF1.Q1", value="no", revision=1)

    assert "nobody answers any more" in overview
    assert "For all." in theme
    assert "For me." in theme
    assert "<textarea" not in theme
    assert "Canary" not in overview + theme
    assert late.status_code == 422
    assert "The time to answer is over" in html_of(late)


# --- where a member finds it ------------------------------------------------------------------------------------------


def test_the_start_page_of_the_city_says_that_one_is_asked(member, place, signed_in):
    colleague = make_member(place.city, Role.VOLUNTEER)
    address = reverse("workspace:city", kwargs={"city": place.city.slug})

    asked, not_asked = html_of(member.client.get(address)), html_of(signed_in(colleague).get(address))

    assert "You are asked to answer" in asked
    assert member.url("overview") in asked
    assert "You are asked to answer" not in not_asked


def test_the_list_of_assessments_says_that_one_is_asked(place, round, now, signed_in):
    person = make_respondent(place, round, user=place.user, now=now)

    html = html_of(signed_in(place.user).get(reverse("assessments:list", kwargs={"city": place.city.slug})))

    assert reverse("assessments:asked:overview", kwargs={"city": place.city.slug, "pk": person.pk}) in html


def test_a_member_opens_only_the_own_questionnaire(member, place, round, now, signed_in):
    other = make_respondent(place, round, user=make_member(place.city, Role.VOLUNTEER), now=now)
    by_mail = make_respondent(place, round, now=now)

    for person in (other, by_mail):
        for reader in (member.client, signed_in(place.user)):
            address = reverse("assessments:asked:theme", kwargs={"city": place.city.slug, "pk": person.pk, "code": "KF1"})
            assert reader.get(address).status_code == 404
            assert reader.post(address, typed("KF1.Q1", value="no")).status_code == 404

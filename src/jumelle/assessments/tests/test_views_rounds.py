from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import Respondent, Round
from jumelle.assessments.operations import finish_assessment
from jumelle.assessments.queries import respondents_of
from jumelle.assessments.tests.factories import (
    hand_in,
    lay_open,
    make_assessment,
    make_place,
    make_respondent,
    make_round,
    respond,
)
from jumelle.audit.models import Event
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_member

pytestmark = pytest.mark.django_db
QUERIES_OF_THE_ROUND = 9  # session, person, city, roles, second factor, assessment, rounds, respondents, counts


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def last_day(now):
    return timezone.localdate(now) + timedelta(days=10)


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def assessment(place):
    return make_assessment(place)


@pytest.fixture
def round(place, assessment, now, last_day):
    return make_round(place, assessment, now=now, answer_until=last_day)


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


def url(assessment, name, **kwargs):
    return reverse(f"assessments:{name}", kwargs={"city": assessment.city.slug, "pk": assessment.pk, **kwargs})


def html_of(page):
    return " ".join(page.content.decode().split())


def people_of(round):
    with city_scope(round.city_id):
        return [(row.respondent.name, row.respondent.role, row.respondent.themes) for row in respondents_of(round)]


def ask(client, assessment, **fields):
    form = {"role": "migrants", "name": "Women’s café", "email": "cafe@example.org", "language": "ar", "themes": ["KF1"], **fields}
    return client.post(url(assessment, "round_invite"), form)


def sent(place, round, count, now):
    people = [make_respondent(place, round, RespondentRole.MIGRANTS, name=f"Person {number}", now=now) for number in range(count)]
    for person in people:
        respond(person, "KF1.Q1", "yes", note="CanaryNote", private_note="CanaryPrivate", now=now)
        hand_in(place, person, now=now)
    return people


def test_round_page_offers_to_start(client, assessment):
    html = html_of(client.get(url(assessment, "round")))

    assert "Nobody is asked at present" in html
    assert url(assessment, "round_start") in html


def test_start_round_promises_and_leads_to_asking(client, assessment, last_day):
    page = client.post(url(assessment, "round_start"), {"shows_names": "yes", "answer_until": last_day.isoformat()}, follow=True)

    with city_scope(assessment.city_id):
        started = Round.objects.get()
    assert (started.shows_names, started.answer_until) == (True, last_day)
    assert "The round is started" in html_of(page)
    assert "names will stand beside the answers" in html_of(page)


def test_start_round_refuses_a_day_that_is_over_and_keeps_what_was_chosen(client, assessment, now):
    yesterday = (timezone.localdate(now) - timedelta(days=1)).isoformat()

    page = client.post(url(assessment, "round_start"), {"shows_names": "yes", "answer_until": yesterday})

    assert page.status_code == 422
    assert "The last day is over already" in html_of(page)
    assert yesterday in html_of(page)


def test_second_round_cannot_be_started_by_address(client, assessment, round):
    assert client.get(url(assessment, "round_start")).url == url(assessment, "round")


def test_ask_somebody_by_mail(client, assessment, round, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        page = ask(client, assessment, go="more")

    assert page.url == url(assessment, "round_invite")
    assert people_of(round) == [("Women’s café", "migrants", ["KF1"])]
    assert "/ar/answer/" in mail.outbox[-1].body
    assert "cafe@example.org" not in html_of(client.get(url(assessment, "round")))


def test_ask_a_member_by_account(client, place, assessment, round):
    member = make_member(place.city, Role.VOLUNTEER)

    page = ask(client, assessment, user=str(member.pk), email="")

    assert page.url == url(assessment, "round")
    with city_scope(place.city.id):
        assert Respondent.objects.get().user == member


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": ""}, "Choose somebody with an account, or give an e-mail address"),
        ({"themes": []}, "Choose at least one theme."),
        ({"themes": ["CF"]}, "Choose at least one theme with questions."),
        ({"name": ""}, "required"),
        ({"user": "nobody"}, "not one of the available choices"),
    ],
)
def test_ask_says_what_is_missing_and_keeps_what_was_typed(client, assessment, round, fields, sentence):
    page = ask(client, assessment, **fields)

    assert page.status_code == 422
    assert sentence in html_of(page)
    assert "checked" in html_of(page)
    assert people_of(round) == []


def test_reading_the_members_to_ask_is_recorded(client, assessment, round):
    client.get(url(assessment, "round_invite"))

    assert Event.objects.filter(action="members_read").count() == 1


def test_round_page_asks_for_migrants_until_somebody_is_asked(client, place, assessment, round, now):
    make_respondent(place, round, RespondentRole.NGO, now=now)
    before = html_of(client.get(url(assessment, "round")))
    make_respondent(place, round, RespondentRole.MIGRANTS, now=now)
    after = html_of(client.get(url(assessment, "round")))

    assert "No representative of migrants or refugees is asked yet" in before
    assert "No representative of migrants or refugees" not in after


def test_round_page_shows_how_far_people_are_and_nothing_they_said(client, place, assessment, round, now):
    sent(place, round, 1, now)
    make_respondent(place, round, name="Not yet", now=now)

    html = html_of(client.get(url(assessment, "round")))

    assert "1 of 2 have sent in" in html
    assert "Person 0" in html
    assert "1 of 28" not in html
    assert "link, not opened yet" in html
    assert "Canary" not in html
    assert 'New link<span class="only-read">: Not yet' in html
    assert 'New link<span class="only-read">: Person 0' not in html


def test_how_much_somebody_answered_is_told_where_names_are_shown(client, place, assessment, now, last_day):
    named = make_round(place, assessment, shows_names=True, now=now, answer_until=last_day)
    sent(place, named, 1, now)

    assert "1 of 28" in html_of(client.get(url(assessment, "round")))


@pytest.mark.parametrize("people", [1, 6])
def test_round_page_costs_the_same_with_one_and_with_six(client, place, assessment, round, now, people, django_assert_num_queries):
    sent(place, round, people, now)
    client.get(url(assessment, "round"))

    with django_assert_num_queries(QUERIES_OF_THE_ROUND):
        client.get(url(assessment, "round"))


def test_new_link_says_that_a_guest_who_has_begun_begins_anew(client, place, assessment, round, now):
    person = make_respondent(place, round, name="Somebody", now=now)
    with city_scope(place.city.id):
        person.guest_pass.used_at, person.guest_pass.browser_hash = now, "x"
        person.guest_pass.save()
    address = url(assessment, "round_again", respondent=person.pk)

    before = html_of(client.get(address))
    page = client.post(address, {"email": "again@example.org"})

    assert "Somebody begins anew" in before
    assert page.url == url(assessment, "round")
    with city_scope(place.city.id):
        person.guest_pass.refresh_from_db()
        assert person.guest_pass.withdrawn_at is not None


def test_withdraw_asks_before(client, place, assessment, round, now):
    person = make_respondent(place, round, name="Somebody", now=now)
    address = url(assessment, "round_withdraw", respondent=person.pk)

    assert "Ask Somebody no more?" in html_of(client.get(address))
    client.post(address)

    assert people_of(round) == []


def test_people_of_another_assessment_are_not_found(client, place, assessment, round, now, last_day):
    other = make_round(place, make_assessment(place), now=now, answer_until=last_day)
    person = make_respondent(place, other, now=now)

    assert client.post(url(assessment, "round_withdraw", respondent=person.pk)).status_code == 404
    assert len(people_of(other)) == 1


def test_too_few_to_open_says_why_and_what_to_do(client, place, assessment, round, now):
    sent(place, round, 4, now)

    html = html_of(client.get(url(assessment, "round")))
    page = client.post(url(assessment, "round_open"), follow=True)

    assert "Fewer than five people have sent in." in html
    assert "Remind those who were asked" in html
    assert "Fewer than five people have sent in." in html_of(page)
    with city_scope(place.city.id):
        assert not Round.objects.get().is_open


def test_open_says_first_what_will_be_visible_to_whom(client, place, assessment, round, now):
    sent(place, round, 5, now)
    make_respondent(place, round, name="Not yet", now=now)

    before = html_of(client.get(url(assessment, "round_open")))
    page = client.post(url(assessment, "round_open"), follow=True)

    assert "The answers of the 5 people who have sent in, out of 6 who were asked." in before
    assert "Roles with fewer than 5 people are put together." in before
    assert "Notes that people wrote for themselves are shown to nobody" in before
    assert "Not everybody has sent in." in before
    assert "Nobody answers any more." in html_of(page)
    assert "Canary" not in before


def test_close_and_start_again(client, place, assessment, round, now):
    sent(place, round, 5, now)
    lay_open(place, round, now=now)

    client.post(url(assessment, "round_close"))
    html = html_of(client.get(url(assessment, "round")))

    assert "opened and discussed" in html
    assert url(assessment, "round_start") in html


def test_give_up_says_that_nobody_will_read(client, assessment, round):
    html = html_of(client.get(url(assessment, "round_close")))

    assert "Nobody will ever read what people have answered so far" in html


def test_change_the_last_day(client, assessment, round, last_day):
    day = last_day + timedelta(days=5)

    page = client.post(url(assessment, "round_last_day"), {"answer_until": day.isoformat()})

    assert page.url == url(assessment, "round")
    with city_scope(assessment.city_id):
        assert Round.objects.get().answer_until == day


def test_a_finished_assessment_asks_nobody(client, place, assessment, round, now):
    with city_scope(place.city.id):
        finish_assessment(place=place, assessment=assessment, now=now)

    html = html_of(client.get(url(assessment, "round")))
    page = ask(client, assessment)

    assert "The assessment is finished: nobody can answer it now." in html
    assert page.status_code == 422
    assert "Reopen it first" in html_of(page)


@pytest.mark.parametrize("role", [Role.SUPPORT_GROUP_MEMBER, Role.PROVIDER_STAFF])
def test_only_those_who_run_the_city_facilitate(place, assessment, round, signed_in, role):
    client = signed_in(make_place(place.city, role).user)

    answers = {client.get(url(assessment, name)).status_code for name in ("round", "round_invite", "round_open", "round_close")}

    assert answers == {403}
    assert url(assessment, "round") not in html_of(client.get(url(assessment, "overview")))

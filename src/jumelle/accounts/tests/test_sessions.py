"""A session ends by itself: staff after 30 minutes of silence and after 12 hours in all; others after 14 days."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from jumelle.accounts.models import User


def is_in(client: Client) -> bool:
    return client.get(reverse("workspace:me")).status_code == 200


@pytest.fixture
def staff(known, signed_in, clock) -> Client:
    """Whoever has used a second factor in this session."""
    client = signed_in(known)
    assert is_in(client)
    return client


def test_limits_are_those_that_we_promise():
    assert settings.STAFF_IDLE.total_seconds() == 30 * 60
    assert settings.STAFF_ABSOLUTE.total_seconds() == 12 * 3600
    assert settings.SESSION_COOKIE_AGE == 14 * 24 * 3600


@pytest.mark.parametrize(("minutes", "stays"), [(1, True), (29.9, True), (30.1, False), (600, False)])
def test_silence_ends_a_staff_session(staff, clock, minutes, stays):
    clock.wait(minutes=minutes)

    assert is_in(staff) is stays


def test_person_who_was_signed_out_is_told_so_and_stays_out(staff, clock):
    clock.wait(minutes=31)

    answer = staff.get(reverse("workspace:me"))
    page = staff.get(answer.headers["Location"])

    assert answer.status_code == 302
    assert "account/login" in answer.headers["Location"]
    assert "You were signed out because nothing happened for a while" in page.content.decode()
    assert not is_in(staff)


def test_clicks_keep_a_staff_session_open_for_twelve_hours_and_no_longer(staff, clock):
    for _ in range(35):
        clock.wait(minutes=20)
        assert is_in(staff)
    clock.wait(minutes=19)
    assert is_in(staff)

    clock.wait(minutes=2)

    assert not is_in(staff)


def test_clicks_within_a_minute_count_too(staff, clock):
    """The moment of the last click is written once a minute only; that must not shorten the half hour by more."""
    for _ in range(50):
        clock.wait(seconds=59)
        assert is_in(staff)
    clock.wait(minutes=28)

    assert is_in(staff)


def test_signing_in_again_begins_a_new_session(staff, clock, known, signed_in):
    old_key = staff.session.session_key
    clock.wait(hours=13)
    assert not is_in(staff)

    again = signed_in(known)

    assert is_in(again)
    assert again.session.session_key != old_key


def test_operator_session_ends_without_a_second_factor_too(known, signed_in, clock):
    User.objects.filter(pk=known.pk).update(is_operator=True)
    client = signed_in(known, second_factor=False)
    assert is_in(client)
    clock.wait(minutes=31)

    assert not is_in(client)


def test_session_of_a_learner_lasts_fourteen_days(known, signed_in, clock):
    client = signed_in(known, second_factor=False)
    assert is_in(client)
    clock.wait(days=13)
    assert is_in(client)

    clock.wait(days=15)

    assert not is_in(client)


def test_account_that_is_closed_is_out_at_the_next_click(staff, known):
    User.objects.filter(pk=known.pk).update(is_active=False)

    assert not is_in(staff)


def test_reader_without_an_account_gets_no_cookie(client, db):
    answer = client.get(reverse("portal:about"))

    assert answer.status_code == 200
    assert answer.cookies == {}

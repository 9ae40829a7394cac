from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, connections, transaction

from jumelle.cities.enums import GuestPurpose
from jumelle.cities.guests import (
    SESSION_KEY,
    PassNotValid,
    forget_pass,
    hashed,
    is_usable,
    issue_pass,
    pass_of,
    use_pass,
    withdraw_pass,
)
from jumelle.cities.models import GuestPass
from jumelle.cities.tenancy import city_scope, no_city
from jumelle.cities.tests.factories import NOW, make_city

pytestmark = pytest.mark.django_db
END = NOW + timedelta(days=10)
SOON, LAST = NOW + timedelta(minutes=1), END - timedelta(seconds=1)


@pytest.fixture
def city():
    return make_city()


def issue(city, expires_at=END):
    with city_scope(city.id):
        return issue_pass(city=city, purpose=GuestPurpose.RESPONDENT, now=NOW, expires_at=expires_at)


def browser():
    """A browser that has been here before: it has a session."""
    session = SessionStore()
    session.create()
    return session


def opened(token, now=SOON):
    session = browser()
    return session, use_pass(token=token, session=session, now=now)


def withdraw(city, guest_pass):
    with city_scope(city.id):
        withdraw_pass(guest_pass=guest_pass, now=SOON)


def test_a_link_opens_once_and_then_only_in_its_browser(city):
    issued = issue(city)

    session, used = opened(issued.token)

    assert (used.pk, used.used_at) == (issued.guest_pass.pk, SOON)
    assert pass_of(session, LAST) == issued.guest_pass
    assert pass_of(browser(), LAST) is None


def test_looking_at_a_link_uses_nothing_up(city):
    issued = issue(city)

    assert [is_usable(token=issued.token, now=SOON) for _ in range(3)] == [True, True, True]
    assert opened(issued.token)[1].pk == issued.guest_pass.pk


def used_before(city):
    token = issue(city).token
    opened(token)
    return token


def expired(city):
    return issue(city, expires_at=SOON).token


def withdrawn(city):
    issued = issue(city)
    withdraw(city, issued.guest_pass)
    return issued.token


def guessed(city):
    token = issue(city).token
    return token[:-1] + ("A" if token[-1] != "A" else "B")


def its_hash(city):
    return issue(city).guest_pass.token_hash


@pytest.mark.parametrize("dead", [used_before, expired, withdrawn, guessed, its_hash, lambda city: ""])
def test_a_dead_link_opens_nothing_and_changes_nothing(city, dead):
    token = dead(city)
    session = browser()
    key = session.session_key

    with pytest.raises(PassNotValid):
        use_pass(token=token, session=session, now=SOON)

    assert not is_usable(token=token, now=SOON)
    assert (session.session_key, SESSION_KEY in session) == (key, False)
    assert pass_of(session, SOON) is None


def test_only_hashes_are_kept(city):
    issued = issue(city)
    session, _used = opened(issued.token)

    with city_scope(city.id):
        stored = str(list(GuestPass.objects.values_list()))

    assert issued.token not in stored
    assert session[SESSION_KEY]["key"] not in stored
    assert hashed(issued.token) in stored


def test_the_session_gets_a_new_key_when_the_link_is_opened(city):
    """Whoever planted a session in this browser beforehand is left with an empty one."""
    token = issue(city).token
    session = browser()
    planted = session.session_key

    use_pass(token=token, session=session, now=SOON)

    assert session.session_key != planted
    assert not SessionStore().exists(planted)


def test_a_copied_id_without_the_key_of_the_browser_opens_nothing(city):
    issued = issue(city)
    opened(issued.token)
    thief = browser()
    thief[SESSION_KEY] = {"id": str(issued.guest_pass.pk), "city": str(city.pk), "key": issued.token}

    assert pass_of(thief, SOON) is None


def test_an_unused_pass_is_nobodys(city):
    issued = issue(city)
    thief = browser()
    thief[SESSION_KEY] = {"id": str(issued.guest_pass.pk), "city": str(city.pk), "key": ""}

    assert pass_of(thief, SOON) is None


def test_a_pass_of_one_city_is_not_found_in_another(city):
    session, used = opened(issue(city).token)
    session[SESSION_KEY] = {**session[SESSION_KEY], "city": str(make_city().pk)}

    assert pass_of(session, SOON) is None
    assert used.city_id == city.pk


def test_a_pass_ends_with_its_last_moment(city):
    session, _used = opened(issue(city).token)

    assert pass_of(session, LAST) is not None
    assert pass_of(session, END) is None


def test_a_withdrawn_pass_opens_nothing_with_the_next_click(city):
    session, used = opened(issue(city).token)

    withdraw(city, used)
    withdraw(city, used)

    assert pass_of(session, SOON) is None


def test_a_browser_can_forget_a_pass_and_nobody_else_holds_it(city):
    session, _used = opened(issue(city).token)
    key = session.session_key

    forget_pass(session)

    assert pass_of(session, SOON) is None
    assert session.session_key != key


def test_no_session_is_made_for_a_browser_without_one(city):
    session = SessionStore()

    assert pass_of(session, SOON) is None
    assert session.session_key is None


def test_a_pass_is_bound_to_a_browser_exactly_when_it_is_used(city):
    guest_pass = issue(city).guest_pass
    guest_pass.used_at = SOON

    with city_scope(city.id), pytest.raises(IntegrityError), transaction.atomic():
        guest_pass.save()


def test_the_scope_of_the_city_does_not_stay_open(city):
    token = issue(city).token

    with no_city():
        session, _used = opened(token)
        found = pass_of(session, SOON)

    assert found is not None
    assert found.city == city


@pytest.mark.django_db(transaction=True)
def test_of_two_browsers_at_the_same_moment_one_gets_the_pass():
    city = make_city()
    token = issue(city).token
    sessions = [browser() for _ in range(6)]

    def click(session):
        try:
            use_pass(token=token, session=session, now=SOON)
        except PassNotValid:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(len(sessions)) as people:
        outcome = list(people.map(click, sessions))

    assert sorted(outcome) == [False] * 5 + [True]
    assert [pass_of(session, SOON) is not None for session in sessions] == outcome

"""One door: a code by mail or a passkey. It opens slowly to those who guess, and tells nobody who has an account."""

import ast
import re
import time
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.contrib.auth import views as django_views
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from jumelle.accounts.models import User

UNKNOWN = "nobody@example.org"
GOOD_PASSWORD = "a long and good pass phrase"


def code_in_mail() -> str:
    found = re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})?)\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found.group(1)


def ask_for_code(client: Client, address: str):
    return client.post(reverse("account_login"), {"login": address})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# --- the way in ----------------------------------------------------------------------------------------------------------


def test_code_from_the_mail_opens_the_door_once(client, known):
    ask_for_code(client, known.email)
    code = code_in_mail()
    client.post(reverse("account_confirm_login_code"), {"code": code})
    assert is_signed_in(client)

    other = Client()
    other.post(reverse("account_confirm_login_code"), {"code": code})

    assert not is_signed_in(other)


def test_password_opens_nothing(client, known):
    """Even an account that has one: a second way in would be a way around the second factor."""
    known.set_password(GOOD_PASSWORD)
    known.save()

    client.post(reverse("account_login"), {"login": known.email, "password": GOOD_PASSWORD})
    client.post(reverse("account_request_login_code"), {"email": known.email, "password": GOOD_PASSWORD})

    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "name",
    [
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_confirm_password_reset_code",
        "account_complete_password_reset",
        "account_password_reset_completed",
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_of_passwords_answer_as_a_missing_page(client, known, name, method):
    answer = getattr(client, method)(reverse(name))

    assert answer.status_code == 404
    assert answer.content == getattr(client, method)("/en/there-is-no-such-page/").content


def all_patterns(patterns: list[URLPattern | URLResolver] | None = None) -> list[URLPattern]:
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        found += all_patterns(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]
    return found


def test_no_other_view_lets_anybody_in():
    """No admin, none of Django's own sign-in views, and no view of ours that signs in."""
    doors = {
        pattern.name
        for pattern in all_patterns()
        if issubclass(getattr(pattern.callback, "view_class", object), django_views.LoginView)
        or "admin" in str(pattern.lookup_str)
        or re.search(r"(?:^|\.)(?:Login|Signup|Authenticate|ConfirmLoginCode|RequestLoginCode|LoginWebAuthn)\w*View$", pattern.lookup_str)
    }

    assert doors == {
        "account_login",
        "account_signup",
        "account_request_login_code",
        "account_confirm_login_code",
        "mfa_authenticate",
        "mfa_login_webauthn",
    }
    assert "django.contrib.admin" not in settings.INSTALLED_APPS
    assert settings.AUTHENTICATION_BACKENDS == ["allauth.account.auth_backends.AuthenticationBackend"]


def test_no_code_of_ours_signs_anybody_in():
    """`login`, `authenticate` and their kin are called by allauth alone."""
    kin = {"login", "alogin", "authenticate", "perform_login", "force_login", "user_logged_in", "SESSION_KEY", "BACKEND_SESSION_KEY"}
    found = set()
    for path in settings.SOURCE_DIR.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("django.contrib.auth", "allauth")):
                found |= {(path.name, alias.name) for alias in node.names if alias.name in kin}

    assert found == set()


# --- guessing ------------------------------------------------------------------------------------------------------------


def test_third_wrong_code_ends_the_attempt_and_the_right_one_comes_too_late(client, known):
    ask_for_code(client, known.email)
    code = code_in_mail()
    for _ in range(3):
        client.post(reverse("account_confirm_login_code"), {"code": "WRONG1"})

    client.post(reverse("account_confirm_login_code"), {"code": code})

    assert not is_signed_in(client)


@pytest.mark.parametrize(("seconds", "opens"), [(590, True), (601, False)])
def test_code_is_good_for_ten_minutes(client, known, monkeypatch, seconds, opens):
    ask_for_code(client, known.email)
    asked_at = time.time()
    monkeypatch.setattr(time, "time", lambda: asked_at + seconds)

    client.post(reverse("account_confirm_login_code"), {"code": code_in_mail()})

    assert is_signed_in(client) is opens


@pytest.mark.parametrize("name", ["account_login", "account_request_login_code"])
def test_thirty_requests_send_a_handful_of_mails(known, name):
    field = "login" if name == "account_login" else "email"
    for _ in range(30):
        Client().post(reverse(name), {field: known.email})

    assert 1 <= len(mail.outbox) <= 3


@pytest.mark.parametrize(("wrong_before", "opens"), [(0, True), (2, True), (8, False)])
def test_second_factor_cannot_be_guessed(client, known, wrong_before, opens):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(known, secret)
    ask_for_code(client, known.email)
    client.post(reverse("account_confirm_login_code"), {"code": code_in_mail()})
    assert not is_signed_in(client)

    for _ in range(wrong_before):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
    right = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    client.post(reverse("mfa_authenticate"), {"code": right})

    assert is_signed_in(client) is opens


def test_secret_of_the_second_factor_is_encrypted_in_the_database(known):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(known, secret)

    stored = Authenticator.objects.get(user=known).data["secret"]

    assert secret not in stored
    assert stored.startswith("enc:")


def test_many_addresses_from_one_place_are_slowed_down_too(db):
    answers = [Client().post(reverse("account_request_login_code"), {"email": f"person{n}@example.org"}) for n in range(25)]

    assert 429 in {answer.status_code for answer in answers} or b"Too many" in answers[-1].content


# --- who has an account ----------------------------------------------------------------------------------------------------


def seen_by(act: Callable[[Client, str], object], address: str) -> tuple[object, ...]:
    """Everything that a stranger can see of an answer: status, headers, cookies and page, without token and address."""
    cache.clear()
    client = Client()
    answer = act(client, address)
    place = answer.headers.get("Location")
    page = client.get(place) if place else answer
    text = page.content.decode().replace(address, "ADDRESS")
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "TOKEN", text)
    headers = {name: value for name, value in page.headers.items() if name not in {"Date", "Expires", "Content-Length", "Set-Cookie"}}
    return answer.status_code, place, page.status_code, sorted(client.cookies), headers, text


def wrong_code(client: Client, address: str):
    ask_for_code(client, address)
    return client.post(reverse("account_confirm_login_code"), {"code": "WRONG1"})


def three_wrong_codes(client: Client, address: str):
    ask_for_code(client, address)
    return [client.post(reverse("account_confirm_login_code"), {"code": "WRONG1"}) for _ in range(3)][-1]


def too_many_requests(client: Client, address: str):
    return [client.post(reverse("account_request_login_code"), {"email": address}) for _ in range(10)][-1]


ACTS: dict[str, Callable[[Client, str], object]] = {
    "sign in": ask_for_code,
    "sign in with a password": lambda client, address: client.post(reverse("account_login"), {"login": address, "password": "x"}),
    "ask for a code": lambda client, address: client.post(reverse("account_request_login_code"), {"email": address}),
    "ask too often": too_many_requests,
    "type a wrong code": wrong_code,
    "type three wrong codes": three_wrong_codes,
    "sign up": lambda client, address: client.post(reverse("account_signup"), {"email": address}),
    "reset the password": lambda client, address: client.post(reverse("account_reset_password"), {"email": address}),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_known_and_unknown_addresses_get_the_same_answer(known, act):
    unknown = seen_by(act, UNKNOWN)

    assert seen_by(act, known.email) == unknown


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_closed_account_gets_the_same_answer_too(known, act):
    User.objects.filter(pk=known.pk).update(is_active=False)

    unknown = seen_by(act, UNKNOWN)

    assert seen_by(act, known.email) == unknown


def test_stranger_is_not_written_to(db):
    """Nobody can make us mail an address that has no account, except by signing up with it."""
    ask_for_code(Client(), UNKNOWN)
    Client().post(reverse("account_request_login_code"), {"email": UNKNOWN})

    assert mail.outbox == []

"""Fixtures that every domain uses: sign in as a person with a second factor, without walking through the door each time."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from jumelle.accounts.models import User
from jumelle.accounts.second_factor import SESSION_FLAG


def sign_in(client: Client, user: User, *, second_factor: bool = True) -> Client:
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if second_factor:
        Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": ""}})
        session = client.session
        session[SESSION_FLAG] = True
        session.save()
    return client


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    """`signed_in(user)` gives a client of that person, with a second factor unless told otherwise."""

    def make(user: User, *, second_factor: bool = True) -> Client:
        return sign_in(Client(), user, second_factor=second_factor)

    return make

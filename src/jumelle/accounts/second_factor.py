"""Has this person a second factor, and did this session use it? A passkey is both factors in one."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from jumelle.accounts.models import User

SESSION_FLAG = "second_factor_added"


def user_has_second_factor(user: User) -> bool:
    strong = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=user, type__in=strong).exists()


def session_has_second_factor(request: HttpRequest) -> bool:
    if request.session.get(SESSION_FLAG):
        return True
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))

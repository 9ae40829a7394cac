"""In a demonstration, the page that asks for six digits shows them: the people are invented, and the door stays the same door."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from jumelle.accounts.models import User
from jumelle.config.demo.load import demo_code, read_network

PAGES = {"mfa_authenticate", "mfa_reauthenticate"}


def demo_digits(request: HttpRequest) -> dict[str, Any]:
    match = getattr(request, "resolver_match", None)
    if not settings.DEMO or match is None or match.view_name not in PAGES:
        return {}
    pending = request.session.get("account_login") or {}
    user = User.objects.filter(pk=str(pending["user_pk"])).first() if pending.get("user_pk") else request.user
    email = getattr(user, "email", "")
    if email not in {row["email"] for row in read_network()["people"] if row.get("totp")}:
        return {}
    return {"demo_digits": demo_code(email)}

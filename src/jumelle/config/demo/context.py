"""In a demonstration, the pages that ask for a code show it: the people are invented, and the door stays the same door."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from jumelle.accounts.models import User
from jumelle.config.demo.load import demo_code, has_second_factor, read_network

DIGITS, MAIL = {"mfa_authenticate", "mfa_reauthenticate"}, {"account_confirm_login_code"}


def demo_digits(request: HttpRequest) -> dict[str, Any]:
    match = getattr(request, "resolver_match", None)
    if not settings.DEMO or match is None or match.view_name not in DIGITS | MAIL:
        return {}
    pending = request.session.get("account_login") or {}
    user = User.objects.filter(pk=str(pending["user_pk"])).first() if pending.get("user_pk") else request.user
    email = getattr(user, "email", "")
    invented = {row["email"]: row for row in reversed(read_network()["people"])}
    if email not in invented:
        return {}
    if match.view_name in MAIL:
        stage = pending.get("state", {}).get("stages", {}).get("login_by_code", {})
        return {"demo_mail_code": stage.get("data", {}).get("code", "")}
    return {"demo_digits": demo_code(email)} if has_second_factor(email) else {}

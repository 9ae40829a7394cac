from typing import Any

from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

from jumelle.accounts.second_factor import SESSION_FLAG


@receiver(authenticator_added)
def remember_second_factor(request: HttpRequest, **kwargs: Any) -> None:
    """Whoever has just set up a second factor has proved it: the session need not ask again at once."""
    request.session[SESSION_FLAG] = True

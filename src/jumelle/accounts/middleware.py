"""Sessions end: after 30 minutes without a click and after 12 hours in all for people with a second factor, after 14 days for others."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from jumelle.accounts.second_factor import session_has_second_factor

STARTED, SEEN = "session_started", "session_seen"


class SessionLimits:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Pages without a session cookie stay without one: only look where there is a key.
        if request.session.session_key and request.user.is_authenticated and self.has_ended(request):
            logout(request)
            messages.info(request, _("You were signed out because nothing happened for a while. Please sign in again."))
        return self.get_response(request)

    def has_ended(self, request: HttpRequest) -> bool:
        now = timezone.now().timestamp()
        started = request.session.setdefault(STARTED, now)
        seen = request.session.get(SEEN, now)
        if now - seen >= 60 or SEEN not in request.session:
            request.session[SEEN] = now
        if not (session_has_second_factor(request) or getattr(request.user, "is_operator", False)):
            return False
        return bool(now - seen > settings.STAFF_IDLE.total_seconds() or now - started > settings.STAFF_ABSOLUTE.total_seconds())

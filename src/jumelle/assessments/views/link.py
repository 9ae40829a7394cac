"""The link of a guest: shows one button, and only the button uses the link up, because mail scanners open every link they see."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from jumelle.assessments.operations.rounds import LONGEST
from jumelle.cities import guests
from jumelle.cities.requests import PlacedRequest
from jumelle.common.errors import start_pages

# The token stands in the address of this page alone: it is told to no page that is opened from here, and kept in no cache.
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "strict-origin", "X-Robots-Tag": "noindex"}


def link(request: PlacedRequest, token: str) -> HttpResponse:
    now = timezone.now()
    if request.method != "POST":
        return show(request, "assessments/link.html") if guests.is_usable(token=token, now=now) else dead(request)
    try:
        opened = guests.use_pass(token=token, session=request.session, now=now)
    except guests.PassNotValid:
        return dead(request)
    if not request.user.is_authenticated:
        # Not the two weeks of other visits: as long as the round can last, even if it gets more time.
        request.session.set_expiry(opened.created_at + LONGEST)
    return untold(redirect("answering:overview"))


def dead(request: PlacedRequest) -> HttpResponse:
    """Used, expired, withdrawn and guessed links answer with the same bytes: no address of this page may stand in it."""
    running = guests.pass_of(request.session, timezone.now())
    context: dict[str, Any] = {"languages": start_pages(request), "go_on": reverse("answering:overview") if running else ""}
    return show(request, "assessments/link_dead.html", context, status=404)


def show(request: PlacedRequest, template: str, context: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    return untold(render(request, template, context, status=status))


def untold(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response[name] = value
    return response

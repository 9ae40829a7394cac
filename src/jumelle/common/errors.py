"""Error pages. A page that is missing and a page that is somebody else's answer with the same bytes."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jumelle.common import context


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", {"languages": start_pages(request)}, status=404)


def start_pages(request: HttpRequest) -> list[dict[str, Any]]:
    """Links to other languages that lead to the start page, where the address asked for must not stand in the answer."""
    return [{**context.language(request, code), "url": f"/{code}/"} for code, _ in settings.LANGUAGES]


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)

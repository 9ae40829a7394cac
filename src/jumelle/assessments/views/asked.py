"""Answering alone: what a respondent sees, with an account or as a guest."""

from uuid import UUID

from django.http import Http404, HttpResponse

from jumelle.cities.requests import PlacedRequest


def overview(request: PlacedRequest, city: str = "", pk: UUID | None = None) -> HttpResponse:
    raise Http404


def theme(request: PlacedRequest, code: str, city: str = "", pk: UUID | None = None) -> HttpResponse:
    raise Http404


def save_item(request: PlacedRequest, code: str, city: str = "", pk: UUID | None = None) -> HttpResponse:
    raise Http404


def send_in(request: PlacedRequest, city: str = "", pk: UUID | None = None) -> HttpResponse:
    raise Http404


def done(request: PlacedRequest, city: str = "", pk: UUID | None = None) -> HttpResponse:
    raise Http404

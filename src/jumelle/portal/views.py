from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_from_request

from jumelle.cities import queries as cities
from jumelle.common.data_map import processing_activities
from jumelle.toolkits import queries as toolkits


def choose_language(request: HttpRequest) -> HttpResponse:
    """Send the visitor to the start page in the browser's language; the address keeps it from then on."""
    response = redirect(f"/{get_language_from_request(request, check_path=False)}/")
    response["Vary"] = "Accept-Language"
    return response


def start(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/start.html", {"cities": cities.all_cities(), "toolkits": toolkits.latest_public_versions()})


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


def processing(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/processing.html", {"activities": processing_activities()})


def health(request: HttpRequest) -> HttpResponse:
    """For a monitor: the database answers. Says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *"] + [f"Disallow: /{code}/{part}/" for code, _ in settings.LANGUAGES for part in ("w", "a", "account", "operator")]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

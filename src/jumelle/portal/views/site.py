from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import get_language, get_language_from_request
from django.utils.translation import gettext_lazy as _

from jumelle.cities import queries as cities
from jumelle.common.data_map import processing_activities
from jumelle.toolkits import queries as toolkits

YEAR = [
    {"verb": "diagnose", "label": _("Diagnose"), "text": _("See together what is in place and what is missing.")},
    {"verb": "map", "label": _("Map"), "text": _("Put needs beside offers: level, hour, place, childcare.")},
    {"verb": "plan", "label": _("Plan"), "text": _("Write a plan of six columns that people really lead.")},
    {"verb": "offer", "label": _("Offer"), "text": _("Show every course and every table in one place, in many languages.")},
    {"verb": "practise", "label": _("Practise"), "text": _("Bring learners and volunteers together.")},
    {"verb": "listen", "label": _("Listen"), "text": _("Ask twice a year, and say what became of it.")},
    {"verb": "report", "label": _("Report"), "text": _("Tell the council on one page what was done.")},
    {"verb": "twin", "label": _("Twin"), "text": _("Along all of it: another city that has already been there.")},
]
FIRST_KINDS = ["benchmark", "checklist", "grid"]


def choose_language(request: HttpRequest) -> HttpResponse:
    """Send the visitor to the start page in the browser's language; the address keeps it from then on."""
    response = redirect(f"/{get_language_from_request(request, check_path=False)}/")
    response["Vary"] = "Accept-Language"
    return response


def start(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/start.html", {"cities": cities.all_cities(), "guides": guides(get_language() or "en"), "year": YEAR})


def guides(language: str) -> list[dict[str, Any]]:
    """The newest version of each toolkit that one can answer, with its title and summary in the reader's language or another."""
    rows = []
    for version in toolkits.latest_versions():
        if version.toolkit.kind not in FIRST_KINDS:
            continue
        package = toolkits.package_of(version)
        rows.append(
            {
                "slug": version.toolkit.slug,
                "kind": version.toolkit.get_kind_display(),
                "order": FIRST_KINDS.index(version.toolkit.kind),
                "title": package.text(package.title, language),
                "summary": package.text(package.package.summary, language),
            }
        )
    return sorted(rows, key=lambda row: row["order"])


def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html")


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


def processing(request: HttpRequest) -> HttpResponse:
    language = get_language() or "en"
    shown = "fr" if language.startswith("fr") else "en"  # the map is written in these two
    context = {"activities": processing_activities(shown), "activities_language": shown}
    return render(request, "portal/processing.html", context)


def health(request: HttpRequest) -> HttpResponse:
    """For a monitor: the database answers. Says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this name unasked; the sign lies among the static files."""
    return redirect(static("common/img/favicon-32.png"))


def robots(request: HttpRequest) -> HttpResponse:
    closed = ("w", "a", "account", "operator")
    lines = ["User-agent: *"] + [f"Disallow: /{code}/{part}/" for code, _name in settings.LANGUAGES for part in closed]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")

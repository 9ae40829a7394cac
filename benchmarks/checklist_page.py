"""
The page of a 93-item checklist, all answered, with notes and evidence: time on the server, queries, and time to save one answer.

Everything between the request and the answer is measured, middleware included, as one signed-in officer of a city. Limits:
100 ms median for the page, 15 queries, 30 ms median for saving one answer durably.
    .venv/bin/python benchmarks/checklist_page.py
"""
# ruff: noqa: E402 (models can be imported only when Django is set up)

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jumelle.config.settings_test")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from jumelle.accounts.models import User
from jumelle.assessments.enums import EvidenceAudience, Subject
from jumelle.assessments.models import Assessment
from jumelle.assessments.operations import Given, add_evidence, save_page, start_assessment
from jumelle.assessments.queries import sheet_of, themes_of
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.models import Association, City, Membership
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.fixtures import sign_in
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.operations import load_package
from jumelle.toolkits.package.yaml_folder import read_folder
from jumelle.toolkits.queries import package_of

PAGE_LIMIT_MS, QUERY_LIMIT, SAVE_LIMIT_MS = 100, 15, 30
ITEMS, ROUNDS = 93, 60
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
NOTE = "Asked the service and two partners; a report of last year shows it. To be looked at again in autumn."


def make_officer() -> Place:
    association = Association.objects.create(slug="measured", name="Measured", country="BE")
    city = City.objects.create(
        association=association, slug="measured", name="Measured", country="BE", languages=["fr"], contact_email="m@example.org"
    )
    user = User.objects.create_user(email="officer@example.org")
    with city_scope(city.id):
        Membership.objects.create(city=city, user=user, role=Role.INTEGRATION_OFFICER, started_at=NOW)
    return Place(user=user, city=city, association=association, roles=frozenset({Role.INTEGRATION_OFFICER}))


def make_assessment(place: Place) -> Assessment:
    """Every item answered, every third with a note, every tenth with a link."""
    package = read_folder(settings.CONTENT_DIR / "toolkits" / "refugee-inclusion" / "1.0.0")
    version = load_package(package=package, association=None, status=VersionStatus.PUBLISHED, now=NOW).version
    with city_scope(place.here.id):
        assessment = start_assessment(
            place=place,
            version=version,
            subject=Subject.CITY,
            themes=[section.code for section in themes_of(package_of(version))],
            period_start_on=date(2025, 1, 1),
            period_end_on=date(2025, 12, 31),
            now=NOW,
        )
        codes = list(sheet_of(assessment).all_entries)
        assert len(codes) == ITEMS
        given = {code: Given("ticked", note="" if place_in % 3 else NOTE) for place_in, code in enumerate(codes)}
        save_page(place=place, assessment=assessment, given=given, now=NOW)
        for code in codes[::10]:
            add_evidence(
                place=place,
                assessment=assessment,
                code=code,
                title="Report",
                url="https://example.org/report",
                dated_on=date(2025, 12, 31),
                audience=EvidenceAudience.TEAM,
                now=NOW,
            )
    return assessment


def median_ms(act: Callable[[int], HttpResponse]) -> float:
    times = []
    for number in range(ROUNDS):
        began = time.perf_counter()
        answer = act(number)
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200, answer.status_code
    return statistics.median(times)


def main() -> int:
    call_command("migrate", verbosity=0)
    place = make_officer()
    assessment = make_assessment(place)
    client = sign_in(Client(SERVER_NAME="127.0.0.1"), place.user)
    with override("en"):
        where = {"city": place.here.slug, "pk": assessment.pk}
        page = reverse("assessments:all", kwargs=where)
        item = reverse("assessments:answer", kwargs={**where, "code": "UT1.C01"})

    assert client.get(page).content.count(b"data-autosave-item") == ITEMS  # also the first, cold request
    page_ms = median_ms(lambda number: client.get(page))
    with CaptureQueriesContext(connection) as captured:
        client.get(page)
        queries = len(captured)

    def save(number: int) -> HttpResponse:
        value = ("not_ticked", "ticked")[number % 2]
        fields = {"UT1.C01-revision": number + 1, "UT1.C01-value": value, "UT1.C01-note": f"{NOTE} {number}"}
        return client.post(item, fields, headers={"X-Autosave": "1"})

    save_ms = median_ms(save)
    print(f"database: {connection.vendor}; {ITEMS} items; median of {ROUNDS} requests each")
    print(
        f"page {page_ms:.0f} ms (limit {PAGE_LIMIT_MS}), {queries} queries (limit {QUERY_LIMIT}), "
        f"saving an answer {save_ms:.1f} ms (limit {SAVE_LIMIT_MS})"
    )
    return 0 if page_ms <= PAGE_LIMIT_MS and queries <= QUERY_LIMIT and save_ms <= SAVE_LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())

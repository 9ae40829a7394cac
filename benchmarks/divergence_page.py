"""
The page of an opened round: 30 respondents who answered 93 items, every third answer with a note. Time on the server, and queries.

Everything between the request and the answer is measured, middleware included, as one signed-in officer of a city, with every item on
the page: once where roles are merged, once where the round shows names. Limits: 300 ms median and 25 queries; a round of 5 people, who
left most of it empty, must take exactly as many queries.
    .venv/bin/python benchmarks/divergence_page.py
"""
# ruff: noqa: E402 (models can be imported only when Django is set up)

import logging
import os
import random
import statistics
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jumelle.config.settings_test")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from jumelle.accounts.models import User
from jumelle.assessments.enums import RespondentRole, Subject
from jumelle.assessments.models import Assessment, Respondent, RespondentAnswer, Round
from jumelle.assessments.operations import open_round, start_assessment, start_round
from jumelle.assessments.queries import sheet_of, themes_of
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.models import Association, City, Membership
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.fixtures import sign_in
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.operations import load_package
from jumelle.toolkits.package.yaml_folder import read_folder
from jumelle.toolkits.queries import package_of

PAGE_LIMIT_MS, QUERY_LIMIT = 300, 25
RESPONDENTS, FEW, ITEMS, REQUESTS = 30, 5, 93, 25
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
NOTE = "Asked the service and two partners; a report of last year shows it. To be looked at again in autumn."
VALUES = ("ticked", "ticked", "not_ticked", "na", "")


def make_officer() -> Place:
    association = Association.objects.create(slug="measured", name="Measured", country="BE")
    city = City.objects.create(
        association=association, slug="measured", name="Measured", country="BE", languages=["fr"], contact_email="m@example.org"
    )
    user = User.objects.create_user(email="officer@example.org")
    with city_scope(city.id):
        Membership.objects.create(city=city, user=user, role=Role.INTEGRATION_OFFICER, started_at=NOW)
    return Place(user=user, city=city, association=association, roles=frozenset({Role.INTEGRATION_OFFICER}))


def load_toolkit() -> ToolkitVersion:
    package = read_folder(settings.CONTENT_DIR / "toolkits" / "refugee-inclusion" / "1.0.0")
    return load_package(package=package, association=None, status=VersionStatus.PUBLISHED, now=NOW).version


def make_round(place: Place, version: ToolkitVersion, *, people: int, share: float, shows_names: bool) -> Round:
    """Opened. share: of the items that each person answered; every third answer has a note."""
    rng = random.Random(3)  # noqa: S311 (the same invented answers each time)
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
    found = start_round(place=place, assessment=assessment, shows_names=shows_names, answer_until=date(2026, 3, 31), now=NOW)
    for number in range(people):
        person = make_respondent(found, assessment, number)
        answered = [code for code in codes if rng.random() < share]
        RespondentAnswer.objects.bulk_create(make_answer(person, code, rng) for code in answered)
    return open_round(place=place, round=found, now=NOW)


def make_respondent(found: Round, assessment: Assessment, number: int) -> Respondent:
    role = RespondentRole.values[number % len(RespondentRole.values)]
    return Respondent.objects.create(
        city_id=found.city_id,
        round=found,
        role=role,
        name=f"Respondent {number}",
        themes=assessment.themes,
        language="fr",
        invited_at=NOW,
        sent_in_at=NOW,
    )


def make_answer(person: Respondent, code: str, rng: random.Random) -> RespondentAnswer:
    note = f"{NOTE} {rng.random()}" if rng.random() < 1 / 3 else ""
    return RespondentAnswer(
        city_id=person.city_id, respondent=person, item_code=code, value=rng.choice(VALUES), note=note, private_note=NOTE, answered_at=NOW
    )


def measure(client: Client, page: str) -> tuple[float, float, int]:
    """Median of the time that passed, median of the processor's time, in ms; queries."""
    assert client.get(page).content.count(b'<article class="point"') == ITEMS  # also the first, cold request
    passed, worked = [], []
    for _ in range(REQUESTS):
        began, began_work = time.perf_counter(), time.process_time()
        assert client.get(page).status_code == 200
        passed.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - began_work) * 1000)
    with CaptureQueriesContext(connection) as captured:
        client.get(page)
    return statistics.median(passed), statistics.median(worked), len(captured)


def main() -> int:
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    place, version = make_officer(), load_toolkit()
    client = sign_in(Client(SERVER_NAME="127.0.0.1"), place.user)
    print(f"database: {connection.vendor}; {ITEMS} items; median of {REQUESTS} requests each")
    found = {}
    for label, shows_names in (("merged roles", False), ("with names", True)):
        for people, share in ((RESPONDENTS, 1.0), (FEW, 0.1)):
            with city_scope(place.here.id):
                opened = make_round(place, version, people=people, share=share, shows_names=shows_names)
            with override("en"):
                kwargs = {"city": place.here.slug, "pk": opened.assessment_id, "round": opened.pk}
                page = reverse("assessments:divergence", kwargs=kwargs) + "?show=all"
            found[label, people] = passed, worked, queries = measure(client, page)
            print(f"{people} people, {label}: {passed:.0f} ms, {worked:.0f} ms of them worked, {queries} queries")

    slowest = max(passed for passed, _worked, _queries in found.values())
    numbers = {queries for _passed, _worked, queries in found.values()}
    print(f"slowest page {slowest:.0f} ms (limit {PAGE_LIMIT_MS}), queries {sorted(numbers)} (limit {QUERY_LIMIT}, all the same)")
    return 0 if slowest <= PAGE_LIMIT_MS and max(numbers) <= QUERY_LIMIT and len(numbers) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())

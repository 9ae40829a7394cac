"""
Whatever an author does to a toolkit and whatever people decide, answer and take back: no answer is ever lost.

Random histories of versions (`toolkits/tests/histories.py`), random paths through them, on the real tables.
"""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jumelle.assessments import operations
from jumelle.assessments.enums import Subject
from jumelle.assessments.models import Assessment
from jumelle.assessments.operations import Given
from jumelle.assessments.queries import sheet_of
from jumelle.assessments.queries.record import record_bytes
from jumelle.assessments.queries.upgrading import preview_of
from jumelle.assessments.tests.factories import make_place
from jumelle.cities.access import Place
from jumelle.cities.tenancy import city_scope
from jumelle.toolkits import queries as toolkit_queries
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.models import Toolkit, ToolkitVersion
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.offers import Choice
from jumelle.toolkits.package.versions import sort_key
from jumelle.toolkits.tests.histories import History, histories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
quiet = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
FEW = settings(max_examples=60, deadline=None, suppress_health_check=quiet)
MANY = settings(max_examples=1_000, deadline=None, suppress_health_check=quiet)
steps = st.lists(st.tuples(st.sampled_from(["upgrade", "undo", "answer", "confirm"]), st.integers(0, 99)), min_size=2, max_size=8)


class Undo(Exception):
    """Ends an example: its rows go."""


class Walk:
    """One assessment on its way through the versions, and everything that was ever acknowledged in it."""

    def __init__(self, place: Place, versions: list[ToolkitVersion]) -> None:
        self.place, self.versions, self.at = place, versions, NOW
        self.assessment = self.start()
        self.acknowledged: Counter[tuple[str, str, str]] = Counter()
        self.before: list[bytes] = []

    def start(self) -> Assessment:
        return operations.start_assessment(
            place=self.place,
            version=self.versions[0],
            subject=Subject.CITY,
            themes=["A", "B"],
            period_start_on=date(2025, 1, 1),
            period_end_on=date(2025, 12, 31),
            now=NOW,
        )

    def reload(self) -> Assessment:
        self.at += timedelta(minutes=1)
        self.assessment = Assessment.objects.select_related("toolkit_version__toolkit").get(pk=self.assessment.pk)
        return self.assessment

    def answer(self, number: int, assessment: Assessment | None = None) -> None:
        assessment = assessment or self.reload()
        entries = list(sheet_of(assessment).all_entries.values())
        entry = entries[number % len(entries)]
        value = entry.levels[number % len(entry.levels)].value if entry.levels else ""
        given = Given(value, "" if entry.levels else f"text {number}", f"note {uuid4()}", revision=entry.revision)
        saved = operations.save_answer(place=self.place, assessment=assessment, code=entry.code, given=given, now=self.at)
        if saved.changed and assessment is self.assessment:
            self.acknowledged[given.value, given.text, given.note] += 1
            self.before.clear()

    def confirm(self, number: int) -> None:
        waiting = sheet_of(self.reload()).to_confirm
        if waiting:
            code = waiting[number % len(waiting)].code
            operations.confirm_answer(place=self.place, assessment=self.assessment, code=code, now=self.at)
            self.before.clear()

    def upgrade(self, number: int) -> None:
        assessment = self.reload()
        later = [version for version in self.versions if version.sort_key > assessment.toolkit_version.sort_key]
        if not later:
            return
        version = later[number % len(later)]
        preview = preview_of(assessment, version)
        chosen = {code: offer.choices[number % len(offer.choices)] for code, offer in preview.offers.items() if offer.choices}
        bytes_before = record_bytes(assessment)
        try:
            operations.upgrade_assessment(
                place=self.place,
                assessment=assessment,
                version=version,
                chosen=chosen if number % 3 else {},
                further_themes=[theme.code for theme in preview.further][: number % 2],
                seen=preview.seen,
                now=self.at,
            )
        except operations.MeaningChanged:
            assert record_bytes(self.reload()) == bytes_before
        else:
            self.before.append(bytes_before)
            self.check_decisions(chosen if number % 3 else {}, version)

    def check_decisions(self, chosen: dict[str, Choice], version: ToolkitVersion) -> None:
        """What was to be archived is no answer any more; what was to be kept still is one, under its own code or another."""
        rows = json.loads(record_bytes(self.reload()))["answers"]
        valid = {row["code"] for row in rows if row["archived_at"] is None}
        kept = {row["carried_from"] for row in rows if row["archived_at"] is None} | valid
        assert {code for code, choice in chosen.items() if choice is Choice.KEEP} <= kept
        assert self.assessment.toolkit_version_id == version.pk

    def undo(self, number: int) -> None:
        try:
            operations.undo_upgrade(place=self.place, assessment=self.reload(), now=self.at)
        except operations.NothingToUndo:
            assert not self.before, "a step that nobody edited after must lead back"
            return
        assert record_bytes(self.reload()) == self.before.pop()

    def readable(self) -> Counter[tuple[str, str, str]]:
        """Every state of every answer that the record shows, archived ones and earlier ones included."""
        found: Counter[tuple[str, str, str]] = Counter()
        for row in json.loads(record_bytes(self.reload()))["answers"]:
            for state in [row, *row["earlier"]]:
                found[state["value"], state["text"], state["note"]] += 1
        return found


def publish(history: History, known: dict[str, Package]) -> list[ToolkitVersion]:
    toolkit = Toolkit.objects.create(slug=f"toolkit-{uuid4().hex[:12]}", kind="benchmark")
    versions = []
    for package in history.packages:
        sha256 = uuid4().hex * 2
        known[sha256] = package
        versions.append(
            ToolkitVersion.objects.create(
                toolkit=toolkit,
                version=package.version,
                sort_key=sort_key(package.version),
                status=VersionStatus.PUBLISHED,
                sha256=sha256,
                content={},
                loaded_at=NOW,
            )
        )
    return versions


@pytest.fixture
def place() -> Place:
    return make_place()


class Shelf(dict[str, Package]):
    def __repr__(self) -> str:
        return f"{len(self)} packages"  # so that a failure can be read


@pytest.fixture
def packages(monkeypatch) -> dict[str, Package]:
    """Packages straight from memory: what is under test is what becomes of answers, not how a package is read."""
    known = Shelf()
    monkeypatch.setattr(toolkit_queries, "_package", known.__getitem__)
    return known


def walk_through(place: Place, packages: dict[str, Package], history: History, answers: list[int], path: list[tuple[str, int]]) -> None:
    with city_scope(place.here.id), transaction.atomic():
        walk = Walk(place, publish(history, packages))
        untouched = walk.start()
        for number in answers:
            walk.answer(number)
            walk.answer(number, untouched)
        as_it_was = record_bytes(untouched)
        for act, number in path:
            getattr(walk, act)(number)
            if act in ("upgrade", "undo"):
                missing = walk.acknowledged - walk.readable()
                assert not missing, f"lost after {act}: {missing}"
        fresh = Assessment.objects.select_related("toolkit_version__toolkit").get(pk=untouched.pk)
        assert record_bytes(fresh) == as_it_was
        raise Undo


def run(place: Place, packages: dict[str, Package], *example: Any) -> None:
    with pytest.raises(Undo):
        walk_through(place, packages, *example)


@FEW
@given(histories(lies=True, shortcuts=True), st.lists(st.integers(0, 99), min_size=1, max_size=6), steps)
def test_no_answer_is_ever_lost(place, packages, history, answers, path):
    run(place, packages, history, answers, path)


@pytest.mark.slow
@MANY
@given(histories(lies=True, shortcuts=True), st.lists(st.integers(0, 99), min_size=1, max_size=6), steps)
def test_no_answer_is_ever_lost_a_thousand_times(place, packages, history, answers, path):
    run(place, packages, history, answers, path)

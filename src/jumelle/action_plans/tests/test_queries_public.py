from dataclasses import asdict
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jumelle.action_plans.content import MeasureContent
from jumelle.action_plans.enums import VersionName
from jumelle.action_plans.models import LineComment, Measure
from jumelle.action_plans.operations import approve_version, edit_line, make_version, remove_line, start_revision
from jumelle.action_plans.operations.lines import LineGiven, MeasureGiven
from jumelle.action_plans.queries.public import PublicApproval, PublicLine, last_told_at, public_plan, public_plans_of
from jumelle.action_plans.tests.factories import LATER, NOW, make_line, make_plan, make_update
from jumelle.assessments.tests.factories import make_place
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    made = make_place()
    with city_scope(made.here.id):
        yield made


@pytest.fixture
def plan(place):
    return make_plan(place, is_public=True)


def shown(plan):
    return public_plan(plan.city, plan.pk)


def approve(place, plan):
    version = make_version(place=place, plan=plan, name=VersionName.FIRST_LIST, now=NOW)
    approve_version(
        place=place,
        version=version,
        body="Municipal council",
        approved_on=NOW.date(),
        today=NOW.date(),
        now=NOW,
        document_url="https://example.org/minutes",
    )


def test_plan_that_is_not_public_put_away_or_missing_is_none(place):
    hidden = make_plan(place)
    put_away = make_plan(place, is_public=True, archived_at=NOW)
    foreign = make_plan(is_public=True)

    assert [shown(hidden), shown(put_away), public_plan(place.here, uuid4()), public_plan(place.here, foreign.pk)] == [None] * 4
    assert list(public_plans_of(place.here)) == []


def test_line_shows_its_promise_and_what_was_done(place, plan):
    library = make_organisation(place.here, name="Library")
    line = make_line(
        plan,
        complete=True,
        is_public=True,
        status="in_progress",
        timetable="From spring on",
        lead_organisation=library,
        measures=[{"what": "People", "baseline": "0", "target": "30", "reached": "12", "reached_on": date(2026, 2, 1)}],
    )
    make_update(line, "2026-Q1", "Two tables run.", evidence_title="Report", evidence_url="https://example.org/report")

    found = shown(plan)

    assert (found.title, found.language, found.approval, found.dated_on, found.total, found.hidden) == (
        "Language for all",
        "fr",
        None,
        None,
        1,
        0,
    )
    (update,) = found.lines[0].updates
    assert found.lines[0] == PublicLine(
        number=1,
        action="Open a language café",
        results="Thirty people have a place.",
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 12, 31),
        timetable="From spring on",
        lead_organisation="Library",
        status="in_progress",
        measures=(MeasureContent("People", "0", "30", reached="12", reached_on=date(2026, 2, 1)),),
        updates=(update,),
    )
    assert (update.quarter, update.told_on, update.sentence, update.evidence_url) == (
        "2026-Q1",
        NOW.date(),
        "Two tables run.",
        "https://example.org/report",
    )
    assert last_told_at(found) == NOW.date()


def test_nothing_private_is_read(place, plan):
    secret = "for officers alone"
    fields = dict.fromkeys(("private_note", "lead", "staff", "partners", "funding", "evaluation"), secret)
    line = make_line(plan, is_public=True, **fields)
    make_line(plan, secret, results=secret)
    make_update(line, next_step=secret)
    LineComment.objects.create(city=place.here, line=line, text=secret, written_at=NOW)

    assert secret not in str(asdict(shown(plan)))


def test_lines_are_numbered_among_all_and_the_others_are_counted(plan):
    make_line(plan, "one")
    make_line(plan, "two", is_public=True)
    make_line(plan, "three", is_public=True, removed=True)
    make_line(plan, "four", is_public=True)

    found = shown(plan)

    assert [(line.number, line.action) for line in found.lines] == [(2, "two"), (3, "four")]
    assert (found.total, found.hidden) == (3, 1)


def test_approved_words_stand_while_a_new_version_is_written(place, plan):
    line = make_line(plan, "As approved", is_public=True, measures=[{"what": "People", "target": "30"}])
    dropped = make_line(plan, "Taken out in the draft", is_public=True)
    approve(place, plan)
    plan = start_revision(place=place, plan=plan, reason="a new year", now=LATER)
    measure = Measure.objects.get()
    given = LineGiven("As drafted", measures=(MeasureGiven("People", target="90", id=measure.pk),), revision=1)
    edit_line(place=place, line=line, given=given, now=LATER)
    remove_line(place=place, line=dropped, now=LATER)
    make_line(plan, "New in the draft", is_public=True)
    Measure.objects.filter(pk=measure.pk, city_id=plan.city_id).update(reached="12", reached_on=NOW.date())

    found = shown(plan)

    assert [line.action for line in found.lines] == ["As approved", "Taken out in the draft"]
    assert found.lines[0].measures == (MeasureContent("People", target="30", reached="12", reached_on=NOW.date()),)
    assert found.approval == PublicApproval("Municipal council", NOW.date(), "https://example.org/minutes")
    assert (found.dated_on, found.total) == (NOW.date(), 2)


def test_only_the_last_word_of_each_of_the_last_four_quarters_shows(plan):
    line = make_line(plan, is_public=True)
    for quarter in ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"):
        make_update(line, quarter, f"named somebody in {quarter}")
        make_update(line, quarter, f"mended in {quarter}", made_at=NOW + timedelta(minutes=1))

    (found,) = shown(plan).lines

    assert [update.sentence for update in found.updates] == [
        "mended in 2026-Q1",
        "mended in 2025-Q4",
        "mended in 2025-Q3",
        "mended in 2025-Q2",
    ]


@pytest.mark.parametrize("approved", [False, True])
@pytest.mark.parametrize("count", [1, 40])
def test_public_plan_takes_as_many_queries_for_one_line_as_for_forty(place, plan, count, approved):
    for _number in range(count):
        make_update(make_line(plan, complete=True, measured=True, is_public=True), "2026-Q1")
    if approved:
        approve(place, plan)

    with CaptureQueriesContext(connection) as queries:
        found = shown(plan)

    assert (len(found.lines), len(queries)) == (count, 5)

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jumelle.action_plans.models import LineUpdate
from jumelle.action_plans.quarters import Quarter
from jumelle.action_plans.queries.follow_up import follow_up_of, updates_of
from jumelle.action_plans.tests.factories import make_line, make_plan, make_update
from jumelle.assessments.tests.factories import make_place
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_organisation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 8, 10, 9, tzinfo=UTC)  # in the third quarter
TODAY = NOW.date()
STARTED = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture
def plan():
    made = make_plan(started_at=STARTED)
    with city_scope(made.city_id):
        yield made


def actions(rows):
    return [row.line.action for row in rows]


def test_each_line_carries_what_was_told_for_the_quarter_before_it_and_last(plan):
    line = make_line(plan)
    make_update(line, "2026-Q1", "long ago")
    make_update(line, "2026-Q2", "first word")
    second = make_update(line, "2026-Q2", "mended", made_at=NOW)
    third = make_update(line, "2026-Q3", "now")

    (row,) = follow_up_of(plan, NOW).rows
    (earlier,) = follow_up_of(plan, NOW, Quarter(2026, 2)).rows

    assert (row.last, row.told, row.earlier) == (third, third, second)
    assert (earlier.last, earlier.told, earlier.earlier.sentence) == (third, second, "long ago")
    assert [update.sentence for update in updates_of(line)] == ["now", "mended", "first word", "long ago"]


def test_asked_are_lines_that_run_in_the_quarter_or_were_told_for_it(plan):
    make_line(plan, "runs", status="in_progress")
    make_line(plan, "begins in the quarter", starts_on=date(2026, 9, 30))
    make_line(plan, "begins later", starts_on=date(2026, 10, 1))
    make_line(plan, "done before", status="done")
    make_line(plan, "given up before", status="dropped")
    make_update(make_line(plan, "done now", status="done"), "2026-Q3")
    make_update(make_line(plan, "told though it begins later", starts_on=date(2026, 10, 1)), "2026-Q3")
    make_line(plan, "removed", removed=True)

    found = follow_up_of(plan, NOW)

    assert actions(found.asked) == ["runs", "begins in the quarter", "done now", "told though it begins later"]
    assert actions(found.begin_later) == ["begins later"]
    assert (found.told_count, actions(found.not_told)) == (2, ["runs", "begins in the quarter"])


@pytest.mark.parametrize(
    ("fields", "last", "stalls"),
    [
        ({"status": "stalled"}, "2026-Q3", True),
        ({"status": "in_progress"}, "2026-Q3", False),
        ({"status": "in_progress"}, "2026-Q2", False),
        ({"status": "in_progress"}, "2026-Q1", True),
        ({"status": "planned"}, "2026-Q1", True),
        ({"status": "in_progress"}, None, True),
        ({"status": "in_progress", "starts_on": date(2026, 4, 1)}, None, False),
        ({"status": "planned", "starts_on": date(2026, 8, 11)}, None, False),
        ({"status": "planned", "starts_on": date(2026, 8, 11)}, "2026-Q1", False),
        ({"status": "done"}, "2026-Q1", False),
        ({"status": "dropped"}, None, False),
    ],
)
def test_line_stalls_by_its_own_word_or_after_more_than_a_quarter_of_silence(plan, fields, last, stalls):
    line = make_line(plan, **fields)
    if last:
        make_update(line, last)

    assert bool(follow_up_of(plan, NOW).stalled) == stalls


def test_new_plan_is_not_silent_from_its_first_day():
    plan = make_plan(started_at=NOW)
    make_line(plan, status="in_progress")
    with city_scope(plan.city_id):
        assert follow_up_of(plan, NOW).stalled == []
        assert follow_up_of(plan, NOW + timedelta(days=200)).stalled != []


def test_line_without_lead_is_one_that_runs_and_names_nobody(plan):
    make_line(plan, "nobody")
    make_line(plan, "blank", lead="  ")
    make_line(plan, "in words", lead="Integration service")
    make_line(plan, "an organisation", lead_organisation=make_organisation(plan.city))
    make_line(plan, "done", status="done")

    assert actions(follow_up_of(plan, NOW).without_lead) == ["nobody", "blank"]


def test_due_lines_end_within_thirty_days_or_should_have_ended_the_oldest_first(plan):
    make_line(plan, "in thirty days", ends_on=TODAY + timedelta(days=30))
    make_line(plan, "in thirty-one days", ends_on=TODAY + timedelta(days=31))
    make_line(plan, "over", ends_on=TODAY - timedelta(days=100), status="stalled")
    make_line(plan, "over and done", ends_on=TODAY - timedelta(days=100), status="done")
    make_line(plan, "no date")

    assert actions(follow_up_of(plan, NOW).due) == ["over", "in thirty days"]


@pytest.mark.parametrize(
    ("measure", "status", "due"),
    [
        ({"due_on": TODAY + timedelta(days=30)}, "in_progress", True),
        ({"due_on": TODAY + timedelta(days=31)}, "in_progress", False),
        ({"due_on": TODAY - timedelta(days=300)}, "done", True),
        ({"due_on": TODAY}, "dropped", False),
        ({"due_on": None}, "in_progress", False),
        ({"due_on": TODAY, "reached": "12", "reached_on": TODAY - timedelta(days=30)}, "in_progress", False),
        ({"due_on": TODAY, "reached": "12", "reached_on": TODAY - timedelta(days=31)}, "in_progress", True),
        ({"due_on": TODAY, "reached": "12"}, "in_progress", True),
    ],
)
def test_measure_is_due_until_a_figure_is_given_around_its_day(plan, measure, status, due):
    make_line(plan, status=status, measures=[{"what": "People at the tables", **measure}])

    assert bool(follow_up_of(plan, NOW).measures_due) == due


def test_finished_action_that_was_born_of_a_gap_asks_for_another_look(plan):
    make_line(plan, "done", status="done", from_gap=True)
    make_line(plan, "done, of a visit", status="done", origins=[{"kind": "visit", "label": "Ghent"}])
    make_line(plan, "running", from_gap=True)

    (row,) = follow_up_of(plan, NOW).done_from_gaps

    assert (row.line.action, [gap.code for gap in row.gaps]) == ("done", ["KF8.Q1"])


@pytest.mark.parametrize("count", [1, 40])
def test_follow_up_takes_as_many_queries_for_one_line_as_for_forty(plan, count):
    for _number in range(count):
        line = make_line(plan, complete=True, measured=True, from_gap=True)
        for quarter in ("2026-Q1", "2026-Q2", "2026-Q3"):
            make_update(line, quarter)

    with CaptureQueriesContext(connection) as queries:
        found = follow_up_of(plan, NOW)
        lists = (found.asked, found.stalled, found.without_lead, found.due, found.measures_due, found.done_from_gaps)

    assert (len(found.rows), len(queries), len(lists[0])) == (count, 4, count)


def test_follow_up_of_one_plan_knows_nothing_of_another_or_of_another_city(plan):
    make_line(plan, "ours")
    make_line(make_plan(), "of another city")
    sibling = make_line(make_plan(make_place(plan.city)), "of another plan")
    make_update(sibling, "2026-Q3")

    found = follow_up_of(plan, NOW)

    assert (actions(found.rows), found.told_count) == (["ours"], 0)
    assert LineUpdate.objects.count() == 1

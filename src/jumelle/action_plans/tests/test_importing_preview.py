from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jumelle.action_plans.content import LineContent, MeasureContent, OriginContent
from jumelle.action_plans.importing.preview import known_of, preview_of
from jumelle.action_plans.importing.read import read_workbook
from jumelle.action_plans.models import LineOrigin, Measure, PlanLine, PlanLineRevision
from jumelle.action_plans.operations import importing
from jumelle.action_plans.operations.arranging import LabelMissing, remove_line
from jumelle.action_plans.operations.importing import Taken, import_lines
from jumelle.action_plans.operations.lines import MEASURES_LIMIT, EndsBeforeItStarts, LineGiven, edit_line
from jumelle.action_plans.operations.planning import PlanApproved
from jumelle.action_plans.queries import content_of
from jumelle.action_plans.tests.factories import CODE, LATER, NOW, make_line, make_plan
from jumelle.action_plans.tests.workbooks import make_workbook
from jumelle.assessments.tests.factories import make_place, make_shipped_version
from jumelle.audit.models import Event
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
    return make_plan(place)


def cells(line, **changed):
    """The cells of a stored line, as an export would write them."""
    names = ("action", "results", "starts_on", "ends_on", "timetable", "lead", "staff", "partners", "funding", "evaluation", "status")
    organisation = line.lead_organisation.name if line.lead_organisation else ""
    own = {name: getattr(line, name) for name in names} | {"lead_organisation": organisation, "line_id": str(line.pk)}
    return {**own, "is_public": "yes" if line.is_public else "no", **changed}


def previewed(plan, *lines, **sheets):
    data = make_workbook(lines, plan_id=str(plan.pk), **sheets)
    known = known_of(plan)
    return preview_of(read_workbook(data, known), plan, known)


def taken(preview):
    return [Taken(each.number, each.line, each.revision) for each in (*preview.new, *preview.changed)]


def take(place, plan, preview):
    return import_lines(place=place, plan=plan, rows=taken(preview), now=LATER)


def fields(proposal):
    return {str(change.label): (change.before, change.after) for change in proposal.changes}


def sentences(problems):
    return [problem.message for problem in problems]


# --- what would change ------------------------------------------------------------------------------------------------


def test_rows_are_sorted_into_new_changed_unchanged_and_absent(plan):
    first, second = make_line(plan, "First", complete=True), make_line(plan, "Second")
    make_line(plan, "Third")

    preview = previewed(plan, cells(first), cells(second, results="More people."), {"action": "Fourth"})

    assert ([each.line.action for each in preview.new], preview.unchanged, preview.absent) == (["Fourth"], 1, 1)
    (changed,) = preview.changed
    assert (changed.line.line_id, changed.revision, changed.number) == (str(second.pk), 1, 4)
    assert fields(changed) == {"Expected results": ("", "More people.")}
    assert (preview.problems, preview.notes) == ((), ())


def test_change_is_told_field_by_field_in_words(plan):
    organisation = make_organisation(plan.city, name="Library")
    line = make_line(plan, complete=True, measured=True, from_gap=True, lead_organisation=organisation)
    stored = {"line": 1, "kind": "gap", "toolkit": CODE["toolkit"], "version": CODE["version"], "code": CODE["code"]}

    preview = previewed(
        plan,
        cells(line, action="Open two cafés", ends_on=None, lead_organisation=None, is_public="yes"),
        measures=[{"line": 1, "what": "People at the tables", "baseline": "0", "target": "60", "due_on": date(2026, 12, 1)}],
        origins=[stored, {"line": 1, "kind": "meeting", "label": "Support group", "dated_on": date(2026, 2, 3)}],
    )

    assert preview.problems == ()
    assert fields(preview.changed[0]) == {
        "Action": ("Open a language café", "Open two cafés"),
        "Ends on": ("31 December 2026", ""),
        "Organisation that leads": ("Library", ""),
        "On the public page": ("No", "Yes"),
        "Measures of success": (
            "People at the tables; Where we start from: 0; Target: 30",
            "People at the tables; Where we start from: 0; Target: 60; Target date: 1 December 2026",
        ),
        "Where the line was born": (
            "Gap of an assessment: KF8.Q1; language-learning-support; 1.0.0",
            "Gap of an assessment: KF8.Q1; language-learning-support; 1.0.0\nMeeting: Support group; 3 February 2026",
        ),
    }


def test_state_of_a_line_is_not_taken_from_a_file_and_told_so(place, plan):
    line = make_line(plan, status="in_progress")

    preview = previewed(plan, cells(line, status="done"))

    assert (preview.changed, preview.unchanged) == ((), 1)
    assert "How an action stands is told in the follow-up" in sentences(preview.notes)[0]


def test_state_of_a_new_line_is_taken(place, plan):
    take(place, plan, previewed(plan, {"action": "New", "status": "in_progress", "is_public": "yes"}))

    assert list(PlanLine.objects.values_list("status", "is_public")) == [("in_progress", True)]


@pytest.mark.parametrize("action", ["Open a language café", "  open a LANGUAGE café"])
def test_row_that_would_double_a_line_is_refused(plan, action):
    make_line(plan)

    preview = previewed(plan, {"action": action}, {"action": "Another"}, {"action": "another"})

    assert [each.line.action for each in preview.new] == ["Another"]
    assert sentences(preview.problems) == [
        "The plan or this file has a line with this action already (1). Word it otherwise, or delete the row.",
        "The plan or this file has a line with this action already (2). Word it otherwise, or delete the row.",
    ]


def test_rules_of_the_page_hold_for_a_file(plan):
    line = make_line(plan)

    measures = [{"line": number, "what": f"Measure {at}"} for number in (1, 2) for at in range(MEASURES_LIMIT + 1)]

    preview = previewed(plan, cells(line), {"action": "New"}, measures=measures)

    assert [(problem.row, problem.column) for problem in preview.problems] == [(3, "Measures of success"), (4, "Measures of success")]
    assert (preview.new, preview.changed, preview.unchanged) == ((), (), 0)


def test_gap_of_a_new_line_must_exist_and_that_of_a_line_stays(place, plan):
    make_shipped_version()
    line = make_line(plan, from_gap=True)
    gap = {"kind": "gap", **CODE}

    preview = previewed(
        plan,
        cells(line),
        {"action": "Of a gap"},
        {"action": "Of a gap that is none"},
        origins=[{"line": 1, **gap, "code": "KF1.Q1"}, {"line": 2, **gap}, {"line": 3, **gap, "code": "KF99.Q1"}],
    )

    assert [each.line.action for each in preview.new] == ["Of a gap"]
    assert [problem.row for problem in preview.problems] == [3, 5]
    assert "keeps the gaps and tips" in preview.problems[0].message
    assert "There is no KF99.Q1 in version 1.0.0" in preview.problems[1].message
    take(place, plan, preview)
    assert {(origin.line.action, origin.code) for origin in LineOrigin.objects.all()} == {("Of a gap", "KF8.Q1"), (line.action, "KF8.Q1")}


def test_origin_that_the_file_leaves_out_stays_and_is_told(plan):
    line = make_line(plan, from_gap=True)

    preview = previewed(plan, cells(line))

    assert (preview.changed, preview.unchanged) == ((), 1)
    assert "leaves out where this line was born" in sentences(preview.notes)[0]


def test_header_that_differs_is_told_and_not_taken(place, plan):
    preview = previewed(plan, title="Another title", mentee=plan.mentee)

    assert sentences(preview.notes) == ["The header of the plan is not taken from a file. Change it on the page of the plan."]


@pytest.mark.parametrize(("days", "later"), [(-1, False), (0, False), (1, True)])
def test_line_changed_after_the_file_was_written_is_marked(plan, days, later):
    line = make_line(plan, changed_at=NOW + timedelta(days=days))

    preview = previewed(plan, cells(line, results="More."), dated_on=NOW.date())

    assert preview.changed[0].is_later == later


@pytest.mark.parametrize("count", [1, 40])
def test_preview_takes_as_many_queries_for_one_row_as_for_forty(plan, count):
    rows = [cells(make_line(plan, f"Line {number}", complete=True, measured=True), results="More.") for number in range(count)]
    data = make_workbook(rows, plan_id=str(plan.pk))

    with CaptureQueriesContext(connection) as queries:
        known = known_of(plan)
        preview = preview_of(read_workbook(data, known), plan, known)

    assert (len(preview.changed), len(queries)) == (count, 6)


# --- taking it --------------------------------------------------------------------------------------------------------


def test_what_was_shown_is_taken_and_the_earlier_state_is_kept(place, plan):
    organisation = make_organisation(plan.city, name="Library")
    line = make_line(plan, complete=True, measured=True)
    measure = Measure.objects.get()
    preview = previewed(
        plan,
        cells(line, action="Open two cafés", lead_organisation="Library", is_public="yes"),
        {"action": "New", "starts_on": date(2026, 5, 1)},
        measures=[
            {"line": 1, "what": "Tables", "target": "3"},
            {"line": 1, "what": "People at the tables", "baseline": "0", "target": "60", "reached": "12", "reached_on": date(2026, 2, 1)},
            {"line": 2, "what": "Visits", "target": "2"},
        ],
        origins=[{"line": 1, "kind": "visit", "label": "First visit"}, {"line": 2, "kind": "practice", "label": "Tables", "url": ""}],
    )

    result = take(place, plan, preview)

    changed, new = content_of(plan, NOW).lines
    assert (len(result.added), result.changed, result.refused) == (1, (line.pk,), {})
    assert (changed.action, changed.lead_organisation, changed.is_public) == ("Open two cafés", organisation.name, True)
    assert changed.measures == (
        MeasureContent("Tables", target="3"),
        MeasureContent("People at the tables", "0", "60", reached="12", reached_on=date(2026, 2, 1)),
    )
    assert Measure.objects.get(pk=measure.pk).target == "60"
    assert changed.origins == (OriginContent("visit", label="First visit"),)
    assert new == LineContent(
        line_id=str(result.added[0]),
        position=2,
        action="New",
        starts_on=date(2026, 5, 1),
        measures=(MeasureContent("Visits", target="2"),),
        origins=(OriginContent("practice", label="Tables"),),
    )
    assert PlanLineRevision.objects.filter(line=line, revision=1).count() == 1
    assert Event.objects.get(action="plan_lines_imported").data == {"added": 1, "changed": 1, "refused": 0}


def test_line_changed_or_removed_since_it_was_shown_is_refused_and_the_rest_is_taken(place, plan):
    edited, removed, free = (make_line(plan, f"Line {number}") for number in range(3))
    preview = previewed(plan, *(cells(line, results="More.") for line in (edited, removed, free)))
    edit_line(place=place, line=edited, given=LineGiven(edited.action, results="Online.", revision=1), now=NOW)
    remove_line(place=place, line=removed, now=NOW)

    result = take(place, plan, preview)

    assert {row: type(refusal) for row, refusal in result.refused.items()} == {
        3: importing.ChangedSinceShown,
        4: importing.ChangedSinceShown,
    }
    assert result.changed == (free.pk,)
    assert {line.pk: line.results for line in PlanLine.objects.all()} == {edited.pk: "Online.", removed.pk: "", free.pk: "More."}


def test_row_that_fails_leaves_nothing_of_itself(place, plan):
    line = make_line(plan)
    good = Taken(3, LineContent("", 1, "Good"))
    bad = Taken(4, LineContent("", 2, "Bad", starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1), measures=(MeasureContent("People"),)))
    gone = Taken(5, replace(LineContent(str(line.pk), 3, "Other"), lead_organisation="Nobody knows it"), 1)

    result = import_lines(place=place, plan=plan, rows=[good, bad, gone], now=LATER)

    assert {row: type(refusal) for row, refusal in result.refused.items()} == {4: EndsBeforeItStarts, 5: importing.OrganisationGone}
    assert {stored.action for stored in PlanLine.objects.all()} == {"Good", line.action}
    assert Measure.objects.count() == 0


def test_row_that_fails_half_way_is_taken_back_as_a_whole(place, plan):
    line = make_line(plan)
    too_long = LineContent(str(line.pk), 1, "Changed", origins=(OriginContent("visit", label="x" * 301),))

    result = import_lines(place=place, plan=plan, rows=[Taken(3, too_long, 1)], now=LATER)

    assert {row: type(refusal) for row, refusal in result.refused.items()} == {3: LabelMissing}
    stored = PlanLine.objects.get()
    assert (stored.action, stored.revision, PlanLineRevision.objects.count()) == (line.action, 1, 0)


def test_approved_plan_takes_nothing(place):
    plan = make_plan(place, approved=True)

    with pytest.raises(PlanApproved):
        import_lines(place=place, plan=plan, rows=[Taken(3, LineContent("", 1, "New"))], now=LATER)

    assert PlanLine.objects.count() == 0


def test_line_of_another_plan_or_city_cannot_be_reached(place, plan):
    sibling = make_line(make_plan(place), "Of another plan")
    foreign = make_line(make_plan(), "Of another city")
    rows = [Taken(row, LineContent(str(line.pk), 1, "Taken over"), 1) for row, line in ((3, sibling), (4, foreign))]

    result = import_lines(place=place, plan=plan, rows=rows, now=LATER)

    assert (len(result.refused), PlanLine.objects.get(pk=sibling.pk).action) == (2, "Of another plan")


def test_earlier_figure_is_kept_when_a_file_brings_a_new_one(place, plan):
    line = make_line(plan, measures=[{"what": "People", "reached": "12", "reached_on": date(2026, 1, 1)}])

    take(
        place,
        plan,
        previewed(plan, cells(line), measures=[{"line": 1, "what": "People", "reached": "20", "reached_on": date(2026, 2, 1)}]),
    )

    assert Measure.objects.get().reached == "20"
    assert '"reached": "12"' in PlanLineRevision.objects.get().content

"""The workbook of a plan goes out and comes back: nothing is lost, nothing is changed."""

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from jumelle.action_plans.content import LineContent, MeasureContent, OriginContent, PlanContent
from jumelle.action_plans.enums import LineStatus
from jumelle.action_plans.importing.preview import known_of, preview_of
from jumelle.action_plans.importing.read import Known, read_workbook
from jumelle.action_plans.queries import content_of
from jumelle.action_plans.tests.factories import LATER, make_line, make_plan
from jumelle.assessments.operations.answering import tidy
from jumelle.cities.tenancy import city_scope
from jumelle.publishing.plan_xlsx import blank_plan_xlsx, plan_xlsx
from jumelle.publishing.tests.plan_samples import sample_plan

PLAN_ID = "6f1d9c1e-0000-4000-8000-000000000000"
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\ufffe\uffff"), max_size=60).map(tidy)
days = st.none() | st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31))
figures = texts.map(lambda text: tidy(text[:100]))


@st.composite
def measures(draw):
    reached = draw(figures)
    return MeasureContent(
        what=draw(texts.filter(bool)),
        baseline=draw(figures),
        target=draw(figures),
        due_on=draw(days),
        data_source=draw(texts),
        reached=reached,
        reached_on=draw(days) if reached else None,
    )


origins = st.one_of(
    st.builds(
        OriginContent, st.sampled_from(["gap", "support"]), st.just("language-learning-support"), st.just("1.0.0"), st.just("KF8.Q1")
    ),
    st.builds(OriginContent, st.sampled_from(["practice", "visit", "meeting"]), label=texts.filter(bool), dated_on=days),
)


@st.composite
def lines(draw):
    starts_on, ends_on = sorted([draw(days), draw(days)], key=lambda day: day or date.min)
    if starts_on is None:
        starts_on, ends_on = draw(st.sampled_from([(None, ends_on), (ends_on, None)]))
    return LineContent(
        line_id=str(draw(st.uuids())),
        position=0,
        action=draw(texts.filter(bool)),
        **{name: draw(texts) for name in ("results", "timetable", "lead", "staff", "partners", "funding", "evaluation")},
        lead_organisation=draw(st.sampled_from(["", "Library"])),
        starts_on=starts_on,
        ends_on=ends_on,
        status=draw(st.sampled_from(LineStatus.values)),
        is_public=draw(st.booleans()),
        measures=tuple(draw(st.lists(measures(), max_size=3))),
        origins=tuple(draw(st.lists(origins, max_size=3))),
    )


def numbered(some):
    return tuple(replace(line, position=number) for number, line in enumerate(some, start=1))


def known(content):
    return Known(content.plan_id, {line.line_id: line for line in content.lines}, frozenset(), frozenset(["Library"]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(lines(), max_size=3, unique_by=lambda line: line.line_id).map(numbered), st.sampled_from(["en", "fr", "ar"]))
def test_what_was_written_is_read_letter_by_letter(some, language):
    content = PlanContent(PLAN_ID, "Title", "Mentee", "", "fr", date(2026, 3, 1), lines=some)

    reading = read_workbook(plan_xlsx(content, language=language), known(content))

    assert (reading.problems, reading.notes) == ((), ())
    assert tuple(row.line for row in reading.rows) == content.lines


@pytest.mark.parametrize("written_in", ["fr", "en", "ar", "ti"])
def test_sample_plans_come_back(written_in):
    content = sample_plan(written_in)

    reading = read_workbook(
        plan_xlsx(content, language=written_in),
        replace(known(content), organisations=frozenset(line.lead_organisation for line in content.lines)),
    )

    assert (reading.problems, reading.notes) == ((), ())
    assert tuple(row.line for row in reading.rows) == content.lines


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "fr", "ar", "uk", "ti"])
def test_stored_plan_that_comes_back_untouched_changes_nothing(language):
    plan = make_plan()
    with city_scope(plan.city_id):
        make_line(plan, "=1+1", complete=True, measured=True, from_gap=True, status="stalled", is_public=True)
        make_line(plan, "_x0041_ stays\nin two lines", origins=[{"kind": "visit", "label": "First visit", "dated_on": date(2026, 2, 1)}])
        make_line(plan, "removed", removed=True)

        data = plan_xlsx(content_of(plan, LATER), language=language)
        found = known_of(plan)
        preview = preview_of(read_workbook(data, found), plan, found)

    assert (preview.new, preview.changed, preview.unchanged, preview.absent) == ((), (), 2, 0)
    assert (preview.problems, preview.notes) == ((), ())


@pytest.mark.django_db
def test_empty_workbook_is_filled_in_and_brings_new_lines():
    plan = make_plan()
    with city_scope(plan.city_id):
        workbook = load_workbook(io.BytesIO(blank_plan_xlsx(content_of(plan, LATER), language="fr")))
        workbook["lines"]["A3"], workbook["lines"]["B3"] = 1, "Ouvrir un café"
        target = io.BytesIO()
        workbook.save(target)
        found = known_of(plan)
        preview = preview_of(read_workbook(target.getvalue(), found), plan, found)

    assert [proposal.line.action for proposal in preview.new] == ["Ouvrir un café"]
    assert preview.problems == ()

from dataclasses import replace
from datetime import date

import pytest

from jumelle.action_plans.content import line_from_json
from jumelle.action_plans.models import Measure, PlanLine, PlanLineRevision
from jumelle.action_plans.operations import (
    ActionMissing,
    EndsBeforeItStarts,
    FigureTooLong,
    LineChangedMeanwhile,
    LineGiven,
    LineRemoved,
    MeasureGiven,
    MeasureUnnamed,
    PlanApproved,
    TextTooLong,
    TooManyMeasures,
    add_line,
    add_origin,
    columns_of,
    edit_line,
    remove_line,
)
from jumelle.action_plans.tests.factories import LATER, NOW, make_line, make_plan
from jumelle.assessments.tests.factories import make_place
from jumelle.audit.models import Event
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_organisation

pytestmark = pytest.mark.django_db
FULL = LineGiven(
    action="Open a language café",
    results="Thirty places",
    starts_on=date(2026, 4, 1),
    ends_on=date(2026, 12, 31),
    timetable="After Easter",
    lead="Integration service",
    staff="Half a post",
    partners="Library",
    funding="8,000 euros",
    evaluation="We ask the learners",
    measures=(MeasureGiven("Places", "0", "30", date(2026, 12, 31), "Register"), MeasureGiven("Learners who stay")),
)


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def plan(place):
    return make_plan(place)


def add(place, plan, given):
    with city_scope(place.here.id):
        return add_line(place=place, plan=plan, given=given, now=NOW)


def edit(place, line, given):
    with city_scope(place.here.id):
        return edit_line(place=place, line=line, given=given, now=LATER)


def stored(place, line):
    """What is stored, without the ids of measures."""
    with city_scope(place.here.id):
        found = columns_of(PlanLine.objects.get(pk=line.pk))
    return replace(found, measures=tuple(replace(measure, id=None) for measure in found.measures))


def test_line_keeps_its_six_columns_and_measures(place, plan):
    given = replace(FULL, lead_organisation=make_organisation(place.here))

    first, second = add(place, plan, given), add(place, plan, LineGiven("Another"))

    assert stored(place, first) == replace(given, revision=1)
    assert (first.position, second.position) == (1, 2)
    assert stored(place, second) == LineGiven("Another", revision=1)  # nothing is invented


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"action": " \n "}, ActionMissing, "action"),
        ({"partners": "x" * 10_001}, TextTooLong, "partners"),
        ({"starts_on": date(2026, 5, 2), "ends_on": date(2026, 5, 1)}, EndsBeforeItStarts, "ends_on"),
        ({"measures": (MeasureGiven(target="30"),)}, MeasureUnnamed, "measures"),
        ({"measures": (MeasureGiven("Places", target="x" * 101),)}, FigureTooLong, "measures"),
        ({"measures": (MeasureGiven("Places", data_source="x" * 10_001),)}, TextTooLong, "measures"),
        ({"measures": tuple(MeasureGiven(f"{number}") for number in range(21))}, TooManyMeasures, "measures"),
    ],
)
def test_line_refused_says_why_and_writes_nothing(place, plan, change, refusal, field):
    with pytest.raises(refusal) as refused:
        add(place, plan, replace(FULL, **change))

    assert refused.value.field == field
    with city_scope(place.here.id):
        assert not PlanLine.objects.exists()


def test_empty_measures_are_left_out_and_texts_tidied(place, plan):
    given = LineGiven(" Act\r\nnow\x00 ", measures=(MeasureGiven(), MeasureGiven("Places")))

    line = add(place, plan, given)

    assert stored(place, line) == LineGiven("Act\nnow", measures=(MeasureGiven("Places"),), revision=1)


def test_earlier_state_is_kept_whole(place, plan):
    line = add(place, plan, FULL)
    with city_scope(place.here.id):
        measures = columns_of(line).measures
        Measure.objects.filter(pk=measures[0].id).update(reached="12")

    edit(place, line, LineGiven("Open two cafés", measures=(replace(measures[0], target="60"),), revision=1))

    with city_scope(place.here.id):
        kept = line_from_json(PlanLineRevision.objects.get(line=line, revision=1).content)
        measure = Measure.objects.get(line=line)
    assert (kept.action, kept.results, [one.what for one in kept.measures]) == (FULL.action, FULL.results, ["Places", "Learners who stay"])
    assert (measure.target, measure.reached) == ("60", "12")  # the follow-up's figure stays with its measure
    assert stored(place, line).revision == 2


def test_line_changed_meanwhile_is_told_with_both_texts_and_overwrites_nothing(place, plan):
    line = add(place, plan, FULL)
    edit(place, line, replace(FULL, results="Theirs", revision=1))
    mine = replace(FULL, results="Mine", revision=1)

    with pytest.raises(LineChangedMeanwhile) as told:
        edit(place, line, mine)

    assert (told.value.given.results, told.value.stored.results, told.value.stored.revision) == ("Mine", "Theirs", 2)
    assert stored(place, line).results == "Theirs"
    edit(place, line, replace(mine, revision=2))
    with city_scope(place.here.id):
        assert [line_from_json(each.content).results for each in PlanLineRevision.objects.order_by("revision")] == [
            "Thirty places",
            "Theirs",
        ]


def test_same_text_by_two_people_is_no_conflict(place, plan):
    line = add(place, plan, FULL)
    both = replace(FULL, results="The same", revision=1)
    edit(place, line, both)

    assert edit(place, line, both).changed is False


def test_origin_added_meanwhile_does_not_stand_in_the_way_of_a_text(place, plan):
    line = add(place, plan, FULL)
    with city_scope(place.here.id):
        add_origin(place=place, line=line, kind="visit", label="First visit", now=LATER)

    assert edit(place, line, replace(FULL, results="Mine", revision=1)).changed
    assert stored(place, line).results == "Mine"


def test_text_changed_and_origin_added_meanwhile_is_a_conflict(place, plan):
    line = add(place, plan, FULL)
    edit(place, line, replace(FULL, results="Theirs", revision=1))
    with city_scope(place.here.id):
        add_origin(place=place, line=line, kind="visit", label="First visit", now=LATER)

    with pytest.raises(LineChangedMeanwhile):
        edit(place, line, replace(FULL, results="Mine", revision=1))


def test_status_and_privacy_are_not_touched_by_an_edit(place, plan):
    line = make_line(plan, status="stalled", is_public=True, private_note="between us")

    edit(place, line, LineGiven("Changed", revision=1))

    with city_scope(place.here.id):
        found = PlanLine.objects.get(pk=line.pk)
    assert (found.status, found.is_public, found.private_note) == ("stalled", True, "between us")


def test_removed_line_is_not_edited(place, plan):
    line = add(place, plan, FULL)
    with city_scope(place.here.id):
        remove_line(place=place, line=line, now=LATER)

    with pytest.raises(LineRemoved):
        edit(place, line, LineGiven("Changed", revision=1))


def test_lines_of_an_approved_plan_stay_as_they_are(place):
    plan = make_plan(place, approved=True)
    line = make_line(plan, "Promised")

    with pytest.raises(PlanApproved):
        add(place, plan, FULL)
    with pytest.raises(PlanApproved):
        edit(place, line, LineGiven("Changed", revision=1))
    assert stored(place, line).action == "Promised"


def test_journal_names_columns_and_no_words(place, plan):
    line = add(place, plan, FULL)
    edit(place, line, replace(FULL, results="Secretword", revision=1))

    event = Event.objects.get(action="plan_line_changed")
    assert event.data == {"plan": str(plan.pk), "revision": 2, "columns": ["results"]}
    assert not any("Secretword" in str(each.data) for each in Event.objects.all())

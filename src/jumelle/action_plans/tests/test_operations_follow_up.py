from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from jumelle.action_plans.content import line_from_json
from jumelle.action_plans.models import LineUpdate, Measure, PlanLine, PlanLineRevision
from jumelle.action_plans.operations import follow_up
from jumelle.action_plans.operations.follow_up import Told, record_page, record_told, record_update
from jumelle.action_plans.operations.lines import LineGiven, edit_line
from jumelle.action_plans.tests.factories import make_line, make_plan
from jumelle.assessments.tests.factories import make_place
from jumelle.audit.models import Event
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 8, 10, 9, tzinfo=UTC)
TOLD = Told("in_progress", "Two tables run.", "Report", "https://example.org/report", "A third room.")


@pytest.fixture
def place():
    made = make_place()
    with city_scope(made.here.id):
        yield made


@pytest.fixture
def plan(place):
    return make_plan(place)


@pytest.fixture
def line(plan):
    return make_line(plan, measured=True)


def tell(place, line, told=TOLD, quarter="2026-Q3", now=NOW):
    return record_told(place=place, line=line, quarter=quarter, told=told, now=now)


def stored(line):
    return PlanLine.objects.get(pk=line.pk)


def test_what_is_told_is_kept_with_its_author_and_gives_the_line_its_status(place, line):
    record_update(
        place=place,
        line=line,
        quarter="2026-Q3",
        status="in_progress",
        sentence="  Two tables run. ",
        evidence_title="Report",
        evidence_url="https://example.org/report",
        next_step="A third room.",
        now=NOW,
    )

    update = LineUpdate.objects.get()
    assert (update.line, update.quarter, update.made_by, update.made_at) == (line, "2026-Q3", place.user, NOW)
    assert Told(update.status, update.sentence, update.evidence_title, update.evidence_url, update.next_step) == TOLD
    assert (stored(line).status, stored(line).revision) == ("in_progress", 1)
    assert Event.objects.get(action="plan_line_told").data["quarter"] == "2026-Q3"


def test_journal_says_nothing_of_what_was_told(place, line):
    tell(place, line)

    assert "Two tables" not in str(Event.objects.get(action="plan_line_told").__dict__)


def test_follow_up_goes_on_after_the_approval(place):
    line = make_line(make_plan(place, approved=True))

    assert tell(place, line).changed


def test_each_word_is_added_and_none_replaced(place, line):
    tell(place, line)
    tell(place, line, Told("done", "All tables run."))

    assert set(LineUpdate.objects.values_list("status", flat=True)) == {"in_progress", "done"}
    assert stored(line).status == "done"


def test_second_click_writes_nothing(place, line):
    tell(place, line)
    again = tell(place, line)

    assert (again.changed, LineUpdate.objects.count(), Event.objects.filter(action="plan_line_told").count()) == (False, 1, 1)


def test_word_for_the_quarter_before_leaves_the_status_of_the_later_one(place, line):
    tell(place, line, Told("done", "All is done."))
    tell(place, line, Told("stalled", "It was stuck then."), quarter="2026-Q2")

    assert (LineUpdate.objects.count(), stored(line).status) == (2, "done")


def test_measure_takes_its_figure_with_the_day(place, line):
    measure = Measure.objects.get()
    tell(place, line, Told("in_progress", "It grows.", reached={measure.pk: " 12 "}))

    measure.refresh_from_db()
    assert (measure.reached, measure.reached_on, measure.baseline, measure.target) == ("12", date(2026, 8, 10), "0", "30")
    assert PlanLineRevision.objects.count() == 0


def test_earlier_figure_is_kept_and_an_editor_is_not_disturbed(place, line):
    measure = Measure.objects.get()
    tell(place, line, Told("in_progress", "It grows.", reached={measure.pk: "12"}))
    tell(place, line, Told("in_progress", "It grows on.", reached={measure.pk: "25"}))

    (state,) = PlanLineRevision.objects.all()
    assert line_from_json(state.content).measures[0].reached == "12"
    given = LineGiven("Open two cafés", revision=line.revision)
    assert edit_line(place=place, line=line, given=given, now=NOW).changed


def test_figure_left_empty_keeps_what_it_has(place, line):
    measure = Measure.objects.get()
    tell(place, line, Told("in_progress", "It grows.", reached={measure.pk: "12"}))
    tell(place, line, Told("in_progress", "Nothing new.", reached={measure.pk: "  "}))

    measure.refresh_from_db()
    assert measure.reached == "12"


REFUSED = {
    "no sentence": (Told("done", " \n "), "2026-Q3", follow_up.SentenceMissing),
    "a sentence of 301 letters": (Told("done", "x" * 301), "2026-Q3", follow_up.SentenceTooLong),
    "no status": (Told("", "A word."), "2026-Q3", follow_up.StatusUnknown),
    "an unknown status": (Told("finished", "A word."), "2026-Q3", follow_up.StatusUnknown),
    "a next step of 301 letters": (Told("done", "A word.", next_step="x" * 301), "2026-Q3", follow_up.NextStepTooLong),
    "a title of 201 letters": (Told("done", "A word.", evidence_title="x" * 201), "2026-Q3", follow_up.EvidenceTitleTooLong),
    "a script as link": (Told("done", "A word.", evidence_url="javascript:alert(1)"), "2026-Q3", follow_up.EvidenceLinkRefused),
    "words as link": (Told("done", "A word.", evidence_url="see the report"), "2026-Q3", follow_up.EvidenceLinkRefused),
    "a link of 1,001 letters": (
        Told("done", "A word.", evidence_url="https://example.org/" + "x" * 981),
        "2026-Q3",
        follow_up.EvidenceLinkRefused,
    ),
    "a figure of 101 letters": (Told("done", "A word.", reached={uuid4(): "1" * 101}), "2026-Q3", follow_up.ReachedTooLong),
    "a measure of nowhere": (Told("done", "A word.", reached={uuid4(): "1"}), "2026-Q3", follow_up.MeasureUnknown),
    "a quarter long over": (TOLD, "2026-Q1", follow_up.QuarterClosed),
    "a quarter to come": (TOLD, "2026-Q4", follow_up.QuarterClosed),
    "no quarter": (TOLD, "this one", follow_up.QuarterClosed),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_taken_is_refused_and_nothing_is_written(place, line, name):
    told, quarter, refusal = REFUSED[name]

    with pytest.raises(refusal):
        tell(place, line, told, quarter)

    assert (LineUpdate.objects.count(), stored(line).status, Measure.objects.get().reached) == (0, "planned", "")


def test_measure_of_another_line_is_refused(place, plan, line):
    make_line(plan, measured=True)
    foreign = Measure.objects.exclude(line=line).get()

    with pytest.raises(follow_up.MeasureUnknown):
        tell(place, line, Told("done", "A word.", reached={foreign.pk: "9"}))


def test_line_that_was_removed_and_plan_that_was_put_away_take_nothing(place, plan):
    removed = make_line(plan, removed=True)
    put_away = make_line(make_plan(place, archived_at=NOW))

    for line in (removed, put_away):
        with pytest.raises(follow_up.LineGone):
            tell(place, line)


def test_page_takes_what_it_can_and_says_what_it_could_not(place, plan):
    good, bad, same = (make_line(plan, f"line {number}") for number in range(3))
    tell(place, same)

    page = record_page(place=place, lines={good: TOLD, bad: Told("done", ""), same: TOLD}, quarter="2026-Q3", now=NOW)

    assert (page.recorded, page.unchanged) == ((good.pk,), (same.pk,))
    assert {line: type(refusal) for line, refusal in page.refused.items()} == {bad.pk: follow_up.SentenceMissing}
    assert set(LineUpdate.objects.values_list("line", flat=True)) == {good.pk, same.pk}

"""The summary: whole, honest about what is missing, for the eyes of its reader, in few queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jumelle.assessments.enums import EvidenceAudience
from jumelle.assessments.models import Assessment
from jumelle.assessments.operations import choose_factor
from jumelle.assessments.queries.summary import Summary, SummaryLine, summary_of
from jumelle.assessments.tests.factories import (
    BENCHMARK,
    CHECKLIST,
    GRID,
    LATER,
    give,
    make_assessment,
    make_link,
    make_place,
    make_shipped_version,
    shipped_package,
)
from jumelle.cities.access import Place
from jumelle.cities.tenancy import city_scope
from jumelle.engines.scoring.tally import State

pytestmark = pytest.mark.django_db

REASON = "Because the council voted for it in March."


def gathered(assessment: Assessment, place: Place, language: str = "en") -> Summary:
    with city_scope(assessment.city_id):
        return summary_of(assessment, language, place=place)


def line_of(summary: Summary, code: str) -> SummaryLine:
    return next(line for line in summary.lines if line.code == code)


def test_summary_has_every_item_with_what_was_answered():
    place = make_place()
    assessment = make_assessment(place)
    give(place, assessment, "KF1.Q1", "yes", note="Since 2021", come_back=True)
    give(place, assessment, "KF9.Q3", text="A page in three languages")

    summary = gathered(assessment, place)

    assert [line.code for line in summary.lines] == [item.code for item in shipped_package(BENCHMARK).answerable()]
    first, open_question = line_of(summary, "KF1.Q1"), line_of(summary, "KF9.Q3")
    assert (first.state, first.answer.text, first.note, first.come_back) == (State.MET, "Yes", "Since 2021", True)
    assert (open_question.state, open_question.free_text) == (State.WRITTEN, "A page in three languages")
    assert (summary.progress.answered, summary.progress.applicable) == (2, 28)


def test_unanswered_items_are_open_points():
    place = make_place()
    assessment = make_assessment(place)
    give(place, assessment, "KF1.Q1", "yes")
    give(place, assessment, "KF1.Q2", "no")
    give(place, assessment, "KF2.Q1", "unknown")

    summary = gathered(assessment, place)

    assert [line.code for line in summary.strengths] == ["KF1.Q1"]
    assert [line.code for line in summary.gaps] == ["KF1.Q2"]
    open_codes = [line.code for line in summary.open_points]
    assert (len(open_codes), open_codes[0]) == (26, "KF2.Q1")


def test_context_stands_beside_the_result():
    place = make_place()
    assessment = make_assessment(place)
    give(place, assessment, "CF.F1", text="The region decides on courses")

    summary = gathered(assessment, place)

    assert next(line.free_text for line in summary.context[0].lines) == "The region decides on courses"
    assert summary.tally.total == 28


def test_wording_is_that_which_was_answered():
    place = make_place()
    assessment = make_assessment(place)
    answer = give(place, assessment, "KF1.Q1", "yes")
    with city_scope(assessment.city_id):
        answer.wording = {"fr": "Une formulation d’avant"}
        answer.save(update_fields=["wording"])

    line = line_of(gathered(assessment, place), "KF1.Q1")

    assert tuple(line.text) == ("Une formulation d’avant", "fr")


@pytest.mark.parametrize(("reader", "shown"), [("fr", "fr"), ("en", "en"), ("ar", "fr"), ("ti", "fr"), ("en-IE", "en")])
def test_texts_fall_back_and_say_in_which_language_they_are(reader: str, shown: str):
    place = make_place()

    summary = gathered(make_assessment(place), place, reader)

    assert summary.toolkit_title.language == shown
    assert {line.text.language for line in summary.lines} == {shown}
    assert summary.source.attribution.language == shown


def test_checklist_has_the_verdicts_of_its_source():
    place = make_place()
    assessment = make_assessment(place, make_shipped_version(CHECKLIST))
    give(place, assessment, "UT1.C01", "ticked")

    summary = gathered(assessment, place)

    assert (summary.outcome.label.text, summary.outcome.state) == ("There is still room to improve", State.PARTLY)
    assert (summary.outcome.count, summary.outcome.provisional) == (1, True)
    assert summary.sections[1].outcome is None


def test_part_of_a_theme_keeps_its_heading():
    place = make_place()

    summary = gathered(make_assessment(place, make_shipped_version(CHECKLIST)), place)

    theme = next(section for section in summary.sections if section.code == "UT4")
    assert [group.title and group.title.text for group in theme.groups] == [None, "Extra points for local authorities"]


def test_chosen_factor_comes_with_its_reason():
    place = make_place()
    assessment = make_assessment(place)
    with city_scope(assessment.city_id):
        choose_factor(place=place, assessment=assessment, section_code="KF8", reason=REASON, now=LATER)

    summary = gathered(assessment, place)

    assert [(section.code, section.choice.reason) for section in summary.chosen] == [("KF8", REASON)]


def test_themes_that_were_not_chosen_are_named():
    place = make_place()

    summary = gathered(make_assessment(place, themes=["KF1", "KF2", "CF"]), place)

    assert len(summary.sections) == 2
    assert len(summary.left_out) == 9


def test_evidence_is_that_which_the_reader_may_see():
    place = make_place()
    assessment = make_assessment(place)
    for audience in EvidenceAudience:
        make_link(place, assessment, "KF1.Q1", audience)
    outside = Place(user=place.user, city=place.city, association=place.association, roles=frozenset({"break_glass"}))

    team, other = gathered(assessment, place), gathered(assessment, outside)

    assert {piece.audience for piece in line_of(team, "KF1.Q1").evidence} == {"team", "city", "public"}
    assert {piece.audience for piece in line_of(other, "KF1.Q1").evidence} == {"city", "public"}


def test_grid_says_only_what_is_exemplary():
    place = make_place()
    assessment = make_assessment(place, make_shipped_version(GRID))
    for item in shipped_package(GRID).answerable():
        if item.section == "D4":
            give(place, assessment, item.code, "full" if item.answer == "degree" else "yes")

    summary = gathered(assessment, place)

    assert summary.outcome is None
    assert [section.code for section in summary.sections if section.outcome] == ["D4"]


@pytest.mark.parametrize("filled", [1, 30])
def test_summary_takes_few_queries_however_much_was_answered(filled: int):
    place = make_place()
    assessment = make_assessment(place, make_shipped_version(CHECKLIST))
    for item in shipped_package(CHECKLIST).answerable()[:filled]:
        give(place, assessment, item.code, "ticked", note="A note")
        make_link(place, assessment, item.code)

    with city_scope(assessment.city_id):
        fresh = Assessment.objects.select_related("toolkit_version__toolkit").get(pk=assessment.pk)
        with CaptureQueriesContext(connection) as queries:
            summary_of(fresh, "fr", place=place)

    assert len(queries) <= 12

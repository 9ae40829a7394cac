"""What lies on the table: counted, merged, in order; and what never does."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import Assessment, RespondentAnswer, Round
from jumelle.assessments.operations import close_round, take_back, upgrade_assessment, withdraw_respondent
from jumelle.assessments.queries.divergence import Discussion, Show, Voice, discussion_of, levels_of, opened_rounds_of
from jumelle.assessments.queries.sheet import entry_of
from jumelle.assessments.queries.upgrading import preview_of
from jumelle.assessments.tests.factories import (
    BENCHMARK,
    CHECKLIST,
    GRID,
    LATER,
    NOW,
    hand_in,
    lay_open,
    make_assessment,
    make_open_round,
    make_place,
    make_respondent,
    make_round,
    respond,
    shipped_package,
)
from jumelle.cities.access import Place
from jumelle.cities.tenancy import city_scope
from jumelle.engines.consensus.replies import Distribution
from jumelle.engines.scoring.tally import State
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.operations import load_package

pytestmark = pytest.mark.django_db

DEPARTMENT, NGO, MIGRANTS = RespondentRole.DEPARTMENT, RespondentRole.NGO, RespondentRole.MIGRANTS
Q1, Q2, OTHER_THEME = "KF1.Q1", "KF1.Q2", "KF8.Q1"
THEMES = ["KF1", "KF8", "CF"]


def make_benchmark(place: Place) -> Assessment:
    return make_assessment(place, themes=THEMES)


def laid_out(opened: Round) -> Discussion:
    """Read as a page reads it: with everything that was written."""
    with city_scope(opened.city_id):
        return discussion_of(opened, reads=lambda _point: True)


def collect(
    place: Place,
    people: Sequence[tuple[RespondentRole, dict[str, str]]],
    *,
    shows_names: bool = False,
    themes: Sequence[list[str] | None] = (),
    notes: Sequence[dict[str, str]] = (),
) -> Round:
    """Opened: everybody has sent in, with notes by item and only some themes where they are given."""
    opened = make_round(place, make_benchmark(place), shows_names=shows_names)
    for at, (role, values) in enumerate(people):
        asked = themes[at] if at < len(themes) else None
        person = make_respondent(place, opened, role, themes=asked, name=f"Person {at}")
        said = notes[at] if at < len(notes) else {}
        for code in {**values, **said}:
            respond(person, code, values.get(code, ""), note=said.get(code, ""), private_note=f"Private {at}")
        hand_in(place, person)
    return lay_open(place, opened)


# --- counting ---------------------------------------------------------------------------------------------------------


def test_discussion_counts_who_said_what():
    place = make_place()
    opened = collect(place, [(DEPARTMENT, {Q1: "yes"})] * 4 + [(NGO, {Q1: "no"})] * 2 + [(NGO, {Q1: "unknown"})] + [(NGO, {Q2: "yes"})])

    point = laid_out(opened).by_code[Q1]

    levels = (("no", 2), ("partly", 0), ("yes", 4))
    assert point.divergence is not None
    assert point.divergence.overall == Distribution(levels=levels, na=0, unknown=1, written=0, unanswered=1)
    assert (point.divergence.percent, point.divergence.lowest, point.divergence.highest) == (89, "no", "yes")


def test_points_stand_by_disagreement_and_not_by_the_mean():
    place = make_place()
    apart, between = {Q1: "yes", Q2: "partly"}, {Q1: "no", Q2: "partly"}
    opened = collect(place, [(NGO, apart)] * 3 + [(NGO, between)] * 3)

    found = laid_out(opened)

    assert [point.code for point in found.points][:2] == [Q1, Q2]
    assert [point.code for point in found.shown(Show.DIFFER)] == [Q1]
    assert [(point.divergence.percent, point.said_by_all) for point in found.points[:2] if point.divergence] == [(100, ""), (0, "partly")]


def test_choices_show_what_they_say():
    place = make_place()
    people = [{Q1: "yes", Q2: "yes", OTHER_THEME: "yes"}] * 5 + [{Q1: "no", Q2: "yes", OTHER_THEME: "unknown"}]
    opened = collect(place, [(NGO, values) for values in people])

    found = laid_out(opened)

    shown = {show: [point.code for point in found.shown(show)] for show in (Show.DISCUSS, Show.DIFFER, Show.UNKNOWN)}
    assert shown == {Show.DISCUSS: [Q1, OTHER_THEME], Show.DIFFER: [Q1], Show.UNKNOWN: [OTHER_THEME]}
    assert len(found.shown(Show.ALL)) == len(found.points) > 10


def test_who_is_withdrawn_or_has_not_sent_in_does_not_count():
    place = make_place()
    opened = make_round(place, make_benchmark(place))
    people = [make_respondent(place, opened, NGO) for _ in range(8)]
    for person in people:
        respond(person, Q1, "yes", note=f"Note of {person.pk}")
    for person in people[:7]:
        hand_in(place, person)
    with city_scope(opened.city_id):
        withdraw_respondent(place=place, respondent=people[0], now=LATER)
        take_back(place=place, respondent=people[1], now=LATER)
    lay_open(place, opened)

    found = laid_out(opened)

    assert (found.sent_in, found.by_code[Q1].divergence.asked) == (5, 5)
    assert {voice.text for voice in found.by_code[Q1].notes} == {f"Note of {person.pk}" for person in people[2:7]}


def test_nothing_lies_on_the_table_while_a_round_collects():
    place = make_place()
    collecting = make_round(place, make_benchmark(place))
    person = make_respondent(place, collecting)
    respond(person, Q1, "yes", note="Too early")
    hand_in(place, person)

    found = laid_out(collecting)

    assert (found.points, found.sent_in) == ((), 0)
    with city_scope(collecting.city_id):
        assert list(opened_rounds_of(collecting.assessment)) == []


def test_round_that_was_given_up_is_never_on_the_table():
    place = make_place()
    given_up = make_round(place, make_benchmark(place))
    with city_scope(given_up.city_id):
        close_round(place=place, round=given_up, now=LATER)

        assert list(opened_rounds_of(given_up.assessment)) == []


def test_only_what_everybody_said_can_be_agreed_in_one_step():
    place = make_place()
    all_alike = {Q1: "yes", Q2: "na", OTHER_THEME: "yes"}
    opened = collect(place, [(NGO, all_alike)] * 5 + [(NGO, {Q1: "yes", OTHER_THEME: "unknown"})])

    found = laid_out(opened)

    assert [(point.code, point.said_by_all) for point in found.said_by_all] == [(Q1, "yes"), (Q2, "na")]


@pytest.mark.parametrize(
    ("slug", "scale", "levels"),
    [
        (CHECKLIST, "tick", {"not_ticked": 0, "ticked": 1}),
        (BENCHMARK, "in_place", {"no": 0, "partly": 0.5, "yes": 1}),
        (GRID, "degree", {"none": 0, "small": 1 / 3, "large": 2 / 3, "full": 1}),
    ],
)
def test_levels_stand_from_the_lowest_to_the_highest(slug: str, scale: str, levels: dict[str, float]):
    package = shipped_package(slug)
    item = next(item for item in package.items if item.answer == scale)

    found = levels_of(entry_of(package, item, "local_authority", None))

    assert {level.value: level.position for level in found} == levels


@pytest.mark.parametrize("value", ["yes", "partly", "no", "na", "unknown", "", "no such value"])
def test_a_value_says_on_the_table_what_it_says_in_an_assessment(value: str):
    package = shipped_package(BENCHMARK)
    entry = entry_of(package, package.item(Q1), "local_authority", RespondentAnswer(item_code=Q1, value=value))
    place = make_place()
    opened = collect(place, [(NGO, {Q2: "yes"})] * 5)
    with city_scope(opened.city_id):
        RespondentAnswer.objects.create(
            city_id=opened.city_id, respondent=opened.respondents.first(), item_code=Q1, value=value, answered_at=NOW
        )

    overall = laid_out(opened).by_code[Q1].divergence.overall

    counts = Counter({State.NA: overall.na, State.UNKNOWN: overall.unknown, State.UNANSWERED: overall.unanswered - 4})
    counts |= {State(package.scale("in_place").levels[2 - at].meaning): count for at, (_value, count) in enumerate(overall.levels)}
    assert +counts == Counter({entry.state: 1})


# --- anonymity --------------------------------------------------------------------------------------------------------


def test_small_roles_are_shown_together_and_their_notes_without_a_role():
    place = make_place()
    people = [(DEPARTMENT, {Q1: "yes"})] * 6 + [(NGO, {Q1: "no"})] * 2 + [(MIGRANTS, {Q1: "no"})] * 3
    notes = [{Q1: "By a department"}, *[{}] * 5, {Q1: "By an NGO"}, {}, {Q1: "By a migrant"}]
    opened = collect(place, people, notes=notes)

    point = laid_out(opened).by_code[Q1]

    assert [(group.keys, group.size) for group in point.groups] == [(("department",), 6), (("ngo", "migrants"), 5)]
    assert [group.distribution.asked for group in point.divergence.by_group] == [6, 5]
    assert point.notes == (Voice("By a department", "department"), Voice("By a migrant"), Voice("By an NGO"))
    assert point.replies == ()


def test_theme_that_fewer_than_five_were_asked_is_withheld():
    place = make_place()
    everybody, four = [(NGO, {Q1: "yes"})] * 3, [(NGO, {Q1: "yes", OTHER_THEME: "no"})] * 4
    opened = collect(place, [*everybody, *four], themes=[["KF1"]] * 3, notes=[*[{}] * 3, {OTHER_THEME: "Among so few"}])

    found = laid_out(opened)

    point = found.by_code[OTHER_THEME]
    assert (point.divergence, point.groups, point.notes, point.written, point.said_by_all) == (None, (), (), (), "")
    assert [theme.code for theme in found.withheld] == ["KF8", "CF"]
    assert "Among so few" not in repr(found)
    assert point in found.shown(Show.DISCUSS)
    assert not any(before.is_withheld and not after.is_withheld for before, after in pairwise(found.points))


def test_theme_that_few_were_asked_is_shown_where_names_are():
    place = make_place()
    opened = collect(place, [(NGO, {Q1: "yes"}), (DEPARTMENT, {Q1: "no"})], shows_names=True, notes=[{Q1: "Mine"}])

    point = laid_out(opened).by_code[Q1]

    assert [(reply.name, reply.role, reply.value, reply.note) for reply in point.replies] == [
        ("Person 1", "department", "no", ""),
        ("Person 0", "ngo", "yes", "Mine"),
    ]
    assert point.notes == (Voice("Mine", "ngo", "Person 0"),)


def test_order_of_notes_says_neither_who_nor_when():
    place = make_place()
    notes = ["Zebra", "apple", "Melon", "apple", "Birch"]
    found = []
    for order in (notes, list(reversed(notes))):
        opened = collect(place, [(NGO, {Q1: "yes"})] * 5, notes=[{Q1: note} for note in order])
        found.append([voice.text for voice in laid_out(opened).by_code[Q1].notes])

    assert found == [["apple", "apple", "Birch", "Melon", "Zebra"]] * 2


@pytest.mark.parametrize("shows_names", [False, True])
def test_private_notes_are_not_even_read(shows_names: bool):
    place = make_place()
    opened = collect(place, [(NGO, {Q1: "yes"})] * 5, shows_names=shows_names, notes=[{Q1: "For all"}] * 5)

    with CaptureQueriesContext(connection) as captured:
        found = laid_out(opened)

    assert "For all" in repr(found)
    assert "Private" not in repr(found)
    assert not any("private_note" in query["sql"] for query in captured)


def test_names_are_not_even_read_where_nobody_was_to_be_told():
    place = make_place()
    opened = collect(place, [(NGO, {Q1: "yes"})] * 5, notes=[{Q1: "For all"}] * 5)

    with CaptureQueriesContext(connection) as captured:
        found = laid_out(opened)

    assert "Person" not in repr(found)
    assert not any('"assessments_respondent"."name"' in query["sql"] for query in captured)


def test_texts_are_read_only_where_they_are_asked_for():
    place = make_place()
    opened = collect(place, [(NGO, {Q1: "yes", Q2: "yes"})] * 5, notes=[{Q1: "On one", Q2: "On two"}] * 5)

    with city_scope(opened.city_id):
        nothing, one = discussion_of(opened), discussion_of(opened, reads=lambda point: point.code == Q1)

    assert {code: len(point.notes) for code, point in nothing.by_code.items() if point.notes} == {}
    assert {code: len(point.notes) for code, point in one.by_code.items() if point.notes} == {Q1: 5}


# --- time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shows_names", [False, True])
def test_number_of_queries_does_not_depend_on_the_number_of_answers(shows_names: bool):
    place = make_place()
    counts = []
    for people in (5, 12):
        everything = {item.code: "yes" for item in shipped_package(BENCHMARK).items if item.code.startswith("KF1.Q")}
        opened = collect(place, [(NGO, everything)] * people, shows_names=shows_names, notes=[dict.fromkeys(everything, "So")] * people)
        with CaptureQueriesContext(connection) as captured:
            laid_out(opened)
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 7


def test_closed_round_keeps_the_questions_of_its_time_after_an_upgrade():
    place = make_place()
    load = {"association": None, "status": VersionStatus.PUBLISHED, "now": NOW}
    older = load_package(package=shipped_package(BENCHMARK, "0.9.0"), **load).version
    newer = load_package(package=shipped_package(BENCHMARK), **load).version
    assessment = make_assessment(place, older, themes=["KF8"])
    opened = make_open_round(place, assessment, [(NGO, {"KF8.Q4": "yes"})] * 5)
    with city_scope(assessment.city_id):
        before = [point.code for point in discussion_of(opened).points]
        close_round(place=place, round=opened, now=LATER)
        seen = preview_of(assessment, newer).seen
        upgrade_assessment(place=place, assessment=assessment, version=newer, chosen={}, further_themes=[], seen=seen, now=LATER)
        again = opened_rounds_of(Assessment.objects.get(pk=assessment.pk)).get()
        found = discussion_of(again)

    assert [point.code for point in found.points] == before
    assert found.by_code["KF8.Q4"].divergence.overall.levels == (("no", 0), ("partly", 0), ("yes", 5))
    assert found.sheet.assessment.toolkit_version == older

from dataclasses import replace
from datetime import date
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.often import OFTEN

from jumelle.action_plans.content import LineContent, MeasureContent, OriginContent, PlanContent
from jumelle.action_plans.diff import Kind, Piece, apply, diff, word_diff

SAME, REMOVED, ADDED = Kind.SAME, Kind.REMOVED, Kind.ADDED
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))
WORDS = st.text(st.sampled_from("ab é,.\n ()1ش"), max_size=12)
MEASURES = st.builds(
    MeasureContent, what=st.sampled_from(["Places", "Learners", "Hours"]), baseline=WORDS, target=WORDS, due_on=DAYS, data_source=WORDS
)
ORIGINS = st.builds(OriginContent, kind=st.sampled_from(["gap", "visit"]), code=st.sampled_from(["", "KF8.Q1"]), label=WORDS, dated_on=DAYS)
LINES = st.builds(
    LineContent,
    line_id=st.sampled_from("ABCDEFGH"),
    position=st.just(0),
    action=WORDS,
    results=WORDS,
    starts_on=DAYS,
    lead=WORDS,
    lead_organisation=st.sampled_from(["", "Library"]),
    status=st.sampled_from(["planned", "done"]),
    is_public=st.booleans(),
    measures=st.lists(MEASURES, max_size=2).map(tuple),
    origins=st.lists(ORIGINS, max_size=2).map(tuple),
)


def numbered(lines):
    return tuple(replace(line, position=position) for position, line in enumerate(lines, start=1))


CONTENTS = st.builds(
    PlanContent,
    plan_id=st.just("plan"),
    title=WORDS,
    mentee=WORDS,
    mentor=WORDS,
    language=st.sampled_from(["fr", "ar"]),
    dated_on=st.just(date(2026, 3, 1)),
    lines=st.lists(LINES, max_size=4, unique_by=lambda line: line.line_id).map(numbered),
)


def comparable(content):
    """Origins have no order of their own."""
    return replace(content, lines=tuple(replace(line, origins=tuple(sorted(line.origins, key=repr))) for line in content.lines))


def plan(*lines):
    return PlanContent("plan", "Title", "Aubrelle", "", "fr", date(2026, 3, 1), lines=numbered(lines))


def line(line_id, action="Act", **fields):
    return LineContent(line_id, 0, action, **fields)


@settings(max_examples=OFTEN, deadline=None)
@given(CONTENTS)
def test_equal_plans_differ_in_nothing(content):
    assert diff(content, content).is_empty


@settings(max_examples=OFTEN, deadline=None)
@given(CONTENTS, CONTENTS)
def test_differences_applied_to_the_older_plan_make_the_newer_one(old, new):
    found = diff(old, new)

    assert comparable(apply(found, old)) == comparable(new)
    assert found.is_empty == (comparable(old) == comparable(new))


@settings(max_examples=OFTEN, deadline=None)
@given(WORDS, WORDS)
def test_pieces_make_up_both_texts_and_neighbours_differ_in_kind(old, new):
    pieces = word_diff(old, new)

    assert "".join(piece.text for piece in pieces if piece.kind != ADDED) == old
    assert "".join(piece.text for piece in pieces if piece.kind != REMOVED) == new
    assert all(one.kind != other.kind for one, other in pairwise(pieces))
    assert all(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new", "pieces"),
    [
        ("Open a café", "Open a café soon", [(SAME, "Open a café"), (ADDED, " soon")]),
        ("Open a café now", "Open two cafés now", [(SAME, "Open "), (REMOVED, "a café"), (ADDED, "two cafés"), (SAME, " now")]),
        ("Open a café.", "Open a café!", [(SAME, "Open a café"), (REMOVED, "."), (ADDED, "!")]),
        ("Open a café, now", "Open a café now", [(SAME, "Open a café"), (REMOVED, ","), (SAME, " now")]),
        ("One\nTwo", "One\n\nTwo", [(SAME, "One"), (ADDED, "\n"), (SAME, "\nTwo")]),
        ("", "New", [(ADDED, "New")]),
        ("Old", "", [(REMOVED, "Old")]),
        ("Same", "Same", [(SAME, "Same")]),
        ("", "", []),
        ("افتح مقهى", "افتح مقهيين", [(SAME, "افتح "), (REMOVED, "مقهى"), (ADDED, "مقهيين")]),
    ],
)
def test_word_diff_reads_well(old, new, pieces):
    assert word_diff(old, new) == tuple(Piece(*each) for each in pieces)


def test_lines_added_removed_and_changed_are_told_apart():
    old = plan(line("A"), line("B", "Before"), line("C"))
    new = plan(line("A"), line("B", "After"), line("D"))

    found = diff(old, new)

    assert [
        (each.line.line_id, each.is_added, each.is_removed, each.moved, [field.name for field in each.fields]) for each in found.lines
    ] == [
        ("B", False, False, False, ["action"]),
        ("D", True, False, False, []),
        ("C", False, True, False, []),
    ]


@pytest.mark.parametrize(
    ("order", "moved"),
    [
        ("BACD", {"A"}),  # as well as B: one of both went past the other
        ("BCDA", {"A"}),
        ("DABC", {"D"}),
        ("CD", set()),  # others are gone; these two did not move
        ("XABCD", set()),
    ],
)
def test_only_what_went_past_others_has_moved(order, moved):
    old, new = plan(*(line(each) for each in "ABCD")), plan(*(line(each) for each in order))

    found = {each.line.line_id for each in diff(old, new).lines if each.moved}

    assert len(found) == len(moved)
    assert found <= {*moved, "B"}


def test_measure_keeps_its_identity_by_what_it_measures():
    places, stays = MeasureContent("Places", target="30"), MeasureContent("Learners who stay")
    old, new = plan(line("A", measures=(places, stays))), plan(line("A", measures=(replace(places, target="60"), MeasureContent("Hours"))))

    (change,) = diff(old, new).lines

    assert [
        (each.before and each.before.what, each.after and each.after.what, [field.name for field in each.fields])
        for each in change.measures
    ] == [
        ("Places", "Places", ["target"]),
        ("Learners who stay", None, []),
        (None, "Hours", []),
    ]


def test_measure_that_was_reworded_is_the_same_one():
    old, new = (plan(line("A", measures=(MeasureContent(what, target="30"),))) for what in ("People at tables", "People at the tables"))

    (measure,) = diff(old, new).lines[0].measures

    assert [field.name for field in measure.fields] == ["what"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("one two three four " * 520, "four one three two " * 520),
        ("one two three four " * 520, "four one three two " * 49),
        (", " * 5000, "a," * 99),
        ("a " * 5000, "b a " * 49),
    ],
)
def test_long_texts_are_compared_in_a_moment(old, new):
    """Ten thousand characters, as long as a column may be, and of few different words: the hard case for such a comparison."""
    began = process_time()

    word_diff(old, new)

    assert process_time() - began < 60  # tells seconds from the minutes it took; the speed itself is no test's business

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.often import OFTEN

from jumelle.engines.disclosure.counts import Cell, ProtectedCounts, Reason, protect_counts
from jumelle.engines.disclosure.tests.attacker import (
    TOTAL,
    bounds_of,
    bounds_of_insider,
    lines_of_counts,
    published_counts,
    solutions,
    surely_small,
    true_figures,
    worked_out,
)
from jumelle.engines.disclosure.thresholds import K_INSIDE, K_PUBLIC, CountNegative, ThresholdTooLow, rounded

counts = st.dictionaries(st.sampled_from("abcdef"), st.one_of(st.integers(0, 15), st.integers(0, 60)), max_size=6)
thresholds = st.integers(3, 15)
HIDDEN = Cell(None, Reason.PROTECTED)


def withheld_of(protected):
    return {key for key, cell in protected.cells.items() if cell.is_withheld}


@pytest.mark.parametrize(
    ("drawn", "shown", "total"),
    [
        pytest.param([37, 12, 60], [35, 10, 60], 110, id="all-large-enough"),
        pytest.param([37, 3, 60], [None, None, 60], 100, id="one-small-takes-the-smallest-other-with-it"),
        pytest.param([37, 3, 9, 60], [35, None, None, 60], 110, id="two-small-ones-hide-each-other"),
        pytest.param([37, 3, 4, 60], [None, None, None, 60], 105, id="two-small-ones-that-are-too-few-together"),
        pytest.param([0, 12, 60], [None, None, 60], 70, id="nobody-is-a-small-count"),
        pytest.param([0, 60], [None, None], 60, id="everybody-on-one-side"),
        pytest.param([3, 4, 5], [None, None, None], 10, id="only-the-total-is-large-enough"),
        pytest.param([60], [60], 60, id="one-cell"),
    ],
)
def test_small_counts_are_withheld(drawn, shown, total):
    protected = protect_counts(dict(zip("abcd", drawn, strict=False)), K_PUBLIC)

    assert [cell.value for cell in protected.cells.values()] == shown
    assert protected.total == Cell(total)


@pytest.mark.parametrize("drawn", [{}, {"a": 0}, {"a": 10}, {"a": 4, "b": 6}])
def test_too_few_people_show_nothing_at_all(drawn):
    too_few = Cell(None, Reason.TOO_FEW)

    assert protect_counts(drawn, K_PUBLIC) == ProtectedCounts(dict.fromkeys(drawn, too_few), too_few)


def test_reason_is_the_same_for_a_small_cell_and_for_the_one_that_protects_it():
    assert protect_counts({"a": 37, "b": 3, "c": 60}, K_PUBLIC).cells == {"a": HIDDEN, "b": HIDDEN, "c": Cell(60)}


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (11, 10), (12, 10), (13, 15), (100, 100)])
def test_count_is_rounded_to_the_nearest_five(count, shown):
    assert rounded(count) == shown


@pytest.mark.parametrize(("drawn", "k", "error"), [({"a": 20, "b": -1}, 11, CountNegative), ({"a": 20}, 2, ThresholdTooLow)])
def test_nonsense_is_refused(drawn, k, error):
    with pytest.raises(error):
        protect_counts(drawn, k)


def test_attacker_finds_the_cell_that_mere_suppression_gives_away():
    figures = {TOTAL: 100, "a": 37, "b": 3, "c": 60}
    published = {TOTAL: Cell(100), "a": Cell(35), "b": HIDDEN, "c": Cell(60)}

    bounds = bounds_of_insider(published, figures)

    assert worked_out(bounds, lines_of_counts("abc"), figures, ["b"]) == ["b"]
    assert surely_small(bounds, lines_of_counts("abc"), ["b"], K_PUBLIC) == ["b"]


@settings(max_examples=OFTEN, deadline=None)
@given(counts, thresholds)
def test_no_small_count_is_shown_and_none_is_left_by_subtraction(drawn, k):
    protected = protect_counts(drawn, k)

    withheld, total = withheld_of(protected), sum(drawn.values())
    assert all(drawn[key] >= k for key in drawn.keys() - withheld)
    assert all(cell == (HIDDEN if key in withheld else Cell(rounded(drawn[key]))) for key, cell in protected.cells.items()) or total < k
    assert protected.total.is_withheld == (total < k)
    assert not withheld or total < k or (len(withheld) > 1 and sum(drawn[key] for key in withheld) >= k)


@settings(max_examples=OFTEN, deadline=None)
@given(counts, thresholds)
def test_withheld_count_cannot_be_worked_out(drawn, k):
    published, lines = published_counts(protect_counts(drawn, k)), lines_of_counts(sorted(drawn))
    figures = true_figures(lines, drawn)
    withheld = [name for name, cell in published.items() if cell.is_withheld and name != TOTAL]
    if sum(drawn.values()) < k:
        return

    for bounds in (bounds_of(published, k), bounds_of_insider(published, figures)):
        assert worked_out(bounds, lines, figures, withheld) == []
        assert surely_small(bounds, lines, withheld, k) == []


@pytest.mark.parametrize("seed", range(10))
def test_withheld_count_is_safe_from_who_applies_our_rules_backwards(seed):
    """The reader tries all counts that fit what is published, and keeps those of which our rules publish the same."""
    random = Random(seed)
    for _ in range(100):
        drawn = {key: random.randint(0, 40) for key in "abcd"[: random.randint(2, 4)]}
        protected = protect_counts(drawn, K_PUBLIC)
        if protected.total.is_withheld:
            continue

        bounds = bounds_of(published_counts(protected), K_PUBLIC)
        meant = ({key: found[key] for key in drawn} for found in solutions(bounds, lines_of_counts(sorted(drawn))))
        alike = (other for other in meant if protect_counts(other, K_PUBLIC) == protected)
        open_ones = withheld_of(protected)
        while open_ones and (other := next(alike, None)):
            open_ones -= {key for key in open_ones if other[key] != drawn[key]}

        assert not open_ones, drawn


@settings(max_examples=OFTEN, deadline=None)
@given(counts, thresholds, st.integers(0, 99))
def test_order_of_the_cells_changes_nothing(drawn, k, seed):
    shuffled = dict(Random(seed).sample(list(drawn.items()), len(drawn)))

    protected = protect_counts(shuffled, k)

    assert protected == protect_counts(drawn, k)
    assert list(protected.cells) == list(shuffled)


@settings(max_examples=OFTEN, deadline=None)
@given(counts, thresholds, st.permutations("abcdef"))
def test_new_names_change_only_which_of_equals_is_withheld(drawn, k, names):
    new = dict(zip("abcdef", names, strict=True))

    renamed = protect_counts({new[key]: count for key, count in drawn.items()}, k)

    before = protect_counts(drawn, k)
    assert renamed.total == before.total
    assert sorted((drawn[key], str(renamed.cells[new[key]])) for key in drawn) == sorted(
        (drawn[key], str(before.cells[key])) for key in drawn
    )


@settings(max_examples=OFTEN, deadline=None)
@given(counts, thresholds, thresholds)
def test_higher_threshold_withholds_at_least_as_much(drawn, one, other):
    low, high = sorted((one, other))

    assert withheld_of(protect_counts(drawn, low)) <= withheld_of(protect_counts(drawn, high))


@pytest.mark.parametrize("k", [K_INSIDE, K_PUBLIC])
def test_one_more_person_changes_nothing_that_is_withheld_already(k):
    before, after = ({"a": 2, "b": count, "c": 40} for count in (k, k + 1))

    assert protect_counts(before, k).cells == protect_counts(after, k).cells

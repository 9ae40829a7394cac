from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.often import OFTEN

from jumelle.engines.disclosure.counts import Cell, Reason, protect_counts
from jumelle.engines.disclosure.exposure import exposed_in
from jumelle.engines.disclosure.table import TableRagged, protect_table
from jumelle.engines.disclosure.tests.attacker import (
    TOTAL,
    bounds_of,
    bounds_of_insider,
    lines_of_table,
    published_table,
    surely_small,
    true_figures,
    worked_out,
)
from jumelle.engines.disclosure.thresholds import K_INSIDE, K_PUBLIC, CountNegative, ThresholdTooLow, rounded

ROWS, COLUMNS = "pqrs", "abcd"
HIDDEN = Cell(None, Reason.PROTECTED)
thresholds = st.integers(3, 12)
some_counts = st.one_of(st.integers(0, 6), st.integers(0, 15), st.integers(0, 60))


@st.composite
def tables(draw):
    rows, columns = ROWS[: draw(st.integers(1, 4))], COLUMNS[: draw(st.integers(1, 4))]
    return {row: {column: draw(some_counts) for column in columns} for row in rows}


def table_of(*rows):
    return {row: dict(zip(COLUMNS, cells, strict=False)) for row, cells in zip(ROWS, rows, strict=False)}


def values_of(protected):
    rows = list(protected.row_totals)
    columns = list(protected.column_totals)
    inner = [[protected.cells[row, column].value for column in columns] + [protected.row_totals[row].value] for row in rows]
    return [*inner, [protected.column_totals[column].value for column in columns] + [protected.total.value]]


def withheld_of(protected):
    return {name for name, cell in published_table(protected).items() if cell.is_withheld}


def figures_of(drawn):
    lines = lines_of_table(list(drawn), list(next(iter(drawn.values()))))
    return lines, true_figures(lines, {(row, column): count for row, cells in drawn.items() for column, count in cells.items()})


_ = None


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        pytest.param(
            ([20, 30], [40, 50]),
            [[20, 30, 50], [40, 50, 90], [60, 80, 140]],
            id="all-large-enough",
        ),
        pytest.param(
            ([3, 30, 22], [30, 21, 14], [14, 24, 33]),
            [[_, 30, _, 55], [30, 20, 15, 65], [_, 25, _, 70], [45, 75, 70, 190]],
            id="one-small-cell-hides-a-rectangle",
        ),
        pytest.param(
            ([1, 1, 2], [30, 21, 14], [14, 24, 33]),
            [[_, _, _, _], [_, _, _, _], [15, 25, 35, 70], [45, 45, 50, 140]],
            id="a-small-row-takes-the-smallest-other-row-with-it",
        ),
        pytest.param(([0, 60], [60, 0]), [[_, _, 60], [_, _, 60], [60, 60, 120]], id="nobody-is-a-small-count"),
        pytest.param(([3, 40, 50],), [[_, _, 50, 95], [_, _, 50, 95]], id="one-row"),
    ],
)
def test_small_cells_are_withheld(rows, shown):
    protected = protect_table(table_of(*rows), K_PUBLIC)

    assert values_of(protected) == shown
    assert {cell.reason for cell in published_table(protected).values() if cell.is_withheld} <= {Reason.PROTECTED}


@pytest.mark.parametrize("drawn", [{}, table_of([]), table_of([1, 2], [3, 4])], ids=["empty", "no-columns", "ten-people"])
def test_too_few_people_show_nothing_at_all(drawn):
    assert set(published_table(protect_table(drawn, K_PUBLIC)).values()) == {Cell(None, Reason.TOO_FEW)}


@pytest.mark.parametrize(
    ("drawn", "k", "error", "words"),
    [
        ({"p": {"a": 20, "b": 20}, "q": {"a": 20}}, 11, TableRagged, "q"),
        ({"p": {"a": 20, "b": -1}}, 11, CountNegative, "p, b"),
        ({"p": {"a": 20}}, 2, ThresholdTooLow, "2"),
    ],
)
def test_nonsense_is_refused(drawn, k, error, words):
    with pytest.raises(error, match=words):
        protect_table(drawn, k)


# Two rectangles of withheld cells, joined by one cell at (1, 2): each row and column withholds two cells or more, and still
# that one is the rows of the first rectangle minus its columns.
BRIDGE = table_of([3, 3, 20, 20], [3, 3, 2, 20], [20, 20, 3, 3], [20, 20, 3, 3])
BRIDGE_WITHHELD = [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (3, 3)]


def test_cell_that_joins_two_rectangles_is_exposed():
    _, named = figures_of(BRIDGE)
    numbers = {**{row: place for place, row in enumerate(ROWS)}, **{column: place for place, column in enumerate(COLUMNS)}, TOTAL: 4}
    figures = {(numbers[row], numbers[column]): figure for (row, column), figure in named.items()}

    assert list(exposed_in(figures, BRIDGE_WITHHELD, K_INSIDE)) == [(1, 2)]


def test_attacker_finds_the_cell_that_joins_two_rectangles():
    lines, figures = figures_of(BRIDGE)
    withheld = [(ROWS[row], COLUMNS[column]) for row, column in BRIDGE_WITHHELD]
    published = {name: HIDDEN if name in withheld else Cell(rounded(figure)) for name, figure in figures.items()}

    assert worked_out(bounds_of_insider(published, figures), lines, figures, withheld) == [("q", "c")]


def test_cell_that_joins_two_rectangles_is_protected():
    protected = protect_table(BRIDGE, K_INSIDE)

    assert withheld_of(protected) > {(ROWS[row], COLUMNS[column]) for row, column in BRIDGE_WITHHELD}


@settings(max_examples=OFTEN, deadline=None)
@given(tables(), thresholds)
def test_no_small_figure_is_shown(drawn, k):
    published, (_, figures) = published_table(protect_table(drawn, k)), figures_of(drawn)

    assert all(cell.is_withheld or (figures[name] >= k and cell == Cell(rounded(figures[name]))) for name, cell in published.items())


@settings(max_examples=OFTEN, deadline=None)
@given(tables(), thresholds)
def test_withheld_figure_cannot_be_worked_out(drawn, k):
    protected, (lines, figures) = protect_table(drawn, k), figures_of(drawn)
    if protected.total.is_withheld:
        return
    published = published_table(protected)
    withheld = [name for name, cell in published.items() if cell.is_withheld]

    for bounds in (bounds_of(published, k), bounds_of_insider(published, figures)):
        assert worked_out(bounds, lines, figures, withheld) == []
        assert surely_small(bounds, lines, withheld, k) == []


@settings(max_examples=OFTEN, deadline=None)
@given(tables(), thresholds, st.integers(0, 99))
def test_order_of_rows_and_columns_changes_nothing(drawn, k, seed):
    columns = list(next(iter(drawn.values())))
    moved = Random(seed).sample(columns, len(columns))
    shuffled = {row: {column: drawn[row][column] for column in moved} for row in Random(seed).sample(list(drawn), len(drawn))}

    protected = protect_table(shuffled, k)

    assert protected == protect_table(drawn, k)
    assert (list(protected.row_totals), list(protected.column_totals)) == (list(shuffled), moved)


@settings(max_examples=OFTEN, deadline=None)
@given(tables(), thresholds)
def test_new_names_change_only_the_names(drawn, k):
    renamed = protect_table({f"row {row}": {f"column {c}": n for c, n in cells.items()} for row, cells in drawn.items()}, k)

    before = protect_table(drawn, k)
    assert renamed.cells == {(f"row {row}", f"column {column}"): cell for (row, column), cell in before.cells.items()}
    assert values_of(renamed) == values_of(before)


@settings(max_examples=OFTEN, deadline=None)
@given(tables(), st.integers(K_INSIDE + 1, 15))
def test_what_is_withheld_inside_is_withheld_in_public(drawn, k):
    assert withheld_of(protect_table(drawn, K_INSIDE)) <= withheld_of(protect_table(drawn, k))


@settings(max_examples=OFTEN, deadline=None)
@given(st.dictionaries(st.sampled_from(COLUMNS), some_counts, min_size=1), thresholds)
def test_table_of_one_row_is_protected_like_a_row(drawn, k):
    protected, row = protect_table({"p": drawn}, k), protect_counts(drawn, k)

    assert {column: protected.cells["p", column] for column in drawn} == row.cells == protected.column_totals
    assert (protected.row_totals["p"], protected.total) == (row.total, row.total)

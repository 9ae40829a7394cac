"""Counts of people in a two-way table, with totals that do not give the cells away."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from jumelle.engines.disclosure.counts import Cell, cell_of, reason_for, withheld_in
from jumelle.engines.disclosure.exposure import Place, exposed_in
from jumelle.engines.disclosure.thresholds import CountNegative, steps_to


class TableRagged(ValueError):
    """Every row has a figure for each column of the first row; names the row."""


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """
    cells: (row, column) -> cell, row by row in the order given. Rounded one by one: they need not add up to the totals.
    """

    cells: Mapping[tuple[str, str], Cell]
    row_totals: Mapping[str, Cell]
    column_totals: Mapping[str, Cell]
    total: Cell


def protect_table(counts: Mapping[str, Mapping[str, int]], k: int) -> ProtectedTable:
    """
    Return each figure rounded, or withheld.

    Totals are protected first, as a row of counts each. Where a total is withheld, so are its cells. Then every cell below
    k is withheld, and others, the smallest first, until nothing withheld can be worked out from what is shown, or be known
    to be below k. What is withheld at `K_INSIDE` is also withheld at any higher k.

    Args:
        counts: row -> column -> people, each person in exactly one cell. A count of 0 is withheld like any small count.
    Raises:
        CountNegative: a count is below 0.
        TableRagged: the rows do not have the same columns.
        ThresholdTooLow: k is below 3.
    """
    rows, columns = tuple(counts), tuple(next(iter(counts.values()), {}))
    _check(counts, columns)
    places = _Places(sorted(rows), sorted(columns))
    figures = places.figures_of(counts)
    withheld: set[Place] = set()
    for step in steps_to(k):
        withheld = _withheld_at(step, figures, places, withheld)

    reason = reason_for(figures[places.total], k)

    def cell(place: Place) -> Cell:
        return cell_of(figures[place], reason if place in withheld else None)

    return ProtectedTable(
        cells={(row, column): cell(places.cell(row, column)) for row in rows for column in columns},
        row_totals={row: cell(places.row_total(row)) for row in rows},
        column_totals={column: cell(places.column_total(column)) for column in columns},
        total=cell(places.total),
    )


def _check(counts: Mapping[str, Mapping[str, int]], columns: Collection[str]) -> None:
    for row, cells in counts.items():
        if cells.keys() != set(columns):
            raise TableRagged(row)
        for column, count in cells.items():
            if count < 0:
                raise CountNegative(f"{row}, {column}")


class _Places:
    """Names of rows and columns as numbers, in alphabetical order; the totals come last."""

    def __init__(self, rows: Collection[str], columns: Collection[str]) -> None:
        self.rows = {row: number for number, row in enumerate(rows)}
        self.columns = {column: number for number, column in enumerate(columns)}
        self.total = len(rows), len(columns)

    def cell(self, row: str, column: str) -> Place:
        return self.rows[row], self.columns[column]

    def row_total(self, row: str) -> Place:
        return self.rows[row], self.total[1]

    def column_total(self, column: str) -> Place:
        return self.total[0], self.columns[column]

    def figures_of(self, counts: Mapping[str, Mapping[str, int]]) -> dict[Place, int]:
        figures = {self.cell(row, column): counts[row][column] for row in self.rows for column in self.columns}
        for row in self.rows:
            figures[self.row_total(row)] = sum(counts[row].values())
        for column in self.columns:
            figures[self.column_total(column)] = sum(cells[column] for cells in counts.values())
        return figures | {self.total: sum(sum(cells.values()) for cells in counts.values())}

    def cells_of(self, total: Place) -> list[Place]:
        """The cells that add up to the total of a row or of a column."""
        if total[1] == self.total[1]:
            return [(total[0], column) for column in self.columns.values()]
        return [(row, total[1]) for row in self.rows.values()]

    def totals(self) -> tuple[list[Place], list[Place]]:
        """The totals of the rows; those of the columns."""
        return [self.row_total(row) for row in self.rows], [self.column_total(column) for column in self.columns]

    def crossing(self, place: Place) -> list[Place]:
        """The cells in the row and in the column of a figure, itself included."""
        return self.cells_of((place[0], self.total[1])) + self.cells_of((self.total[0], place[1]))


def _withheld_at(k: int, figures: Mapping[Place, int], places: _Places, already: Collection[Place]) -> set[Place]:
    if figures[places.total] < k:
        return set(figures)
    withheld = {place for place, count in figures.items() if count < k or place in already}
    for totals in places.totals():
        withheld |= withheld_in({total: figures[total] for total in totals}, k, withheld)
    withheld |= {cell for totals in places.totals() for total in totals if total in withheld for cell in places.cells_of(total)}
    while True:
        _complete_lines(k, figures, places, withheld)
        exposed = next(exposed_in(figures, withheld, k), None)
        if exposed is None:
            return withheld
        withheld.add(_next_to(exposed, figures, places, withheld))


def _complete_lines(k: int, figures: Mapping[Place, int], places: _Places, withheld: set[Place]) -> None:
    """Withhold further cells until no row and no column with a shown total gives one away."""
    lines = [places.cells_of(total) for totals in places.totals() for total in totals if total not in withheld]
    before = -1
    while len(withheld) > before:
        before = len(withheld)
        for line in lines:
            near = [place for place in line if any(other in withheld for other in places.crossing(place) if other not in line)]
            withheld |= withheld_in({place: figures[place] for place in line}, k, withheld, near)


def _next_to(exposed: Place, figures: Mapping[Place, int], places: _Places, withheld: Collection[Place]) -> Place:
    """The smallest shown cell in the row or column of an exposed figure; where there is none, the smallest of all."""

    def shown(cells: Iterable[Place]) -> list[Place]:
        return [place for place in cells if place not in withheld]

    everywhere = [cell for row in places.rows.values() for cell in places.cells_of((row, places.total[1]))]
    return min(shown(places.crossing(exposed)) or shown(everywhere), key=lambda place: (figures[place], place))

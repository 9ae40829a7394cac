"""
A reader who tries to work out what a publication withholds, by trying all whole numbers that fit.

Written apart from the engine, which looks for flows: the two agree only if both are right.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence

from jumelle.engines.disclosure.counts import Cell, ProtectedCounts
from jumelle.engines.disclosure.table import ProtectedTable
from jumelle.engines.disclosure.thresholds import ROUNDING

Name = Hashable
Bounds = Mapping[Name, tuple[int, int]]
Line = tuple[Name, Sequence[Name]]  # a total and the cells that add up to it
TOTAL = "total"
FAR = 10_000  # more than any count of the tests


def published_counts(protected: ProtectedCounts) -> dict[Name, Cell]:
    return {TOTAL: protected.total, **protected.cells}


def lines_of_counts(keys: Sequence[str]) -> list[Line]:
    return [(TOTAL, list(keys))]


def published_table(protected: ProtectedTable) -> dict[Name, Cell]:
    rows = {(row, TOTAL): cell for row, cell in protected.row_totals.items()}
    columns = {(TOTAL, column): cell for column, cell in protected.column_totals.items()}
    return {**protected.cells, **rows, **columns, (TOTAL, TOTAL): protected.total}


def lines_of_table(rows: Sequence[str], columns: Sequence[str]) -> list[Line]:
    lines: list[Line] = [((row, TOTAL), [(row, column) for column in columns]) for row in [*rows, TOTAL]]
    return lines + [((TOTAL, column), [(row, column) for row in rows]) for column in [*columns, TOTAL]]


def true_figures(lines: Sequence[Line], cells: Mapping[Name, int]) -> dict[Name, int]:
    """Cells and all their totals; the lines of cells come before the lines of totals."""
    figures = dict(cells)
    while any(total not in figures for total, _ in lines):
        for total, parts in lines:
            if all(part in figures for part in parts):
                figures[total] = sum(figures[part] for part in parts)
    return figures


def bounds_of(published: Mapping[Name, Cell], k: int) -> dict[Name, tuple[int, int]]:
    """What anybody can read: a shown figure is at least k and rounds to what is shown."""
    half = ROUNDING // 2
    return {name: (0, FAR) if cell.value is None else (max(k, cell.value - half), cell.value + half) for name, cell in published.items()}


def bounds_of_insider(published: Mapping[Name, Cell], figures: Mapping[Name, int]) -> dict[Name, tuple[int, int]]:
    """What a reader knows to whom somebody told the shown figures before they were rounded."""
    return {name: (0, FAR) if cell.is_withheld else (figures[name], figures[name]) for name, cell in published.items()}


def solutions(bounds: Bounds, lines: Sequence[Line]) -> Iterator[dict[Name, int]]:
    """All whole numbers within the bounds that add up."""
    narrow = _narrowed(bounds, lines)
    if narrow is None:
        return
    free = [name for name, (low, high) in narrow.items() if low < high]
    if not free:
        yield {name: low for name, (low, _) in narrow.items()}
        return
    name = min(free, key=lambda name: narrow[name][1] - narrow[name][0])
    low, high = narrow[name]
    for value in range(low, high + 1):
        yield from solutions({**narrow, name: (value, value)}, lines)


def _narrowed(bounds: Bounds, lines: Sequence[Line]) -> dict[Name, tuple[int, int]] | None:
    """Bounds as tight as each line alone allows; None when nothing fits."""
    narrow, before = dict(bounds), None
    while narrow != before:
        before = dict(narrow)
        for total, parts in lines:
            low, high = sum(narrow[part][0] for part in parts), sum(narrow[part][1] for part in parts)
            narrow[total] = max(narrow[total][0], low), min(narrow[total][1], high)
            for part in parts:
                least, most = narrow[part]
                narrow[part] = max(least, narrow[total][0] - (high - most)), min(most, narrow[total][1] - (low - least))
                low, high = low + narrow[part][0] - least, high + narrow[part][1] - most
        if any(low > high for low, high in narrow.values()):
            return None
    return narrow


def worked_out(bounds: Bounds, lines: Sequence[Line], figures: Mapping[Name, int], withheld: Sequence[Name]) -> list[Name]:
    """Withheld figures that can have one value only."""
    open_ones = set(withheld)
    for name in withheld:
        low, high = bounds[name]
        for other in ((low, figures[name] - 1), (figures[name] + 1, high)):
            if name in open_ones and other[0] <= other[1]:
                found = next(solutions({**bounds, name: other}, lines), {})
                open_ones -= {one for one in open_ones if found and found[one] != figures[one]}
    return sorted(open_ones, key=str)


def surely_small(bounds: Bounds, lines: Sequence[Line], withheld: Sequence[Name], k: int) -> list[Name]:
    """Withheld figures that must be below k."""
    open_ones = set(withheld)
    for name in withheld:
        if name in open_ones:
            found = next(solutions({**bounds, name: (k, FAR)}, lines), {})
            open_ones -= {one for one in open_ones if found and found[one] >= k}
    return sorted(open_ones, key=str)

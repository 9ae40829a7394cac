"""The tables in docs/explanation/divergence-and-small-groups.md are the tests."""

from pathlib import Path

import pytest

from jumelle.engines.disclosure.counts import protect_counts
from jumelle.engines.disclosure.grouping import merge_small_groups
from jumelle.engines.disclosure.table import protect_table
from jumelle.engines.disclosure.thresholds import K_INSIDE, K_PUBLIC

DOCUMENT = Path(__file__).resolve().parents[5] / "docs" / "explanation" / "divergence-and-small-groups.md"


def rows_after(words: str) -> list[list[str]]:
    """The cells of the first table after these words, its head first."""
    lines = DOCUMENT.read_text(encoding="utf-8").split(words)[1].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("|"))
    end = next((number for number, line in enumerate(lines) if number > start and not line.startswith("|")), len(lines))
    rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines[start:end]]
    return [rows[0], *rows[2:]]


def shown(cell) -> str:
    return "–" if cell.is_withheld else str(cell.value)


ROLES, *ROUNDS = rows_after("## 5.")
COUNTS = rows_after("## 6.")[1:]


@pytest.mark.parametrize("row", ROUNDS, ids=lambda row: "-".join(row[:-1]))
def test_worked_example_of_roles_holds(row):
    grouping = merge_small_groups(dict(zip(ROLES[:-1], map(int, row[:-1]), strict=True)), K_INSIDE, order=ROLES[:-1])

    words = "; ".join(f"{' + '.join(group.keys)}: {group.size}" for group in grouping.groups)
    assert (words if grouping.is_enough else "nothing") == row[-1]


@pytest.mark.parametrize("row", COUNTS, ids=lambda row: row[0])
def test_worked_example_of_counts_holds(row):
    protected = protect_counts({str(place): int(count) for place, count in enumerate(row[0].split(", "))}, K_PUBLIC)

    assert [", ".join(map(shown, protected.cells.values())), shown(protected.total)] == row[1:]


def test_worked_example_of_a_table_holds():
    (_, *columns, _), *counted = rows_after("Counted:")
    counts = {row: dict(zip(columns, map(int, cells[:-1]), strict=True)) for row, *cells in counted[:-1]}

    protected = protect_table(counts, K_PUBLIC)

    rows = [[row, *(shown(protected.cells[row, column]) for column in columns), shown(protected.row_totals[row])] for row in counts]
    last = ["total", *map(shown, protected.column_totals.values()), shown(protected.total)]
    assert [*rows, last] == rows_after("Shown to the public:")[1:]
    assert [sum(cells.values()) for cells in counts.values()] == [int(row[-1]) for row in counted[:-1]]
    assert [sum(cells[column] for cells in counts.values()) for column in columns] == list(map(int, counted[-1][1:-1]))


def test_worked_examples_are_all_there():
    assert (len(ROUNDS), len(COUNTS)) == (7, 7)

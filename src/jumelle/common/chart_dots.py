"""
A comparison item by item as SVG text: at which level each side stands. No total, no order of merit.

Sides are told apart by a letter and a shape. What has no level (not known, not answered, does not apply) stands in a
column apart and is said in words. Drawn for a page or, with `width` (px), for a document: see `charts.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from jumelle.common.tables import Table

LEVELS = ("missing", "partly", "done")
APART = ("unknown", "unanswered", "na")


@dataclass(frozen=True, slots=True)
class DotRow:
    """One item. `at` has a value among LEVELS or APART for each side, in the order of the sides."""

    code: str
    label: str
    at: Sequence[str]


def dots(
    rows: Sequence[DotRow],
    *,
    sides: Sequence[str],
    title: str,
    description: str,
    words: Mapping[str, str] | None = None,
    rtl: bool = False,
    width: int | None = None,
) -> SafeString:
    """
    Return the rows in the order given, each with a mark per side at its level.

    Args:
        sides: two to six names, such as "Pont-sur-Lys, March 2026"; they become A to F.
        words: names of the levels on this page, such as {"done": "in place"}; ours where missing.
    Raises:
        ValueError: fewer than two sides or more than six, or a row that does not fit them.
    """
    raise NotImplementedError


def dots_table(rows: Sequence[DotRow], *, sides: Sequence[str], caption: str, label: str, words: Mapping[str, str] | None = None) -> Table:
    """The same as a table: item, then a column for each side."""
    raise NotImplementedError

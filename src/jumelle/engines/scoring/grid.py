"""
An evaluation grid: in which dimensions a practice is exemplary, never an overall mark.

Source: the SPRING grid is "not a holistic tool": it shows the criteria in which a practice is exemplary. It gives no
scale and no threshold; the degrees, and the rule that exemplary means the highest degree everywhere, are ours.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from jumelle.engines.scoring.tally import Mark, State, Tally, tally_of


@dataclass(frozen=True, slots=True)
class Dimension:
    """
    degrees: how many applicable items stand at each level; in the order given, levels without an item included.
    fully: codes of the items at the highest degree: what others can learn from.
    exemplary: every applicable item is at the highest degree, and at least one is applicable.
    """

    tally: Tally
    degrees: tuple[tuple[str, int], ...]
    fully: tuple[str, ...]
    exemplary: bool


def dimension_of(marks: Sequence[Mark], levels: Sequence[str]) -> Dimension:
    """
    Args:
        levels: values of the degree scale, from the highest to the lowest.
    """
    tally = tally_of(marks)
    counts = Counter(mark.level for mark in marks if mark.level)
    fully = tuple(mark.code for mark in marks if mark.state is State.MET)
    return Dimension(
        tally=tally,
        degrees=tuple((level, counts[level]) for level in levels),
        fully=fully,
        exemplary=tally.scaled > 0 and tally.met == tally.scaled,
    )

"""
Comparing how high items stand: which moved up or down between two moments, and which stand alike on all sides.

Only items that are judged on every side are compared. What is not known, not answered or does not apply somewhere is counted
apart, never left out in silence. No side gets a total, and sides are never put into an order of merit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jumelle.engines.scoring.tally import Mark, State

_GROUND = {State.UNMET: 0, State.PARTLY: 1, State.MET: 2}


@dataclass(frozen=True, slots=True)
class Movement:
    """Counts of items between two moments. open: not judged in one of the two."""

    up: int = 0
    down: int = 0
    same: int = 0
    open: int = 0

    @property
    def compared(self) -> int:
        return self.up + self.down + self.same

    @property
    def of(self) -> int:
        return self.compared + self.open


@dataclass(frozen=True, slots=True)
class Likeness:
    """Counts of items over several sides. open: not judged on at least one of them."""

    alike: int = 0
    differ: int = 0
    open: int = 0

    @property
    def of(self) -> int:
        return self.alike + self.differ + self.open


def height_of(mark: Mark, levels: Sequence[tuple[str, State]]) -> float | None:
    """
    Return how high an item stands on its scale: 0 up to 1 unmet, 1 up to 2 partly, 2 up to 3 met; None when it is not judged.

    Several levels of one meaning, such as "to a large extent" and "to a small extent", stand at different heights.

    Args:
        levels: value and meaning of each level of the scale, in its order, from the highest to the lowest or the other way round.
    """
    if mark.state not in _GROUND:
        return None
    ground = _GROUND[mark.state]
    alike = [value for value, meaning in levels if meaning is mark.state]
    if mark.level not in alike:
        return float(ground)
    judged = [_GROUND[meaning] for _value, meaning in levels if meaning in _GROUND]
    steps = alike.index(mark.level)
    if judged[0] > judged[-1]:
        steps = len(alike) - 1 - steps
    return ground + steps / len(alike)


def movement_of(pairs: Iterable[tuple[float | None, float | None]]) -> Movement:
    """Count what moved, from the height before and the height after of each item."""
    counts = {"up": 0, "down": 0, "same": 0, "open": 0}
    for before, after in pairs:
        if before is None or after is None:
            counts["open"] += 1
        else:
            counts["up" if after > before else "down" if after < before else "same"] += 1
    return Movement(**counts)


def likeness_of(rows: Iterable[Sequence[float | None]]) -> Likeness:
    """Count what stands alike, from the heights of each item on all sides."""
    counts = {"alike": 0, "differ": 0, "open": 0}
    for heights in rows:
        if None in heights:
            counts["open"] += 1
        else:
            counts["alike" if len(set(heights)) == 1 else "differ"] += 1
    return Likeness(**counts)

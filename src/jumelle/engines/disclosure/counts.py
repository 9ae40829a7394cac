"""
Counts of people in one row of cells with their total.

What subtraction gives is a figure too: the withheld cells of a row are together the total minus what is shown. So they
must be at least two, and together at least k people.

Source: A. Hundepool and others, Statistical Disclosure Control (2012), chapter 4, on primary and secondary suppression.
That a zero is withheld like any other small count is ours.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from jumelle.engines.disclosure.thresholds import CountNegative, rounded, steps_to

Key = TypeVar("Key", str, tuple[int, int])


class Reason(StrEnum):
    """
    Why a figure is withheld.

    The reasons do not tell which withheld cell is small and which one only protects it: that would give away half of
    what is withheld. Do not say "fewer than k" of a withheld cell.
    """

    TOO_FEW = "too_few"  # everybody together is fewer than k
    PROTECTED = "protected"  # it, or another figure that could be worked out with its help, is fewer than k


@dataclass(frozen=True, slots=True)
class Cell:
    """
    value: people, to the nearest multiple of `ROUNDING`; None when withheld.
    reason: why it is withheld; None when it is shown.
    """

    value: int | None
    reason: Reason | None = None

    @property
    def is_withheld(self) -> bool:
        return self.value is None


@dataclass(frozen=True, slots=True)
class ProtectedCounts:
    """
    cells: in the order given. Rounded one by one: they need not add up to the total.
    """

    cells: Mapping[str, Cell]
    total: Cell


def protect_counts(counts: Mapping[str, int], k: int) -> ProtectedCounts:
    """
    Return each count rounded, or withheld when it is below k or would give away one that is.

    The smallest are withheld first, equals by key, so that the order of the cells changes nothing. What is withheld at
    `K_INSIDE` is also withheld at any higher k.

    Args:
        counts: people per cell, each person in exactly one. A count of 0 is a small count and is withheld like one; a cell
            in which nobody can be is left out by the caller.
    Raises:
        CountNegative: a count is below 0.
        ThresholdTooLow: k is below 3.
    """
    if negative := sorted(key for key, count in counts.items() if count < 0):
        raise CountNegative(negative[0])
    steps, total = steps_to(k), sum(counts.values())
    withheld: set[str] = set()
    for step in steps:
        withheld = withheld_in(counts, step, withheld)
    reason = reason_for(total, k)
    return ProtectedCounts(
        cells={key: cell_of(count, reason if key in withheld else None) for key, count in counts.items()},
        total=cell_of(total, reason if total < k else None),
    )


def withheld_in(counts: Mapping[Key, int], k: int, already: Collection[Key] = (), near: Collection[Key] = ()) -> set[Key]:
    """
    Return the cells of one row to withhold when its total is shown.

    Args:
        already: cells that are withheld anyway.
        near: cells to take first where another must be withheld; beyond them, the smallest.
    """
    withheld = {key for key, count in counts.items() if count < k or key in already}
    others = sorted(counts.keys() - withheld, key=lambda key: (key not in near, counts[key], key))
    if not withheld:
        return withheld
    for key in others:
        if len(withheld) > 1 and sum(counts[one] for one in withheld) >= k:
            break
        withheld.add(key)
    return withheld


def reason_for(total: int, k: int) -> Reason:
    return Reason.TOO_FEW if total < k else Reason.PROTECTED


def cell_of(count: int, reason: Reason | None) -> Cell:
    return Cell(rounded(count)) if reason is None else Cell(None, reason)

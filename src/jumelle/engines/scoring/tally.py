"""Counting what was answered. Everything else in this engine stands on these counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What is known about one item. The first five are the meanings of the levels of a scale."""

    MET = "met"
    PARTLY = "partly"
    UNMET = "unmet"
    NA = "na"
    UNKNOWN = "unknown"
    WRITTEN = "written"  # an open question that has a text
    UNANSWERED = "unanswered"


_OPEN = frozenset({State.WRITTEN, State.UNANSWERED, State.NA})


@dataclass(frozen=True, slots=True)
class Mark:
    """
    The state of one item.

    scaled: False for an open question, which is answered in words and never judged.
    level: the value chosen on the item's scale, for counts by degree; "" when there is none.
    """

    code: str
    state: State
    scaled: bool = True
    level: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """
    Counts of the items of a section, or of several.

    unanswered: applicable items without an answer, open questions included.
    unwritten: how many of these are open questions.
    """

    met: int = 0
    partly: int = 0
    unmet: int = 0
    unknown: int = 0
    written: int = 0
    unanswered: int = 0
    unwritten: int = 0
    na: int = 0

    @property
    def total(self) -> int:
        """N: every item that can be answered."""
        return self.applicable + self.na

    @property
    def applicable(self) -> int:
        return self.answered + self.unanswered

    @property
    def answered(self) -> int:
        """Applicable items with an answer. "Don't know" is an answer; "not applicable" takes the item out."""
        return self.judged + self.unknown + self.written

    @property
    def judged(self) -> int:
        return self.met + self.partly + self.unmet

    @property
    def scaled(self) -> int:
        """Applicable items that a scale can judge: all but the open questions."""
        return self.judged + self.unknown + self.unanswered - self.unwritten

    @property
    def is_complete(self) -> bool:
        return self.unanswered == 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            met=self.met + other.met,
            partly=self.partly + other.partly,
            unmet=self.unmet + other.unmet,
            unknown=self.unknown + other.unknown,
            written=self.written + other.written,
            unanswered=self.unanswered + other.unanswered,
            unwritten=self.unwritten + other.unwritten,
            na=self.na + other.na,
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """One rule for every screen: answered of applicable."""

    answered: int
    applicable: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down, so that 100 means that nothing is missing; 100 too when nothing applies."""
        return 100 * self.answered // self.applicable if self.applicable else 100

    @property
    def is_complete(self) -> bool:
        return self.answered == self.applicable


class MarkContradictory(ValueError):
    """An open question is written, unanswered or not applicable; an item with a scale is never merely written."""


def tally_of(marks: Iterable[Mark]) -> Tally:
    """
    Raises:
        MarkContradictory: see the class; names the item.
    """
    counts = dict.fromkeys(State, 0)
    unwritten = 0
    for mark in marks:
        if mark.state is State.WRITTEN if mark.scaled else mark.state not in _OPEN:
            raise MarkContradictory(mark.code)
        counts[mark.state] += 1
        unwritten += not mark.scaled and mark.state is State.UNANSWERED
    return Tally(
        met=counts[State.MET],
        partly=counts[State.PARTLY],
        unmet=counts[State.UNMET],
        unknown=counts[State.UNKNOWN],
        written=counts[State.WRITTEN],
        unanswered=counts[State.UNANSWERED],
        unwritten=unwritten,
        na=counts[State.NA],
    )


def progress_of(tally: Tally) -> Progress:
    return Progress(answered=tally.answered, applicable=tally.applicable)

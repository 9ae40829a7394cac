"""Strengths and gaps: items sorted by what is known of them, in the toolkit's own order."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from jumelle.engines.scoring.tally import Mark, State, Tally


@dataclass(frozen=True, slots=True)
class Findings:
    """Codes of items, each in exactly one list, in the order given."""

    strengths: tuple[str, ...]
    partly: tuple[str, ...]
    gaps: tuple[str, ...]
    to_find_out: tuple[str, ...]
    written: tuple[str, ...]
    unanswered: tuple[str, ...]
    not_applicable: tuple[str, ...]


def findings_of(marks: Sequence[Mark]) -> Findings:
    def codes(state: State) -> tuple[str, ...]:
        return tuple(mark.code for mark in marks if mark.state is state)

    return Findings(
        strengths=codes(State.MET),
        partly=codes(State.PARTLY),
        gaps=codes(State.UNMET),
        to_find_out=codes(State.UNKNOWN),
        written=codes(State.WRITTEN),
        unanswered=codes(State.UNANSWERED),
        not_applicable=codes(State.NA),
    )


class Condition(StrEnum):
    IN_PLACE = "in_place"
    PARTLY = "partly"
    MISSING = "missing"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Standing:
    """
    How a key factor stands, in one word. The word is ours; the counts always stand beside it.

    settled: False while an item is unanswered or answered by "don't know": the word may still change.
    """

    condition: Condition
    settled: bool


def standing_of(tally: Tally) -> Standing | None:
    """
    Return the word for the items that were judged: all met, all unmet, or something between.

    `NOT_KNOWN` when every answer is "don't know". None when no item with a scale is applicable, or none is answered.
    """
    if tally.judged + tally.unknown == 0:
        return None
    settled = tally.unknown == 0 and tally.unanswered == tally.unwritten
    if tally.judged == 0:
        return Standing(Condition.NOT_KNOWN, settled)
    if tally.met == tally.judged:
        return Standing(Condition.IN_PLACE, settled)
    if tally.unmet == tally.judged:
        return Standing(Condition.MISSING, settled)
    return Standing(Condition.PARTLY, settled)

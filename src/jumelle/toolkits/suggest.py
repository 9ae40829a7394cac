"""
What may be suggested for an item when a mapped item of another toolkit is answered: a value, or nothing, and the reason.

A suggestion is never an answer: a person takes it over or does not. Where nothing follows from the relation, nothing is
suggested. The rules are told in docs/explanation/mappings.md, whose table is the test. No Django, no clock.
"""

from dataclasses import dataclass
from typing import Literal

from jumelle.toolkits.mapping.model import Relation
from jumelle.toolkits.package.model import Scale
from jumelle.toolkits.package.sheets import Meaning

# Keys of the sentences in `mappings.REASON_SENTENCES`.
Reason = Literal[
    "same",  # equal: the answer there holds here
    "included",  # wider, and met there: this is a part of it
    "at_most_partly",  # a part of this is missing: no full yes here
    "not_in_full",  # no full yes here either, and the scale has nothing in between: what is not met is not ticked
    "nothing_follows",  # the relation says nothing for this answer
    "for_information",  # the two only overlap
    "no_such_level",  # the scale here cannot say it
    "several_levels",  # the scale here has several levels of this meaning
    "no_scale",  # nothing to choose here: a section or an open question
]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """
    value: a value of the scale; None: nothing is suggested.
    reason: the key of the sentence to show with it; there is always one.
    """

    value: str | None
    reason: Reason


def suggest(*, relation: Relation, meaning: Meaning, scale: Scale | None) -> Suggestion:
    """
    Return what may be suggested for the item `to` of a row.

    Args:
        relation: what the item `from` is to the item `to`.
        meaning: of the level that the item `from` is answered with.
        scale: of the item `to`; None when it has none.
    """
    if scale is None:
        return Suggestion(None, "no_scale")
    if relation == "overlaps":
        return Suggestion(None, "for_information")
    if relation == "equal":
        return _not_in_full(scale, "same") if meaning == "partly" else _level(scale, meaning, "same")
    if relation == "wider" and meaning == "met":
        return _level(scale, "met", "included")
    if relation == "part_of" and meaning in ("unmet", "partly"):
        return _not_in_full(scale, "at_most_partly")
    return Suggestion(None, "nothing_follows")


def _not_in_full(scale: Scale, reason: Reason) -> Suggestion:
    """Suggest the level in between; a scale with nothing in between, such as boxes to tick, says it with its "no"."""
    if any(level.meaning == "partly" for level in scale.levels):
        return _level(scale, "partly", reason)
    return _level(scale, "unmet", "not_in_full", otherwise="not_in_full")


def _level(scale: Scale, meaning: Meaning, reason: Reason, otherwise: Reason = "no_such_level") -> Suggestion:
    """Suggest the one level of this meaning; where there are several, a person must choose."""
    values = [level.value for level in scale.levels if level.meaning == meaning]
    if not values:
        return Suggestion(None, otherwise)
    return Suggestion(values[0], reason) if len(values) == 1 else Suggestion(None, "several_levels")

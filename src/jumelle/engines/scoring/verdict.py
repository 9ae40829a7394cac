"""
The source's own conclusion of a checklist: every box ticked, some, or none.

Source: UNHCR and Migration Policy Group, Effective inclusion of refugees (2022), chapter 4, the three conclusions
after each checklist.
"""

from dataclasses import dataclass
from enum import StrEnum

from jumelle.engines.scoring.tally import Tally


class Band(StrEnum):
    """The values are those of the column `when` of a package's verdicts."""

    ALL = "all"
    SOME = "some"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    ticked, of: the n and N behind the band: applicable items only.
    provisional: some applicable items are not answered yet; they count as not ticked until they are.
    """

    band: Band
    ticked: int
    of: int
    provisional: bool


def verdict_of(tally: Tally) -> Verdict | None:
    """
    Return the source's verdict on the applicable items that can be ticked.

    Only a full yes is a tick: "partly" and "don't know" leave the box empty, as the source has no third state.
    None when nothing is applicable, or when nothing was answered: an untouched list is not a failed one.
    """
    of = tally.scaled
    if of == 0 or tally.judged + tally.unknown == 0:
        return None
    band = Band.ALL if tally.met == of else Band.SOME if tally.met else Band.NONE
    return Verdict(band, ticked=tally.met, of=of, provisional=tally.unanswered > tally.unwritten)

"""What two versions of a toolkit ask with the same meaning: the only items on which answers may be compared."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from jumelle.toolkits.package.links import Fate
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.upgrade import UpgradePlan, plan_upgrade

_COMPARABLE = frozenset({Fate.UNCHANGED, Fate.REWORDED})


@dataclass(frozen=True, slots=True)
class Overlap:
    """
    codes: old code → new code of the items that mean the same, in the older version's order. No new code stands twice.
    older, newer: the codes of all items that count, of each version.
    """

    codes: Mapping[str, str]
    older: frozenset[str]
    newer: frozenset[str]

    @property
    def all_items(self) -> int:
        """How many different items both versions have together: the N of the share."""
        return len(self.older) + len(self.newer) - len(self.codes)

    @property
    def share(self) -> float:
        """0-1: the items in common among all that either version has; 0 when there are none."""
        return len(self.codes) / self.all_items if self.all_items else 0.0

    def within(self, older: Collection[str], newer: Collection[str]) -> "Overlap":
        """The same for a part of each version, such as the themes that were chosen; codes that do not count are left out."""
        old, new = self.older & frozenset(older), self.newer & frozenset(newer)
        return Overlap({code: target for code, target in self.codes.items() if code in old and target in new}, old, new)


def same_meaning(*chain: Package) -> Overlap:
    """
    Return the items of the oldest version that the newest one asks with the same meaning.

    Reworded items count, since a rule says that their meaning is the same; items with another scale do not, because their
    answers cannot be compared. Context factors are never scored and do not count.

    Args:
        chain: as for `plan_upgrade`: the older version, those in between, the newer one; one version alone is compared with itself.
    Raises:
        ChainBroken: the packages are not a line of versions.
    """
    return overlap_of(plan_upgrade(chain))


def overlap_of(plan: UpgradePlan) -> Overlap:
    """The same as `same_meaning`, from a plan that was made already."""
    older = frozenset(item.code for item in plan.older.answerable())
    newer = frozenset(item.code for item in plan.newer.answerable())
    codes = {step.code: step.to[0] for step in plan.steps if step.fate in _COMPARABLE}
    return Overlap({code: target for code, target in codes.items() if code in older and target in newer}, older, newer)


# --- several versions -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Strand:
    """
    One question through several versions, for as long as its meaning stays the same.

    codes: version → its code there; a version that does not ask it so is missing.
    came: how it began after the first version: NEW, or the fate of a question that led to it; None if it was there at once.
    went: what became of it before the last version; None if it is still there.
    reworded: in other words at least once, with the same meaning.
    """

    codes: Mapping[str, str]
    came: Fate | None = None
    went: Fate | None = None
    reworded: bool = False


def strands_of(versions: Sequence[Package], plans: Sequence[UpgradePlan | None]) -> tuple[Strand, ...]:
    """
    Return every question that counts in one of the versions: those of the first in its order, then what each next one brings.

    Args:
        versions: of one toolkit, oldest first.
        plans: from each version to the next; None where no line of versions leads there, so that nothing means the same.
    Raises:
        ValueError: the plans do not fit the versions.
    """
    first = versions[0]
    strands = [Strand({first.version: item.code}) for item in first.answerable()]
    ends = {item.code: place for place, item in enumerate(first.answerable())}
    for newer, plan in zip(versions[1:], plans, strict=True):
        going_on = overlap_of(plan).codes if plan else {}
        after: dict[str, int] = {}
        for code, place in ends.items():
            fate = plan.by_code[code].fate if plan else Fate.BLOCKED
            if code in going_on:
                strands[place] = _longer(strands[place], newer.version, going_on[code], fate)
                after[going_on[code]] = place
            else:
                strands[place] = replace(strands[place], went=fate)
        for item in newer.answerable():
            if item.code not in after:
                after[item.code] = len(strands)
                strands.append(Strand({newer.version: item.code}, came=_origin(item.code, plan)))
        ends = after
    return tuple(strands)


def _longer(strand: Strand, version: str, code: str, fate: Fate) -> Strand:
    return replace(strand, codes={**strand.codes, version: code}, reworded=strand.reworded or fate is Fate.REWORDED)


def _origin(code: str, plan: UpgradePlan | None) -> Fate:
    if plan is None:
        return Fate.BLOCKED
    steps = plan.into.get(code, ())
    return steps[0].fate if steps else Fate.NEW

"""What two versions of a toolkit ask with the same meaning: the only items on which answers may be compared."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from jumelle.toolkits.package.links import Fate
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.upgrade import plan_upgrade

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
    plan = plan_upgrade(chain)
    older = frozenset(item.code for item in plan.older.answerable())
    newer = frozenset(item.code for item in plan.newer.answerable())
    codes = {step.code: step.to[0] for step in plan.steps if step.fate in _COMPARABLE}
    return Overlap({code: target for code, target in codes.items() if code in older and target in newer}, older, newer)

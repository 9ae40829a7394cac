"""From an older version to a newer one: which codes live on, and which lead nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass

from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.problems import Problem
from jumelle.toolkits.package.problems import mark as _


@dataclass(frozen=True, slots=True)
class DeadCode:
    """
    A code that leads nowhere.

    code: the code.
    row: record of the sheet changes that names it; None when nothing says what became of it.
    """

    code: str
    row: int | None
    template: str

    def as_problem(self, older: str) -> Problem:
        params = {"code": self.code, "older": older}
        return Problem("changes", self.row and self.row + 1, "code", self.template, params)


_GONE = _("The code %(code)s of version %(older)s is gone. Say in the sheet changes what became of it.")
_NEVER = _("Version %(older)s has no code %(code)s. Correct the code.")
_NOT_NEW = _("The code %(code)s is not new: version %(older)s has it. Correct the kind of change.")


def dead_codes(older: Package, newer: Package) -> tuple[DeadCode, ...]:
    """Return codes whose answers could not be carried over, and changes that name no code of the older version."""
    return tuple(_dead_codes(older, newer))


def _dead_codes(older: Package, newer: Package) -> Iterator[DeadCode]:
    old_codes, new_codes = older.codes(), newer.codes()
    explained = set()
    for number, change in enumerate(newer.changes, start=1):
        if change.from_version != older.version:
            continue
        explained.add(change.code)
        if change.change == "added":
            if change.code in old_codes:
                yield DeadCode(change.code, number, _NOT_NEW)
        elif change.code not in old_codes:
            yield DeadCode(change.code, number, _NEVER)
    for code in sorted(old_codes - new_codes - explained):
        yield DeadCode(code, None, _GONE)

"""What is wrong with one file, each thing at its place."""

from typing import Any

from jumelle.toolkits.package.columns import LANGUAGE_JOINER
from jumelle.toolkits.package.problems import Findings, PackageRefused, Place

# Where a value stands: ("rows", 2, "why", "fr") is the French reason of the third row.
Key = tuple[str | int, ...]

LISTS = ("languages", "rows", "unmapped")
SIDES = ("from", "to")


class Notes:
    """Collects problems while a mapping is read and checked, and knows the line of each value."""

    def __init__(self) -> None:
        self.findings = Findings()
        self.lines: dict[Key, int] = {}

    def add(self, template: str, *key: str | int, **params: Any) -> None:
        sheet, row, column = place_of(key)
        self.findings.add(template, sheet=sheet, at=Place(row, self._line(key)), column=column, **params)

    def refuse_if_any(self) -> None:
        """
        Raises:
            PackageRefused: something was found; the problems stand in the order of the file.
        """
        if self.findings:
            raise PackageRefused(sorted(self.findings.problems, key=lambda problem: problem.line or 0))

    def _line(self, key: Key) -> int | None:
        """The line of this value, or of what holds it."""
        known = (self.lines.get(key[:length]) for length in range(len(key), -1, -1))
        return next((line for line in known if line), None)


def place_of(key: Key) -> tuple[str, int | None, str]:
    """Return the list or side, the row from 1, and the column (`why::fr`) of a value."""
    if not key:
        return "", None, ""
    head, rest = str(key[0]), key[1:]
    if head in SIDES:
        return head, None, _joined(rest)
    if head not in LISTS:
        return "", None, _joined(key)
    row = rest[0] + 1 if rest and isinstance(rest[0], int) else None
    return head, row, _joined(rest[1:])


def _joined(names: Key) -> str:
    return LANGUAGE_JOINER.join(name for name in names if isinstance(name, str) and name != "[key]")

"""Quarters of the calendar year: plain arithmetic on days, no clock."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_NAME = re.compile(r"([0-9]{4})-Q([1-4])")


class NotAQuarter(ValueError):
    """A name of a quarter looks like 2026-Q4."""


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """number: 1 to 4. Quarters sort in time."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.number}"

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def last_month(self) -> date:
        """The first day of the third month: when most of the quarter can be told."""
        return date(self.year, 3 * self.number, 1)

    @property
    def previous(self) -> "Quarter":
        return self + -1

    @property
    def next(self) -> "Quarter":
        return self + 1

    def __add__(self, quarters: int) -> "Quarter":
        year, before = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year, before + 1)

    def since(self, earlier: "Quarter") -> int:
        """How many quarters lie between: 0 for the same, 1 for the next, negative for a later one."""
        return (self.year - earlier.year) * 4 + self.number - earlier.number


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def quarter_named(name: str) -> Quarter:
    """
    Raises:
        NotAQuarter: see the class.
    """
    found = _NAME.fullmatch(name)
    if not found or found[1] == "0000":
        raise NotAQuarter(name)
    return Quarter(int(found[1]), int(found[2]))

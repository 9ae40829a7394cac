"""What is wrong with a package: a sentence that says what, where and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext


def mark(message: str) -> str:
    """Mark a sentence for translation and leave it as it is: gettext_noop without a need for settings."""
    return message


@dataclass(frozen=True, slots=True)
class Place:
    """
    Where something stands in the author's file.

    row: the row of the spreadsheet, header included, or the number of the record in a YAML file, from 1;
        None: the whole sheet.
    line: the line of the YAML file.
    """

    row: int | None = None
    line: int | None = None


NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Problem:
    """
    One thing to mend.

    sheet: the name of the sheet; "" for the file as a whole.
    column: the column, as in the spreadsheet (`text::fr`); "" for the whole row.
    template: an English sentence with named placeholders, marked for translation where it is written.
    """

    sheet: str
    row: int | None
    column: str
    template: str
    params: dict[str, Any] = field(default_factory=dict, hash=False)
    line: int | None = None

    @property
    def message(self) -> str:
        """The sentence in the active language."""
        return gettext(self.template) % self.params if self.params else gettext(self.template).replace("%%", "%")

    @property
    def place(self) -> str:
        parts = [
            self.sheet,
            gettext("row %(row)s") % {"row": self.row} if self.row else "",
            gettext("line %(line)s") % {"line": self.line} if self.line else "",
            gettext("column %(column)s") % {"column": self.column} if self.column else "",
        ]
        return ", ".join(part for part in parts if part) or gettext("the file")

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    def as_dict(self) -> dict[str, Any]:
        return {"sheet": self.sheet, "row": self.row, "line": self.line, "column": self.column, "message": self.message}


class PackageRefused(ValueError):
    """The package cannot be taken. Holds every problem found, in the order of the sheets and rows."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem) for problem in self.problems[:20]))


class Findings:
    """Collects problems while a package is read and checked."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, template: str, *, sheet: str = "", at: Place = NOWHERE, column: str = "", **params: Any) -> None:
        self.problems.append(Problem(sheet, at.row, column, template, params, at.line))

    def __bool__(self) -> bool:
        return bool(self.problems)

    def refuse_if_any(self) -> None:
        """
        Raises:
            PackageRefused: something was found.
        """
        if self.problems:
            raise PackageRefused(self.problems)


def refused(template: str, **params: Any) -> PackageRefused:
    """One problem of the file as a whole, as an exception."""
    return PackageRefused([Problem("", None, "", template, params)])

"""Rows on their way from a file to a package."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jumelle.toolkits.package.columns import LANGUAGE_JOINER
from jumelle.toolkits.package.problems import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class Record:
    """
    One row of a sheet as the file has it.

    values: per column; a text is a dictionary per language; what is not text is a `fields.NotText`.
    places: where single columns stand, when that is not where the row stands.
    """

    values: dict[str, Any]
    place: Place = NOWHERE
    places: Mapping[str, Place] = field(default_factory=dict)

    def place_of(self, column: str) -> Place:
        return self.places.get(column) or self.places.get(column.split(LANGUAGE_JOINER)[0]) or self.place


@dataclass(frozen=True, slots=True)
class Built:
    """A row that follows the rules of its sheet, with the record it was read from."""

    row: Any
    record: Record


RawPackage = Mapping[str, list[Record]]

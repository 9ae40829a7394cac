"""A mapping in memory: frozen, with the questions that screens ask of it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from jumelle.toolkits.package.fields import Code, CodeList, Licence, Line, Slug, Text, Version
from jumelle.toolkits.package.model import Package, Shown, fallbacks_of, shown_in
from jumelle.toolkits.package.sheets import Choice, Item, Language, Row

# What the item `from` is to the item `to`: the words of a set and its part.
Relation = Literal["equal", "part_of", "wider", "overlaps"]


class Side(Row):
    """
    One of the two toolkits.

    sections: the sections that the mapping is about; () means the whole toolkit.
    """

    toolkit: Slug
    version: Version
    sections: CodeList = ()

    def covers(self, item: Item) -> bool:
        return not self.sections or item.section in self.sections


class MappingRow(Row):
    """
    from_, to: codes of items, or of sections where a whole theme is meant.
    why: the reason, for those who decide whether an answer holds in both places.
    """

    from_: Code = Field(alias="from")
    to: Code
    relation: Annotated[Relation, Choice]
    why: Text


class Unmapped(Row):
    """An item of the side `from` that has no honest counterpart, and why."""

    code: Code
    why: Text


class ToolkitMapping(BaseModel):
    """A whole mapping. Tuples keep the author's order, which is the order of display."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    id: Slug
    version: Version
    title: Text
    summary: Text
    publisher: Line
    licence: Licence
    attribution: Text
    languages: tuple[Language, ...]
    from_: Side = Field(alias="from")
    to: Side
    rows: tuple[MappingRow, ...]
    unmapped: tuple[Unmapped, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.id}/{self.version}"

    @cached_property
    def language_codes(self) -> tuple[str, ...]:
        return tuple(language.code for language in self.languages)

    @cached_property
    def _fallbacks(self) -> tuple[str, ...]:
        return fallbacks_of(self.languages)

    def text(self, mapping: Mapping[str, str], language: str) -> Shown:
        """Return a text in the language asked for or the nearest one, with the language it is in: as `Package.text`."""
        return shown_in(mapping, language, self._fallbacks)

    def rows_from(self, code: str) -> tuple[MappingRow, ...]:
        return tuple(row for row in self.rows if row.from_ == code)

    def rows_to(self, code: str) -> tuple[MappingRow, ...]:
        return tuple(row for row in self.rows if row.to == code)


def has_scale(package: Package, code: str) -> bool:
    """Whether an item is answered on a scale: sections and open questions have no yes that could be carried over."""
    return package.has_item(code) and package.item(code).has_scale

"""A package in memory: frozen, with the questions that screens and documents ask of it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from jumelle.toolkits.package.columns import columns_of, record_of
from jumelle.toolkits.package.fields import Shape
from jumelle.toolkits.package.sheets import (
    SHEETS,
    ChangeRow,
    Head,
    Item,
    Language,
    Level,
    Reference,
    Section,
    Support,
    Term,
    Verdict,
)


class Shown(NamedTuple):
    """A text and the language that it is really in: pages say so when it is not the reader's."""

    text: str
    language: str


def fallbacks_of(languages: Iterable[Language]) -> tuple[str, ...]:
    """The languages in the order in which one stands in for another: original, reviewed, draft."""
    order = {"original": 0, "reviewed": 1, "draft": 2}
    return tuple(language.code for language in sorted(languages, key=lambda language: order[language.state]))


def shown_in(texts: Mapping[str, str], language: str, fallbacks: Iterable[str]) -> Shown:
    """Return the text in this language, else in its base language, else in the first fallback; else ("", "")."""
    for wanted in (language, language.split("-")[0], *fallbacks):
        if wanted in texts:
            return Shown(texts[wanted], wanted)
    return Shown("", "")


@dataclass(frozen=True, slots=True)
class Scale:
    name: str
    levels: tuple[Level, ...]

    @property
    def is_ours(self) -> bool:
        return any(level.is_ours for level in self.levels)

    def level(self, value: str) -> Level:
        """
        Raises:
            KeyError: the scale has no such value.
        """
        for level in self.levels:
            if level.value == value:
                return level
        raise KeyError(value)


@dataclass(frozen=True, slots=True)
class Missing:
    """A text that a draft language does not have yet."""

    sheet: str
    code: str
    column: str
    language: str


class Package(BaseModel):
    """
    A whole toolkit package. Tuples keep the author's order, which is the order of display.

    Look-ups by code raise KeyError for a code that the package does not have.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    package: Head
    languages: tuple[Language, ...]
    sections: tuple[Section, ...]
    items: tuple[Item, ...]
    scales: tuple[Level, ...] = ()
    support: tuple[Support, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    references: tuple[Reference, ...] = ()
    glossary: tuple[Term, ...] = ()
    changes: tuple[ChangeRow, ...] = ()

    # --- what it is ---------------------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        return self.package.id

    @property
    def kind(self) -> str:
        return self.package.kind

    @property
    def version(self) -> str:
        return self.package.version

    @property
    def title(self) -> dict[str, str]:
        return self.package.title

    @cached_property
    def language_codes(self) -> tuple[str, ...]:
        return tuple(language.code for language in self.languages)

    # --- sections and items -------------------------------------------------------------------------------------------

    @cached_property
    def _sections(self) -> dict[str, Section]:
        return {section.code: section for section in self.sections}

    @cached_property
    def _items(self) -> dict[str, Item]:
        return {item.code: item for item in self.items}

    @cached_property
    def _items_by_section(self) -> dict[str, tuple[Item, ...]]:
        return _grouped(self.items, "section")

    @cached_property
    def _child_sections(self) -> dict[str, tuple[Section, ...]]:
        return _grouped(self.sections, "parent")

    @cached_property
    def _child_items(self) -> dict[str, tuple[Item, ...]]:
        return _grouped(self.items, "parent")

    def section(self, code: str) -> Section:
        return self._sections[code]

    def item(self, code: str) -> Item:
        return self._items[code]

    def has_section(self, code: str) -> bool:
        return code in self._sections

    def has_item(self, code: str) -> bool:
        return code in self._items

    def top_sections(self) -> tuple[Section, ...]:
        return self._child_sections.get("", ())

    def items_of(self, section_code: str) -> tuple[Item, ...]:
        """The items that stand in this section itself, not in those below it; items that detail others included."""
        return self._items_by_section.get(section_code, ())

    def children(self, code: str) -> tuple[Section, ...] | tuple[Item, ...]:
        """The sections below a section, or the items that detail an item; () when there are none."""
        return self.sections_in(code) if code in self._sections else self.details_of(code)

    def sections_in(self, section_code: str) -> tuple[Section, ...]:
        """The sections directly below this one."""
        return self._child_sections.get(section_code, ()) if section_code else ()

    def details_of(self, item_code: str) -> tuple[Item, ...]:
        """The items that detail this one."""
        return self._child_items.get(item_code, ()) if item_code else ()

    @cached_property
    def _answerable(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.is_answerable)

    def answerable(self) -> tuple[Item, ...]:
        """The items that are asked: with an answer, no context factors, none that another item has replaced."""
        return self._answerable

    @cached_property
    def _top_of(self) -> dict[str, str]:
        return {section.code: self._climb(section) for section in self.sections}

    def _climb(self, section: Section) -> str:
        while section.parent:
            section = self._sections[section.parent]
        return section.code

    def top_section_of(self, section_code: str) -> Section:
        """The section at the top of the branch that this section stands in; itself when it is one."""
        return self._sections[self._top_of[section_code]]

    # --- what stands beside -------------------------------------------------------------------------------------------

    @cached_property
    def _support(self) -> dict[str, tuple[Support, ...]]:
        return _grouped(self.support, "for_")

    @cached_property
    def _references(self) -> dict[str, tuple[Reference, ...]]:
        return _grouped(self.references, "for_")

    @cached_property
    def _support_by_code(self) -> dict[str, Support]:
        return {support.code: support for support in self.support}

    @cached_property
    def _scales(self) -> dict[str, Scale]:
        return {name: Scale(name, levels) for name, levels in _grouped(self.scales, "scale").items()}

    def support_for(self, code: str, kind: str | None = None) -> tuple[Support, ...]:
        found = self._support.get(code, ())
        return found if kind is None else tuple(support for support in found if support.kind == kind)

    def criteria_of(self, item: Item) -> tuple[Support, ...]:
        """The success criteria that an item serves."""
        return tuple(self._support_by_code[code] for code in item.criteria)

    def references_for(self, section_code: str) -> tuple[Reference, ...]:
        return self._references.get(section_code, ())

    def scale(self, name: str) -> Scale:
        return self._scales[name]

    def scale_names(self) -> tuple[str, ...]:
        return tuple(self._scales)

    def verdict(self, when: str, scope: str) -> Verdict | None:
        """
        The source's own conclusion.

        Args:
            when: all, some or none.
            scope: section or package.
        """
        return next((row for row in self.verdicts if row.when == when and row.scope in (scope, "both")), None)

    # --- texts --------------------------------------------------------------------------------------------------------

    @cached_property
    def _fallbacks(self) -> tuple[str, ...]:
        return fallbacks_of(self.languages)

    def text(self, mapping: Mapping[str, str], language: str) -> Shown:
        """
        Return a text in the language asked for, else in its base language, else in the first language that has it.

        The second part says which one it is; ("", "") when the text is empty.
        """
        return shown_in(mapping, language, self._fallbacks)

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """Texts that draft languages do not have; a package with gaps in the others is refused."""
        return tuple(
            Missing(sheet, getattr(row, "code", ""), column.name, language)
            for sheet, row, column in self._texts()
            for language in self.language_codes
            if language not in getattr(row, column.attribute)
        )

    def _texts(self) -> list[tuple[str, Any, Any]]:
        """Every text that is given in at least one language: sheet, row, column."""
        return [
            (sheet, row, column)
            for sheet in SHEETS
            for row in self.rows(sheet)
            for column in columns_of(sheet)
            if column.shape is Shape.TEXT and getattr(row, column.attribute)
        ]

    def completeness(self) -> dict[str, int]:
        """Percentage, rounded down, of the texts that each language has: 100 means all."""
        texts = self._texts()
        have = {code: sum(code in getattr(row, column.attribute) for _, row, column in texts) for code in self.language_codes}
        return {code: 100 * count // len(texts) for code, count in have.items()}

    # --- canonical content --------------------------------------------------------------------------------------------

    def rows(self, sheet: str) -> tuple[Any, ...]:
        return (self.package,) if sheet == "package" else getattr(self, sheet)

    def codes(self) -> frozenset[str]:
        """Every code of the package: sections, items, support, verdicts, references and terms."""
        coded = (self.sections, self.items, self.support, self.verdicts, self.references, self.glossary)
        return frozenset(row.code for rows in coded for row in rows)

    @cached_property
    def content(self) -> dict[str, Any]:
        """The canonical content: what is stored, exported and sealed. Empty sheets and cells are left out."""
        records = {sheet: [record_of(sheet, row, self.language_codes) for row in self.rows(sheet)] for sheet in SHEETS}
        return {sheet: rows[0] if sheet == "package" else rows for sheet, rows in records.items() if rows}

    @cached_property
    def sha256(self) -> str:
        """Of the canonical content as JSON with sorted keys, in hexadecimal: the same for the same package."""
        text = json.dumps(self.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def _grouped(rows: tuple[Any, ...], attribute: str) -> dict[str, tuple[Any, ...]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(getattr(row, attribute), []).append(row)
    return {key: tuple(group) for key, group in groups.items()}

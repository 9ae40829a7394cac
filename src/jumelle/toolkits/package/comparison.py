"""What differs between an item of one version and an item of another, and which of its values still mean the same."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from jumelle.toolkits.package.columns import Column, columns_of
from jumelle.toolkits.package.fields import Shape
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.sheets import Item, Level, Row
from jumelle.toolkits.package.wording import Segment, word_diff

# What an item without levels holds when it does not apply; a scale without a level of this meaning holds it too.
NOT_APPLICABLE = "na"


class Part(StrEnum):
    """A part of an item that can differ. Its source, the kinds of organisation and the order of levels say nothing else."""

    TEXT = "text"
    ANSWER = "answer"  # another kind of answer, or other values or meanings in its scale
    LABEL = "label"
    RUBRIC = "rubric"
    HELP = "help"
    SUPPORT = "support"  # what stands beside the item, and the success criteria that it serves
    PLACE = "place"  # another section, or it details another item
    KIND = "kind"
    CODE = "code"


# What an answer rests on. When one of these differs, only the sheet changes can say that the meaning is the same.
WORDS_OF_THE_SCALE = frozenset({Part.LABEL, Part.RUBRIC})
MEANING = frozenset({Part.TEXT, Part.ANSWER}) | WORDS_OF_THE_SCALE


@dataclass(frozen=True, slots=True)
class TextChange:
    """
    Two wordings in one language.

    value: the level that a label or rubric belongs to; "" for the item's own texts.
    before, after: "" when there was, or is, no such text.
    """

    part: Part
    value: str
    language: str
    before: str
    after: str

    @property
    def segments(self) -> tuple[Segment, ...]:
        return word_diff(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Difference:
    """
    parts: what differs, in the order of `Part`; () when nothing does.
    words: the changed texts, in the languages that both versions have.
    """

    parts: tuple[Part, ...] = ()
    words: tuple[TextChange, ...] = ()


@dataclass(frozen=True)
class Side:
    """One item in its version."""

    package: Package
    item: Item

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        return self.package.scale(self.item.answer).levels if self.item.has_scale else ()

    @cached_property
    def meanings(self) -> dict[str, str]:
        return {level.value: level.meaning for level in self.levels}

    @property
    def support(self) -> dict[str, Row]:
        beside = (*self.package.support_for(self.item.code), *self.package.criteria_of(self.item))
        return {support.code: support for support in beside}


def difference(old: Side, new: Side, *, same_place: bool) -> Difference:
    """
    Args:
        same_place: both stand in the same section and detail the same item, whatever the codes of these are now.
    """
    parts = tuple(part for part, differs in _compared(old, new, same_place=same_place) if differs)
    return Difference(parts, tuple(_words(old, new)) if parts else ())


def _compared(old: Side, new: Side, *, same_place: bool) -> Iterator[tuple[Part, bool]]:
    yield Part.TEXT, not same_text(old.item.text, new.item.text)
    yield Part.ANSWER, old.meanings != new.meanings or (not old.levels and old.item.answer != new.item.answer)
    yield Part.LABEL, _level_text_differs(old, new, "label")
    yield Part.RUBRIC, _level_text_differs(old, new, "rubric")
    yield Part.HELP, not same_text(old.item.help, new.item.help)
    yield Part.SUPPORT, not _same_support(old.support, new.support)
    yield Part.PLACE, not same_place
    yield Part.KIND, old.item.kind != new.item.kind
    yield Part.CODE, old.item.code != new.item.code


def _words(old: Side, new: Side) -> Iterator[TextChange]:
    yield from _text_changes(Part.TEXT, "", old.item.text, new.item.text)
    for before, after in _common_levels(old, new):
        yield from _text_changes(Part.LABEL, before.value, before.label, after.label)
        yield from _text_changes(Part.RUBRIC, before.value, before.rubric, after.rubric)
    yield from _text_changes(Part.HELP, "", old.item.help, new.item.help)


def _common_levels(old: Side, new: Side) -> Iterator[tuple[Level, Level]]:
    after = {level.value: level for level in new.levels}
    return ((level, after[level.value]) for level in old.levels if level.value in after)


def _level_text_differs(old: Side, new: Side, attribute: str) -> bool:
    pairs = _common_levels(old, new)
    return any(not same_text(getattr(before, attribute), getattr(after, attribute)) for before, after in pairs)


def _text_changes(part: Part, value: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[TextChange]:
    shared = [language for language in before if language in after]
    languages = shared if before and after else [*before, *after]
    for language in languages:
        if before.get(language, "") != after.get(language, ""):
            yield TextChange(part, value, language, before.get(language, ""), after.get(language, ""))


def same_text(before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    """
    Whether a text says the same in every language that both have.

    Texts without a common language are not the same: nothing shows that they are.
    """
    if before == after:
        return True
    shared = before.keys() & after.keys()
    return bool(shared) and all(before[language] == after[language] for language in shared)


def same_row(before: Row, after: Row, sheet: str, *, but: Container[str] = ("source",)) -> bool:
    """
    Whether two rows say the same.

    Args:
        but: columns that may differ.
    """
    return all(
        _same_cell(column, getattr(before, column.attribute), getattr(after, column.attribute))
        for column in columns_of(sheet)
        if column.name not in but
    )


def _same_cell(column: Column, before: Any, after: Any) -> bool:
    return same_text(before, after) if column.shape is Shape.TEXT else bool(before == after)


def _same_support(before: Mapping[str, Row], after: Mapping[str, Row]) -> bool:
    where = ("source", "for")
    return before.keys() == after.keys() and all(same_row(row, after[code], "support", but=where) for code, row in before.items())


def fitting_values(old: Side, new: Side) -> frozenset[str]:
    """
    Return the values of the old item that exist in the new one with the same meaning.

    "" is among them when both take the same kind of answer: an answer in words, or a note without an answer.
    """
    if old.item.has_scale != new.item.has_scale:
        return frozenset()
    if not old.item.has_scale:
        return frozenset({"", NOT_APPLICABLE}) if old.item.answer == new.item.answer else frozenset()
    before, after = old.meanings, new.meanings
    fitting = {value for value, meaning in before.items() if after.get(value) == meaning}
    if "na" not in {*before.values(), *after.values()} and NOT_APPLICABLE not in {*before, *after}:
        fitting.add(NOT_APPLICABLE)
    return frozenset(fitting | {""})

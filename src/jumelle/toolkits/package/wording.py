"""What changed between two wordings of the same thing, word by word, for a reader."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby


class Mark(StrEnum):
    EQUAL = "equal"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words with its spaces. Equal and removed ones make the old text, equal and added ones the new text."""

    mark: Mark
    text: str


def word_diff(before: str, after: str) -> tuple[Segment, ...]:
    """
    Return both texts as one sequence of segments; what was removed stands before what was added in its place.

    Words are compared whole, in any script; a punctuation mark is a word of its own. Changed words that only spaces
    part are one change.
    """
    return tuple(_segments(_words(before), _words(after)))


def _words(text: str) -> list[str]:
    """The text in parts that join to it again: runs of letters, runs of spaces, single punctuation marks."""
    parts: list[str] = []
    for kind, run in groupby(text, _kind):
        letters = list(run)
        parts += letters if kind == "mark" else ["".join(letters)]
    return parts


def _kind(character: str) -> str:
    if character.isspace():
        return "space"
    return "mark" if unicodedata.category(character).startswith("P") else "word"


def _segments(before: list[str], after: list[str]) -> Iterator[Segment]:
    removed = added = ""
    operations = SequenceMatcher(str.isspace, before, after, autojunk=False).get_opcodes()
    for number, (name, i, j, k, m) in enumerate(operations, start=1):
        old, new = "".join(before[i:j]), "".join(after[k:m])
        if name == "equal" and not (old.isspace() and (removed or added) and number < len(operations)):
            yield from _change(removed, added)
            yield Segment(Mark.EQUAL, old)
            removed = added = ""
        else:
            removed, added = removed + old, added + new
    yield from _change(removed, added)


def _change(removed: str, added: str) -> Iterator[Segment]:
    if removed:
        yield Segment(Mark.REMOVED, removed)
    if added:
        yield Segment(Mark.ADDED, added)

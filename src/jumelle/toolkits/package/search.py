"""Words inside a package, whatever their accents and capitals."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from jumelle.toolkits.package.columns import columns_of
from jumelle.toolkits.package.fields import Shape
from jumelle.toolkits.package.model import Package

MAX_QUERY = 200
MAX_WORDS = 8
SNIPPET = 90

# Accents, Arabic vowel signs and the like; the Arabic stretch mark; typographic apostrophes are apostrophes.
_FOLDING: dict[int, Any] = dict.fromkeys(code for code in range(0x300, 0x10000) if unicodedata.combining(chr(code)))
_FOLDING |= {0x0640: None, 0x2019: "'", 0x2018: "'", 0x02BC: "'", 0xA0: " ", 0x202F: " ", 0x0A: " "}


class Snippet(NamedTuple):
    """Three parts of a text: before the words found, the words, after them."""

    before: str
    match: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One row as it is searched.

    sheet: the sheet that it stands in.
    section: code of the section on whose page it is shown; "" for terms of the glossary.
    language: the language that its texts are really in.
    """

    sheet: str
    code: str
    section: str
    texts: tuple[str, ...]
    language: str
    folded: str


@dataclass(frozen=True, slots=True)
class Hit:
    entry: Entry
    snippet: Snippet


def fold(text: str) -> str:
    """Return the text without capitals and accents: Été and ete are the same."""
    return unicodedata.normalize("NFKD", text.casefold()).translate(_FOLDING)


def index_of(package: Package, language: str) -> tuple[Entry, ...]:
    """Return the rows of a package as they are searched by a reader of this language."""
    return tuple(_entries(package, language))


def _entries(package: Package, language: str) -> Iterator[Entry]:
    for sheet in ("sections", "items", "support", "references", "glossary"):
        columns = [column for column in columns_of(sheet) if column.shape is Shape.TEXT or column.name in ("title", "publisher")]
        for row in package.rows(sheet):
            shown = [package.text(_mapping(getattr(row, column.attribute)), language) for column in columns]
            texts = tuple(text for text, _ in shown if text)
            languages = [used for text, used in shown if text and used]
            yield Entry(
                sheet=sheet,
                code=row.code,
                section=_section_of(package, sheet, row),
                texts=texts,
                language=languages[0] if languages else "",
                folded=fold(" ".join((row.code, *texts))),
            )


def _mapping(value: Any) -> dict[str, str]:
    return value if isinstance(value, dict) else {"": value} if value else {}


def _section_of(package: Package, sheet: str, row: Any) -> str:
    if sheet == "glossary":
        return ""
    if sheet == "sections":
        return str(row.code)
    if sheet == "items":
        return str(row.section)
    return package.item(row.for_).section if package.has_item(row.for_) else str(row.for_)


def search(index: tuple[Entry, ...], query: str) -> tuple[Hit, ...]:
    """
    Return the rows that hold every word of the query, in the order of the package.

    Args:
        query: any text; the first words of it count, and parts of words are found.
    """
    words = fold(query[:MAX_QUERY]).split()[:MAX_WORDS]
    if not words:
        return ()
    return tuple(Hit(entry, _snippet(entry, words)) for entry in index if all(word in entry.folded for word in words))


def _snippet(entry: Entry, words: list[str]) -> Snippet:
    for word in words:
        for text in entry.texts:
            if (found := _find(text, word)) is not None:
                return _cut(text, *found)
    return Snippet("", "", _shortened(entry.texts[0] if entry.texts else "", 2 * SNIPPET))


def _find(text: str, word: str) -> tuple[int, int] | None:
    """Start and end in the text as written of a word that is folded."""
    if (start := fold(text).find(word)) < 0:
        return None
    origins = [position for position, letter in enumerate(text) for _ in fold(letter)]
    if start + len(word) > len(origins):  # letters that fold differently together than alone: no exact place
        return None
    return origins[start], origins[start + len(word) - 1] + 1


def _cut(text: str, start: int, end: int) -> Snippet:
    first = max(0, start - SNIPPET)
    if first:
        first = text.find(" ", first, start) + 1 or first
    before = ("… " if first else "") + text[first:start]
    return Snippet(before, text[start:end], _shortened(text[end:], SNIPPET))


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + " …"

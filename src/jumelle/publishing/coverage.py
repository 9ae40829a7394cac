"""
What the fonts of `fonts/` can print.

A PDF/UA is refused when one letter has no glyph, so what cannot be printed is replaced here, visibly, before it gets there.
`fonts/coverage.txt` holds a line per family in the order in which typst asks them; a test compares it with the fonts themselves.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

COVERAGE = Path(__file__).resolve().parent / "fonts" / "coverage.txt"
NOT_PRINTABLE = "[…]"

# Joiners, direction marks and variation selectors have no picture of their own: every font may leave them out.
_INVISIBLE = frozenset("\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufe0e\ufe0f")
_NO_BREAK_SPACES = "\u2007\u202f"
_MARKS = ("Mn", "Me", "Mc")
_MARKS_PER_LETTER = 4  # Vietnamese, Hebrew and vowelled Arabic need three
_LONG_WORD = 40
_SIGNS_OF_ADDRESSES = frozenset("/?&=._-")
_MAY_BREAK = "\u200b"


@dataclass(frozen=True, slots=True)
class Family:
    name: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def has(self, char: str) -> bool:
        place = bisect_right(self.starts, ord(char)) - 1
        return place >= 0 and ord(char) <= self.ends[place]


@cache
def families() -> tuple[Family, ...]:
    return tuple(_read(line) for line in COVERAGE.read_text(encoding="ascii").splitlines() if line)


@lru_cache(maxsize=4096)
def family_of(char: str) -> Family | None:
    return next((family for family in families() if family.has(char)), None)


def _read(line: str) -> Family:
    name, _, ranges = line.partition(": ")
    pairs = [(part.split("-") * 2)[:2] for part in ranges.split()]
    return Family(name, tuple(int(start, 16) for start, _ in pairs), tuple(int(end, 16) for _, end in pairs))


def printable(text: str, *, long_word: int = _LONG_WORD) -> str:
    """
    Return the text as our fonts can print it: letters they do not have become one "[…]" a run, and long words may break.

    Typst looks for one font per letter with its accents, so an accent is kept only when the letter's own font has it.

    Args:
        long_word: a word with more letters may break anywhere, every half as many; narrow columns ask for less.
    """
    return "".join(_with_breaks(_letters(unicodedata.normalize("NFC", text)), long_word))


def _letters(text: str) -> list[str]:
    """Cut into letters with their accents, all of them printable."""
    letters: list[str] = []
    family: Family | None = None
    for char in text:
        if char in _INVISIBLE:
            if letters:
                letters[-1] += char
        elif unicodedata.category(char) in _MARKS:
            if letters and family and family.has(char) and len(letters[-1]) <= _MARKS_PER_LETTER:
                letters[-1] += char
        elif char == "\n":
            letters.append(char)
            family = None
        elif family := family_of(char):
            letters.append(char)
        elif char.isspace():
            letters.append("\u00a0" if char in _NO_BREAK_SPACES else " ")
        elif not letters or letters[-1] != NOT_PRINTABLE:
            letters.append(NOT_PRINTABLE)
    return letters


def _with_breaks(letters: list[str], long_word: int) -> Iterator[str]:
    """Let words that no line can hold break: addresses after their signs, a text without a space anywhere."""
    for is_space, group in groupby(letters, key=str.isspace):
        word = list(group)
        may_break = not is_space and len(word) > long_word
        unbroken = 0
        for letter in word:
            if may_break and unbroken == long_word // 2:
                yield _MAY_BREAK
                unbroken = 0
            yield letter
            unbroken += 1
            if may_break and letter in _SIGNS_OF_ADDRESSES:
                yield _MAY_BREAK
                unbroken = 0

"""
The parts of a printed plan.

Everything is text in its own language and direction: no markup, no layout. How a line stands is a shape and a word.
"""

from dataclasses import dataclass

from jumelle.publishing.summary_parts import Fact, Sign
from jumelle.publishing.summary_words import Words


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a cell. label: what it is, "" where the title of the column says it. is_gap: it stands for what is still missing."""

    label: str
    words: Words
    is_gap: bool = False


@dataclass(frozen=True, slots=True)
class MeasurePart:
    """A measure of success: what is measured, and its figures, dates and source, as far as they are known."""

    what: Words
    facts: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class OriginPart:
    """
    Where a line was born. code: "" for a visit or a meeting; source: the toolkit and its version; url: where it leads, "" for nowhere.
    """

    kind: str
    code: str
    source: str
    label: Words | None
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class NewsPart:
    """The last word of the follow-up. quarter: in words."""

    quarter: str
    sign: Sign
    sentence: Words
    next_step: Words | None


@dataclass(frozen=True, slots=True)
class LinePart:
    """cells: six, in the order of the columns; the measures belong to the last one."""

    number: str
    cells: tuple[tuple[Piece, ...], ...]
    measures: tuple[MeasurePart, ...]
    sign: Sign
    origins: tuple[OriginPart, ...]
    news: NewsPart | None


@dataclass(frozen=True, slots=True)
class MissingPart:
    """What one line still lacks: the names of its gaps, in one run of text."""

    number: str
    action: Words
    gaps: str


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """
    facts: the four fields of the template; columns: the six titles; approval: () without one, else who and when.

    missing: empty when nothing is; empty_sentence: what stands instead of a table without lines.
    """

    language: str
    language_name: str
    direction: str
    heading: str
    title: Words
    mentee: Words
    version: str
    is_draft: bool
    facts: tuple[Fact, ...]
    languages_note: str
    columns: tuple[str, ...]
    lines: tuple[LinePart, ...]
    missing: tuple[MissingPart, ...]
    approval: tuple[Fact, ...]
    made_on: str
    address: str
    labels: dict[str, str]

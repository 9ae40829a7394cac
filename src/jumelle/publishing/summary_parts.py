"""
The parts of a summary document.

Everything is text in its own language and direction: no markup, no layout. A state is a shape and a word, so that colour is never
alone.
"""

from dataclasses import dataclass

from jumelle.publishing.summary_words import Words


@dataclass(frozen=True, slots=True)
class Sign:
    shape: str
    word: Words


@dataclass(frozen=True, slots=True)
class Fact:
    """url: where the value leads, "" for nowhere."""

    label: str
    value: Words
    url: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """A piece of evidence: what it is, from when, who may see it, and where (an address, or the name of a file)."""

    title: Words
    date: str
    audience: str
    url: str
    file_name: Words

    @property
    def is_link(self) -> bool:
        """Only addresses of the web become links."""
        return self.url.startswith(("https://", "http://"))


@dataclass(frozen=True, slots=True)
class Agreed:
    """
    Why a group agreed upon the answer, and what the minority wants to be remembered.

    held_on: the day of the meeting, met: the same as a sentence that introduces who was there; "" without a meeting.
    """

    reason: Words
    minority: Words | None
    held_on: str
    met: str
    present: Words | None


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One item. sign: the answer with its shape; meaning: what that answer counts as, in the reader's language, "" when the same.

    remarks: what still has to be done with it.
    """

    code: str
    kind: str
    depth: int
    wording: Words
    sign: Sign
    meaning: str
    told: Words | None
    note: Words | None
    remarks: tuple[str, ...]
    evidence: tuple[Proof, ...]
    agreed: Agreed | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """sign: what it comes to; count: the n of N behind it; provisional: a sentence, "" when nothing is missing."""

    sign: Sign
    count: str
    advice: Words | None
    provisional: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries in one table; heading: None for those of the chapter itself."""

    heading: Words | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """answered: n of N, "" where nothing is counted; reason and chosen_on: why and when it was chosen to be worked on."""

    code: str
    kind: str
    heading: Words
    answered: str
    conclusion: Conclusion | None
    reason: Words | None
    chosen_on: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Point:
    code: str
    wording: Words
    sign: Sign


@dataclass(frozen=True, slots=True)
class PointGroup:
    heading: Words
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PointList:
    """Either points, or groups of codes when there are many, or the sentence that says that there are none."""

    heading: str
    shape: str
    points: tuple[Point, ...]
    groups: tuple[PointGroup, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Column:
    shape: str
    word: str


@dataclass(frozen=True, slots=True)
class Row:
    code: str
    heading: Words
    sign: Sign | None
    counts: tuple[int, ...]
    answered: str


@dataclass(frozen=True, slots=True)
class Overview:
    """
    The chapters in figures. The bars show the same counts as the table, column by column.

    sentence: what one sees in all; alt: the bars in words; biggest: the highest total of a row, for the scale of the bars.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row
    sentence: str
    alt: str
    biggest: int


@dataclass(frozen=True, slots=True)
class Document:
    language: str
    direction: str
    gathered: str
    title: Words
    subtitle: Words
    made_on: str
    address: str
    facts: tuple[Fact, ...]
    languages_note: str
    conclusion: Conclusion | None
    lists: tuple[PointList, ...]
    chosen: tuple[Chapter, ...]
    overview: Overview
    chapters: tuple[Chapter, ...]
    context: tuple[Chapter, ...]
    left_out: tuple[Words, ...]
    credits: tuple[Fact, ...]
    labels: dict[str, str]

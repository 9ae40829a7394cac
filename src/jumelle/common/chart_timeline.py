"""
A timeline as SVG text: one bar for each row from its first day to its last, with milestones and the day of today.

A state has a pattern, a mark and a word. A missing date is drawn as an open end with an arrow and said in words.
Drawn for a page or, with `width` (px), for a document: see `charts.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from jumelle.common.tables import Table

PROGRESS = ("planned", "in_progress", "stalled", "done", "dropped")


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated point of a row; without its day it is named, not drawn."""

    label: str
    on: date | None


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """One row. The last day belongs to it; None means not set. `state` is among PROGRESS."""

    label: str
    starts_on: date | None
    ends_on: date | None
    state: str = "planned"
    milestones: Sequence[Milestone] = ()


def timeline(
    bars: Sequence[TimelineBar],
    *,
    title: str,
    description: str,
    words: Mapping[str, str] | None = None,
    rtl: bool = False,
    width: int | None = None,
    today: date | None = None,
) -> SafeString:
    """
    Return the rows in the order given, each under its label, state and dates in words.

    Args:
        words: names of the states on this page, such as {"dropped": "given up"}; ours where missing.
        today: drawn as a line where the axis reaches it.
    Raises:
        ValueError: a row ends before it starts, or its state is none of PROGRESS.
    """
    raise NotImplementedError


def timeline_table(bars: Sequence[TimelineBar], *, caption: str, label: str, words: Mapping[str, str] | None = None) -> Table:
    """The same as a table: label, from, until, state, milestones."""
    raise NotImplementedError

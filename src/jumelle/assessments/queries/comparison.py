"""
Comparing assessments of one toolkit, item by item: only what means the same in every version and was asked on every side.

A side holds states and, where it may be shown, the text of context factors: no note, no evidence, no name, no answer in words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from jumelle.assessments.queries.sheet import Sheet, branch_of
from jumelle.engines.scoring.movement import Likeness, Movement, height_of, likeness_of, movement_of
from jumelle.engines.scoring.tally import Mark, State, Tally, tally_of
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.package.links import Fate
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.overlap import Strand
from jumelle.toolkits.package.sheets import Item, Section
from jumelle.toolkits.queries import package_of, strands_through

FEWEST, MOST = 2, 6


class Reason(StrEnum):
    """Why an item is not compared."""

    NEW = "new"
    REMOVED = "removed"
    MEANING = "meaning"
    SPLIT = "split"
    MERGED = "merged"
    CHOICES = "choices"
    UNEXPLAINED = "unexplained"
    NOT_ASKED = "not_asked"
    IN_WORDS = "in_words"


_REASONS = {
    Fate.NEW: Reason.NEW,
    Fate.REMOVED: Reason.REMOVED,
    Fate.REPLACED: Reason.MEANING,
    Fate.SPLIT: Reason.SPLIT,
    Fate.MERGED: Reason.MERGED,
    Fate.RESCALED: Reason.CHOICES,
}


class SidesDoNotFit(ValueError):
    """Fewer than two sides, more than six, or sides of different toolkits."""


@dataclass(frozen=True, slots=True)
class Side:
    """
    What one assessment lays on the table.

    name: who it is about.
    marks: the state of each item that was asked, by code.
    context: text of each context factor that has one, by code; None: not shown.
    """

    name: str
    version: ToolkitVersion
    period_start_on: date
    period_end_on: date
    marks: Mapping[str, Mark]
    context: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Line:
    """
    One item that is compared, as the newest version asks it, with the state on each side.

    heights: as `movement.height_of` gives them.
    """

    item: Item
    theme: Section
    marks: tuple[Mark, ...]
    heights: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """
    An item that is not compared.

    version: the newest that asks it.
    missing: places of the sides on which it was not asked, where this is the reason.
    """

    item: Item
    version: ToolkitVersion
    reason: Reason
    missing: tuple[int, ...] = ()


@dataclass(frozen=True)
class Compared:
    """
    lines: in the order of the newest version.
    reworded: how many of them are asked in other words in one of the versions.
    """

    sides: tuple[Side, ...]
    version: ToolkitVersion
    lines: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]
    reworded: int

    @property
    def package(self) -> Package:
        return package_of(self.version)

    @property
    def all_items(self) -> int:
        """The N of the overlap: every item that was asked on at least one side."""
        return len(self.lines) + len(self.left_out)

    @cached_property
    def tallies(self) -> tuple[Tally, ...]:
        """Counts by state of what is compared, per side."""
        return tuple(tally_of(line.marks[place] for line in self.lines) for place in range(len(self.sides)))

    @property
    def movement(self) -> Movement:
        """Between the first side and the last: for sides in the order of time."""
        return movement_of((line.heights[0], line.heights[-1]) for line in self.lines)

    @property
    def likeness(self) -> Likeness:
        return likeness_of(line.heights for line in self.lines)

    @cached_property
    def by_theme(self) -> tuple[tuple[Section, tuple[Line, ...]], ...]:
        themes = {line.theme.code: line.theme for line in self.lines}
        return tuple((theme, tuple(line for line in self.lines if line.theme.code == code)) for code, theme in themes.items())

    @cached_property
    def by_reason(self) -> tuple[tuple[Reason, tuple[LeftOut, ...]], ...]:
        found = {reason: tuple(each for each in self.left_out if each.reason is reason) for reason in Reason}
        return tuple((reason, items) for reason, items in found.items() if items)


def side_of(sheet: Sheet, name: str, *, with_context: bool) -> Side:
    assessment = sheet.assessment
    context = {entry.code: entry.text for entry in sheet.context if entry.text.strip()} if with_context else None
    marks = {mark.code: mark for theme in sheet.themes for mark in theme.marks}
    return Side(name, assessment.toolkit_version, assessment.period_start_on, assessment.period_end_on, marks, context)


def compare(sides: Sequence[Side]) -> Compared:
    """
    Args:
        sides: two to six, of any versions of one toolkit, in the order in which they are shown.
    Raises:
        SidesDoNotFit: see the class.
    """
    if not FEWEST <= len(sides) <= MOST or len({side.version.toolkit_id for side in sides}) > 1:
        raise SidesDoNotFit
    versions = {side.version.version: side.version for side in sides}
    newest = max(versions.values(), key=lambda version: version.sort_key)
    lines, left_out, reworded = [], [], 0
    for strand in strands_through(versions.values()):
        asked = [strand.codes.get(side.version.version) in side.marks for side in sides]
        if not any(asked):
            continue
        reason = _reason(strand, asked, newest)
        if reason is None:
            lines.append(_line(strand, sides, newest))
            reworded += strand.reworded
        else:
            left_out.append(_left_out(strand, reason, asked, versions))
    order = _order(package_of(newest))
    lines.sort(key=lambda line: order[line.item.code])
    return Compared(tuple(sides), newest, tuple(lines), tuple(left_out), reworded)


def _reason(strand: Strand, asked: Sequence[bool], newest: ToolkitVersion) -> Reason | None:
    fate = strand.went or strand.came
    if fate:
        return _REASONS.get(fate, Reason.UNEXPLAINED)
    if not all(asked):
        return Reason.NOT_ASKED
    item = package_of(newest).item(strand.codes[newest.version])
    return None if item.has_scale else Reason.IN_WORDS


def _line(strand: Strand, sides: Sequence[Side], newest: ToolkitVersion) -> Line:
    package = package_of(newest)
    item = package.item(strand.codes[newest.version])
    marks = tuple(side.marks[strand.codes[side.version.version]] for side in sides)
    heights = tuple(_height(package_of(side.version), mark) for side, mark in zip(sides, marks, strict=True))
    return Line(item, package.top_section_of(item.section), marks, heights)


def _height(package: Package, mark: Mark) -> float | None:
    levels = package.scale(package.item(mark.code).answer).levels
    return height_of(mark, [(level.value, State(level.meaning)) for level in levels])


def _left_out(strand: Strand, reason: Reason, asked: Sequence[bool], versions: Mapping[str, ToolkitVersion]) -> LeftOut:
    version, code = max(strand.codes.items(), key=lambda pair: versions[pair[0]].sort_key)
    missing = tuple(place for place, is_asked in enumerate(asked) if not is_asked) if reason is Reason.NOT_ASKED else ()
    return LeftOut(package_of(versions[version]).item(code), versions[version], reason, missing)


def _order(package: Package) -> dict[str, int]:
    """The place of each item on a page: theme by theme, each section before those below it."""
    sections = (section for top in package.top_sections() for section in branch_of(package, top))
    items = (item for section in sections for item in package.items_of(section.code))
    return {item.code: place for place, item in enumerate(items)}

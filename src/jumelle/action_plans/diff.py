"""
What differs between two states of a plan, to be read by people: lines, columns, measures, and words within a text.

Pure: frozen content in, frozen differences out. `apply` makes the newer state of the older one, which the tests rest upon.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from jumelle.action_plans.content import LineContent, MeasureContent, OriginContent, PlanContent

HEADER_FIELDS = ("title", "mentee", "mentor", "language")
LINE_FIELDS = (
    "action",
    "results",
    "starts_on",
    "ends_on",
    "timetable",
    "lead",
    "lead_organisation",
    "staff",
    "partners",
    "funding",
    "evaluation",
    "status",
    "is_public",
)
MEASURE_FIELDS = ("what", "baseline", "target", "due_on", "data_source", "reached", "reached_on")
WHOLE = frozenset({"language", "status", "lead_organisation"})  # one value, compared as a whole and not by words
_LANDMARKS_FROM = 200  # words: from here on `SequenceMatcher` passes over those that stand everywhere
_MOST_PAIRS = 400_000  # of words, below that; more would take seconds
_WORD = re.compile(r"(\w+|[^\w\s])?(\s*)")


class Kind(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """pieces: of a text, word by word; () for a date or a choice."""

    name: str
    before: Any
    after: Any
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class MeasureChange:
    """before: None for a new measure; after: None for one taken out; fields: () where nothing differs."""

    before: MeasureContent | None
    after: MeasureContent | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def is_same(self) -> bool:
        return self.before is not None and self.after is not None and not self.fields


@dataclass(frozen=True, slots=True)
class LineChange:
    """
    before: None for a new line; after: None for a removed one.

    moved: it stands elsewhere in the order of the others; that others came or went before it does not count.
    measures: all of the line, in order, where at least one differs; else ().
    """

    before: LineContent | None
    after: LineContent | None
    moved: bool = False
    fields: tuple[FieldChange, ...] = ()
    measures: tuple[MeasureChange, ...] = ()
    origins_added: tuple[OriginContent, ...] = ()
    origins_removed: tuple[OriginContent, ...] = ()

    @property
    def line(self) -> LineContent:
        """The newer state, where there is one."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 (one of both is always given)
        return found

    @property
    def is_added(self) -> bool:
        return self.before is None

    @property
    def is_removed(self) -> bool:
        return self.after is None

    @property
    def is_same(self) -> bool:
        parts = (self.is_added, self.is_removed, self.moved, self.fields, self.measures, self.origins_added, self.origins_removed)
        return not any(parts)


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """lines: those that differ, in the newer order, then those that were removed. order: ids of all lines of the newer state."""

    header: tuple[FieldChange, ...]
    lines: tuple[LineChange, ...]
    order: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.header or self.lines)


def diff(old: PlanContent, new: PlanContent) -> PlanDiff:
    """What one has to change in `old` to get `new`; neither names nor days of the versions are compared."""
    before, after = ({line.line_id: line for line in content.lines} for content in (old, new))
    moved = _moved([line.line_id for line in old.lines], [line.line_id for line in new.lines])
    changes = [line_diff(before.get(line.line_id), line, line.line_id in moved) for line in new.lines]
    removed = [LineChange(line, None) for line in old.lines if line.line_id not in after]
    return PlanDiff(
        header=_fields(HEADER_FIELDS, old, new),
        lines=tuple(change for change in [*changes, *removed] if not change.is_same),
        order=tuple(after),
    )


def apply(change: PlanDiff, old: PlanContent) -> PlanContent:
    """The newer state, made of the older one and the differences; what is not compared stays as in the older one."""
    by_id = {each.line.line_id: each for each in change.lines}
    stored = {line.line_id: line for line in old.lines}
    lines = [_applied_line(by_id.get(line_id), stored.get(line_id)) for line_id in change.order]
    numbered = tuple(replace(line, position=position) for position, line in enumerate(lines, start=1))
    return replace(old, **_applied(change.header), lines=numbered)


# --- words ------------------------------------------------------------------------------------------------------------


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """
    What stays, goes and comes, in reading order; neighbours differ in kind.

    The pieces that are not ADDED make up `old`, those that are not REMOVED make up `new`.
    """
    if old == new:
        return (Piece(Kind.SAME, old),) if old else ()
    one, other = _words(old), _words(new)
    if len(other) < _LANDMARKS_FROM and len(one) * len(other) > _MOST_PAIRS:
        return tuple(_change(old, new))
    return tuple(_joined(_without_islands(list(_compared(one, other)))))


def _words(text: str) -> list[tuple[str, str]]:
    """Each word or mark with the blanks after it: words are compared, blanks are not."""
    return [(word, blanks) for word, blanks in _WORD.findall(text) if word or blanks]


def _compared(one: Sequence[tuple[str, str]], other: Sequence[tuple[str, str]]) -> Iterator[Piece]:
    # Without autojunk, a long text of few different words takes minutes.
    matcher = SequenceMatcher(None, [word for word, _ in one], [word for word, _ in other], autojunk=True)
    for operation, start, end, to_start, to_end in matcher.get_opcodes():
        if operation == "equal":
            yield from _kept(one[start:end], other[to_start:to_end])
        else:
            yield Piece(Kind.REMOVED, _text(one[start:end]))
            yield Piece(Kind.ADDED, _text(other[to_start:to_end]))


def _kept(one: Sequence[tuple[str, str]], other: Sequence[tuple[str, str]]) -> Iterator[Piece]:
    for (word, blanks), (_same, new_blanks) in zip(one, other, strict=True):
        yield Piece(Kind.SAME, word)
        if blanks == new_blanks:
            yield Piece(Kind.SAME, blanks)
        else:
            yield Piece(Kind.REMOVED, blanks)
            yield Piece(Kind.ADDED, new_blanks)


def _text(words: Iterable[tuple[str, str]]) -> str:
    return "".join(word + blanks for word, blanks in words)


def _without_islands(pieces: list[Piece]) -> Iterator[Piece]:
    """A lone blank or mark that stayed between two changes is read more easily as part of them."""
    for at, piece in enumerate(pieces):
        inside = 0 < at < len(pieces) - 1
        is_island = piece.kind == Kind.SAME and not any(character.isalnum() for character in piece.text)
        if inside and is_island and pieces[at - 1].kind != Kind.SAME and pieces[at + 1].kind != Kind.SAME:
            yield Piece(Kind.REMOVED, piece.text)
            yield Piece(Kind.ADDED, piece.text)
        else:
            yield piece


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Between two stretches that stay: first all that goes, then all that comes; blanks at the end of both stay, too."""
    same = ""
    for before, removed, added in _stretches(pieces):
        blanks = _shared_blanks(removed, added)
        removed, added = removed[: len(removed) - len(blanks)], added[: len(added) - len(blanks)]
        same += before
        if removed or added:
            yield from [Piece(Kind.SAME, same)] if same else []
            yield from _change(removed, added)
            same = ""
        same += blanks
    yield from [Piece(Kind.SAME, same)] if same else []


def _stretches(pieces: Iterable[Piece]) -> list[list[str]]:
    """What stays, and what goes and comes after it."""
    found = [["", "", ""]]
    for piece in pieces:
        if piece.kind == Kind.SAME and piece.text and (found[-1][1] or found[-1][2]):
            found.append(["", "", ""])
        found[-1][(Kind.SAME, Kind.REMOVED, Kind.ADDED).index(piece.kind)] += piece.text
    return found


def _shared_blanks(one: str, other: str) -> str:
    """The blanks that both end with."""
    count = 0
    while count < min(len(one), len(other)) and one[-1 - count] == other[-1 - count] and one[-1 - count].isspace():
        count += 1
    return one[len(one) - count :]


def _change(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(Kind.REMOVED, removed)
    if added:
        yield Piece(Kind.ADDED, added)


# --- lines ------------------------------------------------------------------------------------------------------------


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The fewest lines that one has to take out of the order so that all others follow each other as before."""
    places = {line_id: place for place, line_id in enumerate(old)}
    common = [line_id for line_id in new if line_id in places]
    return set(common) - set(_longest_rising(common, places))


def _longest_rising(ids: Sequence[str], places: dict[str, int]) -> list[str]:
    """The longest run of ids, not necessarily neighbours, whose places rise (patience sorting)."""
    tops: list[int] = []
    ends: list[str] = []
    before: dict[str, str | None] = {}
    for each in ids:
        at = bisect_left(tops, places[each])
        before[each] = ends[at - 1] if at else None
        tops[at : at + 1], ends[at : at + 1] = [places[each]], [each]
    found: list[str] = []
    last: str | None = ends[-1] if ends else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found


def line_diff(before: LineContent | None, after: LineContent, moved: bool = False) -> LineChange:
    """What differs between two states of one line; its place in the plan is for the caller to judge."""
    if before is None:
        return LineChange(None, after)
    measures = _measures(before.measures, after.measures)
    return LineChange(
        before,
        after,
        moved=moved,
        fields=_fields(LINE_FIELDS, before, after),
        measures=() if all(each.is_same for each in measures) else measures,
        origins_added=_more(after.origins, before.origins),
        origins_removed=_more(before.origins, after.origins),
    )


def _fields(names: Iterable[str], old: Any, new: Any) -> tuple[FieldChange, ...]:
    return tuple(_field(name, getattr(old, name), getattr(new, name)) for name in names if getattr(old, name) != getattr(new, name))


def _field(name: str, before: Any, after: Any) -> FieldChange:
    in_words = isinstance(before, str) and isinstance(after, str) and name not in WHOLE
    return FieldChange(name, before, after, word_diff(before, after) if in_words else ())


def _measures(old: Sequence[MeasureContent], new: Sequence[MeasureContent]) -> tuple[MeasureChange, ...]:
    """A measure is the same one if it measures the same, or nearly; between two that are, others are paired in order."""
    matcher = SequenceMatcher(None, [each.what for each in old], [each.what for each in new], autojunk=False)
    return tuple(
        change
        for _operation, start, end, to_start, to_end in matcher.get_opcodes()
        for change in _paired(old[start:end], new[to_start:to_end])
    )


def _paired(old: Sequence[MeasureContent], new: Sequence[MeasureContent]) -> Iterator[MeasureChange]:
    for before, after in zip_longest(old, new):
        if before and after and _are_alike(before.what, after.what):
            yield MeasureChange(before, after, _fields(MEASURE_FIELDS, before, after))
            continue
        if before:
            yield MeasureChange(before, None)
        if after:
            yield MeasureChange(None, after)


def _are_alike(one: str, other: str) -> bool:
    """Is at least half of the longer text in both?"""
    shared = sum(len(piece.text) for piece in word_diff(one, other) if piece.kind == Kind.SAME)
    return 2 * shared >= max(len(one), len(other))


def _more(these: Sequence[OriginContent], than: Sequence[OriginContent]) -> tuple[OriginContent, ...]:
    return tuple((Counter(these) - Counter(than)).elements())


# --- applying ---------------------------------------------------------------------------------------------------------


def _applied(fields: Iterable[FieldChange]) -> dict[str, Any]:
    return {field.name: _newer(field) for field in fields}


def _newer(field: FieldChange) -> Any:
    return "".join(piece.text for piece in field.pieces if piece.kind != Kind.REMOVED) if field.pieces else field.after


def _applied_line(change: LineChange | None, before: LineContent | None) -> LineContent:
    if before is None:
        assert change is not None  # noqa: S101 (a line that is not in the older state was added)
        return change.line
    if change is None:
        return before
    kept = tuple((Counter(before.origins) - Counter(change.origins_removed)).elements())
    measures = tuple(_applied_measure(each) for each in change.measures if each.after) if change.measures else before.measures
    return replace(before, **_applied(change.fields), measures=measures, origins=(*kept, *change.origins_added))


def _applied_measure(change: MeasureChange) -> MeasureContent:
    if change.before is None:
        assert change.after is not None  # noqa: S101 (the caller has left out what was taken out)
        return change.after
    return replace(change.before, **_applied(change.fields))

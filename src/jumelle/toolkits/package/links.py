"""
Where one code of an older version leads in a newer one, over one version or over many.

A hop leads from one version to a later one that says how. A journey joins hops: what a later version says about an old
code goes before what the versions in between say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from jumelle.toolkits.package.comparison import MEANING, Difference, Part, Side, difference, fitting_values, same_row
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.sheets import ChangeRow, Item, Row

Notes = tuple[Mapping[str, str], ...]


class Fate(StrEnum):
    """What becomes of an item, weakest first: over several versions the strongest counts."""

    NEW = "new"
    UNCHANGED = "unchanged"
    REWORDED = "reworded"
    RESCALED = "rescaled"
    SPLIT = "split"
    MERGED = "merged"
    REPLACED = "replaced"
    REMOVED = "removed"
    BLOCKED = "blocked"


SAME_MEANING = frozenset({Fate.UNCHANGED, Fate.REWORDED, Fate.RESCALED})
_STRENGTH = {fate: strength for strength, fate in enumerate(Fate)}


class Block(StrEnum):
    """Why nobody can say what an answer means in the newer version."""

    GONE = "gone"  # the code is gone, and no row of the sheet changes says why
    TEXT = "text"  # its text is another one, and no row says that the meaning is the same
    SCALE = "scale"  # its kind of answer, or a value, label or rubric of its scale, is another one, and no row says so
    NOT_ASKED = "not_asked"  # it stands there, but is no longer asked, and no row says why
    SAME_TARGET = "same_target"  # two codes are said to live on under one code, each with its own meaning


@dataclass(frozen=True, slots=True)
class Link:
    """
    fate: never NEW.
    to: codes of the newer version; () when the fate is REMOVED or BLOCKED.
    notes: what the sheet changes says, per language, one entry per row that has a note, oldest version first.
    fits: per code of `to` the old values that still exist with the same meaning; empty for what is not asked.
    block: why, when the fate is BLOCKED.
    """

    fate: Fate
    to: tuple[str, ...] = ()
    notes: Notes = ()
    fits: Mapping[str, frozenset[str]] = field(default_factory=dict)
    block: Block | None = None


def is_asked(item: Item) -> bool:
    """Whether an assessment may hold an answer to it: context factors too, which stand beside the result."""
    return item.answer != "none" and not item.replaced_by


_FATES = {
    "split": Fate.SPLIT,
    "merged": Fate.MERGED,
    "meaning": Fate.REPLACED,
    "replaced": Fate.REPLACED,
    "removed": Fate.REMOVED,
}


class Hop:
    """From one version straight to a later one, by the rows of the later one and the words of both."""

    def __init__(self, older: Package, newer: Package) -> None:
        self.older, self.newer = older, newer
        rows = (row for row in newer.changes if row.from_version == older.version and row.change != "added")
        self.rows: dict[str, ChangeRow] = {row.code: row for row in rows}

    @cached_property
    def _old_rows(self) -> dict[str, tuple[str, Row]]:
        return rows_by_code(self.older)

    @cached_property
    def _new_rows(self) -> dict[str, tuple[str, Row]]:
        return rows_by_code(self.newer)

    # --- what is asked ------------------------------------------------------------------------------------------------

    def asked(self, code: str) -> Link:
        """
        Raises:
            KeyError: the older version asks no such item.
        """
        return self._asked[code]

    @cached_property
    def _asked(self) -> dict[str, Link]:
        return without_rivals({item.code: self._link(item.code) for item in self.older.items if is_asked(item)})

    def _link(self, code: str) -> Link:
        row = self.rows.get(code)
        if row is None:
            return self._by_words(code)
        notes = (row.note,) if row.note else ()
        if fate := _FATES.get(row.change):
            return self._ended(code, fate, self._asked_among(row.to), notes)
        return self._by_rule(code, row.to[0] if row.to else code, notes)

    def _by_words(self, code: str) -> Link:
        """No row says anything: only the same words, with the same answers to choose from, keep an answer."""
        if not self.newer.has_item(code):
            return Link(Fate.BLOCKED, block=Block.GONE)
        new = self.newer.item(code)
        if new.replaced_by:
            return self._ended(code, Fate.REPLACED, self._asked_among((code,)), ())
        if not is_asked(new):
            return Link(Fate.BLOCKED, block=Block.NOT_ASKED)
        parts = self.differs(code, code).parts
        if changed := MEANING.intersection(parts):
            return Link(Fate.BLOCKED, block=Block.TEXT if Part.TEXT in changed else Block.SCALE)
        return self._living(code, code, Fate.REWORDED if parts else Fate.UNCHANGED, ())

    def _by_rule(self, code: str, target: str, notes: Notes) -> Link:
        """A row says that the meaning is the same."""
        if target not in self._new_rows:
            return Link(Fate.BLOCKED, notes=notes, block=Block.GONE)
        if not (self.newer.has_item(target) and is_asked(self.newer.item(target))):
            return self._ended(code, Fate.REPLACED, self._asked_among((target,)), notes)
        parts = self.differs(code, target).parts
        fate = Fate.RESCALED if Part.ANSWER in parts else Fate.REWORDED
        return self._living(code, target, fate if parts else Fate.UNCHANGED, notes)

    def _living(self, code: str, target: str, fate: Fate, notes: Notes) -> Link:
        return Link(fate, (target,), notes, self._fits(code, (target,)))

    def _ended(self, code: str, fate: Fate, to: tuple[str, ...], notes: Notes) -> Link:
        return Link(fate if to else Fate.REMOVED, to, notes, self._fits(code, to))

    def _fits(self, code: str, to: Sequence[str]) -> dict[str, frozenset[str]]:
        old = Side(self.older, self.older.item(code))
        return {target: fitting_values(old, Side(self.newer, self.newer.item(target))) for target in to}

    def _asked_among(self, codes: Sequence[str]) -> tuple[str, ...]:
        """Those codes that are asked; an item that another one has replaced stands for that one."""
        found = [item.code for item in map(self._last_in_line, codes) if item and is_asked(item)]
        return tuple(dict.fromkeys(found))

    def _last_in_line(self, code: str) -> Item | None:
        seen: set[str] = set()
        while self.newer.has_item(code) and code not in seen:
            seen.add(code)
            item = self.newer.item(code)
            if not item.replaced_by:
                return item
            code = item.replaced_by
        return None

    def differs(self, code: str, target: str) -> Difference:
        old, new = self.older.item(code), self.newer.item(target)
        same_place = new.section in self.named_now(old.section) and new.parent in self.named_now(old.parent)
        return difference(Side(self.older, old), Side(self.newer, new), same_place=same_place)

    def named_now(self, code: str) -> tuple[str, ...]:
        """The codes that go on from this one, whatever it is: itself without a row that says otherwise."""
        row = self.rows.get(code)
        return row.to if row and row.to else (code,)

    # --- what stands beside -------------------------------------------------------------------------------------------

    def beside(self, code: str) -> Link:
        """
        Where a section, a text beside an item, a reference or a term leads. It holds no answer, so nothing is blocked.

        Raises:
            KeyError: the older version has no such code.
        """
        row = self.rows.get(code)
        notes = (row.note,) if row and row.note else ()
        to = tuple(target for target in self.named_now(code) if target in self._new_rows)
        fate = _FATES.get(row.change) if row else None
        if not to or fate is Fate.REMOVED:
            return Link(Fate.REMOVED, notes=notes)
        return Link(fate or self._same_or_reworded(code, to[0]), to, notes)

    def _same_or_reworded(self, code: str, target: str) -> Fate:
        (sheet, old), (new_sheet, new) = self._old_rows[code], self._new_rows[target]
        return Fate.UNCHANGED if sheet == new_sheet and same_row(old, new, sheet) else Fate.REWORDED


def without_rivals(links: Mapping[str, Link]) -> dict[str, Link]:
    """
    Block the codes that are said to live on, each with its own meaning, under one code.

    The code that stays itself has the better right, blocked or not: one code names one meaning.
    """
    claims: dict[str, list[str]] = {}
    for code, link in links.items():
        if link.fate in SAME_MEANING or link.fate is Fate.BLOCKED:
            claims.setdefault(link.to[0] if link.to else code, []).append(code)
    rivals = {code for target, codes in claims.items() if len(codes) > 1 for code in codes if code != target}
    disputed = {code: Link(Fate.BLOCKED, notes=links[code].notes, block=Block.SAME_TARGET) for code in rivals}
    return {**links, **disputed}


def rows_by_code(package: Package) -> dict[str, tuple[str, Row]]:
    """Every row that has a code, with its sheet, in the order of the sheets."""
    sheets = ("sections", "items", "support", "verdicts", "references", "glossary")
    return {row.code: (sheet, row) for sheet in sheets for row in package.rows(sheet)}


class Journey:
    """From the first version of a chain to its last."""

    def __init__(self, chain: Sequence[Package]) -> None:
        self.chain = tuple(chain)
        self._hops: dict[tuple[int, int], Hop] = {}

    def asked(self, code: str, at: int = 0) -> Link:
        return self._follow(code, at, asked=True)

    def beside(self, code: str, at: int = 0) -> Link:
        return self._follow(code, at, asked=False)

    def _follow(self, code: str, at: int, *, asked: bool) -> Link:
        if at == len(self.chain) - 1:
            return self._arrived(code) if asked else Link(Fate.UNCHANGED, (code,))
        after = self._next_stop(code, at)
        hop = self.hop(at, after)
        first = hop.asked(code) if asked else hop.beside(code)
        return _joined(first, {target: self._follow(target, after, asked=asked) for target in first.to})

    def _arrived(self, code: str) -> Link:
        item = Side(self.chain[-1], self.chain[-1].item(code))
        return Link(Fate.UNCHANGED, (code,), fits={code: fitting_values(item, item)})

    def _next_stop(self, code: str, at: int) -> int:
        """The last version that has a row for this code of this version; the next version when none has."""
        later = range(len(self.chain) - 1, at, -1)
        return next((after for after in later if code in self.hop(at, after).rows), at + 1)

    def hop(self, at: int, after: int) -> Hop:
        if (at, after) not in self._hops:
            self._hops[at, after] = Hop(self.chain[at], self.chain[after])
        return self._hops[at, after]


def _joined(first: Link, rest: Mapping[str, Link]) -> Link:
    """
    Args:
        rest: per code that the first link leads to, where that one leads.
    """
    blocked = [link for link in rest.values() if link.fate is Fate.BLOCKED]
    living = {code: link for code, link in rest.items() if link.to}
    notes = tuple(_once(note for link in (first, *rest.values()) for note in link.notes))
    if blocked:
        return Link(Fate.BLOCKED, notes=notes, block=blocked[0].block)
    if not living:
        return first if not rest else Link(Fate.REMOVED, notes=notes)
    fate = max((first.fate, *(link.fate for link in living.values())), key=_STRENGTH.__getitem__)
    fits: dict[str, frozenset[str]] = {}
    for code, link in living.items():
        for target in link.to:
            here = first.fits.get(code, frozenset()) & link.fits.get(target, frozenset())
            fits[target] = fits[target] & here if target in fits else here
    return Link(fate, tuple(fits), notes, fits)


def _once(notes: Iterator[Mapping[str, str]]) -> list[Mapping[str, str]]:
    kept: list[Mapping[str, str]] = []
    for note in notes:
        if note not in kept:
            kept.append(note)
    return kept

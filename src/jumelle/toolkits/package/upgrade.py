"""
How the answers to an older version of a toolkit carry over to a newer one: a plan, which changes nothing itself.

The plan rests on two things only: what the sheet `changes` of the newer versions says (a rule), and what is exactly
the same in both (words). Where the words of a question or of its scale differ and no rule says how, it is blocked.
What may be decided for each answer is in `offers`; what two versions have in common, for comparing, in `overlap`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from jumelle.toolkits.package.chains import check_chain
from jumelle.toolkits.package.comparison import Difference, Part, Side, TextChange, difference
from jumelle.toolkits.package.links import SAME_MEANING, Block, Fate, Journey, Link, Notes, is_asked, rows_by_code, without_rivals
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.sheets import Item, Row


@dataclass(frozen=True, slots=True)
class Step:
    """
    What becomes of one item that is asked, or of one that is new.

    code: the old code; of a new item, the new one.
    to: codes of asked items of the newer version, in which the answer may live on; () when REMOVED or BLOCKED.
    notes: what the versions say about it, per language, oldest first; what a person should read before deciding.
    old_item: None for a new item.
    new_items: the items of `to`; when BLOCKED, the item of the same code, if there is one, to show beside the old.
    value_fits: per code of `to` the old values that still exist with the same meaning. "" stands for an answer in words,
        a number or a date, or a note without an answer.
    parts, words: what differs, when the meaning is the same or when it is blocked; else (). Both are empty as well when
        words were changed in one version and changed back in a later one.
    block: why it is blocked; None when it is not.
    """

    code: str
    fate: Fate
    to: tuple[str, ...] = ()
    notes: Notes = ()
    old_item: Item | None = None
    new_items: tuple[Item, ...] = ()
    value_fits: Mapping[str, frozenset[str]] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    words: tuple[TextChange, ...] = ()
    block: Block | None = None

    @property
    def keeps_meaning(self) -> bool:
        return self.fate in SAME_MEANING


@dataclass(frozen=True, slots=True)
class BesideStep:
    """
    What becomes of what holds no answer: sections, items that are only read, tips, examples, verdicts, references, terms.

    sheet: where it stands in the older version; of what is new, in the newer one.
    old: None for what is new.
    new: the rows of `to`.
    """

    code: str
    sheet: str
    fate: Fate
    to: tuple[str, ...] = ()
    notes: Notes = ()
    old: Row | None = None
    new: tuple[Row, ...] = ()


@dataclass(frozen=True)
class UpgradePlan:
    """
    via: the versions that the plan goes through, both ends included.
    steps: one per item that the older version asks, in its order.
    new: one per item that the newer version asks and no old answer can reach, in its order.
    beside: one per other row with a code: first those of the older version, then what is new. For information.
    sections: per section of the older version the sections that go on from it; () when none does.
    themes: per top section of the older version the top sections of the newer one that hold what goes on from it.
    """

    older: Package
    newer: Package
    via: tuple[str, ...]
    steps: tuple[Step, ...]
    new: tuple[Step, ...]
    beside: tuple[BesideStep, ...]
    sections: Mapping[str, tuple[str, ...]]
    themes: Mapping[str, tuple[str, ...]]

    @cached_property
    def by_code(self) -> Mapping[str, Step]:
        """The steps of the old codes."""
        return {step.code: step for step in self.steps}

    @cached_property
    def into(self) -> Mapping[str, tuple[Step, ...]]:
        """Per new code the steps that lead to it."""
        found: dict[str, list[Step]] = {}
        for step in self.steps:
            for target in step.to:
                found.setdefault(target, []).append(step)
        return {target: tuple(steps) for target, steps in found.items()}

    @cached_property
    def blocked(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.fate is Fate.BLOCKED)

    def of(self, fate: Fate) -> tuple[Step, ...]:
        return tuple(step for step in (*self.steps, *self.new) if step.fate is fate)


def plan_upgrade(chain: Sequence[Package]) -> UpgradePlan:
    """
    Args:
        chain: the older version first, then those in between, the newer one last; `chains.chain_of` finds them.
            A chain of one gives the plan from a version to itself: everything is unchanged.
    Raises:
        ChainBroken: the packages are not a line of versions; the subclasses in `chains` say what is wrong.
    """
    check_chain(chain)
    return _Planner(chain).plan()


class _Planner:
    def __init__(self, chain: Sequence[Package]) -> None:
        self.chain = tuple(chain)
        self.older, self.newer = self.chain[0], self.chain[-1]
        self.journey = Journey(self.chain)

    def plan(self) -> UpgradePlan:
        steps = tuple(self._steps())
        beside = tuple(self._beside())
        sections = {step.code: tuple(filter(self.newer.has_section, step.to)) for step in beside if self._is_old_section(step)}
        return UpgradePlan(
            older=self.older,
            newer=self.newer,
            via=tuple(package.version for package in self.chain),
            steps=steps,
            new=tuple(self._new(steps)),
            beside=(*beside, *self._new_beside(beside)),
            sections=sections,
            themes=self._themes(steps, sections),
        )

    # --- what is asked ------------------------------------------------------------------------------------------------

    def _steps(self) -> Iterator[Step]:
        links = {item.code: self.journey.asked(item.code) for item in self.older.items if is_asked(item)}
        for code, link in without_rivals(links).items():
            yield self._step(code, link)

    def _step(self, code: str, link: Link) -> Step:
        shown = link.to
        if link.fate is Fate.BLOCKED and self.newer.has_item(code):
            shown = (code,)
        differs = Difference()
        if link.fate is not Fate.UNCHANGED and (link.fate in SAME_MEANING or link.block) and shown:
            differs = self._differs(code, shown[0])
        return Step(
            code=code,
            fate=link.fate,
            to=link.to,
            notes=link.notes,
            old_item=self.older.item(code),
            new_items=tuple(map(self.newer.item, shown)),
            value_fits=link.fits,
            parts=differs.parts,
            words=differs.words,
            block=link.block,
        )

    def _differs(self, code: str, target: str) -> Difference:
        old, new = self.older.item(code), self.newer.item(target)
        same_place = new.section in self._named_now(old.section) and new.parent in self._named_now(old.parent)
        return difference(Side(self.older, old), Side(self.newer, new), same_place=same_place)

    def _named_now(self, code: str) -> tuple[str, ...]:
        return self.journey.beside(code).to if code else ("",)

    def _new(self, steps: Sequence[Step]) -> Iterator[Step]:
        shown = {item.code for step in steps for item in step.new_items}
        notes = _notes_of_added(self.newer)
        for item in self.newer.items:
            if is_asked(item) and item.code not in shown:
                yield Step(item.code, Fate.NEW, (item.code,), notes.get(item.code, ()), new_items=(item,))

    # --- what stands beside -------------------------------------------------------------------------------------------

    def _beside(self) -> Iterator[BesideStep]:
        after = rows_by_code(self.newer)
        for code, (sheet, row) in rows_by_code(self.older).items():
            if not (isinstance(row, Item) and is_asked(row)):
                link = self.journey.beside(code)
                new = tuple(after[target][1] for target in link.to)
                yield BesideStep(code, sheet, link.fate, link.to, link.notes, row, new)

    def _new_beside(self, beside: Sequence[BesideStep]) -> Iterator[BesideStep]:
        reached = {target for step in beside for target in step.to}
        notes = _notes_of_added(self.newer)
        for code, (sheet, row) in rows_by_code(self.newer).items():
            if code not in reached and not (isinstance(row, Item) and is_asked(row)):
                yield BesideStep(code, sheet, Fate.NEW, (code,), notes.get(code, ()), new=(row,))

    # --- sections -----------------------------------------------------------------------------------------------------

    @staticmethod
    def _is_old_section(step: BesideStep) -> bool:
        return step.sheet == "sections" and step.old is not None

    def _themes(self, steps: Sequence[Step], sections: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        found: dict[str, set[str]] = {theme.code: set() for theme in self.older.top_sections()}
        for code, targets in sections.items():
            theme = self.older.top_section_of(code).code
            found[theme] |= {self.newer.top_section_of(target).code for target in targets}
        for step in steps:
            theme = self.older.top_section_of(self.older.item(step.code).section).code
            found[theme] |= {self.newer.top_section_of(self.newer.item(target).section).code for target in step.to}
        order = [theme.code for theme in self.newer.top_sections()]
        return {theme: tuple(code for code in order if code in tops) for theme, tops in found.items()}


def _notes_of_added(package: Package) -> dict[str, Notes]:
    return {row.to[0] if row.to else row.code: (row.note,) for row in package.changes if row.change == "added" and row.note}

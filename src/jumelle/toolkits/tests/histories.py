"""
Random histories of a toolkit, for properties: an author edits version after version and knows what each edit means.

What the author knows is kept beside the packages, so that a plan can be held against it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from jumelle.toolkits.package.links import is_asked
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.sheets import ChangeRow, Head, Item, Language, Level, Section, Support
from jumelle.toolkits.tests.factories import SHEETS

SECTIONS = ("A", "B")
ANSWERS = ("first", "second", "text", "number")
LEVELS = {
    "first": {"yes": "met", "no": "unmet", "na": "na"},
    "second": {"yes": "met", "partly": "partly", "no": "unknown"},
}
LANGUAGES = tuple(Language(code=code, state="original") for code in ("fr", "en"))
THEMES = tuple(Section(code=code, kind="theme", title={"fr": code, "en": code}) for code in SECTIONS)

HONEST = (
    "reword", "explain", "advise", "move", "rename", "rescale", "rephrase_scale", "renew", "split", "merge", "join", "retire",
    "remove", "add",
)  # fmt: skip
LIES = ("reword_in_silence", "rescale_in_silence", "rephrase_scale_in_silence", "drop_in_silence", "unask_in_silence", "claim")
MAX_CHANGES = 3


@dataclass(frozen=True)
class History:
    """
    packages: version by version; at least two.
    heirs: per version after the first, per code asked before it, the codes that go on from it.
    lies: per version after the first, the codes changed so that nobody can know what an old answer means now.
    edited: per version after the first, the codes that are not exactly as before.
    meanings: per version, per code, what it means; equal when, and only when, an answer to one is an answer to the other.
    """

    packages: tuple[Package, ...]
    heirs: tuple[dict[str, frozenset[str]], ...]
    lies: tuple[frozenset[str], ...]
    edited: tuple[frozenset[str], ...]
    meanings: tuple[dict[str, frozenset[int]], ...]

    @property
    def first(self) -> Package:
        return self.packages[0]

    @property
    def last(self) -> Package:
        return self.packages[-1]

    def heirs_of(self, code: str) -> frozenset[str]:
        """The codes of the last version that go on from a code of the first."""
        return self._path(code)[-1]

    def is_lied_about(self, code: str) -> bool:
        return any(step & lies for step, lies in zip(self._path(code), self.lies, strict=False))

    def is_edited(self, code: str) -> bool:
        return any(step & edited for step, edited in zip(self._path(code), self.edited, strict=False))

    def _path(self, code: str) -> list[frozenset[str]]:
        path = [frozenset({code})]
        for heirs in self.heirs:
            path.append(frozenset[str]().union(*(heirs[step] for step in path[-1])))
        return path

    def __repr__(self) -> str:
        """Only what the author wrote, so that a failure can be read."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"History of {', '.join(item.code for item in self.first.items)}"
        for number, (before, after) in enumerate(pairwise(self.packages)):
            rows = [f"{row.from_version} {row.code} {row.change} {' '.join(row.to)}" for row in after.changes]
            gone = [item.code for item in before.items if not after.has_item(item.code)]
            yield f"{after.version}: {rows}, gone {gone}, edited {sorted(self.edited[number])}, lies {sorted(self.lies[number])}"


class Author:
    """
    Holds the toolkit as it stands, and writes a version at a time.

    An edit gets two numbers, which choose among the items that this version has not edited yet, and one of two ways to do it.
    """

    def __init__(self) -> None:
        self.count = 0
        self.items: dict[str, Item] = {}
        self.meanings: dict[str, frozenset[int]] = {}
        self.levels = [
            Level.model_construct(scale=scale, value=value, meaning=meaning, label=self.words(), rubric=self.words())
            for scale, values in LEVELS.items()
            for value, meaning in values.items()
        ]
        self.tips: list[Support] = []
        for number in range(5):
            self.put(answer=ANSWERS[number % 4], kind="question", section=SECTIONS[number // 3])
        self.put(answer="text", kind="context_factor", section="B")
        self.put(answer="none", kind="point", section="B")
        self.first_meanings = dict(self.meanings)
        self.packages: list[Package] = []
        self.packages.append(self._package(()))

    def words(self, before: dict[str, str] | None = None, *, languages: Iterable[str] = ("fr", "en")) -> dict[str, str]:
        """New words in these languages; those of before in the others."""
        self.count += 1
        return {**(before or {}), **dict.fromkeys(languages, f"words {self.count}")}

    def put(self, meaning: frozenset[int] | None = None, **columns: Any) -> str:
        """Add an item under a code that was never used."""
        self.count += 1
        code = f"Q{self.count}"
        self.items[code] = Item.model_construct(code=code, text=self.words(), **columns)
        self.meanings[code] = meaning or frozenset({self.count})
        return code

    def put_like(self, old: Item, meaning: frozenset[int] | None = None) -> str:
        return self.put(meaning, answer=old.answer, kind=old.kind, section=old.section)

    def change(self, code: str, **columns: Any) -> None:
        self.items[code] = self.items[code].model_copy(update=columns)

    # --- version by version -------------------------------------------------------------------------------------------

    def begin(self) -> None:
        self.before = dict(self.items)
        self.old_tips = frozenset(tip.code for tip in self.tips)
        self.free = [code for code, item in self.items.items() if is_asked(item)]
        self.heirs = {code: frozenset({code}) for code in self.free}
        self.rows: list[ChangeRow] = []
        self.lies: set[str] = set()
        self.edited: set[str] = set()
        self.rephrased: dict[str, bool] = {}

    def finish(self, shortcuts: Iterable[int] = ()) -> None:
        """Say of every item whose scale got other words that it means the same, or be silent about it; then publish."""
        explained = {row.code for row in self.rows} | self.lies
        for code in self.heirs:
            told = self.rephrased.get(self.before[code].answer)
            if told is not None and code not in explained and code in self.items and is_asked(self.items[code]):
                self.say("wording", code) if told else self.lie(code)
        self.packages.append(self._package([*self.rows, *self._shortcuts(shortcuts)]))

    def _package(self, rows: Iterable[ChangeRow]) -> Package:
        number = len(self.packages)
        supersedes = self._version(number - 1) if number else ""
        return Package.model_construct(
            package=Head.model_construct(**SHEETS["package"] | {"version": self._version(number), "supersedes": supersedes}),
            languages=LANGUAGES,
            sections=THEMES,
            items=tuple(self.items.values()),
            scales=tuple(self.levels),
            support=tuple(self.tips),
            changes=tuple(rows),
        )

    @staticmethod
    def _version(number: int) -> str:
        return f"1.{number}.0"

    def _shortcuts(self, numbers: Iterable[int]) -> Iterator[ChangeRow]:
        """True words about some codes of the first version, when that is not the version just before."""
        first = self.packages[0]
        asked = [item.code for item in first.items if is_asked(item)] if len(self.packages) > 1 else []
        now = {self.meanings[code]: code for code, item in self.items.items() if is_asked(item)}
        for code in {asked[number % len(asked)] for number in numbers if asked}:
            if target := now.get(self.first_meanings[code]):
                to = () if target == code else (target,)
                yield ChangeRow(from_version=first.version, code=code, change="wording", to=to, note=self.words())
            elif code not in self.items:
                yield ChangeRow(from_version=first.version, code=code, change="removed")

    # --- what edits are made of ---------------------------------------------------------------------------------------

    def take(self, number: int) -> str | None:
        return self.free.pop(number % len(self.free)) if self.free else None

    def take_two(self, first: int, second: int) -> tuple[str, str] | None:
        one, other = self.take(first), self.take(second)
        return (one, other) if one and other else None

    def say(self, change: str, code: str, *to: str) -> None:
        self.edited.add(code)
        row = {"from_version": self.packages[-1].version, "code": code, "change": change, "to": to, "note": self.words()}
        self.rows.append(ChangeRow.model_construct(**row))

    def lie(self, code: str) -> None:
        self.edited.add(code)
        self.lies.add(code)
        if code in self.items:
            self.count += 1
            self.meanings[code] = frozenset({self.count})

    def drop(self, code: str) -> Item:
        """Take an item away with its tips, and with the items that it had replaced."""
        for tip in [tip for tip in self.tips if tip.for_ == code]:
            self.tips.remove(tip)
            if tip.code in self.old_tips:
                self.say("removed", tip.code)
        for old in [old for old, item in self.items.items() if item.replaced_by == code]:
            self.drop(old)
            self.say("removed", old)
        del self.meanings[code]
        return self.items.pop(code)

    def _other_answer(self, code: str, number: int) -> str:
        others = [answer for answer in ANSWERS if answer != self.items[code].answer]
        return others[number % len(others)]

    def _rephrase(self, first: int, second: int, column: str) -> str:
        scale = ANSWERS[first % 2]
        places = [place for place, level in enumerate(self.levels) if level.scale == scale]
        place = places[second % len(places)]
        words = self.words(getattr(self.levels[place], column), languages=["fr"])
        self.levels[place] = self.levels[place].model_copy(update={column: words})
        return scale

    # --- honest edits -------------------------------------------------------------------------------------------------

    def leave(self, first: int, second: int, way: bool) -> None:
        """Change nothing: what a failing history shrinks to."""

    def reword(self, first: int, _second: int, way: bool) -> None:
        if code := self.take(first):
            self.change(code, text=self.words(self.items[code].text, languages=["en"] if way else ["fr", "en"]))
            self.say("wording", code)

    def explain(self, first: int, _second: int, way: bool) -> None:
        if code := self.take(first):
            self.change(code, help=self.words() if way or not self.items[code].help else {})
            self.edited.add(code)

    def advise(self, first: int, _second: int, _way: bool) -> None:
        if code := self.take(first):
            self.count += 1
            self.tips.append(Support.model_construct(code=f"T{self.count}", for_=code, kind="tip", text=self.words()))
            self.edited.add(code)

    def move(self, first: int, _second: int, way: bool) -> None:
        if code := self.take(first):
            self.change(code, section=SECTIONS[1 - SECTIONS.index(self.items[code].section)])
            self.edited.add(code)
            if way:
                self.say("moved", code)

    def rename(self, first: int, _second: int, way: bool) -> None:
        if code := self.take(first):
            meaning, old = self.meanings[code], self.drop(code)
            new = self.put_like(old, meaning)
            self.change(new, text=old.text, help=old.help)
            self.heirs[code] = frozenset({new})
            self.say("moved" if way else "wording", code, new)

    def rescale(self, first: int, second: int, _way: bool) -> None:
        if code := self.take(first):
            self.change(code, answer=self._other_answer(code, second))
            self.say("wording", code)

    def rephrase_scale(self, first: int, second: int, way: bool) -> None:
        self.rephrased[self._rephrase(first, second, "label" if way else "rubric")] = True

    def renew(self, first: int, second: int, way: bool) -> None:
        if code := self.take(first):
            old = self.drop(code)
            new = [self.put_like(old) for _ in range(1 + second % 2)]
            self.heirs[code] = frozenset(new)
            self.say("meaning" if way else "replaced", code, *new)

    def split(self, first: int, _second: int, way: bool) -> None:
        if code := self.take(first):
            parts = [self.put_like(self.items[code]) for _ in range(1 if way else 2)]
            if way:  # the code stays, for the part that it now names
                parts.append(code)
                self.change(code, text=self.words())
                self.meanings[code] = frozenset({self.count})
            else:
                self.drop(code)
            self.heirs[code] = frozenset(parts)
            self.say("split", code, *parts)

    def merge(self, first: int, second: int, way: bool) -> None:
        if both := self.take_two(first, second):
            one, other = both
            meaning = self.meanings[one] | self.meanings[other]
            self.drop(other)
            if way:  # the code stays, and widens
                new = one
                self.change(one, text=self.words())
                self.meanings[one] = meaning
            else:
                new = self.put_like(self.drop(one), meaning)
            for code in both:
                self.heirs[code] = frozenset({new})
                self.say("merged", code, new)

    def join(self, first: int, second: int, _way: bool) -> None:
        """Let one item go on in another one, which stays as it is."""
        if both := self.take_two(first, second):
            stays, goes = both
            self.drop(goes)
            self.heirs[goes] = frozenset({stays})
            self.say("merged", goes, stays)

    def retire(self, first: int, second: int, _way: bool) -> None:
        """Keep an item for its old answers, and ask another one in its place."""
        if both := self.take_two(first, second):
            stays, goes = both
            self.change(goes, replaced_by=stays)
            self.heirs[goes] = frozenset({stays})
            self.edited.add(goes)

    def remove(self, first: int, _second: int, _way: bool) -> None:
        if code := self.take(first):
            self.drop(code)
            self.heirs[code] = frozenset()
            self.say("removed", code)

    def add(self, first: int, second: int, way: bool) -> None:
        kind = "context_factor" if way else "question"
        self.say("added", self.put(answer=ANSWERS[first % 4], kind=kind, section=SECTIONS[second % 2]))

    # --- lies ---------------------------------------------------------------------------------------------------------

    def reword_in_silence(self, first: int, _second: int, way: bool) -> None:
        if code := self.take(first):
            self.change(code, text=self.words(self.items[code].text, languages=["fr" if way else "en"]))
            self.lie(code)

    def rescale_in_silence(self, first: int, second: int, _way: bool) -> None:
        if code := self.take(first):
            self.change(code, answer=self._other_answer(code, second))
            self.lie(code)

    def rephrase_scale_in_silence(self, first: int, second: int, way: bool) -> None:
        self.rephrased.setdefault(self._rephrase(first, second, "label" if way else "rubric"), False)

    def drop_in_silence(self, first: int, _second: int, _way: bool) -> None:
        if code := self.take(first):
            self.drop(code)
            self.heirs[code] = frozenset()
            self.lie(code)

    def unask_in_silence(self, first: int, _second: int, _way: bool) -> None:
        if code := self.take(first):
            self.change(code, answer="none")
            self.heirs[code] = frozenset()
            self.lie(code)

    def claim(self, first: int, second: int, _way: bool) -> None:
        """Say that an item has the meaning of another one, which stays as it is."""
        if both := self.take_two(first, second):
            stays, goes = both
            self.drop(goes)
            self.heirs[goes] = frozenset()
            self.say("wording", goes, stays)
            self.lie(goes)


def write_history(versions: Sequence[Sequence[tuple[str, int, int, bool]]], shortcuts: Iterable[int] = ()) -> History:
    """
    Args:
        versions: the edits of each version after the first: the name of the author's method and what it gets.
        shortcuts: which items of the first version the last one has rows for, counted.
    """
    author = Author()
    heirs, lies, edited, meanings = [], [], [], [author.first_meanings]
    for number, edits in enumerate(versions, start=1):
        author.begin()
        for name, first, second, way in edits:
            getattr(author, name)(first, second, way)
        author.finish(shortcuts if number == len(versions) else ())
        heirs.append(author.heirs)
        lies.append(frozenset(author.lies))
        edited.append(frozenset(author.edited))
        meanings.append(dict(author.meanings))
    return History(tuple(author.packages), tuple(heirs), tuple(lies), tuple(edited), tuple(meanings))


def _decoded(script: bytes, names: Sequence[str], *, shortcuts: bool) -> History:
    """The first byte says how many versions, two bytes are an edit: drawing nothing else keeps a thousand histories quick."""
    count = 1 + script[0] % MAX_CHANGES
    edits = [_edit(verb, places, names) for verb, places in zip(script[1::2], script[2::2], strict=False)]
    length = -(-len(edits) // count)
    versions = [edits[start * length : (start + 1) * length] for start in range(count)]
    return write_history(versions, [byte % 7 for byte in script[-3:]] if shortcuts else ())


def _edit(verb: int, places: int, names: Sequence[str]) -> tuple[str, int, int, bool]:
    number, way = divmod(verb, 2)
    return names[number % len(names)], places % 16, places // 16, bool(way)


def histories(*, lies: bool = False, shortcuts: bool = False) -> st.SearchStrategy[History]:
    """Histories of two to four versions, with four to fourteen edits together."""
    names = ("leave", *HONEST, *LIES) if lies else ("leave", *HONEST)
    scripts = st.binary(min_size=1 + 2 * 4, max_size=1 + 2 * 14)
    return scripts.map(lambda script: _decoded(script, names, shortcuts=shortcuts))

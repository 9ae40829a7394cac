"""
The answers of an opened round, side by side: per item who said what, where people are apart, and what was agreed.

The only place that counts what respondents said. Where nobody was to be told who said what, roles are merged until at least
`K_INSIDE` people stand in each group that is shown; of a theme that fewer were asked nothing is shown at all. A group is made of those
who were asked the theme and sent in, whatever they said. The rules are told in `docs/explanation/divergence-and-small-groups.md`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet

from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import AgreedAnswer, Assessment, Respondent, RespondentAnswer, Round
from jumelle.assessments.queries.agreed import agreed_in
from jumelle.assessments.queries.rounds import answers_on_the_table, asked_sheet, rounds_of, sent_in
from jumelle.assessments.queries.sheet import Entry, Sheet, Theme
from jumelle.assessments.queries.upgrading import upgrades_of
from jumelle.engines.consensus.divergence import Divergence, divergence_of, ranked
from jumelle.engines.consensus.replies import JUDGED, Item, Level, Reply, evenly_spaced
from jumelle.engines.disclosure.grouping import ShownGroup, merge_small_groups
from jumelle.engines.disclosure.thresholds import K_INSIDE
from jumelle.engines.scoring.tally import State
from jumelle.toolkits.package.sheets import Level as ScaleLevel

_NOTHING = ("", False)
_RANK = {State.UNMET: 0, State.PARTLY: 1, State.MET: 2}


class Show(StrEnum):
    """Which points of a round one looks at."""

    DISCUSS = "discuss"
    DIFFER = "differ"
    UNKNOWN = "unknown"
    ALL = "all"

    @classmethod
    def named(cls, name: str) -> "Show":
        """Any other name stands for what one comes for."""
        return next((show for show in cls if show == name), cls.DISCUSS)

    def takes(self, point: "Point") -> bool:
        return {
            Show.DISCUSS: point.is_to_discuss,
            Show.DIFFER: point.differs,
            Show.UNKNOWN: point.is_unknown_to_some,
            Show.ALL: True,
        }[self]


@dataclass(frozen=True, slots=True)
class Voice:
    """
    What a respondent wrote for the others.

    role: as whom; "" where this would say too much. name: "" unless the round shows names.
    """

    text: str
    role: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class NamedReply:
    """What one person said: only in a round that shows names. value, text, note: "" for none."""

    name: str
    role: str
    state: State
    value: str
    text: str = ""
    note: str = ""


@dataclass(frozen=True)
class Point:
    """
    One item on the table.

    divergence: how it was answered; None where nothing may be shown of the theme.
    groups: who is shown together, in display order; there is nothing to tell apart in one group alone.
    written, notes: answers in words, and notes; read only where they were asked for, in an order that says nothing.
    replies: who said what, in a round that shows names; read only where they were asked for.
    """

    entry: Entry
    theme: Theme
    divergence: Divergence | None
    groups: tuple[ShownGroup, ...]
    agreed: AgreedAnswer | None
    written: tuple[Voice, ...] = ()
    notes: tuple[Voice, ...] = ()
    replies: tuple[NamedReply, ...] = ()

    @property
    def code(self) -> str:
        return self.entry.code

    @property
    def is_withheld(self) -> bool:
        return self.divergence is None

    @property
    def differs(self) -> bool:
        return self.divergence is not None and bool(self.divergence.disagreement)

    @property
    def is_unknown_to_some(self) -> bool:
        return self.divergence is not None and self.divergence.overall.unknown > 0

    @property
    def is_to_discuss(self) -> bool:
        """Also what nobody may see, because only talking helps there; and what was written in words."""
        return (
            self.divergence is None or self.differs or self.is_unknown_to_some or (self.divergence.overall.written > 0 and self.is_counted)
        )

    @property
    def is_counted(self) -> bool:
        """Context factors stand beside and are never counted."""
        return not self.entry.is_context

    @property
    def said_by_all(self) -> str:
        """The value that everybody chose who has an opinion, at least two, and nobody did not know; "" for none."""
        found = self.divergence
        if found is None or found.disagreement != 0 or found.overall.unknown:
            return ""
        return self.entry.not_applicable if found.is_mostly_na else found.majority or ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many said one thing. level: of the scale; None for what no scale offers."""

    state: State
    level: ScaleLevel | None
    count: int


@dataclass(frozen=True)
class Discussion:
    """
    An opened round.

    sheet: what was asked, in the version of that time; without answers.
    points: everything in it, what is most worth discussing first.
    sent_in: how many people did.
    withheld: the themes of which nothing may be shown.
    """

    round: Round
    sheet: Sheet
    points: tuple[Point, ...]
    sent_in: int
    withheld: tuple[Theme, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Point]:
        return {point.code: point for point in self.points}

    def shown(self, show: Show) -> tuple[Point, ...]:
        return tuple(point for point in self.points if show.takes(point))

    @property
    def of(self) -> int:
        """N: the items that count."""
        return sum(point.is_counted for point in self.points)

    @property
    def agreed(self) -> int:
        """n: those of them that the group has agreed upon."""
        return sum(point.is_counted and point.agreed is not None for point in self.points)

    @property
    def said_by_all(self) -> tuple[Point, ...]:
        """What everybody said alike and is not agreed yet, in the toolkit's order."""
        found = {point.code for point in self.points if point.said_by_all and point.agreed is None}
        return tuple(self.by_code[code] for code in self.sheet.all_entries if code in found)


def opened_rounds_of(assessment: Assessment) -> QuerySet[Round]:
    """Rounds whose answers lie or lay on the table, the newest first; a round that was given up is none."""
    return rounds_of(assessment).exclude(opened_at=None)


def discussion_of(round: Round, *, reads: Callable[[Point], bool] | None = None) -> Discussion:
    """
    Seven queries at most, however many people answered however much.

    Args:
        round: one that was opened; nothing lies on the table of another one.
        reads: of which points the texts are read and decrypted, too; None: of none.
    """
    table = _Table(round)
    points = table.points()
    if reads is not None:
        points = table.with_words(points, reads)
    withheld = {point.theme.code for point in points if point.is_withheld}
    return Discussion(
        round=round,
        sheet=table.sheet,
        points=points,
        sent_in=len(table.people),
        withheld=tuple(theme for theme in table.sheet.themes if theme.code in withheld),
    )


def asked_in(round: Round) -> Sheet:
    """Everything that somebody who sent in was asked, in the version of the toolkit that they were asked with; no answers."""
    return asked_sheet(_as_it_was(round), _themes_of(sent_in(round).values_list("themes", flat=True)), {})


def levels_of(entry: Entry) -> tuple[Level, ...]:
    """
    The levels of a scale that judge, from the lowest to the highest, one step apart.

    Toolkits list them in either direction; the meanings of the first and the last say in which.
    """
    judged = [(level.value, _RANK[State(level.meaning)]) for level in entry.levels if State(level.meaning) in _RANK]
    if judged and judged[0][1] > judged[-1][1]:
        judged.reverse()
    return evenly_spaced([value for value, _rank in sorted(judged, key=lambda level: level[1])])


def counts_of(point: Point) -> tuple[Count, ...]:
    """
    How many said what, in the order of the toolkit: levels first, "no answer" last. Empty where nothing may be shown.

    What nobody said is left out, but for the levels that judge.
    """
    if point.divergence is None:
        return ()
    found = point.divergence.overall
    judged = dict(found.levels)
    counts = [Count(State(level.meaning), level, judged[level.value]) for level in point.entry.levels if level.value in judged]
    others = {State(level.meaning): level for level in point.entry.levels if level.value not in judged}
    for state, count in (
        (State.WRITTEN, found.written),
        (State.NA, found.na),
        (State.UNKNOWN, found.unknown),
        (State.UNANSWERED, found.unanswered),
    ):
        if count:
            counts.append(Count(state, others.get(state), count))
    return tuple(counts)


def _as_it_was(round: Round) -> Assessment:
    """The assessment with the version and the themes of the time of the round; none is upgraded while one runs."""
    assessment = round.assessment
    later = upgrades_of(assessment).filter(made_at__gte=round.started_at).defer("from_version__content", "to_version__content")
    upgrade = later.last() if round.closed_at else None
    if upgrade is None:
        return assessment
    earlier = copy(assessment)
    earlier.toolkit_version, earlier.themes = upgrade.from_version, upgrade.themes_before
    return earlier


def _themes_of(people: Iterable[Iterable[str]]) -> frozenset[str]:
    return frozenset(code for themes in people for code in themes)


@dataclass(frozen=True, slots=True)
class _Person:
    role: str
    themes: frozenset[str]
    name: str


class _Table:
    """What was said, as raw rows: nothing of it leaves this module but counted, merged, or named where the group chose so."""

    def __init__(self, round: Round) -> None:
        self.round = round
        self.people = _people_of(round)
        self._asked: dict[str, dict[UUID, _Person]] = {}
        themes = _themes_of(person.themes for person in self.people.values())
        self.sheet = asked_sheet(_as_it_was(round), themes, {})
        self.said: dict[str, dict[UUID, tuple[str, bool]]] = defaultdict(dict)
        answers = answers_on_the_table(round).order_by()
        written = set(answers.exclude(text="").values_list("respondent_id", "item_code"))
        for person, code, value in answers.values_list("respondent_id", "item_code", "value"):
            self.said[code][person] = (value, (person, code) in written)

    # --- counting -----------------------------------------------------------------------------------------------------

    def points(self) -> tuple[Point, ...]:
        agreed = agreed_in(self.round)
        found = [
            Point(entry, theme, divergence, groups, agreed.get(entry.code))
            for theme in self.sheet.themes
            for groups, is_enough in [self.groups_of(theme)]
            for entry, divergence in self.divergences(theme, groups, is_enough)
        ]
        by_code = {point.code: point for point in found}
        order = ranked(point.divergence for point in found if point.divergence)
        return (*(by_code[each.code] for each in order), *(point for point in found if point.is_withheld))

    def asked(self, theme: Theme) -> dict[UUID, _Person]:
        if theme.code not in self._asked:
            self._asked[theme.code] = {pk: person for pk, person in self.people.items() if theme.code in person.themes}
        return self._asked[theme.code]

    def groups_of(self, theme: Theme) -> tuple[tuple[ShownGroup, ...], bool]:
        """Who is shown together, and whether anything may be shown at all."""
        sizes = dict.fromkeys(RespondentRole.values, 0)
        for person in self.asked(theme).values():
            sizes[person.role] += 1
        if self.round.shows_names:
            return tuple(ShownGroup((role,), size) for role, size in sizes.items() if size), True
        grouping = merge_small_groups(sizes, K_INSIDE, order=RespondentRole.values)
        return grouping.groups if grouping.is_enough else (), grouping.is_enough

    def divergences(self, theme: Theme, groups: Sequence[ShownGroup], is_enough: bool) -> Iterator[tuple[Entry, Divergence | None]]:
        asked, keys = self.asked(theme), [group.keys for group in groups]
        for group in theme.groups:
            for entry in group.entries:
                yield entry, divergence_of(self.item(entry, asked), keys) if is_enough else None

    def item(self, entry: Entry, asked: Mapping[UUID, _Person]) -> Item:
        said, state_of = self.said.get(entry.code, {}), _state_of(entry)
        replies = []
        for pk, person in asked.items():
            value, written = said.get(pk, _NOTHING)
            state = state_of(value, written)
            replies.append(Reply(person.role, state, value if state in JUDGED else ""))
        return Item(entry.code, levels_of(entry), tuple(replies))

    # --- words --------------------------------------------------------------------------------------------------------

    def with_words(self, points: Iterable[Point], reads: Callable[[Point], bool]) -> tuple[Point, ...]:
        points = tuple(points)
        codes = {point.code for point in points if reads(point) and not point.is_withheld}
        texts: dict[str, list[RespondentAnswer]] = defaultdict(list)
        for answer in self.answers_with_words(codes):
            texts[answer.item_code].append(answer)
        return tuple(self.told(point, texts[point.code]) if point.code in codes else point for point in points)

    def answers_with_words(self, codes: Collection[str]) -> Iterable[RespondentAnswer]:
        """Private notes are not among the columns that are read."""
        found = answers_on_the_table(self.round).filter(item_code__in=codes).exclude(text="", note="").order_by()
        return found.defer(None).only("respondent_id", "item_code", "text", "note")

    def told(self, point: Point, answers: Sequence[RespondentAnswer]) -> Point:
        if self.round.shows_names:
            return self.told_with_names(point, {answer.respondent_id: answer for answer in answers})
        alone = {group.keys[0] for group in point.groups if not group.is_merged}
        asked = self.asked(point.theme)
        voices = [(answer, asked[answer.respondent_id].role) for answer in answers if answer.respondent_id in asked]
        return replace(
            point,
            written=_in_order(Voice(answer.text, role if role in alone else "") for answer, role in voices),
            notes=_in_order(Voice(answer.note, role if role in alone else "") for answer, role in voices),
        )

    def told_with_names(self, point: Point, answers: Mapping[UUID, RespondentAnswer]) -> Point:
        said, state_of = self.said.get(point.code, {}), _state_of(point.entry)
        replies = []
        for pk, person in self.asked(point.theme).items():
            value, written = said.get(pk, _NOTHING)
            state, answer = state_of(value, written), answers.get(pk)
            text, note = (answer.text, answer.note) if answer else ("", "")
            replies.append(NamedReply(person.name, person.role, state, value if state != State.UNANSWERED else "", text, note))
        return replace(
            point,
            replies=tuple(replies),
            written=tuple(Voice(reply.text, reply.role, reply.name) for reply in replies if reply.text),
            notes=tuple(Voice(reply.note, reply.role, reply.name) for reply in replies if reply.note),
        )


def _people_of(round: Round) -> dict[UUID, _Person]:
    """Those who sent in. Names are read only where the group chose to show them; then people stand by role and name."""
    if not round.opened_at:
        return {}
    found: QuerySet[Respondent] = sent_in(round).select_related(None)
    if round.shows_names:
        order = {role: place for place, role in enumerate(RespondentRole.values)}
        named = sorted(found.only("role", "themes", "name"), key=lambda person: (order[person.role], person.name.casefold()))
        return {person.pk: _Person(person.role, frozenset(person.themes), person.name) for person in named}
    return {pk: _Person(role, frozenset(themes), "") for pk, role, themes in found.values_list("pk", "role", "themes")}


def _state_of(entry: Entry) -> Callable[[str, bool], State]:
    """From a value, and whether there is a text, to what it says: the same as `Entry.state` tells of a stored answer."""
    meanings = {entry.not_applicable: State.NA} | {level.value: State(level.meaning) for level in entry.levels}
    otherwise = State.UNANSWERED if entry.levels else State.WRITTEN
    return lambda value, written: meanings.get(value) or (otherwise if written else State.UNANSWERED)


def _in_order(voices: Iterable[Voice]) -> tuple[Voice, ...]:
    """By what they say: neither the moment nor the person shows in the order, and it is the same each time."""
    return tuple(sorted((voice for voice in voices if voice.text), key=lambda voice: (voice.text.casefold(), voice.text, voice.role)))

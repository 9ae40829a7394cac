"""What respondents said on one item, each alone, and how many said what."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jumelle.engines.scoring.tally import State

JUDGED = frozenset({State.MET, State.PARTLY, State.UNMET})


@dataclass(frozen=True, slots=True)
class Level:
    """
    One level of a scale that judges; "don't know" and "not applicable" are none.

    position: 0-1, 0 for the lowest level and 1 for the highest.
    """

    value: str
    position: float


@dataclass(frozen=True, slots=True)
class Reply:
    """
    What one respondent said, or that they said nothing.

    group: the respondent's own group, before any merging.
    level: the value chosen on the scale when the state is a judgement; else "".
    """

    group: str
    state: State
    level: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """
    levels: from the lowest to the highest; none for an open question.
    replies: one of each respondent who was asked this item and sent in, also of those who left it empty.
    """

    code: str
    levels: tuple[Level, ...]
    replies: tuple[Reply, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """
    How many said what.

    levels: value and count, from the lowest; levels that nobody chose included.
    """

    levels: tuple[tuple[str, int], ...]
    na: int
    unknown: int
    written: int
    unanswered: int

    @property
    def asked(self) -> int:
        return self.answered + self.unanswered

    @property
    def answered(self) -> int:
        """Everybody who said something: "don't know" and "not applicable" are answers too."""
        return self.opinions + self.unknown + self.written

    @property
    def opinions(self) -> int:
        """Answers that can be compared: a level, or that the item does not apply."""
        return self.judged + self.na

    @property
    def judged(self) -> int:
        return sum(count for _, count in self.levels)


@dataclass(frozen=True, slots=True)
class GroupDistribution:
    """keys: the groups that are shown together, as `disclosure.grouping` merged them."""

    keys: tuple[str, ...]
    distribution: Distribution


class LevelsUnordered(ValueError):
    """Positions rise from level to level and lie between 0 and 1, each level has a value of its own; names the item."""


class ReplyContradictory(ValueError):
    """A judgement has a level of the item's scale, anything else has none; names the item."""


class GroupUnknown(ValueError):
    """Each respondent's group stands in exactly one of the groups to show; names the group."""


def evenly_spaced(values: Sequence[str]) -> tuple[Level, ...]:
    """
    Return the levels of a scale whose steps are of one size.

    Args:
        values: from the lowest to the highest. A single one stands at 1.
    """
    steps = len(values) - 1
    return tuple(Level(value, place / steps if steps else 1.0) for place, value in enumerate(values))


def distribution_of(item: Item) -> Distribution:
    """
    Raises:
        LevelsUnordered, ReplyContradictory: see the classes.
    """
    _check(item)
    return _counted(item.levels, item.replies)


def distributions_of(item: Item, groups: Sequence[tuple[str, ...]]) -> tuple[GroupDistribution, ...]:
    """
    Return how many said what in each group, in the order given.

    Args:
        groups: keys of the groups that are shown together; `Grouping.keys`.
    Raises:
        GroupUnknown, LevelsUnordered, ReplyContradictory: see the classes.
    """
    _check(item)
    shown = {key: keys for keys in groups for key in keys}
    if len(shown) < sum(map(len, groups)):
        raise GroupUnknown(Counter(key for keys in groups for key in keys).most_common(1)[0][0])
    replies: dict[tuple[str, ...], list[Reply]] = {keys: [] for keys in groups}
    for reply in item.replies:
        if reply.group not in shown:
            raise GroupUnknown(reply.group)
        replies[shown[reply.group]].append(reply)
    return tuple(GroupDistribution(keys, _counted(item.levels, replies[keys])) for keys in groups)


def _check(item: Item) -> None:
    positions = [level.position for level in item.levels]
    values = {level.value for level in item.levels if level.value}
    if any(not 0 <= position <= 1 for position in positions) or positions != sorted(set(positions)) or len(values) < len(positions):
        raise LevelsUnordered(item.code)
    for reply in item.replies:
        if reply.level not in values if reply.state in JUDGED else reply.level:
            raise ReplyContradictory(item.code)


def _counted(levels: Iterable[Level], replies: Sequence[Reply]) -> Distribution:
    chosen = Counter([reply.level for reply in replies if reply.level])
    others = Counter([reply.state.value for reply in replies if not reply.level])
    return Distribution(
        levels=tuple((level.value, chosen[level.value]) for level in levels),
        na=others[State.NA.value],
        unknown=others[State.UNKNOWN.value],
        written=others[State.WRITTEN.value],
        unanswered=others[State.UNANSWERED.value],
    )

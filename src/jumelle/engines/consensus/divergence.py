"""
How far respondents are apart on an item, and which items to discuss first.

Every two opinions on an item are compared. Two levels are as far apart as their positions; a level and "not applicable" are
a whole scale apart, since the two do not even agree that the item concerns them. The sum over all pairs is set against the
sum for opinions that are split evenly between both ends. "Don't know" is no opinion and has its own share.

Source: K. J. Berry and P. W. Mielke, Assessment of variation in ordinal data, Perceptual and Motor Skills 74 (1992), the index
of ordinal variation; it stands on Gini's mean difference (1912). "Not applicable" as an opinion is ours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jumelle.engines.consensus.replies import Distribution, GroupDistribution, Item, Level, distribution_of, distributions_of

NOT_APPLICABLE_DISTANCE = 1.0  # ours: from any level; see above


@dataclass(frozen=True, slots=True)
class Divergence:
    """
    How one item was answered.

    overall, by_group: who said what; by_group is empty unless groups were asked for.
    disagreement: 0-1; 0 when all opinions are the same, 1 when they are split evenly between both ends, or more ways than
        that. None with fewer than two opinions, and for an open question: texts are read, not measured.
    lowest, highest: the lowest and the highest level that somebody chose; None when nobody chose one.
    majority: the level that more than half of the opinions chose; None when there is none.
    is_mostly_na: more than half of the opinions are "not applicable".
    """

    code: str
    overall: Distribution
    by_group: tuple[GroupDistribution, ...]
    disagreement: float | None
    lowest: str | None
    highest: str | None
    majority: str | None
    is_mostly_na: bool

    @property
    def asked(self) -> int:
        return self.overall.asked

    @property
    def answered(self) -> int:
        return self.overall.answered

    @property
    def unknown_share(self) -> float:
        """0-1, "don't know" among those who answered; 0 when nobody did."""
        return self.overall.unknown / self.answered if self.answered else 0.0

    @property
    def coverage(self) -> float:
        """0-1, those who answered among those who were asked; 0 when nobody was."""
        return self.answered / self.asked if self.asked else 0.0

    @property
    def percent(self) -> int | None:
        """The disagreement in whole percent, half up; None as the disagreement."""
        return None if self.disagreement is None else int(self.disagreement * 100 + 0.5)

    @property
    def sort_key(self) -> tuple[bool, float, float, float]:
        """See `ranked`."""
        return self.answered == 0, -(self.disagreement or 0.0), -self.unknown_share, -self.coverage


def divergence_of(item: Item, groups: Sequence[tuple[str, ...]] = ()) -> Divergence:
    """
    Args:
        groups: keys of the groups that may be shown together: `Grouping.keys` of engine disclosure. None: no distribution
            per group.
    Raises:
        GroupUnknown, LevelsUnordered, ReplyContradictory: see `replies`.
    """
    overall = distribution_of(item)
    chosen = [value for value, count in overall.levels if count]
    return Divergence(
        code=item.code,
        overall=overall,
        by_group=distributions_of(item, groups) if groups else (),
        disagreement=_disagreement(item.levels, overall),
        lowest=chosen[0] if chosen else None,
        highest=chosen[-1] if chosen else None,
        majority=next((value for value, count in overall.levels if 2 * count > overall.opinions), None),
        is_mostly_na=2 * overall.na > overall.opinions,
    )


def ranked(divergences: Iterable[Divergence]) -> tuple[Divergence, ...]:
    """
    Return the items in the order in which they are worth discussing.

    First where opinions are furthest apart; then where more people do not know; then where more people answered; then in the
    order given. Items without a disagreement to measure stand with those where all agree. What nobody answered comes last.
    """
    return tuple(sorted(divergences, key=lambda divergence: divergence.sort_key))


def _disagreement(levels: Sequence[Level], overall: Distribution) -> float | None:
    opinions = overall.opinions
    if not levels or opinions < 2:
        return None
    counted = [(level.position, count) for level, (_, count) in zip(levels, overall.levels, strict=True) if count]
    apart = sum(
        count * other_count * (other - position)
        for place, (position, count) in enumerate(counted)
        for other, other_count in counted[place + 1 :]
    )
    apart += overall.judged * overall.na * NOT_APPLICABLE_DISTANCE
    evenly_split = opinions**2 // 4  # pairs between two halves; with an odd number, between the two parts nearest to halves
    return min(1.0, round(apart / evenly_split, 6))  # rounded, so that thirds that are equal on paper are equal here

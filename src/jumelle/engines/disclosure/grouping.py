"""Groups of people that may be shown: small ones are merged, as few as possible."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain

from jumelle.engines.disclosure.thresholds import CountNegative, steps_to

EXACT_UP_TO = 10  # small groups; beyond, the two smallest are merged first, as all ways to merge would be too many to try


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """
    keys: the original groups in it, in display order.
    size: how many people they are together.
    """

    keys: tuple[str, ...]
    size: int

    @property
    def is_merged(self) -> bool:
        return len(self.keys) > 1


@dataclass(frozen=True, slots=True)
class Grouping:
    """
    groups: in display order; each original group with people in it stands in exactly one.
    is_enough: False when everybody together is fewer than k: then there is at most one group, and nothing may be shown.
    """

    groups: tuple[ShownGroup, ...]
    is_enough: bool

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        return tuple(group.keys for group in self.groups)

    @property
    def shown(self) -> dict[str, tuple[str, ...]]:
        """Original group -> the keys of the group it is shown in. Groups without people are not there."""
        return {key: group.keys for group in self.groups for key in group.keys}

    def group_of(self, key: str) -> tuple[str, ...]:
        """
        Raises:
            KeyError: nobody is in this group.
        """
        return self.shown[key]


def merge_small_groups(sizes: Mapping[str, int], k: int, order: Sequence[str] = ()) -> Grouping:
    """
    Return groups of at least k people each, or one group of everybody.

    As many groups as possible remain; among equally good ways the most even one is taken, then the first in order.
    Groups of k or more stay alone, unless all small ones together are fewer than k: then the smallest of the others takes
    them in. No group is left out, so that none can be worked out as the rest. The groups at `K_PUBLIC` are made of whole
    groups at `K_INSIDE`.

    Args:
        sizes: people per group. Groups of 0 do not appear in the result.
        order: display order of the keys, which also decides between equals; other keys follow by name.
    Raises:
        CountNegative: a size is below 0.
        ThresholdTooLow: k is below 3.
    """
    if negative := sorted(key for key, size in sizes.items() if size < 0):
        raise CountNegative(negative[0])
    rank = {key: place for place, key in enumerate(chain(dict.fromkeys(order), sorted(set(sizes) - set(order))))}
    groups = [ShownGroup((key,), sizes[key]) for key in sorted(sizes, key=rank.__getitem__) if sizes[key]]
    for step in steps_to(k):
        groups = _merged(groups, step, rank)
    return Grouping(tuple(groups), is_enough=sum(group.size for group in groups) >= k)


def _merged(groups: Sequence[ShownGroup], k: int, rank: Mapping[str, int]) -> list[ShownGroup]:
    by_size = sorted(groups, key=lambda group: group.size)
    small = [group for group in by_size if group.size < k]
    large = by_size[len(small) :]
    if small and sum(group.size for group in small) < k:
        small, large = [_union([*small, *large[:1]], rank)], large[1:]
    else:
        while len(small) > EXACT_UP_TO:
            small = sorted([_union(small[:2], rank), *small[2:]], key=lambda group: group.size)
        parts = _most_parts(tuple(group.size for group in small), k)
        small = [_union([small[place] for place in part], rank) for part in parts]
    return sorted([*small, *large], key=lambda group: rank[group.keys[0]])


def _union(groups: Iterable[ShownGroup], rank: Mapping[str, int]) -> ShownGroup:
    merged = tuple(groups)
    keys = sorted((key for group in merged for key in group.keys), key=rank.__getitem__)
    return ShownGroup(tuple(keys), sum(group.size for group in merged))


@lru_cache(maxsize=1024)
def _most_parts(sizes: tuple[int, ...], k: int) -> tuple[tuple[int, ...], ...]:
    """
    Return the places of `sizes`, parted into as many parts of at least k as possible; the most even way among these.

    All ways are tried, each set of places once. The sizes together are at least k, or there are none.
    """
    sums = [sum(size for place, size in enumerate(sizes) if chosen >> place & 1) for chosen in range(1 << len(sizes))]

    @cache
    def best(left: int) -> tuple[int, int, tuple[int, ...]] | None:
        """Number of parts, minus the sum of their squares, the parts; None when `left` is too few for one part."""
        if not left:
            return 0, 0, ()
        found = None
        for part in _sets_with_first(left):
            if sums[part] >= k and (rest := best(left ^ part)) is not None:
                way = rest[0] + 1, rest[1] - sums[part] ** 2, (part, *rest[2])
                if found is None or way[:2] > found[:2]:
                    found = way
        return found

    way = best(len(sums) - 1)
    return tuple(tuple(place for place in range(len(sizes)) if part >> place & 1) for part in way[2]) if way else ()


def _sets_with_first(left: int) -> Iterable[int]:
    """Subsets of a set of bits that hold its lowest bit, the whole set first."""
    first = left & -left
    others = subset = left ^ first
    while subset:
        yield subset | first
        subset = (subset - 1) & others
    yield first

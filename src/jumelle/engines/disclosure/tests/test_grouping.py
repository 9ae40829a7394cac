from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.often import OFTEN

from jumelle.engines.disclosure.grouping import EXACT_UP_TO, Grouping, ShownGroup, merge_small_groups
from jumelle.engines.disclosure.thresholds import K_INSIDE, K_PUBLIC, CountNegative, ThresholdTooLow

sizes = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 14), max_size=8)
thresholds = st.integers(3, 15)


@pytest.mark.parametrize(
    ("given_sizes", "shown"),
    [
        pytest.param({"a": 5, "b": 6}, [("a",), ("b",)], id="nobody-to-merge"),
        pytest.param({"a": 2, "b": 3, "c": 9}, [("a", "b"), ("c",)], id="two-small-ones-are-enough"),
        pytest.param({"a": 2, "b": 7, "c": 9}, [("a", "b"), ("c",)], id="a-single-small-one-joins-the-smallest-other"),
        pytest.param({"a": 1, "b": 1, "c": 4, "d": 4}, [("a", "d"), ("b", "c")], id="two-pairs-rather-than-one-heap"),
        pytest.param({"a": 3, "b": 2, "c": 2, "d": 2, "e": 1}, [("a", "b"), ("c", "d", "e")], id="each-small-one-where-it-is-needed"),
        pytest.param({"a": 4, "b": 4, "c": 4}, [("a", "b", "c")], id="three-of-four-make-one"),
        pytest.param({"a": 0, "b": 3, "c": 5}, [("b", "c")], id="nobody-in-a-group"),
        pytest.param({"a": 2, "b": 3}, [("a", "b")], id="everybody"),
    ],
)
def test_small_groups_are_merged(given_sizes, shown):
    grouping = merge_small_groups(given_sizes, K_INSIDE)

    assert grouping.keys == tuple(shown)
    assert grouping.is_enough


@pytest.mark.parametrize(("given_sizes", "keys"), [({"a": 1, "b": 3}, (("a", "b"),)), ({"a": 0}, ()), ({}, ())])
def test_fewer_than_k_people_are_not_enough(given_sizes, keys):
    grouping = merge_small_groups(given_sizes, K_INSIDE)

    assert (grouping.keys, grouping.is_enough) == (keys, False)


def test_result_says_where_each_group_is_shown():
    grouping = merge_small_groups({"ngo": 2, "city": 8, "school": 3, "other": 0}, K_INSIDE, order=["school", "city", "ngo"])

    assert grouping == Grouping((ShownGroup(("school", "ngo"), 5), ShownGroup(("city",), 8)), is_enough=True)
    assert grouping.shown == {"school": ("school", "ngo"), "ngo": ("school", "ngo"), "city": ("city",)}
    assert grouping.group_of("ngo") == ("school", "ngo")
    assert [group.is_merged for group in grouping.groups] == [True, False]
    with pytest.raises(KeyError):
        grouping.group_of("other")


def test_order_decides_between_equals():
    equal = {"a": 2, "b": 2, "c": 3, "d": 3, "e": 8}

    assert merge_small_groups(equal, K_INSIDE).keys == (("a", "d"), ("b", "c"), ("e",))
    assert merge_small_groups(equal, K_INSIDE, order="ebadc").keys == (("e",), ("b", "c"), ("a", "d"))


def test_more_small_groups_than_can_be_tried_out_are_merged_too():
    many = {f"group {number:02}": 1 + number % 3 for number in range(3 * EXACT_UP_TO)}

    grouping = merge_small_groups(many, K_INSIDE)

    assert sorted(grouping.shown) == sorted(many)
    assert min(group.size for group in grouping.groups) >= K_INSIDE
    assert len(grouping.groups) > EXACT_UP_TO // 2


@pytest.mark.parametrize(
    ("given_sizes", "k", "error", "words"),
    [({"a": 7, "b": -1}, 5, CountNegative, "b"), ({"a": 7}, 2, ThresholdTooLow, "2"), ({}, 0, ThresholdTooLow, "0")],
)
def test_nonsense_is_refused(given_sizes, k, error, words):
    with pytest.raises(error, match=words):
        merge_small_groups(given_sizes, k)


def all_partitions(keys):
    if not keys:
        yield []
        return
    for rest in all_partitions(keys[1:]):
        yield [[keys[0]], *rest]
        for place, part in enumerate(rest):
            yield [*rest[:place], [keys[0], *part], *rest[place + 1 :]]


@settings(max_examples=OFTEN, deadline=None)
@given(sizes, thresholds)
def test_no_shown_group_is_small_and_nobody_is_left_out(drawn, k):
    grouping = merge_small_groups(drawn, k)

    everybody = sum(drawn.values())
    assert sorted(key for keys in grouping.keys for key in keys) == sorted(key for key, size in drawn.items() if size)
    assert [group.size for group in grouping.groups] == [sum(drawn[key] for key in keys) for keys in grouping.keys]
    assert all(group.size >= k or group.size == everybody for group in grouping.groups)
    assert grouping.is_enough == (everybody >= k)


@settings(max_examples=OFTEN, deadline=None)
@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 12), max_size=6), st.integers(3, K_INSIDE))
def test_no_way_to_merge_leaves_more_groups(drawn, k):
    shown = merge_small_groups(drawn, k).keys

    ways = [way for way in all_partitions(sorted(drawn)) if all(sum(drawn[key] for key in part) >= k for part in way)]
    assert len(shown) == max(map(len, ways), default=1)


@settings(max_examples=OFTEN, deadline=None)
@given(sizes, thresholds, st.integers(0, 99))
def test_order_of_the_mapping_changes_nothing(drawn, k, seed):
    shuffled = dict(Random(seed).sample(list(drawn.items()), len(drawn)))

    assert merge_small_groups(shuffled, k) == merge_small_groups(drawn, k)


@settings(max_examples=OFTEN, deadline=None)
@given(sizes, thresholds, st.permutations("abcdefgh"))
def test_new_names_change_only_the_names(drawn, k, names):
    new = dict(zip("abcdefgh", names, strict=True))

    renamed = merge_small_groups({new[key]: size for key, size in drawn.items()}, k, order=names)

    assert renamed.keys == tuple(tuple(new[key] for key in keys) for keys in merge_small_groups(drawn, k, order="abcdefgh").keys)


@settings(max_examples=OFTEN, deadline=None)
@given(sizes, thresholds, thresholds)
def test_higher_threshold_never_shows_more_groups(drawn, one, other):
    low, high = sorted((one, other))

    assert len(merge_small_groups(drawn, high).groups) <= len(merge_small_groups(drawn, low).groups)


@settings(max_examples=OFTEN, deadline=None)
@given(sizes, st.sampled_from([K_PUBLIC, 15]))
def test_public_groups_are_made_of_whole_inside_groups(drawn, k):
    inside, public = merge_small_groups(drawn, K_INSIDE), merge_small_groups(drawn, k)

    assert all(len({public.group_of(key) for key in keys}) == 1 for keys in inside.keys)

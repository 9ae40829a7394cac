from fractions import Fraction
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.often import OFTEN

from jumelle.engines.consensus.divergence import divergence_of, ranked
from jumelle.engines.consensus.replies import (
    Distribution,
    GroupDistribution,
    GroupUnknown,
    Item,
    Level,
    LevelsUnordered,
    Reply,
    ReplyContradictory,
    distribution_of,
    evenly_spaced,
)
from jumelle.engines.scoring.tally import State

DEGREES = evenly_spaced(["none", "small", "large", "full"])
TICK = evenly_spaced(["not_ticked", "ticked"])
NA, UNKNOWN, EMPTY = Reply("ngo", State.NA), Reply("ngo", State.UNKNOWN), Reply("ngo", State.UNANSWERED)
GROUPS = ("department", "ngo", "migrants", "provider")


def said(level, group="ngo"):
    return Reply(group, State.PARTLY, level)


def item(*replies, levels=DEGREES, code="A.I1"):
    return Item(code, levels, tuple(replies))


opinions = st.one_of(st.sampled_from(["none", "small", "large", "full"]).map(said), st.just(NA))
replies = st.lists(st.one_of(opinions, st.sampled_from([UNKNOWN, EMPTY])), max_size=15)
grouped = st.lists(st.tuples(st.sampled_from(GROUPS), replies.filter(bool)), max_size=4).map(
    lambda drawn: [Reply(group, one.state, one.level) for group, some in drawn for one in some]
)


def distance(one, other):
    """As the page tells it, on exact fractions."""
    places = {level.value: Fraction(place, len(DEGREES) - 1) for place, level in enumerate(DEGREES)}
    if not one.level or not other.level:
        return Fraction(one.level != other.level)
    return abs(places[one.level] - places[other.level])


@pytest.mark.parametrize(
    ("drawn", "disagreement"),
    [
        pytest.param([], None, id="nobody"),
        pytest.param([said("full")], None, id="one-opinion"),
        pytest.param([said("full"), UNKNOWN, EMPTY], None, id="one-opinion-among-others"),
        pytest.param([NA, NA], 0.0, id="all-not-applicable"),
        pytest.param([said("full"), said("full")], 0.0, id="two-agree"),
        pytest.param([said("none"), said("full")], 1.0, id="two-at-the-ends"),
        pytest.param([said("small"), said("large")], 0.333333, id="two-neighbours"),
        pytest.param([said("none"), said("full"), said("full")], 1.0, id="three-as-even-as-can-be"),
        pytest.param([said("none"), said("full"), said("full"), said("full")], 0.75, id="one-against-three"),
        pytest.param([said("small"), NA], 1.0, id="does-it-apply"),
        pytest.param([said("none"), said("full"), NA], 1.0, id="three-ways"),
        pytest.param([said("none"), said("small"), said("large"), said("full")], 0.833333, id="one-at-each-degree"),
    ],
)
def test_disagreement_of_a_few(drawn, disagreement):
    assert divergence_of(item(*drawn)).disagreement == disagreement


def test_divergence_tells_who_said_what():
    drawn = [said("small"), said("full", "city"), said("full", "city"), NA, Reply("city", State.UNKNOWN), EMPTY]

    divergence = divergence_of(item(*drawn), [("city",), ("ngo", "school")])

    assert divergence.by_group == (
        GroupDistribution(("city",), Distribution((("none", 0), ("small", 0), ("large", 0), ("full", 2)), 0, 1, 0, 0)),
        GroupDistribution(("ngo", "school"), Distribution((("none", 0), ("small", 1), ("large", 0), ("full", 0)), 1, 0, 0, 1)),
    )
    assert (divergence.asked, divergence.answered, divergence.overall.opinions, divergence.overall.judged) == (6, 5, 4, 3)
    assert (divergence.lowest, divergence.highest, divergence.majority, divergence.is_mostly_na) == ("small", "full", None, False)
    assert (divergence.unknown_share, divergence.coverage) == (1 / 5, 5 / 6)


def test_texts_are_counted_and_not_measured():
    written = [Reply("ngo", State.WRITTEN), Reply("city", State.WRITTEN), Reply("city", State.UNANSWERED)]

    divergence = divergence_of(item(*written, levels=()))

    assert divergence.overall == Distribution((), na=0, unknown=0, written=2, unanswered=1)
    assert (divergence.disagreement, divergence.percent, divergence.answered, divergence.majority) == (None, None, 2, None)


def test_open_question_that_some_call_not_applicable_is_not_measured_either():
    assert divergence_of(item(Reply("ngo", State.WRITTEN), NA, NA, levels=())).disagreement is None


def test_half_is_no_majority():
    half, more = [said("full")] * 2 + [said("none")] * 2, [said("full")] * 3 + [NA] * 2

    assert (divergence_of(item(*half)).majority, divergence_of(item(*more)).majority) == (None, "full")


def test_level_that_is_called_like_a_state_is_still_a_level():
    levels = (Level("na", 0.0), Level("unknown", 1.0))

    assert distribution_of(item(said("na"), said("unknown"), NA, levels=levels)) == Distribution((("na", 1), ("unknown", 1)), 1, 0, 0, 0)


def test_levels_need_not_be_evenly_spaced():
    levels = (Level("low", 0.0), Level("middle", 0.9), Level("high", 1.0))

    assert divergence_of(item(said("middle"), said("high"), levels=levels)).disagreement == 0.1


@pytest.mark.parametrize(
    ("values", "positions"), [([], []), (["ticked"], [1.0]), (["no", "yes"], [0.0, 1.0]), (["no", "partly", "yes"], [0.0, 0.5, 1.0])]
)
def test_evenly_spaced_levels_stand_between_0_and_1(values, positions):
    assert evenly_spaced(values) == tuple(map(Level, values, positions))


@pytest.mark.parametrize(
    ("levels", "reply", "error"),
    [
        pytest.param(TICK, said("full"), ReplyContradictory, id="level-of-another-scale"),
        pytest.param(TICK, Reply("ngo", State.MET), ReplyContradictory, id="judgement-without-a-level"),
        pytest.param(TICK, Reply("ngo", State.NA, "ticked"), ReplyContradictory, id="level-without-a-judgement"),
        pytest.param(tuple(reversed(TICK)), NA, LevelsUnordered, id="from-high-to-low"),
        pytest.param((Level("a", 0.5), Level("b", 0.5)), NA, LevelsUnordered, id="two-in-one-place"),
        pytest.param((Level("a", 0.5), Level("a", 0.6)), NA, LevelsUnordered, id="two-of-one-value"),
        pytest.param((Level("", 0.5),), NA, LevelsUnordered, id="no-value"),
        pytest.param((Level("a", 0.0), Level("b", 4.0)), NA, LevelsUnordered, id="beyond-1"),
    ],
)
def test_contradictory_item_is_refused(levels, reply, error):
    with pytest.raises(error, match=r"A\.I1"):
        divergence_of(item(reply, levels=levels))


@pytest.mark.parametrize("groups", [[("city",)], [("city", "ngo"), ("ngo",)]], ids=["in-no-group", "in-two-groups"])
def test_respondent_stands_in_exactly_one_shown_group(groups):
    with pytest.raises(GroupUnknown, match="ngo"):
        divergence_of(item(NA), groups)


def test_what_nobody_answered_comes_last_and_equals_keep_their_order():
    untouched, unsure, agreed, split = [EMPTY] * 3, [UNKNOWN] * 3, [said("full")] * 3, [said("full"), said("none"), EMPTY]
    drawn = [("A", untouched), ("B", agreed), ("C", unsure), ("D", split), ("E", agreed), ("F", [*agreed, EMPTY]), ("G", untouched)]

    order = ranked(divergence_of(item(*said_of_it, code=code)) for code, said_of_it in drawn)

    assert "".join(divergence.code for divergence in order) == "DCBEFAG"


@settings(max_examples=OFTEN, deadline=None)
@given(replies)
def test_disagreement_is_what_the_page_says(drawn):
    those = [reply for reply in drawn if reply.level or reply.state is State.NA]
    expected = None
    if len(those) > 1:
        apart = sum(distance(one, other) for one, other in combinations(those, 2))
        expected = min(1.0, round(float(apart / (len(those) ** 2 // 4)), 6))

    assert divergence_of(item(*drawn)).disagreement == expected


@settings(max_examples=OFTEN, deadline=None)
@given(replies, st.integers(0, 99))
def test_order_of_the_respondents_changes_nothing(drawn, seed):
    shuffled = Random(seed).sample(drawn, len(drawn))

    assert divergence_of(item(*shuffled)) == divergence_of(item(*drawn))


@settings(max_examples=OFTEN, deadline=None)
@given(replies)
def test_disagreement_lies_between_0_and_1_and_is_0_only_when_all_say_the_same(drawn):
    divergence = divergence_of(item(*drawn))

    different = {reply.level for reply in drawn if reply.level or reply.state is State.NA}
    assert divergence.disagreement is None or 0 <= divergence.disagreement <= 1
    assert (divergence.disagreement or 0) > 0 if len(different) > 1 else not divergence.disagreement
    assert 0 <= divergence.unknown_share <= 1 and 0 <= divergence.coverage <= 1


@settings(max_examples=OFTEN, deadline=None)
@given(st.integers(1, 20), st.lists(st.sampled_from([UNKNOWN, EMPTY]), max_size=5))
def test_half_at_each_end_is_the_most_that_can_be(half, others):
    assert divergence_of(item(*[said("none")] * half, *[said("full")] * half, *others)).disagreement == 1.0


@settings(max_examples=OFTEN, deadline=None)
@given(st.lists(opinions, min_size=2, max_size=15))
def test_one_more_who_agrees_never_raises_the_disagreement(drawn):
    """The one who agrees says what is nearest to all that was said: the middle of the group."""
    middle = min(drawn, key=lambda reply: sum(distance(reply, other) for other in drawn))

    assert divergence_of(item(*drawn, middle)).disagreement <= divergence_of(item(*drawn)).disagreement


@settings(max_examples=OFTEN, deadline=None)
@given(st.lists(opinions, min_size=2, max_size=15))
def test_one_more_of_the_majority_never_raises_the_disagreement(drawn):
    before = divergence_of(item(*drawn))
    if before.majority or before.is_mostly_na:
        after = divergence_of(item(*drawn, said(before.majority) if before.majority else NA))

        assert after.disagreement <= before.disagreement
        assert (after.majority, after.is_mostly_na) == (before.majority, before.is_mostly_na)


@settings(max_examples=OFTEN, deadline=None)
@given(replies)
def test_scale_turned_round_has_the_same_disagreement(drawn):
    turned = tuple(Level(level.value, 1 - level.position) for level in reversed(DEGREES))

    before, after = divergence_of(item(*drawn)), divergence_of(item(*drawn, levels=turned))

    assert after.disagreement == before.disagreement
    assert (after.lowest, after.highest, after.majority) == (before.highest, before.lowest, before.majority)


@settings(max_examples=OFTEN, deadline=None)
@given(replies, st.integers(1, 5))
def test_who_has_no_opinion_does_not_change_the_disagreement(drawn, more):
    before, after = divergence_of(item(*drawn)), divergence_of(item(*drawn, *[UNKNOWN] * more, *[EMPTY] * more))

    assert (after.disagreement, after.majority) == (before.disagreement, before.majority)
    assert after.unknown_share >= before.unknown_share
    assert after.coverage <= before.coverage or before.asked == 0 or before.answered < before.asked


@settings(max_examples=OFTEN, deadline=None)
@given(grouped)
def test_groups_add_up_to_everybody(drawn):
    divergence = divergence_of(item(*drawn), [("department", "provider"), ("migrants",), ("ngo",)])

    def added(count):
        return sum(count(group.distribution) for group in divergence.by_group)

    whole = divergence.overall
    assert added(lambda one: one.asked) == whole.asked == len(drawn)
    assert (added(lambda one: one.na), added(lambda one: one.unknown)) == (whole.na, whole.unknown)
    assert tuple((level.value, added(lambda one, at=at: one.levels[at][1])) for at, level in enumerate(DEGREES)) == whole.levels


@settings(max_examples=OFTEN, deadline=None)
@given(st.lists(replies, max_size=6))
def test_items_are_in_order_and_none_is_lost(drawn):
    order = ranked(divergence_of(item(*some, code=f"{number:02}")) for number, some in enumerate(drawn))

    keys = [(one.answered == 0, -(one.disagreement or 0), -one.unknown_share, -one.coverage, one.code) for one in order]
    assert keys == sorted(keys)
    assert sorted(one.code for one in order) == [f"{number:02}" for number in range(len(drawn))]

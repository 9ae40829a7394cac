import pytest
from hypothesis import given
from hypothesis import strategies as st

from jumelle.engines.scoring.movement import Likeness, Movement, height_of, likeness_of, movement_of
from jumelle.engines.scoring.tally import Mark, State

THREE = [("yes", State.MET), ("partly", State.PARTLY), ("no", State.UNMET), ("na", State.NA), ("unknown", State.UNKNOWN)]
DEGREES = [("full", State.MET), ("large", State.PARTLY), ("small", State.PARTLY), ("none", State.UNMET), ("na", State.NA)]
BOXES = [("ticked", State.MET), ("not_ticked", State.UNMET)]
heights = st.none() | st.sampled_from([0.0, 1.0, 1.5, 2.0])


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (THREE, [2.0, 1.0, 0.0, None, None]),
        (DEGREES, [2.0, 1.5, 1.0, 0.0, None]),
        (DEGREES[::-1], [None, 0.0, 1.0, 1.5, 2.0]),
        (BOXES, [2.0, 0.0]),
    ],
    ids=["three", "degrees", "degrees from below", "boxes"],
)
def test_levels_stand_at_different_heights(scale, expected):
    assert [height_of(Mark("Q", state, level=value), scale) for value, state in scale] == expected


@pytest.mark.parametrize("state", [State.UNANSWERED, State.NA, State.UNKNOWN, State.WRITTEN])
def test_what_is_not_judged_has_no_height(state):
    assert height_of(Mark("Q", state), THREE) is None


def test_movement_counts_each_item_once():
    pairs = [(0.0, 2.0), (1.0, 1.5), (2.0, 1.0), (2.0, 2.0), (None, 2.0), (0.0, None), (None, None)]

    movement = movement_of(pairs)

    assert movement == Movement(up=2, down=1, same=1, open=3)
    assert (movement.compared, movement.of) == (4, 7)


def test_sides_are_alike_only_if_all_are_judged_and_stand_equally_high():
    rows = [(2.0, 2.0, 2.0), (0.0, 2.0, 0.0), (1.0, None, 1.0), (None, None, None)]

    likeness = likeness_of(rows)

    assert likeness == Likeness(alike=1, differ=1, open=2)
    assert likeness.of == 4


@given(st.lists(st.tuples(heights, heights)))
def test_going_back_in_time_turns_up_into_down(pairs):
    forward, back = movement_of(pairs), movement_of([(after, before) for before, after in pairs])

    assert (back.up, back.down, back.same, back.open) == (forward.down, forward.up, forward.same, forward.open)
    assert forward.of == len(pairs)


@given(st.integers(2, 6).flatmap(lambda sides: st.tuples(st.lists(st.tuples(*[heights] * sides)), st.permutations(range(sides)))))
def test_no_side_comes_first(drawn):
    rows, order = drawn

    assert likeness_of([[row[place] for place in order] for row in rows]) == likeness_of(rows)
    assert likeness_of(rows).of == len(rows)

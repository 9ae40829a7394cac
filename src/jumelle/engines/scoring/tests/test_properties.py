"""What holds for every set of answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jumelle.engines.scoring.findings import findings_of, standing_of
from jumelle.engines.scoring.grid import dimension_of
from jumelle.engines.scoring.share import MINIMUM_COVERAGE, share_of
from jumelle.engines.scoring.tally import Mark, MarkContradictory, State, Tally, progress_of, tally_of
from jumelle.engines.scoring.verdict import Band, verdict_of

SCALED = [State.MET, State.PARTLY, State.UNMET, State.NA, State.UNKNOWN, State.UNANSWERED]
OPEN = [State.WRITTEN, State.UNANSWERED, State.NA]

kinds = st.one_of(
    st.tuples(st.sampled_from(SCALED), st.just(True)),
    st.tuples(st.sampled_from(OPEN), st.just(False)),
)
marks = st.lists(kinds, max_size=60).map(
    lambda drawn: [Mark(f"X{number}", state, scaled=scaled) for number, (state, scaled) in enumerate(drawn)]
)
checklists = st.lists(st.sampled_from([State.MET, State.UNMET, State.NA, State.UNANSWERED]), max_size=60).map(
    lambda drawn: [Mark(f"C{number}", state) for number, state in enumerate(drawn)]
)


@given(marks)
def test_counts_add_up(drawn):
    tally = tally_of(drawn)

    assert tally.total == len(drawn)
    assert tally.applicable == sum(mark.state is not State.NA for mark in drawn)
    assert tally.answered == sum(mark.state not in (State.NA, State.UNANSWERED) for mark in drawn)
    assert tally.scaled == sum(mark.scaled and mark.state is not State.NA for mark in drawn)


@given(marks, marks)
def test_tally_of_both_is_the_sum_of_tallies(some, others):
    assert tally_of(some) + tally_of(others) == tally_of(some + others)


@given(marks, st.randoms())
def test_order_does_not_matter(drawn, random):
    shuffled = random.sample(drawn, len(drawn))

    assert tally_of(shuffled) == tally_of(drawn)


@given(marks)
def test_progress_is_complete_only_when_nothing_is_missing(drawn):
    progress = progress_of(tally_of(drawn))

    assert 0 <= progress.percent <= 100
    assert progress.is_complete == all(mark.state is not State.UNANSWERED for mark in drawn)
    assert (progress.percent == 100) == progress.is_complete


@given(checklists)
def test_verdict_follows_the_source(drawn):
    verdict = verdict_of(tally_of(drawn))
    applicable = [mark.state for mark in drawn if mark.state is not State.NA]

    if not applicable or all(state is State.UNANSWERED for state in applicable):
        assert verdict is None
        return
    ticked = applicable.count(State.MET)
    expected = Band.ALL if ticked == len(applicable) else Band.SOME if ticked else Band.NONE
    assert (verdict.band, verdict.ticked, verdict.of) == (expected, ticked, len(applicable))
    assert verdict.provisional == (State.UNANSWERED in applicable)


@given(checklists)
def test_verdict_all_is_never_provisional(drawn):
    verdict = verdict_of(tally_of(drawn))

    assert verdict is None or verdict.band is not Band.ALL or not verdict.provisional


@given(marks)
def test_not_applicable_changes_no_result(drawn):
    without = [mark for mark in drawn if mark.state is not State.NA]

    assert share_of(tally_of(drawn)) == share_of(tally_of(without))
    assert verdict_of(tally_of(drawn)) == verdict_of(tally_of(without))
    assert standing_of(tally_of(drawn)) == standing_of(tally_of(without))


@given(marks)
def test_share_lies_between_nothing_and_all_and_needs_coverage(drawn):
    share = share_of(tally_of(drawn))

    assert 0 <= share.coverage <= 1
    assert (share.value is None) == (share.judged == 0 or share.coverage < MINIMUM_COVERAGE)
    assert share.value is None or 0 <= share.value <= 1


@given(marks)
def test_more_in_place_never_lowers_the_share(drawn):
    better = [Mark(mark.code, State.MET) if mark.state in (State.UNMET, State.PARTLY) else mark for mark in drawn]

    before, after = share_of(tally_of(drawn)).value, share_of(tally_of(better)).value

    assert (before is None) == (after is None)
    assert before is None or after >= before


@given(marks)
def test_do_not_know_never_raises_the_coverage(drawn):
    unsure = [Mark(mark.code, State.UNKNOWN) if mark.state is State.UNMET else mark for mark in drawn]

    assert share_of(tally_of(unsure)).coverage <= share_of(tally_of(drawn)).coverage


@given(marks)
def test_each_item_stands_in_exactly_one_list(drawn):
    found = findings_of(drawn)

    lists = (
        found.strengths,
        found.partly,
        found.gaps,
        found.to_find_out,
        found.written,
        found.unanswered,
        found.not_applicable,
    )
    assert sorted(code for codes in lists for code in codes) == sorted(mark.code for mark in drawn)


@given(st.lists(st.sampled_from(["full", "large", "small", "none", ""]), max_size=20))
def test_dimension_is_exemplary_only_at_the_highest_degree(levels):
    meaning = {
        "full": State.MET,
        "large": State.PARTLY,
        "small": State.PARTLY,
        "none": State.UNMET,
        "": State.UNANSWERED,
    }
    drawn = [Mark(f"I{number}", meaning[level], level=level) for number, level in enumerate(levels)]

    dimension = dimension_of(drawn, ["full", "large", "small", "none"])

    assert dimension.exemplary == (bool(levels) and set(levels) == {"full"})
    assert dict(dimension.degrees) == {level: levels.count(level) for level in ("full", "large", "small", "none")}
    assert len(dimension.fully) == levels.count("full")


@pytest.mark.parametrize(
    ("state", "scaled"),
    [(State.WRITTEN, True), (State.MET, False), (State.PARTLY, False), (State.UNMET, False), (State.UNKNOWN, False)],
)
def test_contradictory_mark_is_refused(state, scaled):
    with pytest.raises(MarkContradictory, match="X1"):
        tally_of([Mark("X1", state, scaled=scaled)])


def test_empty_tally_says_nothing():
    assert (verdict_of(Tally()), standing_of(Tally()), share_of(Tally()).value) == (None, None, None)

"""What is compared and what is not: the overlap of versions and themes."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jumelle.assessments.enums import Subject
from jumelle.assessments.queries.comparing import comparable_over_time, in_order_of_time, sides_over_time
from jumelle.assessments.queries.comparison import Reason, SidesDoNotFit, compare
from jumelle.assessments.tests.comparisons import make_version
from jumelle.assessments.tests.factories import CHECKLIST, GRID, give, make_assessment, make_place, make_shipped_version
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_organisation
from jumelle.engines.scoring.movement import Movement
from jumelle.engines.scoring.tally import State, Tally

pytestmark = pytest.mark.django_db
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@pytest.fixture
def place():
    return make_place()


def compared(place, *assessments):
    with city_scope(place.city.id):
        return compare(sides_over_time(assessments))


def codes(found):
    return [line.item.code for line in found.lines]


def test_two_versions_are_compared_only_on_what_means_the_same(place):
    old = make_assessment(place, make_version("0.9.0"))
    new = make_assessment(place, make_version("1.0.0"), themes=["KF8"])
    give(place, old, "KF8.Q2", "no")
    give(place, new, "KF8.Q2", "yes")
    give(place, old, "KF8.Q3", "yes")
    give(place, new, "KF8.Q3", "unknown")

    found = compared(place, old, new)

    assert codes(found) == ["KF8.Q2", "KF8.Q3"]
    assert (len(found.lines), found.all_items, found.reworded) == (2, 5, 1)
    assert {(each.reason, each.item.code, each.version.version) for each in found.left_out} == {
        (Reason.MEANING, "KF8.Q5", "0.9.0"),
        (Reason.REMOVED, "KF8.Q4", "0.9.0"),
        (Reason.MEANING, "KF8.Q1", "1.0.0"),
    }
    assert found.movement == Movement(up=1, down=0, same=0, open=1)
    assert found.version.version == "1.0.0"


def test_themes_that_one_side_left_out_count_in_the_overlap_and_are_named(place):
    whole, part = make_assessment(place, themes=["KF1", "KF2"]), make_assessment(place, themes=["KF1"])

    found = compared(place, whole, part)

    assert codes(found) == ["KF1.Q1", "KF1.Q2"]
    assert found.all_items == 4
    assert [(each.item.code, each.reason, each.missing) for each in found.left_out] == [
        ("KF2.Q1", Reason.NOT_ASKED, (1,)),
        ("KF2.Q2", Reason.NOT_ASKED, (1,)),
    ]


def test_open_questions_are_not_compared_and_context_is_not_an_item(place):
    first, second = make_assessment(place), make_assessment(place)
    give(place, second, "CF.F1", text="A law of 2024.")

    found = compared(place, first, second)

    in_words = [each.item.code for each in found.left_out]
    assert {each.reason for each in found.left_out} == {Reason.IN_WORDS}
    assert (len(found.lines), len(in_words), found.all_items) == (26, 2, 28)
    assert [side.context for side in found.sides] == [{}, {"CF.F1": "A law of 2024."}]


def test_no_state_is_hidden(place):
    first, second = make_assessment(place, themes=["KF5"]), make_assessment(place, themes=["KF5"])
    for code, value in (("KF5.Q1", "yes"), ("KF5.Q2", "unknown"), ("KF5.Q3", "na")):
        give(place, first, code, value)

    found = compared(place, first, second)

    asked = len(found.lines)
    assert found.tallies == (Tally(met=1, unknown=1, na=1, unanswered=asked - 3), Tally(unanswered=asked))
    assert found.movement == Movement(open=asked)


def test_a_grid_sees_moves_between_degrees_of_one_meaning(place):
    version = make_shipped_version(GRID)
    before, after = (make_assessment(place, version, subject=Subject.PRACTICE, subject_name="Café", themes=["D4"]) for _ in range(2))
    degrees = next(line.item.code for line in compared(place, before, after).lines if line.item.answer == "degree")
    give(place, before, degrees, "small")
    give(place, after, degrees, "large")

    found = compared(place, before, after)

    line = next(line for line in found.lines if line.item.code == degrees)
    assert {mark.state for mark in line.marks} == {State.PARTLY}
    assert (found.movement.up, found.movement.down) == (1, 0)


@pytest.mark.parametrize("count", [0, 1, 7])
def test_two_to_six_sides_fit(place, count):
    sides = [make_assessment(place, themes=["KF1"]) for _ in range(count)]

    with pytest.raises(SidesDoNotFit):
        compared(place, *sides)


def test_different_toolkits_do_not_fit(place):
    with pytest.raises(SidesDoNotFit):
        compared(place, make_assessment(place), make_assessment(place, make_shipped_version(CHECKLIST)))


@FEW
@given(
    chosen=st.lists(st.tuples(st.booleans(), st.sets(st.sampled_from(["KF1", "KF5", "KF8", "KF11"]), min_size=1)), min_size=2, max_size=4),
    data=st.data(),
)
def test_overlap_is_the_same_whatever_the_order_of_the_sides(db, chosen, data):
    place = make_place()
    versions = {True: make_version("0.9.0"), False: make_version("1.0.0")}
    sides = [
        make_assessment(place, versions[is_old], themes=["KF8"] if is_old else [f"KF{n}" for n in range(1, 12) if f"KF{n}" in themes])
        for is_old, themes in chosen
    ]
    turned = data.draw(st.permutations(sides))

    one, other = compared(place, *sides), compared(place, *turned)

    assert codes(one) == codes(other)
    assert {(each.item.code, each.version.version, each.reason) for each in one.left_out} == {
        (each.item.code, each.version.version, each.reason) for each in other.left_out
    }
    assert one.all_items == len(one.lines) + len(one.left_out)
    assert one.likeness == other.likeness


# --- which assessments there are to compare ---------------------------------------------------------------------------


def test_only_assessments_of_one_subject_and_one_toolkit_stand_together(place):
    ours, theirs = make_organisation(place.city, "ours"), make_organisation(place.city, "theirs")
    city = [make_assessment(place, make_version("0.9.0")), make_assessment(place)]
    own = [make_assessment(place, organisation=ours), make_assessment(place, organisation=ours)]
    make_assessment(place, organisation=theirs)
    make_assessment(place, make_shipped_version(CHECKLIST))
    cafe = [make_assessment(place, subject=Subject.PRACTICE, subject_name=name) for name in ("Café", " café", "Table")][:2]
    make_assessment()

    with city_scope(place.city.id):
        found = comparable_over_time(place)

    assert {frozenset(group) for group in found} == {frozenset(city), frozenset(own), frozenset(cafe)}


def test_staff_of_an_organisation_compares_its_own_only(place):
    ours, theirs = make_organisation(place.city, "ours"), make_organisation(place.city, "theirs")
    own = {make_assessment(place, organisation=ours), make_assessment(place, organisation=ours)}
    for organisation in (theirs, None):
        for _ in range(2):
            make_assessment(place, organisation=organisation)
    staff = make_place(place.city, Role.PROVIDER_STAFF, organisation=ours)

    with city_scope(place.city.id):
        assert [set(group) for group in comparable_over_time(staff)] == [own]


def test_order_is_that_of_the_periods(place):
    later, earlier = make_assessment(place), make_assessment(place)
    with city_scope(place.city.id):
        earlier.period_start_on, earlier.period_end_on = date(2024, 3, 1), date(2025, 2, 28)
        earlier.save()

    assert in_order_of_time([later, earlier]) == [earlier, later]

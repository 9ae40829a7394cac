from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jumelle.action_plans.quarters import NotAQuarter, Quarter, quarter_named, quarter_of

days = st.dates(min_value=date(1000, 1, 1), max_value=date(9000, 12, 31))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 3, 31), "2026-Q1"),
        (date(2026, 4, 1), "2026-Q2"),
        (date(2024, 2, 29), "2024-Q1"),
        (date(2026, 9, 30), "2026-Q3"),
        (date(2026, 10, 1), "2026-Q4"),
        (date(2026, 12, 31), "2026-Q4"),
    ],
)
def test_day_belongs_to_its_quarter(day, name):
    assert str(quarter_of(day)) == name


def test_quarter_has_its_bounds_and_neighbours():
    quarter = Quarter(2026, 4)

    assert (quarter.first_day, quarter.last_month, quarter.last_day) == (date(2026, 10, 1), date(2026, 12, 1), date(2026, 12, 31))
    assert (quarter.previous, quarter.next) == (Quarter(2026, 3), Quarter(2027, 1))
    assert Quarter(2026, 1).previous == Quarter(2025, 4)


@given(days)
def test_every_day_lies_in_its_own_quarter_and_in_no_neighbour(day):
    quarter = quarter_of(day)

    assert quarter.first_day <= day <= quarter.last_day
    assert quarter.previous.last_day == quarter.first_day - timedelta(days=1)
    assert quarter_of(quarter.next.first_day) == quarter.next


@given(days, st.integers(min_value=-3000, max_value=3000))
def test_steps_and_distances_agree(day, steps):
    quarter = quarter_of(day)

    assert (quarter + steps).since(quarter) == steps
    assert ((quarter + steps) > quarter) == (steps > 0)


@given(days)
def test_name_reads_back(day):
    assert quarter_named(str(quarter_of(day))) == quarter_of(day)


@pytest.mark.parametrize("name", ["", "2026", "2026-Q5", "2026-Q0", "26-Q1", "2026-q1", "2026-Q1 ", "2026-Q1\n", "0000-Q1", "٢٠٢٦-Q1"])
def test_what_is_no_name_of_a_quarter_is_refused(name):
    with pytest.raises(NotAQuarter):
        quarter_named(name)

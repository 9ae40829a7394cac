"""Charts: the figures they show, mirroring, escaping, and nothing that a strict policy would block."""

import re
from xml.etree import ElementTree

import pytest
from django.utils import translation

from jumelle.common import charts
from jumelle.common.charts import Axis, Bar, District, Stack
from jumelle.common.tables import Column, Table

EVIL = "<script>\"&'"
SQUARE = [(4.0, 50.0), (4.02, 50.0), (4.02, 50.01), (4.0, 50.01)]
AXES = [Axis("A", "Needs", 0.5), Axis("B", "Hours", None), Axis("C", "Places", 1.0), Axis("D", "People", 0.0)]
DRAWN = {
    "bar": lambda words, **kw: charts.bar_chart([Bar(words, 3), Bar("b", 1)], title=words, description=words, **kw),
    "stack": lambda words, **kw: charts.stacked_bar([Stack(words, {"done": 1, "unknown": 3})], title=words, description=words, **kw),
    "radar": lambda words, **kw: charts.radar([Axis(words, words, 0.5), *AXES], title=words, description=words, **kw),
    "map": lambda words, **kw: charts.district_map(
        [District(words, words, [SQUARE])], {}, breaks=[1, 2, 3, 4], title=words, description=words, unit=words, **kw
    ),
}


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  (our own text)


def rects(svg: str, look: str) -> list[tuple[str, str]]:
    return [(r.get("x"), r.get("width")) for r in tree(svg).iter("{http://www.w3.org/2000/svg}rect") if look in r.get("class", "").split()]


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN.keys())
@pytest.mark.parametrize("width", [None, 480])
def test_every_chart_escapes_its_words_and_has_a_name(draw, width):
    svg = draw(EVIL, width=width)
    root = tree(svg)

    names = {part.get("id"): part.text for part in root if part.get("id")}

    assert "<script" not in svg
    assert "style=" not in svg
    assert root.get("role") == "img"
    assert [names[i] for i in root.get("aria-labelledby").split()] == [EVIL, EVIL]


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN.keys())
def test_every_pattern_that_is_used_is_defined_in_the_same_chart(draw):
    svg = draw("words")

    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(re.findall(r'<pattern id="([^"]+)"', svg))


def test_bars_are_as_long_as_their_share_of_the_greatest():
    svg = charts.bar_chart([Bar("a", 4), Bar("b", 1), Bar("c", 0)], title="t", description="d")

    assert rects(svg, "bar") == [("0.00%", "100.00%"), ("0.00%", "25.00%"), ("0.00%", "0.00%")]


def test_right_to_left_bars_begin_at_the_other_edge():
    svg = charts.bar_chart([Bar("a", 1)], title="t", description="d", maximum=4, rtl=True)

    assert rects(svg, "bar") == [("75.00%", "25.00%")]


def test_without_any_value_no_bar_is_drawn_full():
    svg = charts.bar_chart([Bar("a", 0)], title="t", description="d")

    assert rects(svg, "bar") == [("0.00%", "0.00%")]


def test_a_negative_bar_is_refused():
    with pytest.raises(ValueError, match="shorter than nothing"):
        charts.bar_chart([Bar("a", -1)], title="t", description="d")


@pytest.mark.parametrize(
    ("rtl", "expected"),
    [
        (False, [("0.00%", "50.00%"), ("50.00%", "25.00%"), ("75.00%", "25.00%")]),
        (True, [("50.00%", "50.00%"), ("25.00%", "25.00%"), ("0.00%", "25.00%")]),
    ],
    ids=["ltr", "rtl"],
)
def test_stacked_segments_follow_each_other(rtl, expected):
    svg = charts.stacked_bar([Stack("a", {"done": 2, "partly": 1, "missing": 1})], title="t", description="d", rtl=rtl)

    assert rects(svg, "seg") == expected


def test_a_stack_says_n_of_total_and_each_count():
    svg = charts.stacked_bar([Stack("a", {"done": 2, "unknown": 1})], title="t", description="d", words={"done": "in place"})

    text = " ".join(tree(svg).itertext()).replace("\u00a0", " ")

    assert "2 of 3" in text
    assert "2 in place · 1 not known" in text


def test_a_radar_breaks_its_line_at_an_unknown_axis_and_never_draws_it_as_zero():
    svg = charts.radar(AXES, title="t", description="d")

    assert svg.count('<polyline class="line"') == 2  # C-D and D-A; both lines to B are missing
    assert svg.count('class="dot"') == 3
    assert svg.count('class="hollow"') == 1


def test_a_complete_radar_is_one_area():
    svg = charts.radar([Axis(c, c, 0.5) for c in "ABC"], title="t", description="d")

    assert (svg.count('<polygon class="line"'), svg.count("<polyline")) == (1, 0)


@pytest.mark.parametrize("axes", [AXES[:2], [*AXES, Axis("E", "e", 1.2)]], ids=["two axes", "share above one"])
def test_a_radar_that_cannot_be_drawn_is_refused(axes):
    with pytest.raises(ValueError, match="three axes"):
        charts.radar(axes, title="t", description="d")


@pytest.mark.parametrize(("value", "step"), [(0, "0"), (10, "0"), (10.1, "1"), (20, "1"), (40, "3"), (41, "4"), (None, "none")], ids=str)
def test_steps_of_the_map_include_their_upper_bound(value, step):
    assert charts.step_of(value, [10, 20, 30, 40]) == step


def test_a_map_keeps_north_up_and_the_proportions_of_the_place():
    projection = charts.Projection.around([(4.0, 50.0), (4.1, 50.1)])

    south_west, north_east = projection.line([(4.0, 50.0), (4.1, 50.1)])

    assert south_west[1] > north_east[1]
    assert projection.height == pytest.approx(4 + 396 / 0.6421, rel=1e-3)  # cos(50.05°) = 0.642


def test_an_outline_that_the_data_holds_twice_is_drawn_once():
    north = District("N", "North", [[list(spot) for spot in SQUARE], SQUARE[::-1]])

    svg = charts.district_map([north], {"N": 1}, breaks=[1, 2, 3, 4], title="t", description="d")

    assert [path.get("d").count("M") for path in tree(svg).iter("{http://www.w3.org/2000/svg}path")] == [1]


def test_figures_are_written_with_their_thousands_apart():
    with translation.override("en"):
        assert [charts.grouped(figure) for figure in (12000.0, 3, 2.5)] == ["12,000", "3", "2.5"]


def test_the_centre_of_a_square_and_of_a_line():
    assert charts.centroid([(0, 0), (2, 0), (2, 2), (0, 2)]) == pytest.approx((1, 1))
    assert charts.centroid([(0, 0), (2, 2)]) == pytest.approx((1, 1))


def test_tables_give_the_figures_of_their_charts():
    bars = charts.bar_table([Bar("a", 1, "1 of 2")], caption="c", label="l", figure="f")
    stacks = charts.stacked_table([Stack("a", {"done": 2}), Stack("b", {"missing": 1})], caption="c", label="l")
    spokes = charts.radar_table(AXES[:2], caption="c", label="l", figure="f")
    places = charts.map_table([District("N", "North", [SQUARE])], {"N": None}, caption="c", label="l", figure="f")

    assert bars.rows == [["a", "1 of 2"]]
    assert (stacks.rows, stacks.total) == ([["a", 2, 0, 0, 0, 2], ["b", 0, 0, 1, 0, 1]], ["All", 2, 0, 1, 0, 3])
    assert spokes.rows == [["A", "Needs", "50 %"], ["B", "Hours", "not known"]]
    assert places.rows == [["N", "North", "no figure"]]


def test_a_table_refuses_a_row_of_the_wrong_length():
    with pytest.raises(ValueError, match="1 cells under 2 columns"):
        Table("c", [Column("a"), Column("b")], [["only one"]])

"""Timeline and dots: what is drawn is inside, mirrored, named and the same as in the table."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from jumelle.common.chart_canvas import EM, FORBIDDEN, text_em, wrapped
from jumelle.common.chart_days import Days, Label, axis_of, days_around
from jumelle.common.chart_dots import APART, LEVELS, DotRow, dots, dots_table
from jumelle.common.chart_timeline import PROGRESS, Milestone, TimelineBar, timeline, timeline_table

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>\"&'\x0b"
DAYS = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)) | st.dates(date(2024, 1, 1), date(2030, 1, 1))
WORDS = st.text(max_size=90) | st.sampled_from([EVIL, "", "x" * 200, "دورات مسائية في المكتبة", "ትምህርቲ ቋንቋ"])
WIDTHS = st.integers(240, 900)


@st.composite
def bars(draw: st.DrawFn) -> list[TimelineBar]:
    rows = []
    for _place in range(draw(st.integers(0, 4))):
        days = [draw(DAYS), draw(DAYS)]
        start, end = sorted(days) if all(days) else days
        points = draw(st.lists(st.builds(Milestone, WORDS, DAYS), max_size=3))
        rows.append(TimelineBar(draw(WORDS), start, end, draw(st.sampled_from(PROGRESS)), points))
    return rows


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[list[DotRow], list[str]]:
    sides = draw(st.lists(WORDS, min_size=2, max_size=6))
    at = st.lists(st.sampled_from(LEVELS + APART), min_size=len(sides), max_size=len(sides))
    return draw(st.lists(st.builds(DotRow, WORDS, WORDS, at), max_size=4)), sides


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  (our own text)


def spans(root: ElementTree.Element) -> Iterator[tuple[str, float, float]]:
    """What each part covers from one side to the other, in px; words about as wide as `text_em` says."""
    for part in root:
        name = part.tag.removeprefix(SVG)
        if name == "rect":
            yield name, float(part.get("x")), float(part.get("x")) + float(part.get("width"))
        elif name == "line":
            yield name, *sorted((float(part.get("x1")), float(part.get("x2"))))
        elif name == "svg":
            moved = float(re.match(r"translate\((-?[\d.]+) 0\)", part[0].get("transform"))[1]) / 16 * float(part.get("width"))
            middle, half = float(part.get("x")) + moved, float(part.get("width")) / 2
            yield name, middle - half, middle + half
        elif name == "text":
            size = text_em(re.sub("[\u202a-\u202c]", "", "".join(part.itertext()))) * EM
            start = float(part.get("x")) + float(part.get("dx", 0))
            before = {"start": 0, "middle": size / 2, "end": size}[part.get("text-anchor", "start")]
            yield name, start - before, start - before + size


def bare(words: str) -> str:
    """Without what a break of line or the rules of XML take away."""
    return re.sub(r"[ \t\r\n\u00a0·]", "", FORBIDDEN.sub("", words))


def drawn_words(svg: str) -> str:
    return bare("".join("".join(text.itertext()) for text in tree(svg).iter(f"{SVG}text")))


def rects(svg: str, look: str) -> list[tuple[float, float]]:
    found = (r for r in tree(svg).iter(f"{SVG}rect") if look in r.get("class", "").split())
    return [(float(r.get("x").rstrip("%")), float(r.get("width").rstrip("%"))) for r in found]


def marks(svg: str) -> list[float]:
    return [float(mark.get("x").rstrip("%")) for mark in tree(svg) if mark.tag == f"{SVG}svg"]


@given(bars(), WIDTHS, st.booleans(), DAYS)
@settings(max_examples=100, deadline=None)
def test_nothing_of_a_timeline_lies_outside_its_picture(rows, width, rtl, today):
    root = tree(timeline(rows, title="t", description="d", rtl=rtl, width=width, today=today))

    outside = [span for span in spans(root) if span[1] < -1 or span[2] > width + 1]

    assert outside == []
    assert max((float(part.get("y")) for part in root if part.get("y")), default=0) <= float(root.get("height"))


@given(comparisons(), WIDTHS, st.booleans())
@settings(max_examples=100, deadline=None)
def test_nothing_of_a_comparison_lies_outside_its_picture(compared, width, rtl):
    rows, sides = compared
    root = tree(dots(rows, sides=sides, title="t", description="d", rtl=rtl, width=width))

    outside = [span for span in spans(root) if span[1] < -1 or span[2] > width + 1]

    assert outside == []


@given(bars(), comparisons(), st.booleans())
@settings(max_examples=100, deadline=None)
def test_each_label_is_whole_in_the_drawing_and_in_the_table(rows, compared, rtl):
    items, sides = compared

    line = drawn_words(timeline(rows, title="t", description="d", rtl=rtl))
    points = drawn_words(dots(items, sides=sides, title="t", description="d", rtl=rtl))

    assert [row.label for row in rows if bare(row.label) not in line] == []
    assert [point.label for row in rows for point in row.milestones if bare(point.label) not in line] == []
    assert [words for words in [*sides, *(item.words for item in items)] if bare(words) not in points] == []
    assert [row[0] for row in timeline_table(rows, caption="c", label="l").rows] == [row.label for row in rows]
    assert [row[0] for row in dots_table(items, sides=sides, caption="c", label="l").rows] == [item.words for item in items]


@given(bars(), comparisons())
@settings(max_examples=100, deadline=None)
def test_right_to_left_is_the_mirror_image(rows, compared):
    items, sides = compared
    for draw in (
        lambda rtl: timeline(rows, title="t", description="d", rtl=rtl, today=date(2026, 5, 1)),
        lambda rtl: dots(items, sides=sides, title="t", description="d", rtl=rtl),
    ):
        there, back = draw(False), draw(True)

        for look in ("seg", "track"):
            assert rects(back, look) == [(pytest.approx(100 - x - size, abs=0.02), size) for x, size in rects(there, look)]
        assert marks(back) == [pytest.approx(100 - x, abs=0.02) for x in marks(there)]
        assert tree(back).get("direction") == "rtl"


@pytest.mark.parametrize(("rtl", "turned"), [(False, 0), (True, 2)], ids=["ltr", "rtl"])
def test_what_shows_a_direction_turns_with_it(rtl, turned):
    rows = [TimelineBar("a", date(2026, 1, 1), None, "in_progress"), TimelineBar("b", date(2026, 1, 1), date(2026, 2, 1), "done")]

    svg = timeline(rows, title="t", description="d", rtl=rtl)

    assert svg.count("scale(-1 1)") == turned


@pytest.mark.parametrize("width", [None, 480])
def test_words_are_escaped_and_nothing_has_a_style(width):
    bar = TimelineBar(EVIL, date(2026, 1, 1), None, milestones=[Milestone(EVIL, None)])

    for svg in (
        timeline([bar], title=EVIL, description=EVIL, words={"planned": EVIL}, width=width),
        dots([DotRow(EVIL, EVIL, ["na", "done"])], sides=[EVIL, EVIL], title=EVIL, description=EVIL, words={"na": EVIL}, width=width),
    ):
        root = tree(svg)
        names = {part.get("id"): part.text for part in root if part.get("id")}

        assert "<script" not in svg
        assert "style=" not in svg
        assert root.get("role") == "img"
        assert [names[i] for i in root.get("aria-labelledby").split()] == [EVIL[:-1], EVIL[:-1]]


def test_a_bar_runs_from_its_first_day_to_the_end_of_its_last():
    svg = timeline([TimelineBar("a", date(2026, 1, 1), date(2026, 3, 31))], title="t", description="d")

    assert rects(svg, "seg") == [(3.5, 93.0)]


def test_a_single_day_is_still_seen_at_the_end_of_ten_years():
    rows = [TimelineBar("a", date(2026, 1, 1), date(2026, 1, 1)), TimelineBar("b", date(2035, 12, 31), date(2035, 12, 31))]

    assert rects(timeline(rows, title="t", description="d"), "seg") == [(3.5, 1.5), (95.0, 1.5)]


def test_each_state_has_a_look_of_its_own_besides_its_colour():
    def look(state: str) -> tuple[str, int]:
        svg = timeline([TimelineBar("a", date(2026, 1, 1), date(2026, 2, 1), state)], title="t", description="d", width=480)
        fill = next(part.get("fill") for part in tree(svg) if "seg" in part.get("class", ""))
        return fill, svg.count('class="strike"')

    assert len({look(state) for state in PROGRESS}) == len(PROGRESS)


@pytest.mark.parametrize(
    ("start", "end", "words", "arrows"),
    [
        (date(2026, 3, 3), date(2026, 6, 30), "planned · from 3 March 2026 to 30 June 2026", 0),
        (date(2026, 3, 3), date(2026, 3, 3), "planned · 3 March 2026", 0),
        (date(2026, 3, 3), None, "planned · from 3 March 2026, end not set", 1),
        (None, date(2026, 3, 3), "planned · until 3 March 2026, start not set", 1),
        (None, None, "planned · dates not set", 0),
    ],
    ids=["both", "one day", "no end", "no start", "none"],
)
def test_dates_are_said_in_words_and_open_ends_have_an_arrow(start, end, words, arrows):
    with translation.override("en"):
        svg = timeline([TimelineBar("a", start, end)], title="t", description="d", width=800)

    assert bare(words) in drawn_words(svg)
    assert svg.count('class="tip"') == arrows


def test_today_is_a_line_in_every_lane_and_only_where_the_axis_reaches_it():
    rows = [TimelineBar("a", date(2026, 1, 1), date(2026, 3, 1)), TimelineBar("b", date(2026, 2, 1), date(2026, 4, 1))]

    counts = [
        timeline(rows, title="t", description="d", today=day).count('class="today"') for day in (date(2026, 2, 2), date(2040, 1, 1), None)
    ]

    assert counts == [2, 0, 0]


def test_an_open_row_reaches_today_however_long_ago_it_began():
    svg = timeline([TimelineBar("a", date(2019, 1, 1), None)], title="t", description="d", today=date(2026, 2, 2))

    assert svg.count('class="today"') == 1


def axis_words(start: date, end: date, reach_em: float = 17) -> tuple[list[str], list[str]]:
    days = days_around([start, end], open_from=[], open_until=[], today=None, margin=0.035)
    ruler = axis_of(days, reach_em)
    return [label.words for label in ruler.months], [label.words for label in ruler.years]


@pytest.mark.parametrize(
    ("language", "start", "end", "expected"),
    [
        ("en", date(2026, 3, 3), date(2026, 5, 5), (["Mar", "Apr", "May"], ["2026"])),
        ("fr", date(2026, 1, 3), date(2027, 2, 5), (["janv.", "avr.", "juil.", "oct.", "janv."], ["2026", "2027"])),
        ("ar", date(2026, 1, 3), date(2026, 2, 5), (["يناير", "فبراير"], ["2026"])),
        ("en", date(2026, 3, 3), date(2036, 3, 5), ([], ["2028", "2030", "2032", "2034", "2036"])),
        ("en", date(1, 1, 1), date(9999, 12, 31), ([], ["2000", "4000", "6000", "8000"])),
    ],
    ids=["months", "quarters", "arabic", "ten years", "all years"],
)
def test_the_axis_thins_out(language, start, end, expected):
    with translation.override(language):
        assert axis_words(start, end) == expected


def lying_on_each_other(labels: list[Label], reach_em: float) -> list[tuple[str, str]]:
    sides = []
    for label in labels:
        size = text_em(label.words) / reach_em
        start = label.share - {"start": 0, "middle": size / 2, "end": size}[label.anchor]
        sides.append((label.words, start, start + size))
    return [(one[0], other[0]) for one, other in pairwise(sides) if other[1] < one[2]]


@pytest.mark.parametrize("language", ["fr", "en", "ar", "uk", "ti"])
def test_names_on_the_axis_do_not_lie_on_each_other(language):
    first = date(2026, 1, 1).toordinal()
    spans_of_days = [(first + month * 31, first + month * 31 + size * 29) for month in range(12) for size in range(1, 150)]

    with translation.override(language):
        rulers = [axis_of(Days(start, end, 0.035), 17) for start, end in spans_of_days]

    assert [found for ruler in rulers for line in (ruler.months, ruler.years) for found in lying_on_each_other(line, 17)] == []


@pytest.mark.parametrize("bar", [TimelineBar("a", date.max, None), TimelineBar("a", None, date.min)], ids=["last", "first"])
def test_the_first_and_the_last_day_of_the_calendar_may_be_open(bar):
    assert len(rects(timeline([bar], title="t", description="d"), "seg")) == 1


def test_pieces_of_one_timeline_have_the_same_axis():
    rows = [TimelineBar("a", date(2026, 1, 1), date(2026, 3, 1)), TimelineBar("b", date(2028, 2, 1), date(2028, 4, 1))]

    whole = timeline(rows, title="t", description="d")
    pieces = [timeline([row], title="t", description="d", among=rows) for row in rows]

    assert [found for piece in pieces for found in rects(piece, "seg")] == rects(whole, "seg")


def test_the_table_of_a_timeline_says_what_is_not_set():
    rows = [TimelineBar("a", date(2026, 3, 3), None, "done", [Milestone("later", None), Milestone("first", date(2026, 4, 1))])]

    with translation.override("en"):
        table = timeline_table(rows, caption="c", label="Action", words={"done": "finished"})

    assert [column.label for column in table.columns] == ["Action", "From", "Until", "State", "Milestones"]
    assert table.rows == [["a", "3 March 2026", "not set", "finished", "1 April 2026: first; later (date not set)"]]


def test_without_rows_both_say_so():
    with translation.override("en"):
        drawn = [timeline([], title="t", description="d"), dots([], sides=["a", "b"], title="t", description="d")]

    assert ["Nothingtoshowyet." in drawn_words(svg) for svg in drawn] == [True, True]


def test_forty_rows_repeat_the_axis():
    rows = [TimelineBar(f"row {n}", date(2026, 1, 1) + timedelta(n), date(2026, 5, 1), "done") for n in range(40)]

    with translation.override("en"):
        words = drawn_words(timeline(rows, title="t", description="d"))

    assert words.count("JanFebMarAprMay2026") == 5


@pytest.mark.parametrize(
    ("bar", "why"),
    [
        (TimelineBar("a", date(2026, 2, 1), date(2026, 1, 1)), "cannot end before it starts"),
        (TimelineBar("a", None, None, "finished"), "no state of a timeline"),
    ],
    ids=["backwards", "unknown state"],
)
def test_a_row_that_cannot_be_drawn_is_refused(bar, why):
    with pytest.raises(ValueError, match=why):
        timeline([bar], title="t", description="d")
    with pytest.raises(ValueError, match=why):
        timeline_table([bar], caption="c", label="l")


ROW = DotRow("KF1", "Needs", ["done", "missing", "na", "unknown", "na"])
CITIES = ["North", "South", "East", "West", "Centre"]


def test_sides_stand_in_the_column_of_their_level_with_a_letter_of_their_own():
    svg = dots([ROW], sides=CITIES, title="t", description="d")

    drawn = [mark for mark in tree(svg) if mark.tag == f"{SVG}svg"][len(CITIES) :]  # the first ones are the key
    middle = {mark.find(f".//{SVG}text").text: float(mark.get("x").rstrip("%")) for mark in drawn}

    assert middle == {"A": 58.75, "B": 11.75, "C": 87.5, "D": 87.5, "E": 87.5}


def test_shapes_of_sides_differ_without_their_letters_and_colours():
    svg = dots([DotRow("", "", ["done"] * 6)], sides=list("abcdef"), title="t", description="d")

    shapes = {path.get("d") for path in tree(svg).iter(f"{SVG}path")}

    assert len(shapes) == 6


def test_why_a_side_has_no_level_is_said():
    with translation.override("en"):
        svg = dots([ROW], sides=CITIES, title="t", description="d", words={"na": "not for us"})

    assert bare("not known: D · not for us: C, E") in drawn_words(svg)


def test_the_table_of_a_comparison_has_a_column_for_each_side_and_no_total():
    with translation.override("en"):
        table = dots_table([ROW], sides=CITIES, caption="c", label="Item", words={"done": "in place"})

    assert [column.label for column in table.columns] == ["Item", "A North", "B South", "C East", "D West", "E Centre"]
    assert table.rows == [["KF1 Needs", "in place", "missing", "does not apply", "not known", "does not apply"]]
    assert table.total == ()


@pytest.mark.parametrize(
    ("rows", "sides"),
    [([], ["one"]), ([], list("abcdefg")), ([ROW], ["a", "b"]), ([DotRow("", "", ["done", "excellent"])], ["a", "b"])],
    ids=["one side", "seven sides", "other number", "other level"],
)
def test_a_comparison_that_cannot_be_drawn_is_refused(rows, sides):
    with pytest.raises(ValueError, match="sides"):
        dots(rows, sides=sides, title="t", description="d")
    with pytest.raises(ValueError, match="sides"):
        dots_table(rows, sides=sides, caption="c", label="l")


def test_a_document_names_the_font_of_each_script_and_the_direction_of_each_text():
    svg = timeline([TimelineBar("KF8 دورات", None, None)], title="t", description="d", rtl=True, width=480)

    first = next(tree(svg).iter(f"{SVG}text"))

    assert (first.get("text-anchor"), first.get("x")) == ("end", "480.0")
    assert [(part.get("font-family"), part.text) for part in first] == [("Noto Sans Arabic", "\u202b"), ("Noto Sans Arabic", "دورات")]
    assert tree(svg).get("direction") == "ltr"


def test_a_word_longer_than_its_line_is_cut():
    assert wrapped("ab " + "x" * 25, 5) == ["ab", "x" * 10, "x" * 10, "x" * 5]

"""
Charts as SVG text made on the server: direct labels, no style attribute, escaped, mirrored for right-to-left.

Each function draws in one of two ways. Without `width` the chart takes the width of its place and the size of the
page's letters (percent and em), and CSS gives the colours (`components.css`). With `width` (px) it stands alone, in
grey and with fonts named, for a printed document. The matching `…_table` gives the same figures for `{% data_table %}`.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jumelle.common.chart_canvas import Canvas, group, mark_of, picture, wrapped
from jumelle.common.tables import Column, Table

STATES = ("done", "partly", "missing", "unknown")
Spot = tuple[float, float]
NO_BREAK = "\u00a0"
LABEL_EM = 17.0  # what fits beside the margins of a phone 320 px wide


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. `shown` is the figure in words ("12 of 20"); empty: the value itself."""

    label: str
    value: float
    shown: str = ""

    @property
    def words(self) -> str:
        return self.shown or grouped(self.value)


@dataclass(frozen=True, slots=True)
class Stack:
    """Counts of one row by state (keys among STATES); the caller leaves out what is not applicable. `total` is N."""

    label: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.get(state, 0) for state in STATES)


@dataclass(frozen=True, slots=True)
class Axis:
    """One spoke of a radar. `share` is 0-1; None means not known and is drawn as a gap, never as zero."""

    code: str
    label: str
    share: float | None
    shown: str = ""

    @property
    def words(self) -> str:
        if self.share is None:
            return _("not known")
        return self.shown or f"{number_format(self.share * 100, decimal_pos=0)} %"


@dataclass(frozen=True, slots=True)
class District:
    """A district with its rings of (longitude, latitude) in degrees, the outer ring first."""

    code: str
    label: str
    rings: Sequence[Sequence[Spot]]


def bar_chart(
    bars: Sequence[Bar],
    *,
    title: str,
    description: str,
    maximum: float | None = None,
    rtl: bool = False,
    width: int | None = None,
) -> SafeString:
    """
    Return horizontal bars, each under its label and figure.

    Args:
        bars: values ≥ 0, in the order to draw.
        maximum: value of a full line; the greatest value when None.
    Raises:
        ValueError: a value is negative.
    """
    if any(bar.value < 0 for bar in bars):
        raise ValueError("a bar cannot be shorter than nothing")
    full = maximum or max((bar.value for bar in bars), default=0) or 1
    canvas = Canvas(title, description, rtl=rtl, width=width)
    for bar in bars:
        canvas.label(bar.label, bar.words, LABEL_EM)
        canvas.box("track", 0, 1, 0.8)
        canvas.box("bar", 0, min(bar.value / full, 1), 0.8)
        canvas.down(1.7)
    return canvas.drawn()


def bar_table(bars: Sequence[Bar], *, caption: str, label: str, figure: str) -> Table:
    return Table(caption, [Column(label), Column(figure, numeric=True)], [[bar.label, bar.words] for bar in bars])


def stacked_bar(
    stacks: Sequence[Stack],
    *,
    title: str,
    description: str,
    words: Mapping[str, str] | None = None,
    rtl: bool = False,
    width: int | None = None,
) -> SafeString:
    """
    Return one bar per row, cut by state, with "n of N" on top and the counts in words beneath.

    Args:
        words: names of the states on this page, such as {"done": "in place"}; ours where missing.
    """
    names = {**state_names(), **(words or {})}
    canvas = Canvas(title, description, rtl=rtl, width=width)
    for stack in stacks:
        canvas.label(stack.label, n_of_total(stack.counts.get("done", 0), stack.total), LABEL_EM)
        start = 0.0
        for state in STATES:
            share = stack.counts.get(state, 0) / stack.total if stack.total else 0
            if share:
                canvas.segment(state, start, share, 1.1)
            start += share
        if not stack.total:
            canvas.box("track", 0, 1, 1.1)
        canvas.down(1.2)
        canvas.text(counts_in_words(stack, names), LABEL_EM, "chart-words")
        canvas.down(0.6)
    return canvas.drawn()


def stacked_table(stacks: Sequence[Stack], *, caption: str, label: str, words: Mapping[str, str] | None = None) -> Table:
    names = {**state_names(), **(words or {})}
    columns = [
        Column(label),
        *(Column(names[state], numeric=True) for state in STATES),
        Column(_("in all"), numeric=True),
    ]
    rows = [[stack.label, *(stack.counts.get(state, 0) for state in STATES), stack.total] for stack in stacks]
    sums = [sum(column) for column in zip(*(row[1:] for row in rows), strict=True)]
    return Table(caption, columns, rows, total=[_("All"), *sums] if len(rows) > 1 else ())


def state_names() -> dict[str, str]:
    return {"done": _("done"), "partly": _("partly"), "missing": _("missing"), "unknown": _("not known")}


def n_of_total(count: int, total: int) -> str:
    return _("%(count)s of %(total)s") % {"count": count, "total": total}


def counts_in_words(stack: Stack, names: Mapping[str, str]) -> str:
    parts = [f"{stack.counts[state]} {names[state]}".replace(" ", NO_BREAK) for state in STATES if stack.counts.get(state)]
    return " · ".join(parts) or _("nothing answered")


# --- radar ------------------------------------------------------------------------------------------------------------

SIZE, CENTRE, RADIUS = 400, 200.0, 158.0
LINE = '<{} class="line" fill="none" stroke="#333" stroke-width="2.5" points="{}"/>'


def radar(axes: Sequence[Axis], *, title: str, description: str, rtl: bool = False, width: int | None = None) -> SafeString:
    """
    Return a radar of at least three axes, clockwise from the top (mirrored for right-to-left).

    On a narrow screen the axes carry their codes, on a wide one their names as well; unknown axes break the line.

    Raises:
        ValueError: fewer than three axes, or a share outside 0-1.
    """
    if len(axes) < 3 or any(axis.share is not None and not 0 <= axis.share <= 1 for axis in axes):
        raise ValueError("a radar needs three axes or more, each share between 0 and 1")
    angles = [(-1 if rtl else 1) * 2 * math.pi * place / len(axes) for place in range(len(axes))]
    spots = [None if axis.share is None else polar(angle, RADIUS * axis.share) for axis, angle in zip(axes, angles, strict=True)]
    inside = group([web(angles), outline(spots), markers(axes, angles, spots), radar_words(axes, angles, rtl)])
    box = f"0 0 {SIZE} {SIZE}" if width is None else f"-190 -20 {SIZE + 380} {SIZE + 40}"
    return picture(inside, title, description, classes="chart chart--square", box=box, rtl=rtl, width=width)


def radar_table(axes: Sequence[Axis], *, caption: str, label: str, figure: str) -> Table:
    columns = [Column(_("Code")), Column(label), Column(figure, numeric=True)]
    return Table(caption, columns, [[axis.code, axis.label, axis.words] for axis in axes])


def polar(angle: float, distance: float) -> Spot:
    return CENTRE + distance * math.sin(angle), CENTRE - distance * math.cos(angle)


def rounded(spot: Spot) -> tuple[str, str]:
    return f"{spot[0]:.1f}", f"{spot[1]:.1f}"


def points(spots: Iterable[Spot]) -> str:
    return " ".join(",".join(rounded(spot)) for spot in spots)


def web(angles: Sequence[float]) -> SafeString:
    """Rings at a quarter, a half, three quarters and the whole, and a spoke for each axis."""
    ring = '<polygon class="rule" fill="none" stroke="#bbb" points="{}"/>'
    spoke = '<line class="rule" stroke="#bbb" x1="200" y1="200" x2="{}" y2="{}"/>'
    rings = format_html_join("", ring, ((points(polar(a, RADIUS * r) for a in angles),) for r in (0.25, 0.5, 0.75, 1)))
    return rings + format_html_join("", spoke, (rounded(polar(a, RADIUS)) for a in angles))


def outline(spots: Sequence[Spot | None]) -> SafeString:
    """The area when every axis is known, else the lines between neighbours that are."""
    known = [spot for spot in spots if spot is not None]
    if len(known) == len(spots):
        area = format_html('<polygon class="bar" fill="#555" fill-opacity="0.15" points="{}"/>', points(known))
        return area + format_html(LINE, "polygon", points(known))
    pairs = [(one, other) for one, other in zip(spots, [*spots[1:], spots[0]], strict=True) if one and other]
    return format_html_join("", LINE, (("polyline", points(pair)) for pair in pairs))


def markers(axes: Sequence[Axis], angles: Sequence[float], spots: Sequence[Spot | None]) -> SafeString:
    """A dot where an axis is known, a question mark near the middle where it is not."""
    dot = '<circle class="dot" fill="#333" cx="{}" cy="{}" r="5"><title>{}</title></circle>'
    gap = (
        '<circle class="hollow" fill="#fff" stroke="#333" cx="{}" cy="{}" r="10"/>'
        '<text text-anchor="middle" font-size="14" x="{}" y="{}">?</text>'
    )
    named = ((*rounded(spot), f"{axis.code} {axis.label}: {axis.words}") for axis, spot in zip(axes, spots, strict=True) if spot)
    unknown = (polar(angle, 40) for angle, spot in zip(angles, spots, strict=True) if spot is None)
    return format_html_join("", dot, named) + format_html_join("", gap, ((*rounded((x, y)), *rounded((x, y + 5))) for x, y in unknown))


def radar_words(axes: Sequence[Axis], angles: Sequence[float], rtl: bool) -> SafeString:
    """Codes for narrow screens; code, name and figure for wide ones and for print."""
    code = '<text class="strong" font-weight="700" text-anchor="middle" font-size="17" x="{}" y="{}">{}</text>'
    at = [polar(angle, RADIUS + 16) for angle in angles]
    codes = format_html_join("", code, ((*rounded((x, y + 6)), axis.code) for axis, (x, y) in zip(axes, at, strict=True)))
    is_crowded = len(axes) > 7  # whole names would lie on each other: the table beneath has them
    names = group(radar_name(axis, angle, spot, rtl, is_crowded) for axis, angle, spot in zip(axes, angles, at, strict=True))
    return format_html('<g class="radar-codes">{}</g><g class="radar-names">{}</g>', codes, names)


def radar_name(axis: Axis, angle: float, spot: Spot, rtl: bool, is_crowded: bool) -> SafeString:
    """The name beside its axis: to the outer side of the circle, above at the top, beneath at the bottom."""
    x, y = spot
    side = math.sin(angle)
    on_axis = abs(side) < 0.2
    name = [axis.code] if is_crowded else wrapped(f"{axis.code} {axis.label}", 20 if on_axis else 11.5)
    lines = [*name, axis.words]
    anchor = "middle" if on_axis else "start" if (side > 0) != rtl else "end"
    above, beneath, beside = y - 18 * (len(lines) - 1), y + 10, y - 9 * (len(lines) - 1) + 5
    first = beside if not on_axis else above if y < CENTRE else beneath
    row = '<tspan x="{}" y="{}" font-weight="{}">{}</tspan>'
    last = len(lines) - 1
    rows = ((*rounded((x, first + 18 * n)), 700 if n == last else 400, line) for n, line in enumerate(lines))
    return format_html('<text text-anchor="{}" font-size="15">{}</text>', anchor, format_html_join("", row, rows))


# --- map --------------------------------------------------------------------------------------------------------------


def district_map(
    districts: Sequence[District],
    values: Mapping[str, float | None],
    *,
    breaks: Sequence[float],
    title: str,
    description: str,
    unit: str = "",
    width: int | None = None,
) -> SafeString:
    """
    Return a map of districts in five steps of one colour, each with its code, and the steps beneath. Never mirrored.

    Args:
        values: figure by district code; missing or None is "no figure" and is hatched.
        breaks: the four upper bounds (inclusive) of the first four steps, ascending.
    Raises:
        ValueError: not four ascending bounds, or no district.
    """
    if len(breaks) != 4 or sorted(breaks) != list(breaks) or not districts:
        raise ValueError("a map needs districts and four ascending bounds")
    place = Projection.around([spot for district in districts for ring in district.rings for spot in ring])
    greys = {**GREYS, "none": f"url(#{mark_of(title)}-hatch)"}
    steps = {d.code: step_of(values.get(d.code), breaks) for d in districts}
    shapes = group(district_shape(d, place, steps[d.code], greys[steps[d.code]], figure_words(values.get(d.code), unit)) for d in districts)
    word = '<text class="strong halo" font-weight="700" text-anchor="middle" font-size="18" x="{}" y="{}">{}</text>'
    middles = [(d.code, centroid(place.line(d.rings[0]))) for d in districts]
    codes = format_html_join("", word, ((*rounded((x, y + 5)), code) for code, (x, y) in middles))
    looks = [*"01234", *(["none"] if "none" in steps.values() else [])]
    key = map_key(breaks, unit, place.height + 14, {look: greys[look] for look in looks})
    box = f"0 0 {SIZE} {place.height + (116 if unit else 92):.0f}"
    return picture(group([shapes, codes, key]), title, description, classes="chart chart--map", box=box, rtl=False, width=width)


def district_shape(district: District, place: "Projection", step: str, grey: str, shown: str) -> SafeString:
    borders = distinct(place.line(ring) for ring in district.rings)
    lines = ("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in border) + "Z" for border in borders)
    shape = (
        '<path class="district step-{}" fill="{}" stroke="#fff" stroke-width="1.5" fill-rule="evenodd" d="{}"><title>{}: {}</title></path>'
    )
    return format_html(shape, step, grey, "".join(lines), district.label, shown)


def grouped(figure: float) -> str:
    """The figure as the reader's language writes it, with its thousands apart and no decimals that say nothing."""
    return number_format(int(figure) if float(figure).is_integer() else figure, force_grouping=True)


def distinct(lines: Iterable[Sequence[Spot]]) -> list[Sequence[Spot]]:
    """Without outlines drawn a second time: some open data holds each district twice, and the two would cancel each other."""
    kept: list[Sequence[Spot]] = []
    for line in lines:
        if not any(math.dist(corners_of(line), corners_of(other)) < 3 for other in kept):
            kept.append(line)
    return kept


def corners_of(line: Sequence[Spot]) -> tuple[float, float, float, float]:
    across, down = [x for x, _y in line], [y for _x, y in line]
    return min(across), min(down), max(across), max(down)


def figure_words(value: float | None, unit: str) -> str:
    return _("no figure") if value is None else f"{grouped(value)} {unit}".strip()


def map_table(
    districts: Sequence[District],
    values: Mapping[str, float | None],
    *,
    caption: str,
    label: str,
    figure: str,
    unit: str = "",
) -> Table:
    columns = [Column(_("Code")), Column(label), Column(figure, numeric=True)]
    return Table(caption, columns, [[d.code, d.label, figure_words(values.get(d.code), unit)] for d in districts])


GREYS = {"0": "#f2f2f2", "1": "#d4d4d4", "2": "#a9a9a9", "3": "#777777", "4": "#444444"}


def step_of(value: float | None, breaks: Sequence[float]) -> str:
    """Which of the five steps a figure falls in, "0" to "4"; "none" without a figure."""
    if value is None:
        return "none"
    return str(next((step for step, bound in enumerate(breaks) if value <= bound), len(breaks)))


def map_key(breaks: Sequence[float], unit: str, top: float, greys: Mapping[str, str]) -> SafeString:
    """The steps beneath the map, two to a line: a box each, with its bounds in words."""
    bounds = [grouped(bound) for bound in breaks]
    words = [
        *(_("up to %(bound)s") % {"bound": bound} for bound in bounds),
        _("more than %(bound)s") % {"bound": bounds[-1]},
        _("no figure"),
    ]
    box = '<rect class="step-{}" fill="{}" stroke="#777" x="{}" y="{}" width="22" height="16"/><text font-size="16" x="{}" y="{}">{}</text>'
    corners = [(2 + n % 2 * 200, top + n // 2 * 26) for n in range(len(greys))]
    drawn = (
        (look, grey, *rounded((x, y)), *rounded((x + 30, y + 14)), word)
        for (x, y), (look, grey), word in zip(corners, greys.items(), words, strict=False)
    )
    title = format_html('<text font-size="16" x="2" y="{}">{}</text>', f"{top + 94:.1f}", unit) if unit else SafeString("")
    return format_html_join("", box, drawn) + title


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees to the 400 units of the drawing: plate carrée, squeezed by the cosine of the middle latitude."""

    west: float
    north: float
    scale: float
    squeeze: float
    height: float

    @classmethod
    def around(cls, spots: Sequence[Spot]) -> "Projection":
        west, east = min(x for x, _y in spots), max(x for x, _y in spots)
        south, north = min(y for _x, y in spots), max(y for _x, y in spots)
        squeeze = math.cos(math.radians((south + north) / 2))
        scale = (SIZE - 4) / max((east - west) * squeeze, 1e-9)
        return cls(west, north, scale, squeeze, (north - south) * scale + 4)

    def line(self, ring: Sequence[Spot]) -> list[Spot]:
        """The ring in drawing units, without points closer than half a unit to the one before."""
        kept: list[Spot] = []
        for longitude, latitude in ring:
            spot = (2 + (longitude - self.west) * self.squeeze * self.scale, 2 + (self.north - latitude) * self.scale)
            if not kept or math.dist(kept[-1], spot) >= 0.5:
                kept.append(spot)
        return kept


def centroid(ring: Sequence[Spot]) -> Spot:
    """Centre of the area of a polygon (shoelace formula); the mean of its corners when it has no area."""
    area = x_sum = y_sum = 0.0
    for (x0, y0), (x1, y1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        area, x_sum, y_sum = area + cross, x_sum + (x0 + x1) * cross, y_sum + (y0 + y1) * cross
    if abs(area) < 1e-9:
        return sum(x for x, _y in ring) / len(ring), sum(y for _x, y in ring) / len(ring)
    return x_sum / (3 * area), y_sum / (3 * area)

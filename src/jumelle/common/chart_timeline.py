"""
A timeline as SVG text: one bar for each row from its first day to its last, with milestones and the day of today.

A state has a pattern, a mark and a word. A missing date is drawn as an open end with an arrow and said in words.
Drawn for a page or, with `width` (px), for a document: see `charts.py`. The days are laid out in `chart_days.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jumelle.common.chart_canvas import EM, Canvas, wrapped
from jumelle.common.chart_days import Axis, Days, axis_of, day_words, days_around, whole_day
from jumelle.common.charts import LABEL_EM
from jumelle.common.tables import Column, Table

PROGRESS = ("planned", "in_progress", "stalled", "done", "dropped")
FILLS = {"planned": "missing", "in_progress": "partly", "stalled": "stalled", "done": "done", "dropped": "missing"}
MARKS = {
    "planned": "M0 -6A6 6 0 1 1 0 6A6 6 0 1 1 0 -6z",
    "in_progress": "M-4 -6L6 0L-4 6z",
    "stalled": "M-3 -6V6M3 -6V6",
    "done": "M-6 0L-2 5L6 -5",
    "dropped": "M-5 -5L5 5M-5 5L5 -5",
}
DIAMOND = "M0 -7L7 0L0 7L-7 0z"
ARROW = "M0 -7L8 0L0 7z"
ARROW_BACK = "M0 -7L-8 0L0 7z"
LANE_EM, BAR_EM = 1.5, 0.9
MARGIN = 0.035  # of the width, on both sides: half a mark on a phone
LEAST = 0.015  # of the width: a single day in ten years is still seen
ROWS_BETWEEN_AXES = 8  # the axis comes back before one has scrolled past it


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated point of a row; without its day it is named, not drawn."""

    label: str
    on: date | None


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """One row. The last day belongs to it; None means not set. `state` is among PROGRESS."""

    label: str
    starts_on: date | None
    ends_on: date | None
    state: str = "planned"
    milestones: Sequence[Milestone] = ()

    @property
    def is_open(self) -> bool:
        """One of the two days is not set."""
        return (self.starts_on is None) != (self.ends_on is None)

    @property
    def days(self) -> list[date]:
        return [day for day in (self.starts_on, self.ends_on, *(point.on for point in self.milestones)) if day]

    @property
    def points(self) -> list[Milestone]:
        """Milestones by day, those without a day at the end."""
        return sorted(self.milestones, key=lambda point: point.on or date.max)


def timeline(
    bars: Sequence[TimelineBar],
    *,
    title: str,
    description: str,
    words: Mapping[str, str] | None = None,
    rtl: bool = False,
    width: int | None = None,
    today: date | None = None,
    among: Sequence[TimelineBar] = (),
) -> SafeString:
    """
    Return the rows in the order given, each under its label, state and dates in words.

    Args:
        words: names of the states on this page, such as {"dropped": "given up"}; ours where missing.
        today: drawn as a line if it is at most a year away from the days of the rows, or if a row has an open end.
        among: all rows where `bars` are some of them, so that pieces on several sheets have the same axis.
    Raises:
        ValueError: a row ends before it starts, or its state is none of PROGRESS.
    """
    check(bars)
    names = {**progress_names(), **(words or {})}
    drawing = Drawing.on(Canvas(title, description, rtl=rtl, width=width), [*bars, *among], today)
    for place, bar in enumerate(bars):
        if place % ROWS_BETWEEN_AXES == 0:
            drawing.axis()
        drawing.row(bar, names[bar.state])
    if not bars:
        drawing.canvas.text(_("Nothing to show yet."), drawing.reach_em, "chart-words")
    return drawing.canvas.drawn()


def timeline_table(bars: Sequence[TimelineBar], *, caption: str, label: str, words: Mapping[str, str] | None = None) -> Table:
    """The same as a table: label, from, until, state, milestones."""
    check(bars)
    names = {**progress_names(), **(words or {})}
    columns = [Column(label), Column(_("From")), Column(_("Until")), Column(_("State")), Column(_("Milestones"))]
    rows = [
        [bar.label, day_or_not_set(bar.starts_on), day_or_not_set(bar.ends_on), names[bar.state], "; ".join(map(point_words, bar.points))]
        for bar in bars
    ]
    return Table(caption, columns, rows)


def check(bars: Sequence[TimelineBar]) -> None:
    for bar in bars:
        if bar.state not in PROGRESS:
            raise ValueError(f"no state of a timeline: {bar.state!r}")
        if bar.starts_on and bar.ends_on and bar.ends_on < bar.starts_on:
            raise ValueError(f"a row cannot end before it starts: {bar.label!r}")


def progress_names() -> dict[str, str]:
    return {
        "planned": _("planned"),
        "in_progress": _("in progress"),
        "stalled": _("stalled"),
        "done": pgettext("what was to be done", "done"),
        "dropped": _("given up"),
    }


def day_or_not_set(day: date | None) -> str:
    return day_words(day) if day else _("not set")


def span_words(bar: TimelineBar) -> str:
    days = {"start": bar.starts_on and whole_day(bar.starts_on), "end": bar.ends_on and whole_day(bar.ends_on)}
    if bar.starts_on and bar.starts_on == bar.ends_on:
        return whole_day(bar.starts_on)
    if bar.starts_on and bar.ends_on:
        return _("from %(start)s to %(end)s") % days
    if bar.starts_on:
        return _("from %(start)s, end not set") % days
    return _("until %(end)s, start not set") % days if bar.ends_on else _("dates not set")


def point_words(point: Milestone, written: Callable[[date], str] = day_words) -> str:
    if point.on is None:
        return _("%(milestone)s (date not set)") % {"milestone": point.label}
    return _("%(day)s: %(milestone)s") % {"day": written(point.on), "milestone": point.label}


@dataclass(slots=True)
class Drawing:
    """Rows and axes on one canvas, all with the same days across. Without any day there is no axis and no bar."""

    canvas: Canvas
    days: Days | None
    ruler: Axis
    today: date | None
    reach_em: float

    @classmethod
    def on(cls, canvas: Canvas, bars: Sequence[TimelineBar], today: date | None) -> "Drawing":
        reach_em = LABEL_EM if canvas.width is None else canvas.width / EM - 1
        margin = MARGIN if canvas.width is None else max(MARGIN, EM / 2 / canvas.width)
        days = days_around(
            [day for bar in bars for day in bar.days],
            open_from=[bar.starts_on for bar in bars if bar.is_open and bar.starts_on],
            open_until=[bar.ends_on for bar in bars if bar.is_open and bar.ends_on],
            today=today,
            margin=margin,
        )
        ruler = axis_of(days, reach_em) if days else Axis([], [], [])
        return cls(canvas, days, ruler, today if today and days and days.has(today) else None, reach_em)

    def axis(self) -> None:
        """The months, the years beneath, and the word for today where its line runs."""
        for line in (self.ruler.months, self.ruler.years):
            if line:
                self.canvas.down(1.35)
            for label in line:
                self.canvas.put(self.canvas.words(label.words), label.share, look="quiet", anchor=label.anchor)
        if self.today and self.days:
            label = self.days.label(_("today, %(day)s") % {"day": whole_day(self.today)}, self.days.middle(self.today), self.reach_em)
            self.canvas.down(1.35)
            self.canvas.put(self.canvas.words(label.words), label.share, anchor=label.anchor, bold=True)
        self.canvas.down(0.4)

    def row(self, bar: TimelineBar, state: str) -> None:
        for line in wrapped(bar.label, self.reach_em):
            self.canvas.line(self.canvas.words(line), bold=True)
        self.canvas.mark(mark_of_state(bar.state), 0, down_em=0.75, size_em=0.8, indent_em=0.5, turns=bar.state == "in_progress")
        self.canvas.text(f"{state} · {span_words(bar)}", self.reach_em - 1.3, "chart-line", indent_em=1.3)
        self.canvas.down(0.25)
        if self.days and bar.days:
            self.lane(self.days, bar)
        for point in bar.points:
            self.canvas.mark(milestone(), 0, down_em=0.8, size_em=0.7, indent_em=0.5)
            self.canvas.text(point_words(point, whole_day), self.reach_em - 1.3, "chart-words", indent_em=1.3)
        self.canvas.down(0.9)

    def lane(self, days: Days, bar: TimelineBar) -> None:
        """The strip of days: lines of the axis, the bar, what is open, milestones, today."""
        self.canvas.box("track", 0, 1, LANE_EM)
        for share in self.ruler.shares:
            self.canvas.rule("track", share, 0, LANE_EM, stroke="#bbb", thick=1)
        if bar.starts_on or bar.ends_on:
            self.bar(days, bar)
        for point in bar.points:
            if point.on:
                self.canvas.mark(milestone(), days.middle(point.on), down_em=LANE_EM / 2)
        if self.today:
            self.canvas.rule("today", days.middle(self.today), -0.2, LANE_EM + 0.2, stroke="#222", thick=2.5)
        self.canvas.down(LANE_EM + 0.2)

    def bar(self, days: Days, bar: TimelineBar) -> None:
        start = days.start(bar.starts_on) if bar.starts_on else days.margin
        end = days.end(bar.ends_on) if bar.ends_on else 1 - days.margin
        share = max(end - start, LEAST)
        start = min(start, 1 - days.margin - share)
        self.canvas.down((LANE_EM - BAR_EM) / 2)
        self.canvas.segment(FILLS[bar.state], start, share, BAR_EM)
        if bar.state == "dropped":
            self.strike(start, share)
        if bar.starts_on is None:
            self.canvas.mark(arrow(ARROW_BACK), days.margin, down_em=BAR_EM / 2, turns=True)
        if bar.ends_on is None:
            self.canvas.mark(arrow(ARROW), 1 - days.margin, down_em=BAR_EM / 2, turns=True)
        self.canvas.down(-(LANE_EM - BAR_EM) / 2)

    def strike(self, start: float, share: float) -> None:
        middle = self.canvas.tall(self.canvas.y + BAR_EM / 2)
        line = '<line class="strike" stroke="#222" stroke-width="2" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        self.canvas.parts.append(format_html(line, self.canvas.x(start), self.canvas.x(start + share), middle, middle))


def mark_of_state(state: str) -> SafeString:
    return format_html('<path class="mark is-{}" fill="none" stroke="#222" stroke-width="2.5" d="{}"/>', state, MARKS[state])


def milestone() -> SafeString:
    return format_html('<path class="hollow" fill="#fff" stroke="#222" stroke-width="2" d="{}"/>', DIAMOND)


def arrow(shape: str) -> SafeString:
    return format_html('<path class="tip" fill="#222" d="{}"/>', shape)

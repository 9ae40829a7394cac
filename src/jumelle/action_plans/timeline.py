"""The lines of a plan in time: what `common.chart_timeline` draws, and the sentence that says what one sees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jumelle.action_plans.content import MeasureContent
from jumelle.action_plans.enums import LineStatus
from jumelle.common.chart_days import day_words
from jumelle.common.chart_timeline import Milestone, TimelineBar, timeline, timeline_table
from jumelle.common.tables import Table

LABEL_LIMIT = 90  # letters of an action beside its bar


class Timed(Protocol):
    """What a line must have to be drawn."""

    @property
    def action(self) -> str: ...
    @property
    def starts_on(self) -> date | None: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def status(self) -> str: ...
    @property
    def measures(self) -> Sequence[MeasureContent]: ...


@dataclass(frozen=True, slots=True)
class Timeline:
    """Ready for components/chart.html."""

    title: str
    sentence: str
    svg: SafeString
    table: Table


def timeline_of(lines: Iterable[tuple[int, Timed]], *, today: date, rtl: bool, attrs: str = "") -> Timeline:
    """
    Args:
        lines: with the number that each has in the plan.
        rtl: does the page read from right to left?
        attrs: `lang` and `dir`, as safe text, where the plan is written in another language than that of the page.
    """
    bars = [_bar(number, line) for number, line in lines]
    title, sentence = _("The actions in time"), _sentence(bars)
    words = {status.value: str(status.label) for status in LineStatus}
    svg = timeline(bars, title=title, description=sentence, words=words, rtl=rtl, today=today)
    table = timeline_table(bars, caption=title, label=_("Action"), words=words)
    return Timeline(title, sentence, svg, _marked(table, attrs) if attrs else table)


def _bar(number: int, line: Timed) -> TimelineBar:
    """A milestone for each measure of success, on the day when it is due."""
    return TimelineBar(
        label=f"{number}. {Truncator(' '.join(line.action.split())).chars(LABEL_LIMIT)}",
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        state=line.status,
        milestones=[Milestone(_milestone(measure), measure.due_on) for measure in line.measures if measure.due_on],
    )


def _milestone(measure: MeasureContent) -> str:
    what = Truncator(" ".join(measure.what.split())).chars(LABEL_LIMIT)
    return f"{what}: {measure.target}" if measure.target else what


def _marked(table: Table, attrs: str) -> Table:
    """The first and the last cell of each row hold what the city wrote. The drawing is read out by its title and its sentence alone."""

    def mark(text: str) -> SafeString:
        return format_html("<span{}>{}</span>", attrs, text)

    return replace(table, rows=[[mark(first), *between, mark(last)] for first, *between, last in table.rows])


def _sentence(bars: Sequence[TimelineBar]) -> str:
    days = [day for bar in bars for day in bar.days]
    undated = sum(1 for bar in bars if bar.starts_on is None or bar.ends_on is None)
    if not days:
        return _("No line has a date yet.")
    span = {"first": day_words(min(days)), "last": day_words(max(days)), "count": len(bars)}
    whole = ngettext("%(count)s line, from %(first)s to %(last)s.", "%(count)s lines, from %(first)s to %(last)s.", len(bars)) % span
    if not undated:
        return whole
    lacking = ngettext("%(count)s line lacks a date.", "%(count)s lines lack a date.", undated) % {"count": undated}
    return f"{whole} {lacking}"

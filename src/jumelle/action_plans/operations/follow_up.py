"""
Telling how a line goes, at most five minutes a quarter. What is told is only ever added to.

An approval does not freeze it: the columns say what was promised, the follow-up says what was done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jumelle.action_plans.enums import LineStatus
from jumelle.action_plans.models import LineUpdate, Measure, Plan, PlanLine
from jumelle.action_plans.operations.journal import note_act
from jumelle.action_plans.operations.lines import FIGURE_LIMIT, keep_state, touch
from jumelle.action_plans.operations.planning import PlanRefused, locked_line
from jumelle.action_plans.quarters import NotAQuarter, Quarter, quarter_named, quarter_of
from jumelle.action_plans.queries.follow_up import updates_of
from jumelle.assessments.operations.answering import tidy
from jumelle.assessments.operations.evidence import LinkRefused, checked_link
from jumelle.cities.access import Place

SENTENCE_LIMIT = 300
TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Told:
    """
    What a person tells of one line.

    evidence_url: a web address, or "". evidence_title: what it shows; it may stand alone, for evidence on paper.
    reached: measure → its last figure as typed; a measure that is left out, or whose figure is "", keeps what it has.
    """

    status: str
    sentence: str
    evidence_title: str = ""
    evidence_url: str = ""
    next_step: str = ""
    reached: Mapping[UUID, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """changed: False when exactly this was the last word already, and nothing was written."""

    update: LineUpdate
    changed: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """What a measure has reached, as typed, and when."""

    measure: Measure
    reached: str
    reached_on: date | None

    @property
    def is_new(self) -> bool:
        return (self.measure.reached, self.measure.reached_on) != (self.reached, self.reached_on)


class UpdateRefused(PlanRefused):
    """What was told was not taken. `name` is the field that is meant, "" for all of it."""

    sentence = _("This was not saved.")
    name = ""


class SentenceMissing(UpdateRefused):
    sentence = _("Say in one sentence how it goes.")
    name = "sentence"


class SentenceTooLong(UpdateRefused):
    sentence = _("The sentence has more than 300 characters. Shorten it, or add a document as evidence.")
    name = "sentence"


class StatusUnknown(UpdateRefused):
    sentence = _("Choose how the action stands.")
    name = "status"


class NextStepTooLong(UpdateRefused):
    sentence = _("The next step has more than 300 characters. Shorten it.")
    name = "next_step"


class EvidenceTitleTooLong(UpdateRefused):
    sentence = _("What the evidence shows has more than 200 characters. Shorten it.")
    name = "evidence_title"


class EvidenceLinkRefused(UpdateRefused):
    sentence = _("This is not a web address. It starts with https:// or http://.")
    name = "evidence_url"


class ReachedTooLong(UpdateRefused):
    sentence = _("A figure has more than 100 characters. Shorten it.")
    name = "reached"


class MeasureUnknown(UpdateRefused):
    sentence = _("One of the measures was taken out of the plan meanwhile. Open the page again.")
    name = "reached"


class QuarterClosed(UpdateRefused):
    """One tells of this quarter or of the one before it; other quarters are over or have not begun."""

    sentence = _("One can tell of this quarter and of the one before it. Open the follow-up again.")


class LineGone(UpdateRefused):
    sentence = _("The line was removed or the plan was put away meanwhile. Copy your text.")


def record_update(
    *,
    place: Place,
    line: PlanLine,
    quarter: str,
    status: str,
    sentence: str,
    now: datetime,
    evidence_title: str = "",
    evidence_url: str = "",
    next_step: str = "",
    reached: Mapping[UUID, str] | None = None,
) -> Recorded:
    """`record_told` with its parts one by one."""
    told = Told(status, sentence, evidence_title, evidence_url, next_step, reached or {})
    return record_told(place=place, line=line, quarter=quarter, told=told, now=now)


@transaction.atomic
def record_told(*, place: Place, line: PlanLine, quarter: str, told: Told, now: datetime) -> Recorded:
    """
    Add what is told of a line for a quarter. The line takes its status, unless a later quarter was told already.

    Args:
        quarter: such as 2026-Q4; the one of `now` or the one before it.
    Raises:
        UpdateRefused: one of its kinds; nothing was written.
    """
    told = checked(told)
    _check_quarter(quarter, now)
    stored = _line_in_use(line)
    figures = _figures(stored, told.reached, now)
    last = updates_of(stored).first()
    if last and last.quarter == quarter and _words_of(last) == _words(told) and not figures:
        return Recorded(last, changed=False)
    update = LineUpdate.objects.create(
        city_id=stored.city_id,
        line=stored,
        quarter=quarter,
        status=told.status,
        sentence=told.sentence,
        evidence_title=told.evidence_title,
        evidence_url=told.evidence_url,
        next_step=told.next_step,
        made_by=place.user,
        made_at=now,
    )
    if last is None or last.quarter <= quarter:
        _set_status(stored, told.status)
    set_reached(place, stored, figures, now)
    data = {
        "plan": str(stored.plan_id),
        "quarter": quarter,
        "status": told.status,
        "measures": [str(figure.measure.pk) for figure in figures],
    }
    note_act(place, "plan_line_told", "PlanLine", stored.pk, now=now, data=data)
    return Recorded(update, changed=True)


@dataclass(frozen=True, slots=True)
class PageTold:
    """recorded: lines of which something new was told. unchanged: told so already. refused: line → why not."""

    recorded: tuple[UUID, ...]
    unchanged: tuple[UUID, ...]
    refused: Mapping[UUID, UpdateRefused]


def record_page(*, place: Place, lines: Mapping[PlanLine, Told], quarter: str, now: datetime) -> PageTold:
    """Take what can be taken of many lines, each for itself; the rest is returned with its reason."""
    recorded: list[UUID] = []
    unchanged: list[UUID] = []
    refused: dict[UUID, UpdateRefused] = {}
    for line, told in lines.items():
        try:
            result = record_told(place=place, line=line, quarter=quarter, told=told, now=now)
        except UpdateRefused as refusal:
            refused[line.pk] = refusal
            continue
        (recorded if result.changed else unchanged).append(line.pk)
    return PageTold(tuple(recorded), tuple(unchanged), refused)


def open_quarters(now: datetime) -> tuple[Quarter, Quarter]:
    """The quarters that one can tell of: the running one, and the one before."""
    running = quarter_of(timezone.localdate(now))
    return running, running.previous


def checked(told: Told) -> Told:
    """
    The same, tidied: no blanks around, nothing invisible, empty figures left out.

    Raises:
        UpdateRefused: one of its kinds.
    """
    reached = {measure: figure for measure, typed in told.reached.items() if (figure := tidy(typed))}
    told = Told(told.status, tidy(told.sentence), tidy(told.evidence_title), tidy(told.evidence_url), tidy(told.next_step), reached)
    if told.status not in LineStatus.values:
        raise StatusUnknown
    if not told.sentence:
        raise SentenceMissing
    for text, limit, refusal in (
        (told.sentence, SENTENCE_LIMIT, SentenceTooLong),
        (told.next_step, SENTENCE_LIMIT, NextStepTooLong),
        (told.evidence_title, TITLE_LIMIT, EvidenceTitleTooLong),
        *((figure, FIGURE_LIMIT, ReachedTooLong) for figure in reached.values()),
    ):
        if len(text) > limit:
            raise refusal
    if told.evidence_url:
        try:
            checked_link(told.evidence_url)
        except LinkRefused as error:
            raise EvidenceLinkRefused from error
    return told


def _check_quarter(name: str, now: datetime) -> None:
    try:
        quarter = quarter_named(name)
    except NotAQuarter as error:
        raise QuarterClosed from error
    if quarter not in open_quarters(now):
        raise QuarterClosed


def _line_in_use(line: PlanLine) -> PlanLine:
    """The line, in a queue with everyone who writes to it."""
    stored = locked_line(line.pk)
    if stored.removed_at or Plan.objects.filter(pk=stored.plan_id).exclude(archived_at=None).exists():
        raise LineGone
    return stored


def _figures(line: PlanLine, reached: Mapping[UUID, str], now: datetime) -> list[Figure]:
    """Of the measures whose figure is another one than before."""
    stored = {measure.pk: measure for measure in Measure.objects.filter(line=line)}
    if reached.keys() - stored.keys():
        raise MeasureUnknown
    today = timezone.localdate(now)
    return [Figure(stored[pk], figure, today) for pk, figure in reached.items() if stored[pk].reached != figure]


def _set_status(line: PlanLine, status: str) -> None:
    """Neither a revision nor a change of the columns: two people who edit the line are not disturbed."""
    if line.status != status:
        line.status = status
        line.save(update_fields=["status"])


def set_reached(place: Place, line: PlanLine, figures: Sequence[Figure], now: datetime) -> None:
    """A figure that takes the place of an earlier one makes a new state of the line; the earlier figure is kept with the old."""
    replaces = any(figure.measure.reached for figure in figures)
    if replaces:
        keep_state(line)
    for figure in figures:
        measure = figure.measure
        measure.reached, measure.reached_on = figure.reached, figure.reached_on
        measure.save(update_fields=["reached", "reached_on"])
    if replaces:
        touch(line, place, now)


def _words(told: Told) -> tuple[str, ...]:
    return told.status, told.sentence, told.evidence_title, told.evidence_url, told.next_step


def _words_of(update: LineUpdate) -> tuple[str, ...]:
    return update.status, update.sentence, update.evidence_title, update.evidence_url, update.next_step

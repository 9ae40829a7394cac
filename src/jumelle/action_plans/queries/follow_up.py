"""The follow-up of a plan: what was told for a quarter, what stalls, what nobody leads, what is due. The day is passed in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from jumelle.action_plans.enums import RUNNING, LineStatus, OriginKind
from jumelle.action_plans.models import LineOrigin, LineUpdate, Measure, Plan, PlanLine
from jumelle.action_plans.quarters import Quarter, quarter_named, quarter_of
from jumelle.action_plans.queries.visible import lines_of

DUE_WITHIN = timedelta(days=30)
SILENT_AFTER_QUARTERS = 2  # a whole quarter has passed without a word


@dataclass(frozen=True, slots=True)
class Followed:
    """
    A line as the follow-up sees it.

    number: counted from 1 among the lines that stand in the plan.
    last: what was told last for the newest quarter that anything was told for. told: what was told last for the quarter in question.
    earlier: what was told last for the newest quarter before it.
    """

    line: PlanLine
    number: int
    last: LineUpdate | None
    told: LineUpdate | None
    earlier: LineUpdate | None

    @property
    def is_running(self) -> bool:
        return self.line.status in RUNNING

    @property
    def is_done(self) -> bool:
        return self.line.status == LineStatus.DONE

    @property
    def has_lead(self) -> bool:
        return bool(self.line.lead.strip() or self.line.lead_organisation_id)

    @property
    def gaps(self) -> list[LineOrigin]:
        """Where the line was born, if it was born of a gap: the items to look at again when it is done."""
        return [origin for origin in self.line.origins.all() if origin.kind == OriginKind.GAP]

    def measures_due(self, today: date) -> list[tuple[date, Measure]]:
        """With the day of each. A line that was given up is not measured any more."""
        if self.line.status == LineStatus.DROPPED:
            return []
        dated = [(measure.due_on, measure) for measure in self.line.measures.all() if measure.due_on]
        return [(due_on, measure) for due_on, measure in dated if due_on <= today + DUE_WITHIN and not _is_measured(measure, due_on)]


@dataclass(frozen=True, slots=True)
class MeasureDue:
    followed: Followed
    measure: Measure


@dataclass(frozen=True, slots=True)
class FollowUp:
    """All lines of a plan, in order, on a day."""

    plan: Plan
    today: date
    quarter: Quarter
    rows: tuple[Followed, ...]

    @property
    def asked(self) -> list[Followed]:
        """What a person tells for the quarter: the lines that run in it, and those that it was told for already."""
        return [row for row in self.rows if row.told or (row.is_running and not self._begins_later(row))]

    @property
    def begin_later(self) -> list[Followed]:
        return [row for row in self.rows if row.is_running and not row.told and self._begins_later(row)]

    @property
    def told_count(self) -> int:
        return sum(1 for row in self.asked if row.told)

    @property
    def not_told(self) -> list[Followed]:
        return [row for row in self.asked if not row.told]

    @property
    def stalled(self) -> list[Followed]:
        """Lines that are said to stall, and running ones of which nothing was told for more than one quarter."""
        return [row for row in self.rows if row.line.status == LineStatus.STALLED or self._is_silent(row)]

    @property
    def without_lead(self) -> list[Followed]:
        return [row for row in self.rows if row.is_running and not row.has_lead]

    @property
    def due(self) -> list[Followed]:
        """Running lines that end within 30 days or should have ended, the oldest first."""
        found = [(row.line.ends_on, row) for row in self.rows if row.is_running and row.line.ends_on]
        return [row for ends_on, row in sorted(found, key=lambda pair: pair[0]) if ends_on <= self.today + DUE_WITHIN]

    @property
    def measures_due(self) -> list[MeasureDue]:
        """Measures whose day comes within 30 days or has passed, and for which no figure was given around it or since."""
        found = [(due_on, MeasureDue(row, measure)) for row in self.rows for due_on, measure in row.measures_due(self.today)]
        return [due for _day, due in sorted(found, key=lambda pair: pair[0])]

    @property
    def done_from_gaps(self) -> list[Followed]:
        """Finished actions: the items that they were born of deserve another look. Nothing is ticked by itself."""
        return [row for row in self.rows if row.is_done and row.gaps]

    def _begins_later(self, row: Followed) -> bool:
        starts_on = row.line.starts_on
        return row.line.status == LineStatus.PLANNED and starts_on is not None and starts_on > self.quarter.last_day

    def _is_silent(self, row: Followed) -> bool:
        begun_on = max(row.line.starts_on or date.min, timezone.localdate(self.plan.started_at))
        if not row.is_running or begun_on > self.today:
            return False
        last_word = quarter_named(row.last.quarter) if row.last else quarter_of(begun_on)
        return quarter_of(self.today).since(last_word) >= SILENT_AFTER_QUARTERS


def _is_measured(measure: Measure, due_on: date) -> bool:
    return bool(measure.reached and measure.reached_on and measure.reached_on >= due_on - DUE_WITHIN)


def follow_up_of(plan: Plan, now: datetime, quarter: Quarter | None = None) -> FollowUp:
    """
    Four queries, whatever the number of lines and of updates.

    Args:
        quarter: what is told for it; None for the quarter of the day.
    """
    today = timezone.localdate(now)
    quarter = quarter or quarter_of(today)
    updates = _needed_updates(plan, quarter)
    rows = tuple(_followed(line, number, updates.get(line.pk, []), quarter) for number, line in enumerate(lines_of(plan), start=1))
    return FollowUp(plan, today, quarter, rows)


def updates_of(line: PlanLine) -> QuerySet[LineUpdate]:
    """Everything that was told of a line, the newest quarter first, and in it what was told last."""
    return LineUpdate.objects.filter(line=line).select_related("made_by").order_by("-quarter", "-made_at", "-pk")


def _needed_updates(plan: Plan, quarter: Quarter) -> dict[UUID, list[LineUpdate]]:
    """Line → oldest first: what was told last, last for the quarter, and last for an earlier one."""
    of_line = LineUpdate.objects.filter(line=OuterRef("line")).order_by("-quarter", "-made_at", "-pk").values("pk")
    wanted = (of_line, of_line.filter(quarter=str(quarter)), of_line.filter(quarter__lt=str(quarter)))
    any_of = Q()
    for one in wanted:
        any_of |= Q(pk=Subquery(one[:1]))
    found: dict[UUID, list[LineUpdate]] = {}
    for update in LineUpdate.objects.filter(any_of, line__plan=plan).order_by("quarter", "made_at", "pk"):
        found.setdefault(update.line_id, []).append(update)
    return found


def _followed(line: PlanLine, number: int, updates: list[LineUpdate], quarter: Quarter) -> Followed:
    def newest(*found: LineUpdate) -> LineUpdate | None:
        return found[-1] if found else None

    return Followed(
        line=line,
        number=number,
        last=newest(*updates),
        told=newest(*(update for update in updates if update.quarter == str(quarter))),
        earlier=newest(*(update for update in updates if update.quarter < str(quarter))),
    )

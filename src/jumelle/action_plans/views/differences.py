"""Differences between two states of a plan, put into words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jumelle.action_plans.content import MeasureContent, OriginContent
from jumelle.action_plans.diff import FieldChange, LineChange, MeasureChange, Piece, PlanDiff
from jumelle.action_plans.enums import LineStatus, OriginKind
from jumelle.action_plans.views.screens import LINE_LABELS, MEASURE_LABELS, PLAN_LABELS, language_name, short

Labels = Mapping[str, str | Promise]


@dataclass(frozen=True, slots=True)
class FieldScreen:
    """pieces: of a text; else `before` and `after`, in words, "" for nothing."""

    label: str | Promise
    pieces: tuple[Piece, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MeasureScreen:
    """what: how the newer state calls it. kind: "added", "removed" or "changed"; measures that stay are left out."""

    what: str
    kind: str
    fields: tuple[FieldScreen, ...]


@dataclass(frozen=True, slots=True)
class LineScreen:
    """number: its place in the newer state, in the older one if it was removed. moved_from: 0 if it did not move."""

    change: LineChange
    number: int
    words: str
    moved_from: int
    fields: tuple[FieldScreen, ...]
    measures: tuple[MeasureScreen, ...]
    origins_added: tuple[str, ...]
    origins_removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanScreen:
    header: tuple[FieldScreen, ...]
    added: tuple[LineScreen, ...]
    removed: tuple[LineScreen, ...]
    changed: tuple[LineScreen, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.header or self.added or self.removed or self.changed)


def plan_screen(found: PlanDiff) -> PlanScreen:
    lines = [line_screen(change) for change in found.lines]
    return PlanScreen(
        header=tuple(field_screen(field, PLAN_LABELS) for field in found.header),
        added=tuple(line for line in lines if line.change.is_added),
        removed=tuple(line for line in lines if line.change.is_removed),
        changed=tuple(line for line in lines if not (line.change.is_added or line.change.is_removed)),
    )


def line_screen(change: LineChange) -> LineScreen:
    return LineScreen(
        change=change,
        number=change.line.position,
        words=short(change.line.action),
        moved_from=change.before.position if change.moved and change.before else 0,
        fields=tuple(field_screen(field, LINE_LABELS) for field in change.fields),
        measures=tuple(measure_screen(measure) for measure in change.measures if not measure.is_same),
        origins_added=tuple(map(origin_words, change.origins_added)),
        origins_removed=tuple(map(origin_words, change.origins_removed)),
    )


def measure_screen(change: MeasureChange) -> MeasureScreen:
    fields = tuple(field_screen(field, MEASURE_LABELS) for field in change.fields)
    if change.before is None or change.after is None:
        kind, measure = ("added", change.after) if change.before is None else ("removed", change.before)
        return MeasureScreen(measure_words(measure), kind, fields)
    return MeasureScreen(change.after.what, "changed", fields)


def measure_words(measure: MeasureContent | None) -> str:
    """Such as "Places: 0 → 30", as far as it is filled in."""
    if measure is None:
        return ""
    way = " → ".join(filter(None, [measure.baseline, measure.target]))
    return f"{measure.what}: {way}" if way else measure.what


def origin_words(origin: OriginContent) -> str:
    """Such as "Visit: second visit" or "Gap of an assessment: KF8.Q1"."""
    return f"{OriginKind(origin.kind).label}: {origin.label or origin.code}"


def field_screen(change: FieldChange, labels: Labels) -> FieldScreen:
    return FieldScreen(labels[change.name], change.pieces, in_words(change.name, change.before), in_words(change.name, change.after))


def in_words(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    if name == "status":
        return str(LineStatus(value).label)
    if name == "language":
        return language_name(value)
    return str(value or "")

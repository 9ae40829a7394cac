"""Around the columns of a line: taking it out and back, its place, what the public sees of it, where it was born, private notes."""

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.action_plans.enums import OriginKind
from jumelle.action_plans.models import LineOrigin, Plan, PlanLine
from jumelle.action_plans.operations.journal import note_act
from jumelle.action_plans.operations.lines import LineRefused, LineRemoved, TextTooLong, keep_state, touch
from jumelle.action_plans.operations.planning import locked_line, locked_plan
from jumelle.action_plans.workbook_columns import TEXT_LIMIT
from jumelle.assessments.operations.answering import tidy
from jumelle.assessments.operations.evidence import checked_link
from jumelle.cities.access import Place

OWN_ORIGINS = (OriginKind.PRACTICE, OriginKind.VISIT, OriginKind.MEETING)
LABEL_LIMIT = 300


class LabelMissing(LineRefused):
    sentence = _("Say which practice, visit or meeting it was, in at most 300 characters.")


class OriginFixed(LineRefused):
    sentence = _("The line was made from this gap or this tip: that stays with it. Remove the line if it does not fit.")


class NoteChangedMeanwhile(LineRefused):
    """Another officer changed the private note meanwhile. Holds both texts."""

    sentence = _("Another officer changed this note while you were writing. Compare both, then save again.")

    def __init__(self, typed: str, stored: str) -> None:
        super().__init__("private_note")
        self.typed, self.stored = typed, stored


@transaction.atomic
def remove_line(*, place: Place, line: PlanLine, now: datetime) -> PlanLine:
    """
    Take a line out of the plan; it can be brought back.

    Raises:
        PlanApproved: see the class.
    """
    return _set_removed(place, line, now, now, "plan_line_removed")


@transaction.atomic
def restore_line(*, place: Place, line: PlanLine, now: datetime) -> PlanLine:
    """
    Raises:
        PlanApproved: see the class.
    """
    return _set_removed(place, line, None, now, "plan_line_restored")


def _set_removed(place: Place, line: PlanLine, removed_at: datetime | None, now: datetime, action: str) -> PlanLine:
    locked_plan(line.plan)
    stored = locked_line(line.pk)
    if bool(stored.removed_at) != bool(removed_at):
        stored.removed_at = removed_at
        stored.save(update_fields=["removed_at"])
        note_act(place, action, "PlanLine", line.pk, now=now, data={"plan": str(line.plan_id)})
    return stored


@transaction.atomic
def move_line(*, place: Place, line: PlanLine, down: bool, now: datetime) -> bool:
    """
    Let a line change places with its neighbour. Return False if it has none on that side, and nothing was written.

    Raises:
        PlanApproved: see the class.
    """
    locked_plan(line.plan)
    ids = list(PlanLine.objects.filter(plan=line.plan, removed_at=None).order_by("position", "pk").values_list("pk", flat=True))
    if line.pk not in ids:
        return False
    at = ids.index(line.pk)
    to = at + (1 if down else -1)
    if not 0 <= to < len(ids):
        return False
    ids[at], ids[to] = ids[to], ids[at]
    for position, pk in enumerate(ids, start=1):
        PlanLine.objects.filter(city_id=line.city_id, pk=pk).exclude(position=position).update(position=position)
    note_act(place, "plan_line_moved", "PlanLine", line.pk, now=now, data={"plan": str(line.plan_id), "position": to + 1})
    return True


@transaction.atomic
def show_line(*, place: Place, line: PlanLine, is_public: bool, now: datetime) -> PlanLine:
    """Choose whether the public page of the plan shows this line. An approval does not freeze this choice."""
    stored = locked_line(line.pk)
    if stored.is_public != is_public:
        stored.is_public = is_public
        stored.save(update_fields=["is_public"])
        action = "plan_line_published" if is_public else "plan_line_hidden"
        note_act(place, action, "PlanLine", line.pk, now=now, data={"plan": str(line.plan_id)})
    return stored


@transaction.atomic
def publish_plan(*, place: Place, plan: Plan, is_public: bool, listed: Collection[UUID], shown: Collection[UUID], now: datetime) -> Plan:
    """
    Choose whether the plan has a public page, and which lines stand on it. An approval does not freeze this choice.

    Args:
        listed: the lines that the person saw; others keep their choice.
        shown: those of them that the public may read.
    """
    fresh = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if fresh.is_public != is_public:
        fresh.is_public = is_public
        fresh.save(update_fields=["is_public"])
        note_act(place, "plan_published" if is_public else "plan_hidden", "Plan", plan.pk, now=now)
    for line in PlanLine.objects.filter(plan=plan, pk__in=listed).only("plan_id", "is_public"):
        if line.is_public != (line.pk in shown):
            show_line(place=place, line=line, is_public=line.pk in shown, now=now)
    return fresh


# --- where it was born ------------------------------------------------------------------------------------------------


@transaction.atomic
def add_origin(
    *,
    place: Place,
    line: PlanLine,
    kind: OriginKind,
    label: str,
    now: datetime,
    url: str = "",
    dated_on: date | None = None,
) -> LineOrigin:
    """
    Say that a line was born of a practice, on a visit or in a meeting.

    Raises:
        LabelMissing, LineRemoved, PlanApproved: see the classes.
        LinkRefused: the address is no web address (`assessments.operations`).
    """
    label = tidy(label)
    if not label or len(label) > LABEL_LIMIT:
        raise LabelMissing("label")
    url = checked_link(url) if url.strip() else ""
    stored = _line_to_change(line)
    origin = LineOrigin.objects.create(city_id=line.city_id, line=line, kind=kind, label=label, url=url, dated_on=dated_on)
    touch(stored, place, now)
    note_act(place, "plan_line_origin_added", "PlanLine", line.pk, now=now, data={"kind": kind, "origin": str(origin.pk)})
    return origin


@transaction.atomic
def remove_origin(*, place: Place, origin: LineOrigin, now: datetime) -> None:
    """
    Take out an origin that somebody typed; the earlier state of the line keeps it.

    Raises:
        OriginFixed, LineRemoved, PlanApproved: see the classes.
    """
    if origin.kind not in OWN_ORIGINS:
        raise OriginFixed
    stored = _line_to_change(origin.line)
    note_act(place, "plan_line_origin_removed", "PlanLine", stored.pk, now=now, data={"kind": origin.kind, "origin": str(origin.pk)})
    origin.delete()
    touch(stored, place, now)


def _line_to_change(line: PlanLine) -> PlanLine:
    locked_plan(line.plan)
    stored = locked_line(line.pk)
    if stored.removed_at:
        raise LineRemoved
    keep_state(stored)
    return stored


# --- private notes ----------------------------------------------------------------------------------------------------


@transaction.atomic
def note_privately(*, place: Place, line: PlanLine, note: str, seen: str, now: datetime) -> PlanLine:
    """
    Keep a note for the officers alone. An approval does not freeze it.

    Args:
        seen: the mark (`mark_of`) of the note that the person saw.
    Raises:
        NoteChangedMeanwhile, TextTooLong: see the classes.
    """
    note = tidy(note)
    if len(note) > TEXT_LIMIT:
        raise TextTooLong("private_note")
    stored = locked_line(line.pk)
    if stored.private_note == note:
        return stored
    if mark_of(stored.private_note) != seen:
        raise NoteChangedMeanwhile(note, stored.private_note)
    stored.private_note = note
    stored.save(update_fields=["private_note"])
    note_act(place, "plan_line_noted", "PlanLine", line.pk, now=now, data={"plan": str(line.plan_id)})
    return stored


def mark_of(text: str) -> str:
    """A short mark that differs when the text does: it travels in a form in place of the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]

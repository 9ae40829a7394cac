"""Choosing what everybody may read: the plan as a whole, and each of its lines. An approval does not freeze this choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.action_plans.models import Plan, PlanLine
from jumelle.action_plans.operations.arranging import show_line
from jumelle.action_plans.operations.journal import note_act
from jumelle.action_plans.operations.planning import PlanRefused
from jumelle.cities.access import Place


class PlanPutAway(PlanRefused):
    sentence = _("The plan was put away: it has no public page.")


@dataclass(frozen=True, slots=True)
class Shown:
    """lines: how many lines changed sides. plan_changed: was the page as a whole opened or closed?"""

    plan: Plan
    plan_changed: bool
    lines: int


@transaction.atomic
def set_public(*, place: Place, plan: Plan, is_public: bool, lines: Mapping[UUID, bool], now: datetime) -> Shown:
    """
    Open or close the public page, and choose its lines.

    Args:
        lines: line → is it shown; lines that are left out stay as they are, lines that were removed are passed over.
    Raises:
        PlanPutAway: see the class.
    """
    fresh = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if fresh.archived_at:
        raise PlanPutAway
    plan_changed = fresh.is_public != is_public
    if plan_changed:
        fresh.is_public = is_public
        fresh.save(update_fields=["is_public"])
        note_act(place, "plan_published" if is_public else "plan_hidden", "Plan", plan.pk, now=now)
    changed = [line for line in PlanLine.objects.filter(plan=fresh, removed_at=None, pk__in=lines) if line.is_public != lines[line.pk]]
    for line in changed:
        show_line(place=place, line=line, is_public=lines[line.pk], now=now)
    return Shown(fresh, plan_changed, len(changed))

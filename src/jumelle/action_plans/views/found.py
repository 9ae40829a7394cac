"""What every page of a plan begins with."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone

from jumelle.action_plans.models import Plan, PlanLine
from jumelle.action_plans.operations import PlanApproved, PlanPutAway
from jumelle.action_plans.queries import content_with, lines_of, plans_visible_to
from jumelle.action_plans.rules import Standpoint
from jumelle.action_plans.views.screens import Reader, attributes
from jumelle.cities.requests import PlacedRequest


def plan_or_404(request: PlacedRequest, pk: UUID) -> Plan:
    """Missing and not for this person are the same."""
    return get_object_or_404(plans_visible_to(request.place), pk=pk)


def line_or_404(plan: Plan, pk: UUID) -> PlanLine:
    """A line that stands in the plan, with its measures and origins."""
    line = get_object_or_404(lines_of(plan), pk=pk)
    line.plan = plan
    return line


def may(request: PlacedRequest, permission: str, plan: Plan) -> bool:
    """Ask a rule, such as "action_plans.write", for the person in the city of the address."""
    return request.user.has_perm(permission, Standpoint(request.place, plan))


def closed_sentence(plan: Plan) -> Any:
    """Why a plan takes no changes now."""
    return PlanPutAway.sentence if plan.archived_at else PlanApproved.sentence


def frame(request: PlacedRequest, plan: Plan, current: str) -> dict[str, Any]:
    """Head, crumbs and neighbours that the pages of one plan share. `current` is the name of the page."""
    place = request.place
    return {
        "plan": plan,
        "current": current,
        "text_attrs": attributes(plan.language),
        "may_write": may(request, "action_plans.write", plan),
        "opens_public": place.opens("action_plans:public"),
        "opens_follow_up": place.opens("action_plans:follow_up"),
        "opens_import": place.opens("action_plans:import") and plan.can_be_changed,
        "opens_files": place.opens("publishing:plan_pdf"),
    }


def draft_reader(request: PlacedRequest, plan: Plan) -> Reader:
    """The working draft, drawn for this person."""
    lines = list(lines_of(plan))
    origins = [origin for line in lines for origin in line.origins.all()]
    return Reader(request.place, content_with(plan, lines, timezone.now()), origins)

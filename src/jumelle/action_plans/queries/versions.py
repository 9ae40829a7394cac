"""Named versions, and what an approval of one is about."""

from dataclasses import replace
from datetime import date

from django.db.models import QuerySet

from jumelle.action_plans.content import LineContent, PlanContent
from jumelle.action_plans.models import Plan, PlanVersion


def versions_of(plan: Plan) -> QuerySet[PlanVersion]:
    """Newest first, each with its approval; what they keep is not read."""
    found = PlanVersion.objects.filter(plan=plan).select_related("approval", "made_by").defer("content")
    return found.order_by("-number")


def newest_version(plan: Plan) -> PlanVersion | None:
    return PlanVersion.objects.filter(plan=plan).order_by("-number").first()


def differs(one: PlanContent, other: PlanContent) -> bool:
    """Does what would be approved differ?"""
    return promised(one) != promised(other)


def promised(content: PlanContent) -> PlanContent:
    """What an approval is about: neither the day and the name of a version, nor how the lines go, nor who may read them."""
    lines = tuple(_promised_line(line) for line in content.lines)
    return replace(content, dated_on=date.min, version=0, version_name="", own_name="", lines=lines)


def _promised_line(line: LineContent) -> LineContent:
    measures = tuple(replace(measure, reached="", reached_on=None) for measure in line.measures)
    return replace(line, status="", is_public=False, measures=measures)

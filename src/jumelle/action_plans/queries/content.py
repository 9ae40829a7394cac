"""The plan as frozen content: the working draft as it stands, and what a version has kept."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from jumelle.action_plans.content import LineContent, MeasureContent, OriginContent, PlanContent, from_json
from jumelle.action_plans.models import LineOrigin, Measure, Plan, PlanLine, PlanVersion
from jumelle.action_plans.queries.visible import lines_of


def content_of(plan: Plan, now: datetime) -> PlanContent:
    """The working draft, dated today; three queries, whatever the number of lines."""
    return content_with(plan, lines_of(plan), now)


def content_with(plan: Plan, lines: Iterable[PlanLine], now: datetime) -> PlanContent:
    """As `content_of`, from lines that were read already."""
    return PlanContent(
        plan_id=str(plan.pk),
        title=plan.title,
        mentee=plan.mentee,
        mentor=plan.mentor,
        language=plan.language,
        dated_on=timezone.localdate(now),
        lines=tuple(line_content(line, position) for position, line in enumerate(lines, start=1)),
    )


def version_content(version: PlanVersion) -> PlanContent:
    """
    What the version has kept, dated when it was named.

    Raises:
        ValueError: the stored text is not one of ours.
    """
    return from_json(version.content)


def line_content(line: PlanLine, position: int) -> LineContent:
    """
    Args:
        line: as `lines_of` gives it, or its measures and origins cost a query each.
        position: counted from 1 among the lines that stand in the plan.
    """
    return LineContent(
        line_id=str(line.pk),
        position=position,
        action=line.action,
        results=line.results,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        timetable=line.timetable,
        lead=line.lead,
        lead_organisation=line.lead_organisation.name if line.lead_organisation else "",
        staff=line.staff,
        partners=line.partners,
        funding=line.funding,
        evaluation=line.evaluation,
        status=line.status,
        is_public=line.is_public,
        measures=tuple(measure_content(measure) for measure in line.measures.all()),
        origins=tuple(_origin(origin) for origin in line.origins.all()),
    )


def measure_content(measure: Measure) -> MeasureContent:
    return MeasureContent(
        what=measure.what,
        baseline=measure.baseline,
        target=measure.target,
        due_on=measure.due_on,
        data_source=measure.data_source,
        reached=measure.reached,
        reached_on=measure.reached_on,
    )


def _origin(origin: LineOrigin) -> OriginContent:
    return OriginContent(
        kind=origin.kind,
        toolkit=origin.toolkit,
        version=origin.version,
        code=origin.code,
        label=origin.label,
        url=origin.url,
        dated_on=origin.dated_on,
    )

"""Earlier states of a line."""

from django.db.models import QuerySet

from jumelle.action_plans.models import PlanLine, PlanLineRevision


def revisions_of(line: PlanLine) -> QuerySet[PlanLineRevision]:
    """Newest first."""
    return PlanLineRevision.objects.filter(line=line).select_related("changed_by").order_by("-revision")

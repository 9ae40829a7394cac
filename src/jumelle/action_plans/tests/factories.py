"""Plain makers of plans and lines; each opens the scope that it needs."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from jumelle.action_plans.enums import OriginKind
from jumelle.action_plans.models import LineOrigin, LineUpdate, Measure, Plan, PlanLine
from jumelle.assessments.tests.factories import make_place
from jumelle.cities.access import Place
from jumelle.cities.tenancy import city_scope

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 1, 10, tzinfo=UTC)
CODE = {"toolkit": "language-learning-support", "version": "1.0.0", "code": "KF8.Q1"}
COMPLETE: dict[str, Any] = {
    "results": "Thirty people have a place.",
    "starts_on": date(2026, 4, 1),
    "ends_on": date(2026, 12, 31),
    "lead": "Integration service",
    "staff": "One half-time post",
    "partners": "Library",
    "funding": "8,000 euros",
    "evaluation": "We count places and ask the learners.",
}


def make_plan(place: Place | None = None, *, approved: bool = False, **fields: Any) -> Plan:
    """
    A plan without lines that can be changed.

    Args:
        approved: its columns are frozen, as after an approval.
    """
    place = place or make_place()
    fields = {
        "title": "Language for all",
        "mentee": place.here.name,
        "language": "fr",
        "revising_since": NOW,
        "started_at": NOW,
        **fields,
    }
    if approved:
        fields["revising_since"] = None
    with city_scope(place.here.id):
        return Plan.objects.create(city=place.here, started_by=place.user, **fields)


def make_line(
    plan: Plan,
    action: str = "Open a language café",
    *,
    complete: bool = False,
    measured: bool = False,
    from_gap: bool = False,
    removed: bool = False,
    origins: Iterable[dict[str, Any]] = (),
    measures: Iterable[dict[str, Any]] = (),
    **fields: Any,
) -> PlanLine:
    """
    A line at the end of the plan, with nothing but its action.

    Args:
        complete: every column is filled in.
        measured: with one measure of success.
        from_gap: born of a gap of the language benchmark.
        origins, measures: fields of further ones.
    """
    if removed:
        fields["removed_at"] = LATER
    fields = {"changed_at": NOW, **(COMPLETE if complete else {}), **fields}
    given_origins = [*([{"kind": OriginKind.GAP, **CODE}] if from_gap else []), *origins]
    given_measures = [*([{"what": "People at the tables", "baseline": "0", "target": "30"}] if measured else []), *measures]
    with city_scope(plan.city_id):
        fields.setdefault("position", PlanLine.objects.filter(plan=plan).count() + 1)
        line = PlanLine.objects.create(city_id=plan.city_id, plan=plan, action=action, **fields)
        for origin in given_origins:
            LineOrigin.objects.create(city_id=plan.city_id, line=line, **origin)
        for position, measure in enumerate(given_measures, start=1):
            Measure.objects.create(city_id=plan.city_id, line=line, position=position, **measure)
    return line


def make_update(line: PlanLine, quarter: str = "2026-Q1", sentence: str = "Two tables run.", **fields: Any) -> LineUpdate:
    """What somebody told of a line; the line's own status stays as it is."""
    fields = {"status": line.status, "made_at": NOW, **fields}
    with city_scope(line.city_id):
        return LineUpdate.objects.create(city_id=line.city_id, line=line, quarter=quarter, sentence=sentence, **fields)

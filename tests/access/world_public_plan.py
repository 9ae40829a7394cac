"""A plan that the city shows to everybody: what may be read is marked "Public", and everything around it is not to be seen."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from jumelle.action_plans.models import LineComment, LineOrigin, LineUpdate, Measure, Plan, PlanLine
from jumelle.cities.enums import Role

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
HIDDEN = ("lead", "staff", "partners", "funding", "evaluation", "private_note")


def add_to(world: Any, canary: Callable[[str], str]) -> None:
    officer = world.people[Role.INTEGRATION_OFFICER]
    plan = Plan.objects.create(
        city=world.city,
        title=canary("PublicTitle"),
        mentee=canary("PublicMentee"),
        language="fr",
        is_public=True,
        revising_since=NOW,
        started_by=officer,
        started_at=NOW,
    )
    line = add_line(world, plan, canary, "Public", is_public=True, position=1)
    add_line(world, plan, canary, "Kept", is_public=False, position=2)
    names = ("portal:plan", *(f"action_plans:{name}" for name in ("follow_up", "look", "timeline", "import", "told")))
    world.addresses |= {name: {"pk": plan.pk, "line": line.pk} for name in names}


def add_line(world: Any, plan: Plan, canary: Callable[[str], str], mark: str, *, is_public: bool, position: int) -> PlanLine:
    officer = world.people[Role.INTEGRATION_OFFICER]
    common = {"city": world.city}
    line = PlanLine.objects.create(
        plan=plan,
        position=position,
        is_public=is_public,
        action=canary(f"{mark}Action"),
        results=canary(f"{mark}Results"),
        timetable=canary(f"{mark}Timetable"),
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 12, 31),
        changed_by=officer,
        changed_at=NOW,
        **{name: canary(f"Kept{name.title().replace('_', '')}") for name in HIDDEN},
        **common,
    )
    Measure.objects.create(line=line, position=1, what=canary(f"{mark}Measure"), target=canary(f"{mark}Target"), **common)
    LineUpdate.objects.create(
        line=line,
        quarter="2026-Q1",
        status="in_progress",
        sentence=canary(f"{mark}Sentence"),
        next_step=canary("KeptNextStep"),
        made_by=officer,
        made_at=NOW,
        **common,
    )
    LineComment.objects.create(line=line, text=canary("KeptComment"), written_by=officer, written_at=NOW, **common)
    LineOrigin.objects.create(line=line, kind="visit", label=canary("KeptVisit"), **common)
    return line

"""A plan of the city that is taken out as files, with what must stay behind."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from jumelle.action_plans.models import LineComment, Plan, PlanLine
from jumelle.cities.enums import Role

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def add_to(world: Any, canary: Callable[[str], str]) -> None:
    officer = world.people[Role.INTEGRATION_OFFICER]
    plan = Plan.objects.create(
        city=world.city,
        title=canary("FilePlan"),
        mentee=canary("FileMentee"),
        mentor=canary("FileMentor"),
        language="fr",
        revising_since=NOW,
        started_by=officer,
        started_at=NOW,
    )
    line = PlanLine.objects.create(
        city=world.city,
        plan=plan,
        position=1,
        action=canary("FileAction"),
        ends_on=date(2026, 12, 31),
        private_note=canary("FilePrivate"),
        changed_by=officer,
        changed_at=NOW,
    )
    LineComment.objects.create(city=world.city, line=line, text=canary("FileComment"), written_by=officer, written_at=NOW)
    for kind in ("pdf", "docx", "xlsx", "json", "ics", "blank"):
        world.addresses[f"publishing:plan_{kind}"] = {"pk": plan.pk}

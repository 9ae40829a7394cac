"""A plan that is being written, with everything around its lines, and one that is approved; a canary in every text."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile

from jumelle.action_plans.content import line_to_json, to_json
from jumelle.action_plans.models import Approval, LineComment, LineOrigin, Measure, Plan, PlanLine, PlanLineRevision, PlanVersion
from jumelle.action_plans.queries import content_of, line_content
from jumelle.cities.enums import Role

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
TEXTS = ("action", "results", "timetable", "lead", "staff", "partners", "funding", "evaluation")
OF_APPROVED = ("document", "revise")


def add_to(world: Any, canary: Callable[[str], str]) -> None:
    plan, approved = add_plan(world, canary, "Written"), add_plan(world, canary, "Approved")
    line, removed = add_line(world, plan, canary), add_line(world, plan, canary, removed_at=NOW)
    add_line(world, approved, canary)
    comment = LineComment.objects.create(
        city=world.city,
        line=line,
        text=canary("PlanComment"),
        written_by=world.people[Role.SUPPORT_GROUP_MEMBER],
        written_at=NOW,
        answer=canary("PlanAnswer"),
        answered_by=world.people[Role.INTEGRATION_OFFICER],
        answered_at=NOW,
    )
    origin = LineOrigin.objects.create(city=world.city, line=line, kind="visit", label=canary("PlanVisit"), dated_on=date(2026, 2, 1))
    add_version(world, plan, canary)
    approve(world, add_version(world, approved, canary), canary)
    ours = {"pk": plan.pk, "line": line.pk, "comment": comment.pk, "origin": origin.pk, "number": 1}
    world.addresses["action_plans:*"] = ours
    world.addresses["action_plans:restore"] = {"line": removed.pk}
    world.addresses["action_plans:from_gaps"] = {"pk": world.assessment.pk}
    world.addresses |= {f"action_plans:{name}": {"pk": approved.pk} for name in OF_APPROVED}


def add_plan(world: Any, canary: Callable[[str], str], mark: str) -> Plan:
    return Plan.objects.create(
        city=world.city,
        title=canary(f"{mark}Plan"),
        mentee=canary(f"{mark}Mentee"),
        mentor=canary(f"{mark}Mentor"),
        language="fr",
        assessment=world.assessment,
        revising_since=NOW,
        started_by=world.people[Role.INTEGRATION_OFFICER],
        started_at=NOW,
    )


def add_line(world: Any, plan: Plan, canary: Callable[[str], str], **fields: Any) -> PlanLine:
    officer, city = world.people[Role.INTEGRATION_OFFICER], world.city
    line = PlanLine.objects.create(
        city=city,
        plan=plan,
        position=PlanLine.objects.filter(plan=plan).count() + 1,
        private_note=canary("PlanPrivate"),
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 12, 31),
        revision=2,
        changed_by=officer,
        changed_at=NOW,
        **{name: canary(f"Plan{name.title()}") for name in TEXTS},
        **fields,
    )
    Measure.objects.create(
        city=city, line=line, position=1, what=canary("PlanMeasure"), baseline="0", target="30", data_source=canary("PlanSource")
    )
    LineOrigin.objects.create(
        city=city, line=line, kind="gap", assessment=world.assessment, toolkit="language-learning-support", version="1.0.0", code="KF1.Q1"
    )
    earlier = line_content(line, 1)
    PlanLineRevision.objects.create(city=city, line=line, revision=1, content=line_to_json(earlier), changed_by=officer, changed_at=NOW)
    return line


def add_version(world: Any, plan: Plan, canary: Callable[[str], str]) -> PlanVersion:
    return PlanVersion.objects.create(
        city=world.city,
        plan=plan,
        number=1,
        name="own",
        own_name=canary("PlanVersion"),
        content=to_json(content_of(plan, NOW)),
        made_by=world.people[Role.INTEGRATION_OFFICER],
        made_at=NOW,
    )


def approve(world: Any, version: PlanVersion, canary: Callable[[str], str]) -> None:
    approval = Approval(
        city=world.city,
        version=version,
        body=canary("PlanBody"),
        approved_on=date(2026, 3, 1),
        document_name=f"{canary('PlanDocument')}.txt",
        sha256="0" * 64,
        recorded_by=world.people[Role.INTEGRATION_OFFICER],
        recorded_at=NOW,
    )
    approval.document.save(f"{uuid4().hex}.txt", ContentFile(canary("PlanDecision").encode()), save=False)
    approval.save()
    Plan.objects.filter(pk=version.plan_id).update(revising_since=None)

"""
What everybody may read of a plan: what was promised, and what was done, line by line as the city chose.

Private notes, comments, the lead in words, staff, partners and money, and who wrote what are not part of it: what is not in here
cannot get onto a public page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from jumelle.action_plans.content import LineContent, MeasureContent
from jumelle.action_plans.models import LineUpdate, Measure, Plan, PlanLine, PlanVersion
from jumelle.action_plans.queries.content import measure_content, version_content
from jumelle.cities.models import City

LAST_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class PublicApproval:
    """document_url: of a document on the web; a stored file stays inside."""

    body: str
    approved_on: date
    document_url: str


@dataclass(frozen=True, slots=True)
class PublicUpdate:
    quarter: str
    told_on: date
    status: str
    sentence: str
    evidence_title: str
    evidence_url: str


@dataclass(frozen=True, slots=True)
class PublicLine:
    """
    number: among all lines of the plan, so that it is the same in the council's paper. status: a value of `LineStatus`.

    lead_organisation: "" when the city itself leads. updates: the last word of each quarter, newest first, at most four.
    """

    number: int
    action: str
    results: str
    starts_on: date | None
    ends_on: date | None
    timetable: str
    lead_organisation: str
    status: str
    measures: tuple[MeasureContent, ...]
    updates: tuple[PublicUpdate, ...]


@dataclass(frozen=True, slots=True)
class PublicPlan:
    """
    approval: None for a draft that no body has approved. total: how many lines the plan has, public or not.

    dated_on: of the approved version; None for a draft. language: of everything that the city wrote.
    """

    plan_id: str
    title: str
    mentee: str
    mentor: str
    language: str
    dated_on: date | None
    approval: PublicApproval | None
    lines: tuple[PublicLine, ...]
    total: int

    @property
    def hidden(self) -> int:
        return self.total - len(self.lines)


@dataclass(frozen=True, slots=True)
class _Promise:
    """The columns that stand: those of the newest approved version, else those of the working draft."""

    title: str
    mentee: str
    mentor: str
    language: str
    dated_on: date | None
    approval: PublicApproval | None
    lines: tuple[LineContent, ...]


def public_plans_of(city: City) -> QuerySet[Plan]:
    """Inside the scope of the city: the plans that it shows to everybody, newest first."""
    return Plan.objects.filter(city=city, is_public=True, archived_at=None).order_by("-started_at", "pk")


def public_plan(city: City, plan_id: UUID) -> PublicPlan | None:
    """
    Inside the scope of the city: the plan as everybody may read it; None if it is missing or not public.

    At most five queries, whatever the number of lines.
    """
    plan = public_plans_of(city).filter(pk=plan_id).first()
    return shown_plan(plan) if plan else None


def shown_plan(plan: Plan) -> PublicPlan:
    """The plan as it stands on its public page, or would stand there if it were public."""
    stored = {str(line.pk): line for line in _stored_lines(plan)}
    promise = _promise(plan, stored.values())
    public = [line for line in promise.lines if line.line_id in stored and stored[line.line_id].is_public]
    updates = _last_words(stored[line.line_id] for line in public)
    return PublicPlan(
        plan_id=str(plan.pk),
        title=promise.title,
        mentee=promise.mentee,
        mentor=promise.mentor,
        language=promise.language,
        dated_on=promise.dated_on,
        approval=promise.approval,
        lines=tuple(_line(line, stored[line.line_id], updates) for line in public),
        total=len(promise.lines),
    )


def _stored_lines(plan: Plan) -> QuerySet[PlanLine]:
    """Removed ones too: what was approved and is taken out in a draft is still promised."""
    lines = PlanLine.objects.filter(plan=plan).select_related("lead_organisation").order_by("position", "pk")
    unread = ("private_note", "lead", "staff", "partners", "funding", "evaluation")
    return lines.defer(*unread).prefetch_related(Prefetch("measures", Measure.objects.order_by("position", "pk")))


def _promise(plan: Plan, lines: Iterable[PlanLine]) -> _Promise:
    approved = PlanVersion.objects.filter(plan=plan, approval__isnull=False).select_related("approval").order_by("-number").first()
    if approved is None:
        standing = [line for line in lines if line.removed_at is None]
        drafted = tuple(_content(line, number) for number, line in enumerate(standing, start=1))
        return _Promise(plan.title, plan.mentee, plan.mentor, plan.language, None, None, drafted)
    kept, approval = version_content(approved), approved.approval
    shown = PublicApproval(approval.body, approval.approved_on, approval.document_url)
    return _Promise(kept.title, kept.mentee, kept.mentor, kept.language, timezone.localdate(approved.made_at), shown, kept.lines)


def _content(line: PlanLine, number: int) -> LineContent:
    return LineContent(
        line_id=str(line.pk),
        position=number,
        action=line.action,
        results=line.results,
        starts_on=line.starts_on,
        ends_on=line.ends_on,
        timetable=line.timetable,
        lead_organisation=line.lead_organisation.name if line.lead_organisation else "",
        measures=tuple(measure_content(measure) for measure in line.measures.all()),
    )


def _line(promised: LineContent, stored: PlanLine, updates: Mapping[UUID, tuple[PublicUpdate, ...]]) -> PublicLine:
    return PublicLine(
        number=promised.position,
        action=promised.action,
        results=promised.results,
        starts_on=promised.starts_on,
        ends_on=promised.ends_on,
        timetable=promised.timetable,
        lead_organisation=promised.lead_organisation,
        status=stored.status,
        measures=tuple(_with_figures(promised.measures, stored.measures.all())),
        updates=updates.get(stored.pk, ()),
    )


def _with_figures(promised: Iterable[MeasureContent], stored: Iterable[Measure]) -> Iterable[MeasureContent]:
    """What was promised, with the figures reached since: a version keeps those of its own day."""
    left = list(stored)
    for measure in promised:
        twin = next((each for each in left if each.what == measure.what), None)
        if twin:
            left.remove(twin)
            measure = replace(measure, reached=twin.reached, reached_on=twin.reached_on)
        yield measure


def _last_words(lines: Iterable[PlanLine]) -> dict[UUID, tuple[PublicUpdate, ...]]:
    """Line → the last word of each quarter, newest first: a word that was mended in the same quarter does not show any more."""
    ids = [line.pk for line in lines]
    if not ids:
        return {}
    newer = Window(RowNumber(), partition_by=[F("line_id"), F("quarter")], order_by=[F("made_at").desc(), F("pk").desc()])
    last = LineUpdate.objects.filter(line__in=ids).annotate(newer=newer).filter(newer=1).order_by("-quarter")
    found: dict[UUID, tuple[PublicUpdate, ...]] = {}
    for update in last:
        if len(found.get(update.line_id, ())) < LAST_QUARTERS:
            found[update.line_id] = (*found.get(update.line_id, ()), _update(update))
    return found


def _update(update: LineUpdate) -> PublicUpdate:
    return PublicUpdate(
        quarter=update.quarter,
        told_on=timezone.localdate(update.made_at),
        status=update.status,
        sentence=update.sentence,
        evidence_title=update.evidence_title,
        evidence_url=update.evidence_url,
    )


def last_told_at(plan: PublicPlan) -> date | None:
    return max((update.told_on for line in plan.lines for update in line.updates), default=None)

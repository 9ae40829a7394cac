"""The follow-up of a quarter, the history of a line, what needs a look, and the plan in time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from jumelle.action_plans.enums import LineStatus
from jumelle.action_plans.follow_up_forms import TOLD_TEXTS, TellForm
from jumelle.action_plans.models import LineUpdate, Measure, Plan, PlanLine
from jumelle.action_plans.operations import record_reading
from jumelle.action_plans.operations.follow_up import LineGone, PageTold, UpdateRefused, open_quarters, record_page
from jumelle.action_plans.quarters import NotAQuarter, Quarter, quarter_named
from jumelle.action_plans.queries import content_of, sees_names
from jumelle.action_plans.queries.content import content_with
from jumelle.action_plans.queries.follow_up import Followed, FollowUp, follow_up_of, updates_of
from jumelle.action_plans.timeline import timeline_of
from jumelle.action_plans.views.found import frame, may, plan_or_404
from jumelle.action_plans.views.screens import OriginScreen, Reader, Words, attributes, short
from jumelle.action_plans.words import quarter_words
from jumelle.cities.requests import PlacedRequest

LABEL_LIMIT = 110


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told, for reading."""

    quarter: str
    status: str
    status_words: str
    sentence: str
    evidence_title: str
    evidence_url: str
    next_step: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class FigureField:
    measure: Measure
    name: str
    typed: str


@dataclass(frozen=True, slots=True)
class RowScreen:
    """
    A line with its form. prefix: of the names of its fields. typed: what stands in the fields of the form, by name.

    refusal: why it was not taken, and wrong: the field that is meant. is_shown: is what is told shown to everybody?
    """

    line: PlanLine
    number: int
    action: Words
    status_words: str
    prefix: str
    typed: Mapping[str, str]
    figures: Sequence[FigureField]
    earlier: Told | None
    told: Told | None
    is_shown: bool
    figures_due: bool = False
    refusal: str = ""
    wrong: str = ""

    @property
    def figures_open(self) -> bool:
        return self.figures_due or self.wrong == "reached" or any(figure.typed for figure in self.figures)

    @property
    def evidence_open(self) -> bool:
        return bool(self.typed["evidence_url"] or self.typed["evidence_title"])


# --- the follow-up of a quarter -----------------------------------------------------------------------------------------


def follow_up(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """All lines of a quarter on one page: what is filled in is saved, the rest is left alone."""
    plan, now = plan_or_404(request, pk), timezone.now()
    found = follow_up_of(plan, now, chosen_quarter(request, now))
    if request.method == "POST":
        return save(request, found, now)
    return show(request, found)


def chosen_quarter(request: PlacedRequest, now: datetime) -> Quarter:
    """
    Of the address or of the form; the running one without.

    Raises:
        Http404: one cannot tell of this quarter.
    """
    running, before = open_quarters(now)
    name = request.POST.get("quarter") or request.GET.get("quarter") or str(running)
    if name not in (str(running), str(before)):
        raise Http404
    return quarter_named(name)


def save(request: PlacedRequest, found: FollowUp, now: datetime) -> HttpResponse:
    if not may(request, "action_plans.follow_up", found.plan):
        raise PermissionDenied
    rows = {str(row.line.pk): row for row in found.rows}
    forms = {prefix: TellForm(request.POST, prefix=prefix) for prefix in request.POST.getlist("line")}
    filled = {prefix: form for prefix, form in forms.items() if form.is_filled}
    lines = {rows[prefix].line: form.told for prefix, form in filled.items() if prefix in rows}
    page = record_page(place=request.place, lines=lines, quarter=str(found.quarter), now=now)
    gone = [form.typed("sentence") for prefix, form in filled.items() if prefix not in rows]
    tell(request, page)
    if not page.refused and not gone:
        return redirect(request.get_full_path())
    fresh = follow_up_of(found.plan, now, found.quarter)
    return show(request, fresh, forms=filled, refused=page.refused, gone=gone, status=422)


def tell(request: PlacedRequest, page: PageTold) -> None:
    count = len(page.recorded)
    if count:
        sentence = ngettext("%(count)s line is told. Thank you.", "%(count)s lines are told. Thank you.", count)
        messages.success(request, sentence % {"count": count})
    elif not page.refused:
        messages.info(request, _("Nothing was filled in, so nothing was saved."))


def show(
    request: PlacedRequest,
    found: FollowUp,
    *,
    forms: Mapping[str, TellForm] | None = None,
    refused: Mapping[UUID, UpdateRefused] | None = None,
    gone: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    plan, forms, refused = found.plan, forms or {}, refused or {}
    running, before = open_quarters(timezone.now())
    other = before if found.quarter == running else running

    def row(each: Followed) -> RowScreen:
        return row_screen(request, found, each, forms.get(str(each.line.pk)), refused.get(each.line.pk))

    asked = [row(each) for each in found.asked]
    later = [row(each) for each in found.begin_later]
    shown = {screen.prefix for screen in (*asked, *later)}
    strays = [row(each) for each in found.rows if each.line.pk in refused and str(each.line.pk) not in shown]
    context = {
        **frame(request, plan, "follow_up"),
        "quarter": found.quarter,
        "quarter_words": quarter_words(found.quarter),
        "other": other,
        "other_words": quarter_words(other),
        "is_running": found.quarter == running,
        "rows": [*asked, *strays],
        "later": later,
        "later_open": any(screen.refusal for screen in later),
        "refused": [screen for screen in (*asked, *strays, *later) if screen.refusal],
        "gone": gone,
        "gone_sentence": LineGone.sentence,
        "told_count": found.told_count,
        "asked_count": len(found.asked),
        "may_tell": may(request, "action_plans.follow_up", plan),
        "statuses": LineStatus.choices,
    }
    return render(request, "action_plans/follow_up.html", context, status=status)


def row_screen(request: PlacedRequest, found: FollowUp, row: Followed, form: TellForm | None, refusal: UpdateRefused | None) -> RowScreen:
    plan = found.plan
    prefix = str(row.line.pk)
    fields = form if form and refusal else TellForm({}, prefix=prefix)
    return RowScreen(
        line=row.line,
        number=row.number,
        action=action_words(plan, row.line),
        status_words=str(LineStatus(row.line.status).label),
        prefix=prefix,
        typed={name: fields.typed(name) for name in TOLD_TEXTS} | {"status": fields.typed("status") or row.line.status},
        figures=[figure_field(measure, fields) for measure in row.line.measures.all()],
        earlier=told_screen(row.earlier) if row.earlier else None,
        told=told_screen(row.told) if row.told else None,
        is_shown=plan.is_public and row.line.is_public,
        figures_due=bool(row.measures_due(found.today)),
        refusal=str(refusal.sentence) if refusal else "",
        wrong=refusal.name if refusal else "",
    )


def figure_field(measure: Measure, fields: TellForm) -> FigureField:
    name = f"reached-{measure.pk}"
    return FigureField(measure, fields.add_prefix(name), fields.typed(name))


def action_words(plan: Plan, line: PlanLine) -> Words:
    return Words(short(line.action, LABEL_LIMIT), attributes(plan.language))


def told_screen(update: LineUpdate, who: str = "") -> Told:
    return Told(
        quarter=quarter_in_words(update.quarter),
        status=update.status,
        status_words=str(LineStatus(update.status).label),
        sentence=update.sentence,
        evidence_title=update.evidence_title,
        evidence_url=update.evidence_url,
        next_step=update.next_step,
        at=update.made_at,
        who=who,
    )


def name_of(request: PlacedRequest, update: LineUpdate) -> str:
    if update.made_by_id is None:
        return _("Somebody who has left")
    if update.made_by_id == request.user.pk:
        return _("You")
    return (update.made_by.name if update.made_by else "") or _("(no name given)")


def quarter_in_words(name: str) -> str:
    try:
        return quarter_words(quarter_named(name))
    except NotAQuarter:
        return name


# --- one line -----------------------------------------------------------------------------------------------------------


def told(request: PlacedRequest, city: str, pk: UUID, line: UUID) -> HttpResponse:
    """Everything that was told of a line, and a form to tell more. Who told it is shown to officers, and reading it is recorded."""
    plan, now = plan_or_404(request, pk), timezone.now()
    found = follow_up_of(plan, now)
    row = next((row for row in found.rows if row.line.pk == line), None)
    if row is None:
        raise Http404
    if request.method == "POST":
        return save_one(request, found, row, now)
    return show_line(request, found, row)


def save_one(request: PlacedRequest, found: FollowUp, row: Followed, now: datetime) -> HttpResponse:
    if not may(request, "action_plans.follow_up", found.plan):
        raise PermissionDenied
    form = TellForm(request.POST, prefix=str(row.line.pk))
    page = record_page(place=request.place, lines={row.line: form.told}, quarter=str(found.quarter), now=now)
    if page.refused:
        return show_line(request, found, row, form, page.refused[row.line.pk], status=422)
    tell(request, page)
    return redirect(request.path)


def show_line(
    request: PlacedRequest,
    found: FollowUp,
    row: Followed,
    form: TellForm | None = None,
    refusal: UpdateRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    plan, history = found.plan, list(updates_of(row.line))
    with_names = sees_names(request.place)
    if with_names and history:
        record_reading(place=request.place, what="plan_line_told_read", object_type="PlanLine", object_id=row.line.pk, now=timezone.now())
    context = {
        **frame(request, plan, "told"),
        "row": row_screen(request, found, row, form, refusal),
        "quarter": found.quarter,
        "quarter_words": quarter_words(found.quarter),
        "history": [told_screen(update, name_of(request, update) if with_names else "") for update in history],
        "gaps": gaps_to_look_at(request, plan, [row]).get(row.line.pk, []) if row.is_done else [],
        "may_tell": may(request, "action_plans.follow_up", plan),
        "statuses": LineStatus.choices,
    }
    return render(request, "action_plans/told.html", context, status=status)


def gaps_to_look_at(request: PlacedRequest, plan: Plan, rows: Iterable[Followed]) -> dict[UUID, list[OriginScreen]]:
    """Line → the questions that it was born of, with their address where this person may open it. Nothing is ticked by itself."""
    rows = [row for row in rows if row.gaps]
    content = content_with(plan, [row.line for row in rows], timezone.now())
    reader = Reader(request.place, content, [origin for row in rows for origin in row.line.origins.all()])
    return {row.line.pk: [reader.row(origin) for origin in row.gaps] for row in rows}


# --- what needs a look --------------------------------------------------------------------------------------------------


def look(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    found = follow_up_of(plan, timezone.now())
    gaps = gaps_to_look_at(request, plan, found.done_from_gaps)
    context = {
        **frame(request, plan, "look"),
        "quarter_words": quarter_words(found.quarter),
        "not_told": look_rows(plan, found.not_told),
        "stalled": look_rows(plan, found.stalled),
        "without_lead": look_rows(plan, found.without_lead),
        "due": look_rows(plan, found.due),
        "measures_due": [{"row": look_row(plan, due.followed), "measure": due.measure} for due in found.measures_due],
        "done": [{"row": look_row(plan, row), "gaps": gaps[row.line.pk]} for row in found.done_from_gaps],
        "today": found.today,
        "told_count": found.told_count,
        "asked_count": len(found.asked),
    }
    return render(request, "action_plans/look.html", context)


def look_rows(plan: Plan, rows: Iterable[Followed]) -> list[dict[str, Any]]:
    return [look_row(plan, row) for row in rows]


def look_row(plan: Plan, row: Followed) -> dict[str, Any]:
    return {
        "line": row.line,
        "number": row.number,
        "action": action_words(plan, row.line),
        "status_words": LineStatus(row.line.status).label,
        "last_quarter": quarter_in_words(row.last.quarter) if row.last else "",
        "last_sentence": row.last.sentence if row.last else "",
    }


# --- in time ------------------------------------------------------------------------------------------------------------


def timeline(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    plan, now = plan_or_404(request, pk), timezone.now()
    lines = [(line.position, line) for line in content_of(plan, now).lines]
    drawn = timeline_of(lines, today=timezone.localdate(now), rtl=get_language_bidi(), attrs=attributes(plan.language))
    return render(request, "action_plans/timeline.html", {**frame(request, plan, "timeline"), "lines": lines, "timeline": drawn})

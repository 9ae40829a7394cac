"""One line: its page with what is around it, its place in the order, taking it out and back, and its earlier states."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jumelle.action_plans import operations
from jumelle.action_plans.content import LineContent, line_from_json
from jumelle.action_plans.diff import line_diff
from jumelle.action_plans.enums import LineStatus
from jumelle.action_plans.forms import AnswerForm, CommentForm, NoteForm, OriginForm
from jumelle.action_plans.models import LineComment, LineOrigin, Plan, PlanLine, PlanLineRevision
from jumelle.action_plans.operations import mark_of
from jumelle.action_plans.queries import (
    comments_of,
    line_content,
    lines_of,
    may_comment,
    private_notes_of,
    reads_comments,
    removed_lines_of,
    revisions_of,
    sees_names,
)
from jumelle.action_plans.views.differences import line_screen
from jumelle.action_plans.views.found import draft_reader, frame, line_or_404, may, plan_or_404
from jumelle.action_plans.views.screens import period_words, resources_of, short
from jumelle.assessments.operations import LinkRefused
from jumelle.cities.requests import PlacedRequest


def line(request: PlacedRequest, city: str, pk: UUID, line: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    return line_page(request, plan, line_or_404(plan, line))


def line_page(
    request: PlacedRequest,
    plan: Plan,
    line: PlanLine,
    forms: dict[str, Form] | None = None,
    conflict: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """
    Args:
        forms: what came back, by name: "origin", "note", "comment", or "answer" with the id of the comment.
        conflict: the name of the form and the text that somebody else stored meanwhile.
    """
    forms = forms or {}
    reader = draft_reader(request, plan)
    shown = next(each for each in reader.lines() if each.id == str(line.pk))
    note = private_notes_of(request.place, plan).get(line.pk, "")
    may_write = may(request, "action_plans.write", plan)
    context = {
        **frame(request, plan, "line"),
        "line": shown,
        "words": short(line.action),
        "total": len(reader.content.lines),
        "may_note": may(request, "action_plans.note", plan),
        "note": note,
        "note_form": forms.get("note") or NoteForm.of(note),
        "origin_form": (forms.get("origin") or OriginForm()) if may_write else None,
        "origin_open": "origin" in forms,
        "reads_comments": reads_comments(request.place),
        "may_comment": may_comment(request.place) and may(request, "action_plans.comment", plan),
        "comment_form": forms.get("comment") or CommentForm(),
        "comments": [comment_screen(request, plan, comment, forms) for comment in comments_of(request.place, line)],
        "conflict": conflict,
    }
    return render(request, "action_plans/line.html", context, status=status)


# --- order, out and back ----------------------------------------------------------------------------------------------


def move(request: PlacedRequest, city: str, pk: UUID, line: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    found = line_or_404(plan, line)
    down = request.POST.get("to") == "down"
    try:
        moved = operations.move_line(place=request.place, line=found, down=down, now=timezone.now())
    except operations.PlanRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, moved_sentence(found, down)) if moved else messages.info(
            request, _("The line stands at the end already.")
        )
    return redirect(f"{reverse('action_plans:overview', kwargs={'city': city, 'pk': pk})}#line-{found.pk}")


def moved_sentence(line: PlanLine, down: bool) -> str:
    words = {"action": short(line.action)}
    return _("“%(action)s” has moved down.") % words if down else _("“%(action)s” has moved up.") % words


def remove(request: PlacedRequest, city: str, pk: UUID, line: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    found = line_or_404(plan, line)
    try:
        operations.remove_line(place=request.place, line=found, now=timezone.now())
    except operations.PlanRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request, _("“%(action)s” is removed. You can bring it back at the foot of this page.") % {"action": short(found.action)}
        )
    return redirect("action_plans:overview", city=city, pk=pk)


def restore(request: PlacedRequest, city: str, pk: UUID, line: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    found = get_object_or_404(removed_lines_of(plan), pk=line)
    try:
        operations.restore_line(place=request.place, line=found, now=timezone.now())
    except operations.PlanRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("“%(action)s” is back in the plan.") % {"action": short(found.action)})
    return redirect("action_plans:overview", city=city, pk=pk)


# --- where it was born, and the private note --------------------------------------------------------------------------


def origin_add(request: PlacedRequest, city: str, pk: UUID, line: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    found = line_or_404(plan, line)
    form = OriginForm(request.POST)
    if form.is_valid():
        try:
            operations.add_origin(place=request.place, line=found, now=timezone.now(), **form.cleaned_data)
        except LinkRefused as refusal:
            form.add_error("url", refusal.sentence)
        except operations.PlanRefused as refusal:
            form.add_error("label" if isinstance(refusal, operations.LabelMissing) else None, refusal.sentence)
        else:
            messages.success(request, _("The origin is added."))
            return to_line(city, found, "origins")
    return line_page(request, plan, found, {"origin": form}, status=422)


def origin_remove(request: PlacedRequest, city: str, pk: UUID, line: UUID, origin: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    found = line_or_404(plan, line)
    piece = get_object_or_404(LineOrigin.objects.filter(line=found), pk=origin)
    piece.line = found
    try:
        operations.remove_origin(place=request.place, origin=piece, now=timezone.now())
    except operations.PlanRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("The origin is taken out. The earlier states of the line keep it."))
    return to_line(city, found, "origins")


def note(request: PlacedRequest, city: str, pk: UUID, line: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    found = line_or_404(plan, line)
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            operations.note_privately(place=request.place, line=found, note=form.cleaned_data["note"], seen=form.mark, now=timezone.now())
        except operations.NoteChangedMeanwhile as told:
            return line_page(request, plan, found, {"note": form}, conflict_with("note", told.stored), 409)
        except operations.PlanRefused as refusal:
            form.add_error("note", refusal.sentence)
        else:
            messages.success(request, _("Your note is saved."))
            return to_line(city, found, "note")
    return line_page(request, plan, found, {"note": form}, status=422)


def conflict_with(form: str, stored: str) -> dict[str, Any]:
    return {"form": form, "stored": stored, "mark": mark_of(stored)}


def to_line(city: str, line: PlanLine, anchor: str = "") -> HttpResponse:
    page = reverse("action_plans:line", kwargs={"city": city, "pk": line.plan_id, "line": line.pk})
    return redirect(f"{page}#{anchor}" if anchor else page)


# --- what the support group says --------------------------------------------------------------------------------------


def comment_screen(request: PlacedRequest, plan: Plan, comment: LineComment, forms: dict[str, Form]) -> dict[str, Any]:
    mine = comment.written_by_id == request.user.pk
    form = forms.get(f"answer {comment.pk}")
    return {
        "comment": comment,
        "who": who(request, comment.written_by, comment.written_by_id),
        "answered_by": who(request, comment.answered_by, comment.answered_by_id),
        "may_withdraw": mine and may(request, "action_plans.comment", plan),
        "answer_form": form or answer_form(comment) if may(request, "action_plans.answer_comment", plan) else None,
        "answer_open": form is not None,
    }


def answer_form(comment: LineComment) -> AnswerForm:
    return AnswerForm(initial={"answer": comment.answer, "seen": mark_of(comment.answer)}, prefix=str(comment.pk))


def who(request: PlacedRequest, person: Any, person_id: UUID | None) -> str:
    """Names are for those who may know them; the support group and the mentor city read what was said, not who said it."""
    if person_id is not None and person_id == request.user.pk:
        return _("You")
    if person is None:
        return _("Somebody who has left")
    return (person.name or _("(no name given)")) if sees_names(request.place) else _("Somebody of the team")


# --- earlier states ---------------------------------------------------------------------------------------------------


def history(request: PlacedRequest, city: str, pk: UUID, line: UUID) -> HttpResponse:
    """Every state that the line has had, each with what it changed. Who did is for those who may know; reading it is recorded."""
    plan = plan_or_404(request, pk)
    found = get_object_or_404(lines_of(plan).select_related("changed_by"), pk=line)
    earlier = list(revisions_of(found))
    if sees_names(request.place):
        operations.record_reading(
            place=request.place, what="plan_line_history_read", object_type="PlanLine", object_id=found.pk, now=timezone.now()
        )
    contents = [line_content(found, found.position), *(line_from_json(kept.content) for kept in earlier)]
    states: list[PlanLine | PlanLineRevision] = [found, *earlier]
    before: list[LineContent | None] = [*contents[1:], None]
    context = {
        **frame(request, plan, "history"),
        "line": found,
        "words": short(found.action),
        "states": [
            {
                "revision": state.revision,
                "at": state.changed_at,
                "who": who(request, state.changed_by, state.changed_by_id),
                "content": content,
                "period": period_words(content.starts_on, content.ends_on),
                "resources": resources_of(content),
                "change": line_screen(line_diff(columns_alone(older), columns_alone(content))) if older else None,
            }
            for state, content, older in zip(states, contents, before, strict=True)
        ],
    }
    return render(request, "action_plans/history.html", context)


def columns_alone(content: LineContent) -> LineContent:
    """How a line goes and who may read it is told elsewhere, and is no change of what was written."""
    return replace(content, status=LineStatus.PLANNED, is_public=False)

"""The local support group talks about a line, and is told what became of what it said."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from jumelle.action_plans import operations
from jumelle.action_plans.forms import AnswerForm, CommentForm
from jumelle.action_plans.queries import comments_of
from jumelle.action_plans.views.found import line_or_404, plan_or_404
from jumelle.action_plans.views.lines import conflict_with, line_page, to_line
from jumelle.cities.requests import PlacedRequest


def comment(request: PlacedRequest, city: str, pk: UUID, line: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    found = line_or_404(plan, line)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            operations.comment_line(place=request.place, line=found, text=form.cleaned_data["text"], now=timezone.now())
        except operations.CommentRefused as refusal:
            form.add_error("text", refusal.sentence)
        else:
            messages.success(request, _("Your comment stands beside the line. You can withdraw it."))
            return to_line(city, found, "comments")
    return line_page(request, plan, found, {"comment": form}, status=422)


def comment_answer(request: PlacedRequest, city: str, pk: UUID, line: UUID, comment: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    found = line_or_404(plan, line)
    said = get_object_or_404(comments_of(request.place, found), pk=comment)
    form = AnswerForm(request.POST, prefix=str(said.pk))
    if form.is_valid():
        try:
            operations.answer_comment(
                place=request.place, comment=said, answer=form.cleaned_data["answer"], seen=form.mark, now=timezone.now()
            )
        except operations.AnsweredOtherwise as told:
            return line_page(request, plan, found, {f"answer {said.pk}": form}, conflict_with(str(said.pk), told.stored), 409)
        except operations.CommentRefused as refusal:
            form.add_error("answer", refusal.sentence)
        else:
            messages.success(request, _("The answer stands beneath the comment."))
            return to_line(city, found, f"comment-{said.pk}")
    return line_page(request, plan, found, {f"answer {said.pk}": form}, status=422)


def comment_withdraw(request: PlacedRequest, city: str, pk: UUID, line: UUID, comment: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    found = line_or_404(plan, line)
    said = get_object_or_404(comments_of(request.place, found), pk=comment)
    try:
        operations.withdraw_comment(place=request.place, comment=said, now=timezone.now())
    except operations.CommentRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, _("Your comment is withdrawn."))
    return to_line(city, found, "comments")

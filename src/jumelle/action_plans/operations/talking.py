"""What the local support group says about a line, and what became of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.action_plans.models import LineComment, PlanLine
from jumelle.action_plans.operations.arranging import mark_of
from jumelle.action_plans.operations.journal import note_act
from jumelle.action_plans.operations.planning import PlanRefused
from jumelle.assessments.operations.answering import tidy
from jumelle.cities.access import Place

COMMENT_LIMIT = 2_000


class CommentRefused(PlanRefused):
    sentence = _("The comment was not saved.")


class CommentEmpty(CommentRefused):
    sentence = _("Write something, or leave the page without saving.")


class CommentTooLong(CommentRefused):
    sentence = _("The text has more than 2,000 characters. Shorten it.")


class CommentWithdrawn(CommentRefused):
    sentence = _("This comment was withdrawn meanwhile.")


class NotYours(CommentRefused):
    sentence = _("Only who wrote a comment can withdraw it.")


class AnsweredOtherwise(CommentRefused):
    """Another officer answered meanwhile. Holds both texts."""

    sentence = _("Another officer answered this comment while you were writing. Compare both, then save again.")

    def __init__(self, typed: str, stored: str) -> None:
        super().__init__()
        self.typed, self.stored = typed, stored


@transaction.atomic
def comment_line(*, place: Place, line: PlanLine, text: str, now: datetime) -> LineComment:
    """
    Raises:
        CommentEmpty, CommentTooLong: see the classes.
    """
    comment = LineComment.objects.create(city_id=line.city_id, line=line, text=_checked(text), written_by=place.user, written_at=now)
    note_act(place, "plan_line_commented", "LineComment", comment.pk, now=now, data={"line": str(line.pk)})
    return comment


@transaction.atomic
def answer_comment(*, place: Place, comment: LineComment, answer: str, seen: str, now: datetime) -> LineComment:
    """
    Tell the group what became of its comment.

    Args:
        seen: the mark (`mark_of`) of the answer that the person saw.
    Raises:
        AnsweredOtherwise, CommentWithdrawn, CommentEmpty, CommentTooLong: see the classes.
    """
    answer = _checked(answer)
    stored = _locked(comment)
    if stored.answer == answer:
        return stored
    if mark_of(stored.answer) != seen:
        raise AnsweredOtherwise(answer, stored.answer)
    stored.answer, stored.answered_by, stored.answered_at = answer, place.user, now
    stored.save(update_fields=["answer", "answered_by", "answered_at"])
    note_act(place, "plan_comment_answered", "LineComment", comment.pk, now=now, data={"line": str(comment.line_id)})
    return stored


@transaction.atomic
def withdraw_comment(*, place: Place, comment: LineComment, now: datetime) -> LineComment:
    """
    Take one's own comment out of sight, with its answer.

    Raises:
        NotYours: see the class.
    """
    if place.user is None or comment.written_by_id != place.user.pk:
        raise NotYours
    stored = LineComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if stored.withdrawn_at is None:
        stored.withdrawn_at = now
        stored.save(update_fields=["withdrawn_at"])
        note_act(place, "plan_comment_withdrawn", "LineComment", comment.pk, now=now, data={"line": str(comment.line_id)})
    return stored


def _locked(comment: LineComment) -> LineComment:
    stored = LineComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    if stored.withdrawn_at:
        raise CommentWithdrawn
    return stored


def _checked(text: str) -> str:
    text = tidy(text)
    if not text:
        raise CommentEmpty
    if len(text) > COMMENT_LIMIT:
        raise CommentTooLong
    return text

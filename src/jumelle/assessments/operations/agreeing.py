"""
What the group agrees upon, once the answers of a round lie on the table.

An agreed answer is a row of its own, with its reason, and becomes the assessment's answer in the same moment; the answer before is kept
among its earlier states. What people had answered alone is never touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jumelle.assessments.models import AgreedAnswer, Answer, Assessment, ConsensusMeeting, Round
from jumelle.assessments.operations.answering import (
    TEXT_LIMIT,
    AnsweredMeanwhile,
    AnswerRefused,
    AssessmentFinished,
    Given,
    ItemUnknown,
    TextTooLong,
    check_given,
    save_answer,
    tidy,
)
from jumelle.assessments.operations.journal import note_act
from jumelle.assessments.operations.rounds import RoundRefused
from jumelle.assessments.operations.upgrading import confirm_answer
from jumelle.assessments.queries.agreed import agreed_in, meetings_of
from jumelle.assessments.queries.divergence import asked_in, discussion_of
from jumelle.assessments.queries.history import answer_with_person
from jumelle.assessments.queries.sheet import Entry
from jumelle.cities.access import Place

PRESENT_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Agreement:
    """
    What is to be written down for one item.

    revision: of the agreed answer that the person saw; answer_revision: of the assessment's own answer. 0 for none.
    """

    value: str = ""
    text: str = ""
    reason: str = ""
    minority_note: str = ""
    revision: int = 0
    answer_revision: int = 0


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A meeting that is not written down yet. present: names or roles, as the group wants it."""

    held_on: date
    present: str


Meeting = ConsensusMeeting | NewMeeting | None


@dataclass(frozen=True, slots=True)
class AgreedOn:
    """codes: what was agreed; refused: what was not taken, with the reason."""

    codes: tuple[str, ...]
    refused: Mapping[str, AnswerRefused]


class NotBeingDiscussed(RoundRefused):
    sentence = _("The answers of this round are not being discussed now: it is closed, or not opened yet.")


class MeetingRefused(RoundRefused):
    """A meeting cannot be written down so."""

    sentence = _("The meeting was not written down.")


class PresentMissing(MeetingRefused):
    sentence = _("Say who was there: names or roles, as the group wants it. At most 1,000 characters.")


class MeetingAhead(MeetingRefused):
    sentence = _("This day is still to come. Write down what you agree on once you have met.")


class NothingAgreed(AnswerRefused):
    sentence = _("Choose the answer that you agree on, or write it.")


class ReasonNeeded(AnswerRefused):
    sentence = _("Say in a few words why: others will ask.")


class NotSaidByAll(AnswerRefused):
    sentence = _("Not everybody said the same here. Talk about it, and then write down what you agree on.")


class AgreedMeanwhile(AnswerRefused):
    """
    Somebody else wrote something down after the person had opened the page. Holds both states.

    stored: what is agreed now; answer: what the assessment itself says now. None for nothing.
    """

    sentence = _("Somebody else has changed this while you were writing. Compare both, then save again.")

    def __init__(self, code: str, agreement: Agreement, stored: AgreedAnswer | None, answer: Answer | None) -> None:
        super().__init__(code)
        self.agreement = agreement
        self.stored = stored
        self.answer = answer


@transaction.atomic
def agree(*, place: Place, round: Round, code: str, agreement: Agreement, meeting: Meeting, now: datetime) -> AgreedAnswer:
    """
    Write down what the group agreed upon for one item.

    Raises:
        AgreedMeanwhile, NothingAgreed, ReasonNeeded: see the classes. ItemUnknown, ValueUnknown, TextTooLong: as for answers.
        NotBeingDiscussed, MeetingRefused: see the classes.
        AssessmentFinished: nothing can be changed any more.
    """
    _lock_open(round)
    entry = asked_in(round).all_entries.get(code)
    if entry is None:
        raise ItemUnknown(code)
    return _agree(place, round, entry, _tidied(entry, agreement), agreed_in(round).get(code), _met(place, round, meeting, now), now)


@transaction.atomic
def agree_as_said(*, place: Place, round: Round, codes: Mapping[str, int], reason: str, meeting: Meeting, now: datetime) -> AgreedOn:
    """
    Agree in one step on what everybody said alike. Only what was chosen, and only what nobody agreed on before.

    Args:
        codes: item code → revision of the assessment's own answer that the person saw; 0 for none.
    Raises:
        NotBeingDiscussed, MeetingRefused, AssessmentFinished: as for one.
    """
    _lock_open(round)
    said = {point.code: point for point in discussion_of(round).said_by_all}
    held = _met(place, round, meeting, now) if set(codes) & set(said) else None
    agreed, refused = [], {}
    for code, answer_revision in codes.items():
        try:
            if code not in said:
                raise NotSaidByAll(code)
            point = said[code]
            agreement = Agreement(value=point.said_by_all, reason=reason, answer_revision=answer_revision)
            _agree(place, round, point.entry, _tidied(point.entry, agreement), None, held, now)
        except AnswerRefused as refusal:
            refused[code] = refusal
        else:
            agreed.append(code)
    return AgreedOn(tuple(agreed), refused)


def _lock_open(round: Round) -> None:
    """
    Queue with everyone who agrees, closes the round or writes to the assessment.

    Raises:
        NotBeingDiscussed, AssessmentFinished: see the classes.
    """
    if not Round.objects.select_for_update(of=("self",)).get(pk=round.pk).is_open:
        raise NotBeingDiscussed
    if not Assessment.objects.select_for_update(of=("self",)).get(pk=round.assessment_id).is_open:
        raise AssessmentFinished


def _tidied(entry: Entry, agreement: Agreement) -> Agreement:
    """
    Raises:
        NothingAgreed, ReasonNeeded, ValueUnknown, TextTooLong: see the classes.
    """
    tidied = replace(agreement, text=tidy(agreement.text), reason=tidy(agreement.reason), minority_note=tidy(agreement.minority_note))
    check_given(entry, Given(value=tidied.value, text=tidied.text))
    if max(len(tidied.reason), len(tidied.minority_note)) > TEXT_LIMIT:
        raise TextTooLong(entry.code)
    if not tidied.value and not tidied.text:
        raise NothingAgreed(entry.code)
    if not tidied.reason:
        raise ReasonNeeded(entry.code)
    return tidied


def _met(place: Place, round: Round, meeting: Meeting, now: datetime) -> ConsensusMeeting | None:
    """
    The same day with the same people is the same meeting, however often it is typed.

    Raises:
        PresentMissing, MeetingAhead: see the classes. LookupError: the meeting belongs to another round.
    """
    if not isinstance(meeting, NewMeeting):
        if meeting and meeting.round_id != round.pk:
            raise LookupError("the meeting belongs to another round")
        return meeting
    present = tidy(meeting.present)
    if not present or len(present) > PRESENT_LIMIT:
        raise PresentMissing
    if meeting.held_on > timezone.localdate(now):
        raise MeetingAhead
    for known in meetings_of(round).filter(held_on=meeting.held_on):
        if known.present == present:
            return known
    held = ConsensusMeeting.objects.create(
        city_id=round.city_id, round=round, held_on=meeting.held_on, present=present, noted_by=place.user, noted_at=now
    )
    note_act(place, "consensus_meeting_noted", "ConsensusMeeting", held.pk, now=now, data={"round": str(round.pk)})
    return held


def _agree(
    place: Place,
    round: Round,
    entry: Entry,
    agreement: Agreement,
    stored: AgreedAnswer | None,
    meeting: ConsensusMeeting | None,
    now: datetime,
) -> AgreedAnswer:
    answer = answer_with_person(round.assessment, entry.code)
    unchanged = stored if stored and _same(stored, agreement, meeting) else None
    if not unchanged and agreement.revision != (stored.revision if stored else 0):
        raise AgreedMeanwhile(entry.code, agreement, stored, answer)
    try:
        _save_as_answer(place, round.assessment, entry.code, agreement, answer, now)
    except AnsweredMeanwhile:
        raise AgreedMeanwhile(entry.code, agreement, stored, answer) from None
    if unchanged:
        return unchanged
    agreed = AgreedAnswer.objects.create(
        city_id=round.city_id,
        round=round,
        meeting=meeting,
        item_code=entry.code,
        value=agreement.value,
        text=agreement.text,
        reason=agreement.reason,
        minority_note=agreement.minority_note,
        revision=agreement.revision + 1,
        agreed_by=place.user,
        agreed_at=now,
    )
    data = {"round": str(round.pk), "item": entry.code, "revision": agreed.revision}
    note_act(place, "answer_agreed", "AgreedAnswer", agreed.pk, now=now, data=data)
    return agreed


def _save_as_answer(place: Place, assessment: Assessment, code: str, agreement: Agreement, answer: Answer | None, now: datetime) -> None:
    """The note and the flag of the team stay; an answer that waited to be confirmed is confirmed."""
    note, come_back = (answer.note, answer.come_back) if answer else ("", False)
    given = Given(agreement.value, agreement.text, note, come_back, agreement.answer_revision)
    saved = save_answer(place=place, assessment=assessment, code=code, given=given, now=now)
    if answer and answer.to_confirm and not saved.changed:
        confirm_answer(place=place, assessment=assessment, code=code, now=now)


def _same(stored: AgreedAnswer, agreement: Agreement, meeting: ConsensusMeeting | None) -> bool:
    return (stored.value, stored.text, stored.reason, stored.minority_note, stored.meeting_id) == (
        agreement.value,
        agreement.text,
        agreement.reason,
        agreement.minority_note,
        meeting.pk if meeting else None,
    )

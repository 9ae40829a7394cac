"""
What a respondent does: answer alone, send in, take back until the round is opened.

Not one of these answers is written to the journal, not even by its code: whoever answers alone is not watched. Sending in is.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jumelle.assessments.models import Respondent, RespondentAnswer
from jumelle.assessments.operations.answering import (
    AnsweredMeanwhile,
    Given,
    ItemUnknown,
    PageSaved,
    Saved,
    check_given,
    save_each,
    tidied,
)
from jumelle.assessments.operations.journal import note_act
from jumelle.assessments.queries.rounds import Questionnaire, questionnaire_of
from jumelle.assessments.queries.sheet import Entry
from jumelle.cities.access import Place


class AnsweredElsewhere(AnsweredMeanwhile):
    """The same respondent changed the answer in another window or on another device. Holds both states."""

    sentence = _("You changed this answer in another window. Compare both, then save again.")


class AnsweringRefused(Exception):
    """Nothing of the questionnaire can be changed; `sentence` says why."""

    sentence = _("This questionnaire cannot be changed any more.")


class AnsweringOver(AnsweringRefused):
    sentence = _("The time to answer is over: the last day has passed, or the answers were opened for discussion.")


class SentIn(AnsweringRefused):
    sentence = _("You have sent in your answers. Take them back first, then you can change them.")


class NothingAnswered(AnsweringRefused):
    sentence = _("You have not answered anything yet. Answer at least one question, then send in.")


class NotSentIn(AnsweringRefused):
    sentence = _("Your answers are not sent in: there is nothing to take back.")


@transaction.atomic
def save_respondent_answer(*, respondent: Respondent, code: str, given: Given, now: datetime) -> Saved:
    """
    Store one answer of one respondent.

    Raises:
        AnsweredElsewhere: the stored answer is not the one that the person saw, nor the one that was given.
        ItemUnknown, ValueUnknown, TextTooLong: as for the team's answers.
        AnsweringRefused: one of its kinds; nothing was saved.
    """
    return _save(_changeable(respondent, now), code, given, now)


@transaction.atomic
def save_respondent_page(*, respondent: Respondent, given: Mapping[str, Given], now: datetime) -> PageSaved:
    """
    Store many answers at once: what can be saved is saved, the rest is returned with its reason.

    Raises:
        AnsweringRefused: one of its kinds; nothing was saved.
    """
    questionnaire = _changeable(respondent, now)
    return save_each(given, lambda code, each: _save(questionnaire, code, each, now))


@transaction.atomic
def send_in(*, place: Place, respondent: Respondent, now: datetime) -> Respondent:
    """
    Hand the answers over to the discussion; they can be taken back until the round is opened. Items may stay unanswered.

    Raises:
        SentIn, AnsweringOver, NothingAnswered: see the classes.
    """
    questionnaire = _changeable(respondent, now)
    if not questionnaire.sheet.progress.answered:
        raise NothingAnswered
    return _set_sent_in(place, respondent, now, "respondent_sent_in", now)


@transaction.atomic
def take_back(*, place: Place, respondent: Respondent, now: datetime) -> Respondent:
    """
    Go on answering after having sent in.

    Raises:
        NotSentIn, AnsweringOver: see the classes.
    """
    questionnaire = _locked(respondent)
    if questionnaire.respondent.sent_in_at is None:
        raise NotSentIn
    if not questionnaire.can_be_sent(timezone.localdate(now)):
        raise AnsweringOver
    return _set_sent_in(place, respondent, None, "respondent_took_back", now)


def _set_sent_in(place: Place, respondent: Respondent, moment: datetime | None, action: str, now: datetime) -> Respondent:
    respondent.sent_in_at = moment
    respondent.save(update_fields=["sent_in_at"])
    note_act(place, action, "Respondent", respondent.pk, now=now, data={"round": str(respondent.round_id)})
    return respondent


def _locked(respondent: Respondent) -> Questionnaire:
    """Queue with this person's other windows, and with the opening of the round; then read the round as it is now."""
    Respondent.objects.select_for_update(of=("self",)).get(pk=respondent.pk)
    fresh = Respondent.objects.select_related("round__assessment__toolkit_version").defer("round__assessment__toolkit_version__content")
    return questionnaire_of(fresh.get(pk=respondent.pk))


def _changeable(respondent: Respondent, now: datetime) -> Questionnaire:
    questionnaire = _locked(respondent)
    if questionnaire.respondent.withdrawn_at or not questionnaire.can_be_sent(timezone.localdate(now)):
        raise AnsweringOver
    if questionnaire.respondent.sent_in_at:
        raise SentIn
    return questionnaire


def _save(questionnaire: Questionnaire, code: str, given: Given, now: datetime) -> Saved:
    entry = questionnaire.sheet.all_entries.get(code)
    if entry is None:
        raise ItemUnknown(code, given)
    given, stored = tidied(given), _answer_of(entry)
    check_given(entry, given)
    if given.is_empty if stored is None else _same(stored, given):
        return Saved(stored, changed=False)
    if given.revision != entry.revision:
        raise AnsweredElsewhere(code, given, stored)
    if stored is None:
        respondent = questionnaire.respondent
        stored = RespondentAnswer(city_id=respondent.city_id, respondent=respondent, item_code=code, revision=0)
    return Saved(_change(stored, given, entry.item.text, now), changed=True)


def _answer_of(entry: Entry) -> RespondentAnswer | None:
    return entry.answer if isinstance(entry.answer, RespondentAnswer) else None


def _same(stored: RespondentAnswer, given: Given) -> bool:
    return (stored.value, stored.text, stored.note, stored.private_note) == (given.value, given.text, given.note, given.private_note)


def _change(answer: RespondentAnswer, given: Given, wording: Mapping[str, str], now: datetime) -> RespondentAnswer:
    answer.value, answer.text, answer.note, answer.private_note = given.value, given.text, given.note, given.private_note
    answer.wording = dict(wording)
    answer.revision += 1
    answer.answered_at = now
    answer.save(force_insert=answer.revision == 1, force_update=answer.revision > 1)
    return answer

"""
Saving answers so that two people never overwrite each other: each post says which state it was typed upon.

Nothing is lost: the state before each change is kept as an `AnswerRevision`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.assessments.models import Answer, AnswerRevision, Assessment
from jumelle.assessments.operations.journal import note_act
from jumelle.assessments.queries.sheet import Entry, Stored, answers_of, can_be_answered, entry_of
from jumelle.cities.access import Place
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.queries import package_of

TEXT_LIMIT = 10_000
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Given:
    """
    What a person gives as the answer to one item.

    value: a value of the item's scale, or "" for none.
    text: the answer to an open question; always "" for an item with a scale.
    come_back, private_note: the one is asked of the team only, the other of a respondent only.
    revision: the stored state that the person saw; 0 for none.
    """

    value: str = ""
    text: str = ""
    note: str = ""
    come_back: bool = False
    revision: int = 0
    private_note: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.value or self.text or self.note or self.come_back or self.private_note)


@dataclass(frozen=True, slots=True)
class Saved:
    """changed: False when the same was already stored, and nothing was written."""

    answer: Stored | None
    changed: bool


class AnswerRefused(Exception):
    """An answer was not taken. `code` is the item, `sentence` says why and what to do."""

    sentence = _("The answer was not saved.")

    def __init__(self, code: str, given: Given | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.given = given


class ItemUnknown(AnswerRefused):
    sentence = _("This question is not part of the assessment.")


class ValueUnknown(AnswerRefused):
    sentence = _("This answer is not one of the choices. Choose one of them.")


class TextTooLong(AnswerRefused):
    sentence = _("The text has more than 10,000 characters. Shorten it.")


class NotProposed(AnswerRefused):
    sentence = _("Somebody has answered this meanwhile: there is no proposal to take back.")


class AnsweredMeanwhile(AnswerRefused):
    """Somebody else changed the answer after the person had opened it. Holds both states."""

    sentence = _("Somebody else changed this answer while you were writing. Compare both, then save again.")

    def __init__(self, code: str, given: Given, stored: Stored | None) -> None:
        super().__init__(code, given)
        self.stored = stored


class AssessmentFinished(Exception):
    """The assessment is finished: its answers are read-only until it is reopened."""


@dataclass(frozen=True, slots=True)
class PageSaved:
    """
    saved: codes whose answer changed, with their new revision.
    unchanged: codes that were stored so already.
    refused: codes that were not taken, with the reason; conflicts are `AnsweredMeanwhile`.
    """

    saved: Mapping[str, int]
    unchanged: tuple[str, ...]
    refused: Mapping[str, AnswerRefused]


@transaction.atomic
def save_answer(*, place: Place, assessment: Assessment, code: str, given: Given, now: datetime) -> Saved:
    """
    Store one answer.

    Raises:
        AnsweredMeanwhile: the stored answer is not the one that the person saw, nor the one that was given.
        ItemUnknown, ValueUnknown, TextTooLong: see the classes.
        AssessmentFinished: nothing can be changed any more.
    """
    assessment = _locked(assessment)
    stored = Answer.objects.filter(assessment=assessment, item_code=code, archived_by=None).first()
    saved = _save(assessment, package_of(assessment.toolkit_version), code, given, stored, place, now)
    if saved.changed and saved.answer:
        data = {"assessment": str(assessment.pk), "item": code, "revision": saved.answer.revision}
        note_act(place, "answer_saved", "Answer", saved.answer.pk, now=now, data=data)
    return saved


@transaction.atomic
def save_page(
    *, place: Place, assessment: Assessment, given: Mapping[str, Given], now: datetime, action: str = "answers_saved"
) -> PageSaved:
    """
    Store many answers at once: what can be saved is saved, the rest is returned with its reason.

    Args:
        given: item code → what was given.
    Raises:
        AssessmentFinished: nothing was saved.
    """
    assessment = _locked(assessment)
    package = package_of(assessment.toolkit_version)
    stored = answers_of(assessment)
    page = save_each(given, lambda code, each: _save(assessment, package, code, each, stored.get(code), place, now))
    if page.saved:
        note_act(place, action, "Assessment", assessment.pk, now=now, data={"items": dict(page.saved)})
    return page


def import_offline(*, place: Place, assessment: Assessment, given: Mapping[str, Given], now: datetime) -> PageSaved:
    """Store what was filled in offline, under the same rules as a page: an answer changed meanwhile is not overwritten."""
    return save_page(place=place, assessment=assessment, given=given, now=now, action="answers_imported")


@transaction.atomic
def take_back_proposal(*, place: Place, assessment: Assessment, code: str, now: datetime) -> Answer:
    """
    Ask an item after all that was proposed as "not applicable".

    Raises:
        NotProposed: a person has answered, or nothing was proposed.
        AssessmentFinished: nothing can be changed any more.
    """
    assessment = _locked(assessment)
    answer = Answer.objects.filter(assessment=assessment, item_code=code, proposed=True, archived_by=None).first()
    if answer is None:
        raise NotProposed(code)
    given = Given(note=answer.note, come_back=answer.come_back, revision=answer.revision)
    change_answer(answer, given, answer.wording, place, now)
    data = {"assessment": str(assessment.pk), "item": code, "revision": answer.revision}
    note_act(place, "proposal_taken_back", "Answer", answer.pk, now=now, data=data)
    return answer


def _locked(assessment: Assessment) -> Assessment:
    """
    Queue with everyone who writes to this assessment: finishing and saving must not cross.

    Raises:
        AssessmentFinished: see the class.
    """
    fresh = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if not fresh.is_open:
        raise AssessmentFinished
    fresh.toolkit_version = assessment.toolkit_version
    return fresh


def _save(
    assessment: Assessment,
    package: Package,
    code: str,
    given: Given,
    stored: Answer | None,
    place: Place,
    now: datetime,
) -> Saved:
    entry = _entry(assessment, package, code, stored, given)
    given = tidied(given)
    check_given(entry, given)
    if given.is_empty if stored is None else _same(stored, given):
        return Saved(stored, changed=False)
    if given.revision != entry.revision:
        raise AnsweredMeanwhile(code, given, stored)
    if stored is None:
        stored = Answer(city_id=assessment.city_id, assessment=assessment, item_code=code, revision=0)
    return Saved(change_answer(stored, given, entry.item.text, place, now), changed=True)


def save_each(given: Mapping[str, Given], save: Callable[[str, Given], Saved]) -> PageSaved:
    """Save what can be saved and keep the reason of each refusal; `save` raises `AnswerRefused`."""
    saved: dict[str, int] = {}
    unchanged: list[str] = []
    refused: dict[str, AnswerRefused] = {}
    for code, each in given.items():
        try:
            result = save(code, each)
        except AnswerRefused as refusal:
            refused[code] = refusal
            continue
        if result.changed and result.answer:
            saved[code] = result.answer.revision
        else:
            unchanged.append(code)
    return PageSaved(saved, tuple(unchanged), refused)


def _entry(assessment: Assessment, package: Package, code: str, stored: Answer | None, given: Given) -> Entry:
    if not package.has_item(code):
        raise ItemUnknown(code, given)
    item = package.item(code)
    if not can_be_answered(item) or package.top_section_of(item.section).code not in assessment.themes:
        raise ItemUnknown(code, given)
    return entry_of(package, item, assessment.organisation_type, stored)


def tidied(given: Given) -> Given:
    """Line ends as one character and no invisible ones, so that the same text is the same, here and in a workbook."""
    return replace(given, text=tidy(given.text), note=tidy(given.note), private_note=tidy(given.private_note))


def tidy(text: str) -> str:
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def check_given(entry: Entry, given: Given) -> None:
    """
    Raises:
        ValueUnknown, TextTooLong: see the classes.
    """
    if given.value not in entry.values or (entry.levels and given.text):
        raise ValueUnknown(entry.code, given)
    if max(len(given.text), len(given.note), len(given.private_note)) > TEXT_LIMIT:
        raise TextTooLong(entry.code, given)


def _same(stored: Answer, given: Given) -> bool:
    return (stored.value, stored.text, stored.note, stored.come_back) == (
        given.value,
        given.text,
        given.note,
        given.come_back,
    )


def change_answer(answer: Answer, given: Given, wording: Mapping[str, Any], place: Place, now: datetime) -> Answer:
    """Keep the state before as a revision and store the new one. The caller has checked everything."""
    if answer.revision:
        AnswerRevision.objects.create(
            city_id=answer.city_id,
            answer=answer,
            revision=answer.revision,
            value=answer.value,
            text=answer.text,
            note=answer.note,
            come_back=answer.come_back,
            proposed=answer.proposed,
            answered_by_id=answer.answered_by_id,
            answered_at=answer.answered_at,
        )
    answer.value, answer.text, answer.note, answer.come_back = given.value, given.text, given.note, given.come_back
    answer.proposed = answer.to_confirm = False
    answer.wording = dict(wording)
    answer.revision += 1
    answer.answered_by = place.user
    answer.answered_at = now
    answer.save(force_insert=answer.revision == 1, force_update=answer.revision > 1)
    return answer

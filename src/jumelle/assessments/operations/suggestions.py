"""Taking over what other answers suggest: only what a person ticked, with a note that says where it comes from."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from jumelle.assessments.models import Assessment
from jumelle.assessments.operations.answering import Given, PageSaved, save_page
from jumelle.assessments.queries.sheet import sheet_of
from jumelle.assessments.queries.suggestions import Hint, hints_for
from jumelle.cities.access import Place


class SuggestionRefused(Exception):
    """Nothing was taken over; `sentence` says why and what to do."""

    sentence = gettext_lazy("Nothing was taken over.")


class NothingTicked(SuggestionRefused):
    sentence = gettext_lazy("Nothing is ticked. Tick what you want to take over.")


class TwoAnswersTicked(SuggestionRefused):
    sentence = gettext_lazy("For one question two different answers are ticked. Tick one of them; nothing was taken over.")


class SuggestionGone(SuggestionRefused):
    sentence = gettext_lazy(
        "What you ticked has changed meanwhile: here or there somebody has answered. Look again; nothing was taken over."
    )


@transaction.atomic
def take_suggestions(
    *, place: Place, assessment: Assessment, keys: Collection[str], revisions: Mapping[str, int], now: datetime
) -> PageSaved:
    """
    Save the ticked suggestions like a page of answers.

    They are not flagged to come back to: a person has read both questions and decided, and the note says from where.

    Args:
        keys: `Hint.key` of what was ticked.
        revisions: by item code, the stored state that the person saw.
    Raises:
        SuggestionRefused: one of its kinds; nothing was saved.
        AssessmentFinished: nothing can be changed any more.
    """
    if not keys:
        raise NothingTicked
    ticked = [hint for hint in hints_for(place, sheet_of(assessment)) if hint.suggestion.value and hint.key in keys]
    if len(ticked) < len(set(keys)):
        raise SuggestionGone
    given: dict[str, Given] = {}
    for hint in ticked:
        code = hint.entry.code
        if code in given and given[code].value != hint.suggestion.value:
            raise TwoAnswersTicked
        given[code] = _given(hint, given.get(code), revisions.get(code, 0))
    return save_page(place=place, assessment=assessment, given=given, now=now, action="suggestions_taken_over")


def _given(hint: Hint, before: Given | None, revision: int) -> Given:
    """What stands there stays: a note that was written already, and the flag."""
    note = before.note if before else hint.entry.note
    return Given(
        value=hint.suggestion.value or "",
        note=f"{note}\n\n{origin_of(hint)}".strip(),
        come_back=hint.entry.come_back,
        revision=revision,
    )


def origin_of(hint: Hint) -> str:
    """The sentence that stands in the note, in the language of whoever took it over."""
    source = hint.source
    return _("Taken over from the answer to %(code)s in “%(toolkit)s”, assessment of %(start)s – %(end)s (mapping %(mapping)s).") % {
        "code": hint.answered.code,
        "toolkit": source.package.text(source.package.title, get_language() or "en").text,
        "start": date_format(source.assessment.period_start_on),
        "end": date_format(source.assessment.period_end_on),
        "mapping": hint.link.mapping.name,
    }

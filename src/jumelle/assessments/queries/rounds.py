"""
Answering together: the rounds of an assessment, who was asked and how far they are, and what each may read.

While a round collects, nobody reads what somebody else answered: `respondents_of` counts, `answers_on_the_table` is empty.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.db.models import Count, QuerySet

from jumelle.assessments.models import Assessment, Respondent, RespondentAnswer, Round
from jumelle.assessments.queries.sheet import Group, Sheet, Stored, sheet_with, theme_with
from jumelle.cities.access import Place
from jumelle.toolkits.package.sheets import Section
from jumelle.toolkits.queries import package_of


@dataclass(frozen=True, slots=True)
class RespondentProgress:
    """
    How far somebody is, and nothing of what they said.

    answered, asked: items that count, as in `Progress`; "don't know" is an answer, a note about the context is none.
    """

    respondent: Respondent
    answered: int
    asked: int


@dataclass(frozen=True)
class Questionnaire:
    """What one respondent is asked, with the own answers."""

    respondent: Respondent
    sheet: Sheet

    @property
    def round(self) -> Round:
        return self.respondent.round

    @property
    def assessment(self) -> Assessment:
        return self.sheet.assessment

    @cached_property
    def notes(self) -> int:
        """Items to which something was written, privately or for the others."""
        return sum(bool(entry.note or entry.private_note) for entry in self.sheet.all_entries.values())

    def can_be_changed(self, today: date) -> bool:
        """Until it is sent in, until the last day, and only while the round collects."""
        return self.respondent.sent_in_at is None and self.can_be_sent(today)

    def can_be_sent(self, today: date) -> bool:
        """Also: can it still be taken back?"""
        return self.round.is_collecting and self.assessment.is_open and today <= self.round.answer_until


# --- for the facilitator ----------------------------------------------------------------------------------------------


def rounds_of(assessment: Assessment) -> QuerySet[Round]:
    """All rounds, the newest first. Each knows the assessment without a further query."""
    return assessment.rounds.order_by("-started_at", "pk")


def running_round_of(assessment: Assessment) -> Round | None:
    """The one round that is not closed: it collects, or its answers are being discussed."""
    return rounds_of(assessment).filter(closed_at=None).first()


def respondents_in(round: Round) -> QuerySet[Respondent]:
    """Everybody who was asked and not withdrawn, in the order of the invitations."""
    found = Respondent.objects.filter(round=round, withdrawn_at=None)
    return found.select_related("organisation", "user", "guest_pass").order_by("invited_at", "pk")


def sent_in(round: Round) -> QuerySet[Respondent]:
    """Those whose answers come onto the table; what was not sent in is never read by others."""
    return respondents_in(round).exclude(sent_in_at=None)


def respondents_of(round: Round) -> list[RespondentProgress]:
    """How far everybody is. Two queries, however many they are; no answer is read."""
    people, assessment = list(respondents_in(round)), round.assessment
    asked = {themes: asked_codes(assessment, themes) for themes in {tuple(person.themes) for person in people}}
    codes = {code for found in asked.values() for code in found}
    given = RespondentAnswer.objects.filter(respondent__round=round, item_code__in=codes).exclude(value="", text="")
    counts = dict(given.values_list("respondent").annotate(number=Count("pk")).order_by())
    return [RespondentProgress(person, counts.get(person.pk, 0), len(asked[tuple(person.themes)])) for person in people]


def answers_on_the_table(round: Round) -> QuerySet[RespondentAnswer]:
    """
    What those who sent in had answered, once the round was opened; nothing before. The only door to other people's answers.

    Private notes are not read with them.
    """
    found = RespondentAnswer.objects.filter(respondent__round=round, respondent__withdrawn_at=None).defer("private_note", "wording")
    return found.exclude(respondent__sent_in_at=None).order_by("item_code", "respondent") if round.opened_at else found.none()


# --- for the respondent -----------------------------------------------------------------------------------------------


def respondents_visible_to(place: Place) -> QuerySet[Respondent]:
    """Only oneself: by the link that this browser opened, or by the account."""
    found = Respondent.objects.filter(city=place.city, withdrawn_at=None).select_related("guest_pass", "round__assessment__toolkit_version")
    found = found.defer("round__assessment__toolkit_version__content")
    if place.guest_pass:
        return found.filter(guest_pass=place.guest_pass)
    return found.filter(user=place.user) if place.user else found.none()


def respondent_of(place: Place, pk: UUID | None = None) -> Respondent | None:
    """
    Args:
        pk: which questionnaire of a person with an account; a guest has only one.
    """
    found = respondents_visible_to(place)
    return (found.filter(pk=pk) if pk else found.exclude(guest_pass=None)).first()


def asked_of(place: Place) -> QuerySet[Respondent]:
    """What a person with an account is asked to answer now, the most urgent first; sent in or not."""
    found = respondents_visible_to(place).filter(round__opened_at=None, round__closed_at=None, round__assessment__finished_at=None)
    return found.order_by("round__answer_until", "pk")


def questionnaire_of(respondent: Respondent) -> Questionnaire:
    """One query for the answers, when the respondent came with the round and the assessment."""
    assessment = respondent.round.assessment
    answers = {answer.item_code: answer for answer in RespondentAnswer.objects.filter(respondent=respondent)}
    return Questionnaire(respondent, asked_sheet(assessment, respondent.themes, answers))


# --- what is asked ----------------------------------------------------------------------------------------------------


def asked_sheet(assessment: Assessment, themes: Collection[str], answers: Mapping[str, Stored]) -> Sheet:
    """The chosen themes, without the items that are not for this kind of organisation."""
    whole = sheet_with(assessment, package_of(assessment.toolkit_version), answers)
    chosen = tuple(theme for theme in whole.themes if theme.code in set(themes))
    applying = (
        theme_with(
            theme.section,
            (Group(group.section, tuple(entry for entry in group.entries if entry.applies)) for group in theme.groups),
        )
        for theme in chosen
    )
    return Sheet(assessment, whole.package, tuple(theme for theme in applying if theme.entries or theme.context))


def asked_codes(assessment: Assessment, themes: Collection[str]) -> frozenset[str]:
    """Codes of the items that count in these themes."""
    return frozenset(entry.code for theme in asked_sheet(assessment, themes, {}).themes for entry in theme.entries)


def themes_to_ask(assessment: Assessment) -> tuple[Section, ...]:
    """The themes that one can ask somebody about, in the toolkit's order."""
    return tuple(theme.section for theme in asked_sheet(assessment, assessment.themes, {}).themes)

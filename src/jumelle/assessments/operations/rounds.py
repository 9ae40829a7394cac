"""
Answering together: a manager asks several people to answer alone, opens what they answered, and closes the round.

The journal keeps ids and codes: that somebody was asked and sent in, never what was said.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jumelle.accounts.models import User
from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import Assessment, Respondent, RespondentAnswer, Round
from jumelle.assessments.operations.answering import AssessmentFinished
from jumelle.assessments.operations.journal import note_act
from jumelle.assessments.queries.rounds import asked_codes, sent_in, themes_to_ask
from jumelle.assessments.signals import respondent_invited
from jumelle.cities.access import Place
from jumelle.cities.enums import GuestPurpose
from jumelle.cities.guests import issue_pass, withdraw_pass
from jumelle.cities.models import Organisation
from jumelle.cities.queries import roles_in_city
from jumelle.engines.disclosure.thresholds import K_INSIDE

LONGEST = timedelta(days=60)  # of a link, and so of a round that collects: retention of guest passes, data map
FEWEST = 2  # one person does not answer together with others


class RoundRefused(Exception):
    """Something cannot be done with a round; `sentence` says why and what to do."""

    sentence = _("This cannot be done with this round.")


class RoundRunning(RoundRefused):
    sentence = _("A round of this assessment is still running. Close it before you start the next one.")


class LastDayPassed(RoundRefused):
    sentence = _("The last day is over already. Choose today or a later day.")


class LastDayTooFar(RoundRefused):
    sentence = _("Links are valid for 60 days at most. Choose an earlier last day.")


class RoundNotCollecting(RoundRefused):
    sentence = _("The answers of this round were opened: nobody can be asked or withdrawn any more.")


class RoundClosed(RoundRefused):
    sentence = _("This round is closed already.")


class RespondentRefused(RoundRefused):
    """Somebody cannot be asked so."""

    sentence = _("This person cannot be asked so.")


class NotAMember(RespondentRefused):
    sentence = _("This person has no role in the city now. Write to an address instead.")


class AskedAlready(RespondentRefused):
    sentence = _("This person is asked in this round already.")


class NameMissing(RespondentRefused):
    sentence = _("Say how you know this person or service.")


class ThemesMissing(RespondentRefused):
    sentence = _("Choose at least one theme with questions.")


class AddressMissing(RespondentRefused):
    sentence = _("Choose somebody with an account, or give an e-mail address; not both.")


class SentInAlready(RespondentRefused):
    sentence = _("This person has sent in: no new link is needed.")


class RoundCannotOpen(RoundRefused):
    """Too little was sent in; `remedy` says what to do about it."""

    sentence = _("Fewer than two people have sent in their answers.")
    remedy = _("Remind those who were asked, give more time, or ask more people.")


class RoundTooSmall(RoundCannotOpen):
    """Nobody was to be told who said what, and among so few it would show."""

    sentence = _("Fewer than five people have sent in. You promised that nobody is told who said what: among so few, it would show.")
    remedy = _("Remind those who were asked, give more time, or ask more people. Or close this round, and start one that shows names.")


@transaction.atomic
def start_round(*, place: Place, assessment: Assessment, shows_names: bool, answer_until: date, now: datetime) -> Round:
    """
    Args:
        shows_names: a promise to those who will be asked; it cannot be changed any more.
    Raises:
        AssessmentFinished: reopen it first.
        RoundRunning, LastDayPassed, LastDayTooFar: see the classes.
    """
    fresh = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if not fresh.is_open:
        raise AssessmentFinished
    if Round.objects.filter(assessment=assessment, closed_at=None).exists():
        raise RoundRunning
    _check_last_day(answer_until, now)
    started = Round.objects.create(
        city_id=assessment.city_id,
        assessment=assessment,
        shows_names=shows_names,
        answer_until=answer_until,
        started_by=place.user,
        started_at=now,
    )
    data = {"assessment": str(assessment.pk), "shows_names": shows_names}
    note_act(place, "round_started", "Round", started.pk, now=now, data=data)
    return started


@transaction.atomic
def change_last_day(*, place: Place, round: Round, answer_until: date, now: datetime) -> Round:
    """
    Give more time, or less; links that were not withdrawn follow.

    Raises:
        RoundNotCollecting, LastDayPassed, LastDayTooFar: see the classes.
    """
    _lock_collecting(round)
    _check_last_day(answer_until, now)
    round.answer_until = answer_until
    round.save(update_fields=["answer_until"])
    for respondent in Respondent.objects.filter(round=round, withdrawn_at=None).select_related("guest_pass"):
        if respondent.guest_pass:
            respondent.guest_pass.expires_at = _end_of(answer_until, respondent.guest_pass.created_at)
            respondent.guest_pass.save(update_fields=["expires_at"])
    note_act(place, "round_last_day_changed", "Round", round.pk, now=now)
    return round


@transaction.atomic
def invite_respondent(
    *,
    place: Place,
    round: Round,
    role: RespondentRole,
    name: str,
    themes: Collection[str],
    language: str,
    now: datetime,
    user: User | None = None,
    email: str = "",
    organisation: Organisation | None = None,
) -> Respondent:
    """
    Ask somebody to answer alone. A mail leaves; the address of a guest is not kept.

    Args:
        themes: codes of top sections of the assessment.
        language: of the mail, BCP 47.
        user: a person with a running role in the city; or else
        email: of somebody who gets a link that opens the questionnaire once, in one browser.
    Raises:
        RespondentRefused, RoundNotCollecting, LastDayPassed: see the classes.
        AssessmentFinished: nobody could answer.
    """
    _check_still_asking(round, now)
    chosen = [section.code for section in themes_to_ask(round.assessment) if section.code in set(themes)]
    if not asked_codes(round.assessment, chosen) or set(themes) - set(chosen):
        raise ThemesMissing
    if not name.strip():
        raise NameMissing
    _check_person(place, round, user, email, now)
    respondent = Respondent(
        city_id=round.city_id,
        round=round,
        role=role,
        name=name.strip(),
        organisation=organisation,
        themes=chosen,
        user=user,
        language=language,
        invited_at=now,
    )
    return _send_invitation(place, respondent, email, now)


@transaction.atomic
def invite_again(*, place: Place, respondent: Respondent, now: datetime, email: str = "") -> Respondent:
    """
    Remind a person with an account, or give a guest a new link; the old one is closed.

    A guest who has begun to answer begins anew, as a new respondent: else whoever gives out links could send one to an address of
    their own and read what somebody answered alone.

    Raises:
        SentInAlready, AddressMissing, RoundNotCollecting, LastDayPassed: see the classes.
        AssessmentFinished: nobody could answer.
    """
    _check_still_asking(respondent.round, now)
    fresh = Respondent.objects.select_for_update(of=("self",)).get(pk=respondent.pk)
    if fresh.withdrawn_at or fresh.sent_in_at:
        raise SentInAlready
    if bool(fresh.user_id) == bool(email):
        raise AddressMissing
    if email:
        if fresh.guest_pass:
            withdraw_pass(guest_pass=fresh.guest_pass, now=now)
        if RespondentAnswer.objects.filter(respondent=fresh).exists():
            fresh = _begun_anew(fresh, now)
    return _send_invitation(place, fresh, email, now)


@transaction.atomic
def withdraw_respondent(*, place: Place, respondent: Respondent, now: datetime) -> Respondent:
    """
    Ask somebody no more: the link closes, and what was answered never comes onto the table.

    Raises:
        RoundNotCollecting: see the class; taking one person out of opened answers would show what that person said.
    """
    _lock_collecting(respondent.round)
    if respondent.withdrawn_at is None:
        _withdraw(respondent, now)
        note_act(place, "respondent_withdrawn", "Respondent", respondent.pk, now=now, data={"round": str(respondent.round_id)})
    return respondent


@transaction.atomic
def open_round(*, place: Place, round: Round, now: datetime) -> Round:
    """
    Lay the answers that were sent in onto the table; from now on nobody answers.

    Raises:
        RoundCannotOpen: fewer than two sent in, or fewer than five where nobody was to be told who said what.
        RoundNotCollecting: it was opened already.
    """
    _lock_collecting(round)
    # Whoever is saving or sending in holds a lock on the own row: wait for them, so that nothing comes in afterwards.
    list(Respondent.objects.select_for_update(of=("self",)).filter(round=round).order_by("pk"))
    count = sent_in(round).count()
    refusal = refusal_to_open(count, shows_names=round.shows_names)
    if refusal:
        raise refusal
    round.opened_at, round.opened_by = now, place.user
    round.save(update_fields=["opened_at", "opened_by"])
    note_act(place, "round_opened", "Round", round.pk, now=now, data={"sent_in": count})
    return round


def refusal_to_open(count: int, *, shows_names: bool) -> RoundCannotOpen | None:
    """Why a round with so many questionnaires sent in cannot be opened; None if it can."""
    if count < FEWEST:
        return RoundCannotOpen()
    return None if shows_names or count >= K_INSIDE else RoundTooSmall()


@transaction.atomic
def close_round(*, place: Place, round: Round, now: datetime) -> Round:
    """
    End a round: its answers were discussed, or it is given up and nobody ever reads them.

    Raises:
        RoundClosed: it is closed already.
    """
    fresh = Round.objects.select_for_update(of=("self",)).get(pk=round.pk)
    if fresh.closed_at:
        raise RoundClosed
    round.closed_at = now
    round.save(update_fields=["closed_at"])
    note_act(place, "round_closed", "Round", round.pk, now=now, data={"was_opened": fresh.opened_at is not None})
    return round


def _lock_collecting(round: Round) -> None:
    """
    Queue with everyone who asks, withdraws or opens.

    Raises:
        RoundNotCollecting: see the class.
    """
    if not Round.objects.select_for_update(of=("self",)).get(pk=round.pk).is_collecting:
        raise RoundNotCollecting


def _check_still_asking(round: Round, now: datetime) -> None:
    _lock_collecting(round)
    _check_last_day(round.answer_until, now)
    if not Assessment.objects.filter(pk=round.assessment_id, finished_at=None).exists():
        raise AssessmentFinished


def _check_last_day(day: date, now: datetime) -> None:
    today = timezone.localdate(now)
    if day < today:
        raise LastDayPassed
    if day > today + LONGEST:
        raise LastDayTooFar


def _check_person(place: Place, round: Round, user: User | None, email: str, now: datetime) -> None:
    if (user is None) == (not email):
        raise AddressMissing
    if user and not roles_in_city(user, place.here.id, now):
        raise NotAMember
    if user and Respondent.objects.filter(round=round, user=user, withdrawn_at=None).exists():
        raise AskedAlready


def _send_invitation(place: Place, respondent: Respondent, email: str, now: datetime) -> Respondent:
    token, until = "", respondent.round.answer_until
    if respondent.user is None:
        issued = issue_pass(city=place.here, purpose=GuestPurpose.RESPONDENT, now=now, expires_at=_end_of(until, now))
        respondent.guest_pass, token = issued.guest_pass, issued.token
    respondent.save()
    data = {"round": str(respondent.round_id), "role": respondent.role, "themes": respondent.themes}
    note_act(place, "respondent_invited", "Respondent", respondent.pk, now=now, data=data)
    respondent_invited.send(
        Respondent,
        respondent=respondent,
        email=respondent.user.email if respondent.user else email,
        token=token,
        language=respondent.language,
        until=until,
    )
    return respondent


def _begun_anew(respondent: Respondent, now: datetime) -> Respondent:
    _withdraw(respondent, now)
    return Respondent(
        city_id=respondent.city_id,
        round=respondent.round,
        role=respondent.role,
        name=respondent.name,
        organisation=respondent.organisation,
        themes=respondent.themes,
        language=respondent.language,
        invited_at=now,
    )


def _withdraw(respondent: Respondent, now: datetime) -> None:
    respondent.withdrawn_at = now
    respondent.save(update_fields=["withdrawn_at"])
    if respondent.guest_pass:
        withdraw_pass(guest_pass=respondent.guest_pass, now=now)


def _end_of(day: date, issued_at: datetime) -> datetime:
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_default_timezone())
    return min(midnight, issued_at + LONGEST)

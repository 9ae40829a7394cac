"""The demonstration's support groups, and its round: six people who answered alone and now discuss."""

from datetime import date, datetime, timedelta
from typing import Any

from jumelle.accounts.models import User
from jumelle.assessments import operations
from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import Assessment, ConsensusMeeting, Round
from jumelle.assessments.operations import Given
from jumelle.assessments.operations.agreeing import Agreement, NewMeeting, agree
from jumelle.assessments.queries import answers_of
from jumelle.cities import operations as cities
from jumelle.cities.access import Place
from jumelle.config.demo.standing import city_assessment, place_of


def load_support_group(row: dict[str, Any], now: datetime) -> None:
    place = place_of(row["city"], row["by"])
    start = (now - timedelta(days=90)).date()
    group = cities.set_up_group(place=place, subject=row["subject"], set_up_on=start, now=now)
    for seat in row["seats"]:
        user = User.objects.get(email=seat["user"]) if "user" in seat else None
        cities.add_seat(place=place, group=group, joined_on=start, now=now, **{**seat, "user": user})
    for each in row["meetings"]:
        held_on = (now - timedelta(days=each["days_ago"])).date()
        meeting = cities.call_meeting(place=place, group=group, held_on=held_on, purpose=each["purpose"], now=now)
        if "outcome" in each:
            cities.note_outcome(place=place, meeting=meeting, outcome=each["outcome"], now=now)


def load_round(row: dict[str, Any], now: datetime) -> None:
    place = place_of(row["city"], row["by"])
    assessment = city_assessment(place, row["toolkit"])
    asked_at = now - timedelta(days=12)
    last_day = (now - timedelta(days=3)).date()
    found = operations.start_round(place=place, assessment=assessment, shows_names=False, answer_until=last_day, now=asked_at)
    for each in row["respondents"]:
        _answer_alone(place, found, row["themes"], each, asked_at)
    operations.open_round(place=place, round=found, now=now - timedelta(days=2))
    _agree(place, assessment, found, row, now)


def _answer_alone(place: Place, found: Round, themes: list[str], row: dict[str, Any], asked_at: datetime) -> None:
    user = User.objects.get(email=row["user"])
    respondent = operations.invite_respondent(
        place=place,
        round=found,
        role=RespondentRole(row["role"]),
        name=row["name"],
        themes=themes,
        language=user.language,
        user=user,
        now=asked_at,
    )
    for minutes, (code, value) in enumerate(row["answers"].items()):
        moment = asked_at + timedelta(days=1, minutes=minutes)
        given = Given(value=value, note=row.get("notes", {}).get(code, ""))
        operations.save_respondent_answer(respondent=respondent, code=code, given=given, now=moment)
    operations.send_in(place=place, respondent=respondent, now=asked_at + timedelta(days=1, hours=1))


def _agree(place: Place, assessment: Assessment, found: Round, row: dict[str, Any], now: datetime) -> None:
    meeting: ConsensusMeeting | NewMeeting = NewMeeting(_day(now, 1), row["meeting"]["present"])
    for code, content in row["agreed"].items():
        stored = answers_of(assessment).get(code)
        agreement = Agreement(**content, answer_revision=stored.revision if stored else 0)
        agreed = agree(place=place, round=found, code=code, agreement=agreement, meeting=meeting, now=now - timedelta(days=1))
        meeting = agreed.meeting or meeting


def _day(now: datetime, days_ago: int) -> date:
    return (now - timedelta(days=days_ago)).date()

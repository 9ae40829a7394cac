"""
Answering together in the world of the access tests: a round that still collects and one that was opened.

Canaries that begin with "Sealed" are answers of the first, "Private" are notes for oneself in both: only their authors may ever see
them. Those of the opened round that are meant for the discussion begin with "Discussed".
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import timezone

from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import Assessment, Respondent, RespondentAnswer, Round
from jumelle.cities.enums import GuestPurpose, Role
from jumelle.cities.guests import issue_pass, use_pass, withdraw_pass
from jumelle.cities.tenancy import city_scope

Canary = Callable[[str], str]
ASKED = tuple(f"assessments:asked:{name}" for name in ("overview", "theme", "answer", "send_in", "done"))
ON_THE_TABLE = (
    *(f"assessments:{name}" for name in ("divergence", "sheet", "project", "agree", "agree_as_said")),
    "publishing:meeting_sheet_pdf",
)
STILL_ANSWER = (Role.LEARNER, Role.VOLUNTEER)  # the others with an account have sent in


def add_to(world: Any, canary: Canary) -> None:
    now = timezone.now()
    collecting = make_round(world, world.assessment, now)
    world.asked, world.own_answers = {}, {}
    for role in Role.values:
        sent_in_at = None if role in STILL_ANSWER else now
        world.asked[role] = add_respondent(world, collecting, canary, role, user=world.people[role], sent_in_at=sent_in_at)
        world.addresses |= {f"{name} as {role}": {"pk": world.asked[role].pk} for name in ASKED}
    world.guest = add_respondent(world, collecting, canary, "respondent", guest_pass=issued(world, now).guest_pass)
    unopened = issued(world, now)
    withdrawn = add_respondent(world, collecting, canary, "nobody", guest_pass=unopened.guest_pass)
    opened = make_opened(world, world.finished, canary, now)
    theirs = make_opened(world, world.provider_assessment, canary, now, closed_at=now)
    for name in ON_THE_TABLE:
        item = {"code": "KF1.Q1"}
        world.addresses[name] = {"pk": world.finished.pk, "round": opened.pk, **item}
        world.addresses[f"{name} as {Role.PROVIDER_STAFF}"] = {"pk": world.provider_assessment.pk, "round": theirs.pk, **item}
    world.addresses |= {
        "answering:link": {"token": unopened.token},
        "assessments:round_start": {"pk": world.provider_assessment.pk},
        "assessments:round_again": {"respondent": withdrawn.pk},
        "assessments:round_withdraw": {"respondent": withdrawn.pk},
    }


def make_opened(world: Any, assessment: Assessment, canary: Canary, now: datetime, **fields: Any) -> Round:
    opened = make_round(world, assessment, now, opened_at=now, **fields)
    for number in range(5):
        add_respondent(world, opened, canary, f"{number} of {opened}", mark="Discussed", sent_in_at=now)
    return opened


def make_round(world: Any, assessment: Assessment, now: datetime, **fields: Any) -> Round:
    day = timezone.localdate(now) + timedelta(days=20)
    return Round.objects.create(city=world.city, assessment=assessment, answer_until=day, started_at=now, **fields)


def add_respondent(world: Any, round: Round, canary: Canary, author: str, *, mark: str = "Sealed", **fields: Any) -> Respondent:
    """With one answer that has a canary in each of its texts; `author` is the role that may see them."""
    now = timezone.now()
    person = Respondent.objects.create(
        city=world.city,
        round=round,
        role=RespondentRole.MIGRANTS,
        name=canary("AskedPerson"),
        themes=["KF1", "CF"],
        language="en",
        invited_at=now,
        **fields,
    )
    texts = {"text": canary(f"{mark}Text"), "note": canary(f"{mark}Remark"), "private_note": canary("PrivateRemark")}
    common = {"city": world.city, "respondent": person, "wording": {"fr": "…", "en": "…"}, "answered_at": now}
    RespondentAnswer.objects.create(item_code="KF1.Q1", value="no", note=texts["note"], private_note=texts["private_note"], **common)
    RespondentAnswer.objects.create(item_code="CF.F1", text=texts["text"], **common)
    world.own_answers[author] = set(texts.values())
    return person


def issued(world: Any, now: datetime) -> Any:
    return issue_pass(city=world.city, purpose=GuestPurpose.RESPONDENT, now=now, expires_at=now + timedelta(days=20))


def hold_pass(client: Client, world: Any, *, ended: bool = False) -> Client:
    """Let this browser open a link of the world's guest; if `ended`, one that was withdrawn afterwards."""
    now, session = timezone.now(), SessionStore()
    with city_scope(world.city.id):
        fresh = issued(world, now)
        used = use_pass(token=fresh.token, session=session, now=now)
        session.save()
        if ended:
            withdraw_pass(guest_pass=used, now=now)
        else:
            world.guest.guest_pass = used
            world.guest.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client

"""
A round whose answers are being discussed, in the world of the access tests: nobody was to be told who said what.

Canaries that begin with "Discussed" are notes for the others, "Agreed" what the group wrote down: whoever sees the assessment reads
them. "AskedPerson" are the names of those who answered, which stand on no page of an opened round, and "PrivateRemark" on no page at all.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils import timezone

from jumelle.assessments.models import AgreedAnswer, Answer, Assessment, ConsensusMeeting, Round
from jumelle.cities.enums import Role
from tests.access.world_round import ON_THE_TABLE, add_respondent, make_round

START, END = date(2026, 1, 1), date(2026, 12, 31)
PAPER = "publishing:meeting_sheet_pdf"


def add_to(world: Any, canary: Callable[[str], str]) -> None:
    """After `world_round`, which has an opened round of the provider."""
    now = timezone.now()
    officer = world.people[Role.INTEGRATION_OFFICER]
    discussed = Assessment.objects.create(
        city=world.city,
        toolkit_version=world.assessment.toolkit_version,
        subject="city",
        subject_name=canary("DiscussedSubject"),
        organisation_type="local_authority",
        themes=["KF1", "CF"],
        period_start_on=START,
        period_end_on=END,
        started_by=officer,
        started_at=now,
    )
    opened = make_round(world, discussed, now, opened_at=now)
    for number in range(5):
        add_respondent(world, opened, canary, f"{number} of {opened}", mark="Discussed", sent_in_at=now)
    write_down(opened, canary, officer)
    for name in (*ON_THE_TABLE, PAPER):
        world.addresses[name] = {"pk": discussed.pk, "round": opened.pk, "code": "KF1.Q1"}
    world.addresses[f"{PAPER} as {Role.PROVIDER_STAFF}"] = world.addresses[f"assessments:sheet as {Role.PROVIDER_STAFF}"]


def write_down(opened: Round, canary: Callable[[str], str], officer: Any) -> None:
    """On the context, so that what all said of the question can still be agreed upon."""
    now, text = timezone.now(), canary("AgreedWords")
    common = {"city_id": opened.city_id}
    meeting = ConsensusMeeting.objects.create(
        round=opened, held_on=START, present=canary("AgreedPresent"), noted_by=officer, noted_at=now, **common
    )
    AgreedAnswer.objects.create(
        round=opened,
        meeting=meeting,
        item_code="CF.F1",
        text=text,
        reason=canary("AgreedReason"),
        minority_note=canary("AgreedMinority"),
        agreed_by=officer,
        agreed_at=now,
        **common,
    )
    Answer.objects.create(
        assessment=opened.assessment,
        item_code="CF.F1",
        text=text,
        wording={"fr": "…", "en": "…"},
        answered_by=officer,
        answered_at=now,
        **common,
    )

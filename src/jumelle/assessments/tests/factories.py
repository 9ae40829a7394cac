"""Plain makers of assessments, with the toolkits that are shipped or with a small one; each opens the scope that it needs."""

from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from jumelle.accounts.models import User
from jumelle.assessments.enums import EvidenceAudience, RespondentRole, Subject
from jumelle.assessments.models import Answer, Assessment, Evidence, Respondent, RespondentAnswer, Round
from jumelle.assessments.operations import (
    Given,
    add_evidence,
    finish_assessment,
    invite_respondent,
    open_round,
    save_answer,
    save_respondent_answer,
    send_in,
    start_assessment,
    start_round,
)
from jumelle.assessments.queries import themes_of
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.models import City, Organisation
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_city, make_member
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.operations import load_package
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.yaml_folder import read_folder
from jumelle.toolkits.queries import package_of

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = datetime(2026, 3, 1, 10, tzinfo=UTC)
CHECKLIST, BENCHMARK, GRID = "refugee-inclusion", "language-learning-support", "practice-evaluation-grid"


@lru_cache
def shipped_package(slug: str, version: str = "1.0.0") -> Package:
    return read_folder(Path(settings.CONTENT_DIR) / "toolkits" / slug / version)


def make_shipped_version(slug: str = BENCHMARK) -> ToolkitVersion:
    package = shipped_package(slug)
    return load_package(package=package, association=None, status=VersionStatus.PUBLISHED, now=NOW).version


def make_place(city: City | None = None, role: str = Role.INTEGRATION_OFFICER, user: User | None = None, **membership: Any) -> Place:
    """Somebody with a running role in a city."""
    city = city or make_city()
    user = make_member(city, role, user, **membership)
    return Place(user=user, city=city, association=city.association, roles=frozenset({str(role)}))


def make_assessment(
    place: Place | None = None,
    version: ToolkitVersion | None = None,
    *,
    themes: list[str] | None = None,
    organisation: Organisation | None = None,
    subject: Subject | None = None,
    finished: bool = False,
    **fields: Any,
) -> Assessment:
    """Started by an officer; of the whole city, or of the organisation that is given."""
    place = place or make_place()
    version = version or make_shipped_version()
    subject = subject or (Subject.ORGANISATION if organisation else Subject.CITY)
    with city_scope(place.here.id):
        assessment = start_assessment(
            place=place,
            version=version,
            subject=subject,
            organisation=organisation,
            themes=themes or [section.code for section in themes_of(package_of(version))],
            period_start_on=date(2025, 3, 1),
            period_end_on=date(2026, 2, 28),
            now=NOW,
            **fields,
        )
        if finished:
            finish_assessment(place=place, assessment=assessment, now=LATER)
    return assessment


def give(place: Place, assessment: Assessment, code: str, value: str = "", **given: Any) -> Answer:
    """Save an answer upon whatever is stored."""
    with city_scope(assessment.city_id):
        stored = Answer.objects.filter(assessment=assessment, item_code=code).first()
        revision = stored.revision if stored else 0
        saved = save_answer(
            place=place,
            assessment=assessment,
            code=code,
            given=Given(value=value, revision=revision, **given),
            now=LATER,
        )
    assert isinstance(saved.answer, Answer)
    return saved.answer


def make_link(
    place: Place, assessment: Assessment, code: str, audience: EvidenceAudience = EvidenceAudience.TEAM, **fields: Any
) -> Evidence:
    fields.setdefault("title", f"{audience} link")
    fields.setdefault("url", "https://example.org/report")
    with city_scope(assessment.city_id):
        return add_evidence(
            place=place,
            assessment=assessment,
            code=code,
            audience=audience,
            dated_on=date(2026, 1, 31),
            now=LATER,
            **fields,
        )


# --- answering together -----------------------------------------------------------------------------------------------

LAST_DAY = date(2026, 3, 31)


def make_round(
    place: Place, assessment: Assessment, *, shows_names: bool = False, answer_until: date = LAST_DAY, now: datetime = NOW
) -> Round:
    with city_scope(assessment.city_id):
        return start_round(place=place, assessment=assessment, shows_names=shows_names, answer_until=answer_until, now=now)


def make_respondent(
    place: Place,
    round: Round,
    role: RespondentRole = RespondentRole.NGO,
    *,
    user: User | None = None,
    themes: list[str] | None = None,
    now: datetime = NOW,
    **fields: Any,
) -> Respondent:
    """By mail, unless an account is given; asked about all themes unless some are given."""
    fields.setdefault("name", f"Somebody as {role}")
    fields.setdefault("language", "en")
    fields.setdefault("email", "" if user else "somebody@example.org")
    with city_scope(round.city_id):
        chosen = round.assessment.themes if themes is None else themes
        return invite_respondent(place=place, round=round, role=role, themes=chosen, user=user, now=now, **fields)


def respond(respondent: Respondent, code: str, value: str = "", *, now: datetime = LATER, **given: Any) -> RespondentAnswer:
    """Answer alone, upon whatever is stored; texts: `text`, `note`, `private_note`."""
    with city_scope(respondent.city_id):
        stored = RespondentAnswer.objects.filter(respondent=respondent, item_code=code).first()
        given.setdefault("revision", stored.revision if stored else 0)
        saved = save_respondent_answer(respondent=respondent, code=code, given=Given(value=value, **given), now=now)
    assert isinstance(saved.answer, RespondentAnswer)
    return saved.answer


def hand_in(place: Place, respondent: Respondent, now: datetime = LATER) -> Respondent:
    """Send in; something must be answered. The place is only for the journal."""
    with city_scope(respondent.city_id):
        return send_in(place=place, respondent=respondent, now=now)


def lay_open(place: Place, round: Round, now: datetime = LATER) -> Round:
    with city_scope(round.city_id):
        return open_round(place=place, round=round, now=now)


def make_open_round(
    place: Place, assessment: Assessment, answers: list[tuple[RespondentRole, dict[str, str]]], *, shows_names: bool = False
) -> Round:
    """A round that was opened: one respondent by mail per entry, with item code → value; everybody has sent in."""
    round = make_round(place, assessment, shows_names=shows_names)
    for role, values in answers:
        respondent = make_respondent(place, round, role)
        for code, value in values.items():
            respond(respondent, code, value)
        hand_in(place, respondent)
    return lay_open(place, round)

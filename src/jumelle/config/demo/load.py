"""Load and clear the demonstration network of `content/demo/network.yaml`, through the same operations that people use."""

import json
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from allauth.account.models import EmailAddress
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.db import transaction

from jumelle.accounts.models import User
from jumelle.action_plans.models import Plan
from jumelle.assessments import operations as assessments
from jumelle.assessments.enums import EvidenceAudience, Subject
from jumelle.assessments.models import Answer, Assessment
from jumelle.assessments.queries.sheet import themes_of
from jumelle.cities.access import Place
from jumelle.cities.models import (
    Association,
    AssociationMembership,
    City,
    District,
    GuestPass,
    Membership,
    Network,
    Organisation,
    SupportGroup,
)
from jumelle.cities.tenancy import city_scope, every_city
from jumelle.config.demo.plans import load_plan
from jumelle.config.demo.rounds import load_round, load_support_group
from jumelle.config.demo.standing import place_of
from jumelle.toolkits.queries import latest_version_of, package_of

# Parts of the file that are loaded after the assessments, each by its own module.
PARTS = {"support_groups": load_support_group, "rounds": load_round, "plans": load_plan}


class NotADemonstration(Exception):
    """Demonstration people are loaded only where JUMELLE_DEMO is set."""


class ToolkitsMissing(Exception):
    """The shipped toolkits must be loaded before the demonstration network."""


def folder() -> Path:
    return Path(settings.CONTENT_DIR) / "demo"


def read_network() -> dict[str, Any]:
    network: dict[str, Any] = yaml.safe_load((folder() / "network.yaml").read_text(encoding="utf-8"))
    return network


@transaction.atomic
def load_demo(*, now: datetime) -> bool:
    """
    Load the network once. Returns False when it is there already.

    Raises:
        NotADemonstration: see the class.
    """
    if not settings.DEMO:
        raise NotADemonstration
    network = read_network()
    if City.objects.filter(is_demo=True).exists():
        return False
    started = now - timedelta(days=200)
    roof, _ = Network.objects.get_or_create(slug=network["network"]["slug"], defaults={"name": network["network"]["name"]})
    association = Association.objects.create(network=roof, **network["association"])
    for row in network["cities"]:
        _load_city(association, row)
    for row in network["people"]:
        _load_person(association, row, started)
    for row in network["assessments"]:
        _load_assessment(row, now)
    for kind, load in PARTS.items():
        for row in network[kind]:
            with city_scope(City.objects.get(slug=row["city"]).id):
                load(row, now)
    return True


def _load_city(association: Association, row: dict[str, Any]) -> None:
    fields = {key: row[key] for key in ("slug", "name", "country", "population", "languages", "contact_email")}
    city = City.objects.create(association=association, is_demo=True, **fields)
    with city_scope(city.id):
        for organisation in row["organisations"]:
            Organisation.objects.create(city=city, **organisation)
        if "districts" in row:
            _load_districts(city, folder() / row["districts"])


def _load_districts(city: City, path: Path) -> None:
    collection = json.loads(path.read_text(encoding="utf-8"))
    for feature in collection["features"]:
        District.objects.create(city=city, outline=feature["geometry"], credit=collection["credit"], **feature["properties"])


def _load_person(association: Association, row: dict[str, Any], started: datetime) -> None:
    user = User.objects.filter(email=row["email"]).first()
    if user is None:
        user = User.objects.create_user(
            email=row["email"],
            password=None,
            name=row["name"],
            language=row["language"],
            is_operator=row.get("operator", False),
            joined_on=started.date(),
        )
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        if row.get("totp"):
            secret = get_adapter().encrypt(demo_secret(user.email))
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
    if "city" in row:
        city = City.objects.get(slug=row["city"])
        with city_scope(city.id):
            organisation = Organisation.objects.get(slug=row["organisation"]) if "organisation" in row else None
            Membership.objects.create(city=city, user=user, role=row["role"], organisation=organisation, started_at=started)
    if "association" in row:
        AssociationMembership.objects.create(association=association, user=user, role=row["role"], started_at=started)


def demo_secret(email: str) -> str:
    """The authenticator secret of an invented person: the same at every load, so that an app set up once keeps working."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    total = int.from_bytes(("jumelle " + email).encode(), "big")
    return "".join(letters[(total // 32**place) % 32] for place in range(32))


def has_second_factor(email: str) -> bool:
    return any(row["email"] == email and row.get("totp") for row in read_network()["people"])


def demo_code(email: str) -> str:
    """The six digits that the invented person's authenticator app shows now."""
    counter = int(time.time()) // mfa_settings.TOTP_PERIOD
    return str(format_hotp_value(hotp_value(demo_secret(email), counter)))


def _load_assessment(row: dict[str, Any], now: datetime) -> None:
    city = City.objects.select_related("association").get(slug=row["city"])
    version = latest_version_of(row["toolkit"])
    if version is None:
        raise ToolkitsMissing
    with city_scope(city.id):
        place = place_of(city.slug, row["by"])
        start, end = (date.fromisoformat(day) for day in row["period"])
        assessment = assessments.start_assessment(
            place=place,
            version=version,
            subject=Subject(row["subject"]),
            organisation=Organisation.objects.get(slug=row["organisation"]) if "organisation" in row else None,
            themes=row.get("themes") or [section.code for section in themes_of(package_of(version))],
            period_start_on=start,
            period_end_on=end,
            now=now - timedelta(days=30),
        )
        _load_answers(place, assessment, row, now)


def _load_answers(place: Place, assessment: Assessment, row: dict[str, Any], now: datetime) -> None:
    seen = dict(Answer.objects.filter(assessment=assessment).values_list("item_code", "revision"))
    for minutes, (code, content) in enumerate(row["answers"].items()):
        moment = now - timedelta(days=20) + timedelta(minutes=minutes)
        evidence = content.pop("evidence", None)
        given = assessments.Given(**content, revision=seen.get(code, 0))
        assessments.save_answer(place=place, assessment=assessment, code=code, given=given, now=moment)
        if evidence:
            assessments.add_evidence(
                place=place,
                assessment=assessment,
                code=code,
                title=evidence["title"],
                url=evidence["url"],
                dated_on=date.fromisoformat(evidence["dated_on"]),
                audience=EvidenceAudience(evidence["audience"]),
                now=moment,
            )
    for code, reason in row.get("factors", {}).items():
        assessments.choose_factor(place=place, assessment=assessment, section_code=code, reason=reason, now=now - timedelta(days=10))
    if row.get("finished"):
        assessments.finish_assessment(place=place, assessment=assessment, now=now - timedelta(days=5))


@transaction.atomic
def clear_demo() -> int:
    """Remove the invented cities, their people and all that they entered. Returns the number of cities."""
    cities = City.objects.filter(is_demo=True)
    count = cities.count()
    with every_city("the invented cities go, with all that was entered into them"):
        for model in (Plan, SupportGroup, Assessment, GuestPass, Membership, Organisation, District):
            model.objects.filter(city__in=cities).delete()
        cities.delete()
    network = read_network()
    Association.objects.filter(slug=network["association"]["slug"]).delete()
    Network.objects.filter(slug=network["network"]["slug"]).delete()
    with every_city("the invented people go"):
        User.objects.filter(email__in=[row["email"] for row in network["people"]]).delete()
    return count


def sign_ins() -> str:
    """The table that `dev.py run` prints."""
    rows = read_network()["people"]
    lines = ["Demo sign-ins (invented people): type the address; each page that asks for a code shows it.", ""]
    seen = {row["email"]: f"{row.get('role', 'operator')} {row.get('city') or row.get('association') or ''}" for row in reversed(rows)}
    lines += [f"  {email:<36} {seen[email]}" for email in dict.fromkeys(row["email"] for row in rows)]
    return "\n".join(lines) + "\n"

"""Writes that set an installation up: the first operator, associations, cities, and the first administrator of each."""

import re
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.validators import validate_email
from django.db import models, transaction
from django_tasks_db.models import DBTaskResult

from jumelle.accounts.models import User
from jumelle.action_plans.operations.reminders import remind_city
from jumelle.audit.operations import SYSTEM, record
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.models import Association, AssociationMembership, City, GuestPass, Invitation
from jumelle.cities.operations import invite_member
from jumelle.cities.tenancy import city_scope, every_city
from jumelle.common.encryption import EncryptedTextField
from jumelle.notifications.models import OutgoingMail
from jumelle.notifications.tasks import empty_outbox

RESERVED_SLUGS = {"me", "second-factor"}  # stand at the same place in an address as a city's short name


class InputNotUnderstood(ValueError):
    """Something typed is not what it should be; the message is the sentence to show."""


class NotFound(Exception):
    """Something named on the command line does not exist."""


class ShortNameTaken(Exception):
    """The short name is in use, or stands for something else in addresses."""


def checked_email(text: str) -> str:
    try:
        validate_email(text.strip())
    except ValidationError as error:
        raise InputNotUnderstood(f"{text} is not an e-mail address.") from error
    return text.strip().lower()


def checked_slug(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise InputNotUnderstood(f"{text} is not a short name: use lower-case letters, digits and hyphens.")
    return text


def checked_country(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise InputNotUnderstood(f"{text} is not a country code: use the two letters of ISO 3166, such as FR.")
    return text.upper()


@transaction.atomic
def add_operator(*, email: str, now: datetime) -> User:
    user = _user(email, now)
    user.is_operator = True
    user.save(update_fields=["is_operator"])
    record(chain=SYSTEM, action="operator_named", now=now, object_type="User", object_id=str(user.id))
    return user


@transaction.atomic
def add_association(*, slug: str, name: str, country: str, now: datetime) -> Association:
    if Association.objects.filter(slug=slug).exists():
        raise ShortNameTaken
    association = Association.objects.create(slug=checked_slug(slug), name=name, country=checked_country(country))
    record(chain=SYSTEM, action="association_added", now=now, object_type="Association", object_id=str(association.id))
    return association


@transaction.atomic
def add_association_member(*, slug: str, email: str, role: str, now: datetime) -> AssociationMembership:
    association = Association.objects.filter(slug=slug).first()
    if association is None:
        raise NotFound
    user = _user(email, now)
    membership, created = AssociationMembership.objects.get_or_create(
        association=association, user=user, role=role, ended_at=None, defaults={"started_at": now}
    )
    if not created:
        return membership
    record(
        chain=f"association:{association.id}",
        action="membership_started",
        now=now,
        object_type="AssociationMembership",
        object_id=str(membership.id),
        data={"role": role},
    )
    return membership


@transaction.atomic
def add_city(
    *,
    slug: str,
    name: str,
    association_slug: str,
    country: str,
    contact_email: str,
    languages: list[str],
    population: int | None,
    now: datetime,
) -> City:
    association = Association.objects.filter(slug=association_slug).first()
    if association is None:
        raise NotFound
    if slug in RESERVED_SLUGS or City.objects.filter(slug=slug).exists():
        raise ShortNameTaken
    city = City.objects.create(
        association=association,
        slug=checked_slug(slug),
        name=name,
        country=checked_country(country),
        contact_email=checked_email(contact_email),
        population=population,
        languages=languages,
    )
    record(chain=f"city:{city.id}", action="city_added", now=now, object_type="City", object_id=str(city.id))
    return city


def invite_administrator(*, slug: str, email: str, now: datetime) -> Invitation:
    """Send the invitation that makes an address the administrator of a city."""
    city = City.objects.select_related("association").filter(slug=slug).first()
    if city is None:
        raise NotFound
    place = Place(city=city, association=city.association, roles=frozenset({"operator"}))
    language = (city.languages or ["fr"])[0]
    with city_scope(city.id):
        return invite_member(place=place, email=checked_email(email), role=Role.CITY_ADMIN, organisation=None, language=language, now=now)


def _user(email: str, now: datetime) -> User:
    address = checked_email(email)
    user = User.objects.filter(email=address).first() or User.objects.create_user(email=address, joined_on=now.date())
    EmailAddress.objects.get_or_create(user=user, email=address, defaults={"verified": True, "primary": True})
    return user


def nightly(*, now: datetime) -> dict[str, int]:
    """
    What an installation does once a night; safe to run twice. Returns how many rows each step removed or queued.

    The periods are those of the data map: sessions when they end, invitations after ten days, passes of guests when they expire,
    mails (sent or not) and finished tasks after 30 days, session records (with their network address) after six months. Reminders
    come last, so that a city whose plan cannot be read keeps nothing from being removed.
    """
    call_command("clearsessions")
    empty_outbox.enqueue()
    with every_city("retention: invitations that nobody can use any more"):
        dead = models.Q(expires_at__lte=now) | ~models.Q(accepted_at=None) | ~models.Q(withdrawn_at=None)
        invitations = Invitation.objects.filter(dead, created_at__lt=now - timedelta(days=10)).delete()[0]
    with every_city("retention: passes of guests whose questionnaire has ended"):
        passes = GuestPass.objects.filter(expires_at__lte=now).delete()[0]
    return {
        "invitations": invitations,
        "guest passes": passes,
        "mails": OutgoingMail.objects.filter(created_at__lt=now - timedelta(days=30)).delete()[0],
        "tasks": DBTaskResult.objects.filter(finished_at__lt=now - timedelta(days=30)).delete()[0],
        "session records": UserSession.objects.filter(last_seen_at__lt=now - timedelta(days=183)).delete()[0],
        "reminders": remind_of_plans(now=now),
    }


def remind_of_plans(*, now: datetime) -> int:
    """Queue the mails for the plans that wait for something, city by city. Returns how many."""
    count = 0
    for city in City.objects.order_by("pk"):
        with city_scope(city.id):
            count += remind_city(city=city, now=now)
    return count


def renew_field_keys(*, models_to_renew: list[type[models.Model]]) -> int:
    """Write every encrypted field anew with the first key of `JUMELLE_FIELD_KEYS`; returns the number of rows."""
    count = 0
    with every_city("every encrypted field is written anew with the new key"):
        for model in models_to_renew:
            names = [field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedTextField)]
            for row in model._base_manager.iterator(chunk_size=500):
                for name in names:
                    setattr(row, name, getattr(row, name))
                row.save(update_fields=names)
                count += 1
    return count

"""Writes: who belongs to a city, and the operator's emergency access."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from jumelle.accounts.models import User
from jumelle.audit.operations import record
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.models import BreakGlass, City, Invitation, Membership, Organisation
from jumelle.cities.signals import break_glass_opened, invitation_created
from jumelle.cities.tenancy import city_scope, every_city

INVITATION_LIFE = timedelta(days=10)
BREAK_GLASS_LIFE = timedelta(hours=2)
SUPPORT_GROUP_MAXIMUM = 10  # mentoring guide, annex 5: the group has ten members at most


class InvitationNotValid(Exception):
    """The link was used, has expired, was withdrawn, or is for another address. All four answer alike."""


class LastAdministrator(Exception):
    """The city would be left without an administrator."""


class SupportGroupFull(Exception):
    """The local support group already has its ten members."""


class OrganisationKnown(Exception):
    """The city already has an organisation of this name."""


class ReasonMissing(Exception):
    """An emergency access needs a reason of at least 20 letters."""


def digest(text: str) -> str:
    return hashlib.sha256(text.strip().lower().encode()).hexdigest()


@transaction.atomic
def invite_member(*, place: Place, email: str, role: str, organisation: Organisation | None, language: str, now: datetime) -> Invitation:
    """Offer a role to an address. The answer is the same whether the address is known here or not."""
    city = place.here
    _refuse_full_support_group(city, role)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        city=city,
        email_hash=digest(email),
        token_hash=hashlib.sha256(token.encode()).hexdigest(),
        role=role,
        organisation=organisation,
        invited_by=place.user,
        created_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    _record(place, "invitation_sent", "Invitation", invitation.id, now, data={"role": role})
    invitation_created.send(Invitation, invitation=invitation, email=email, token=token, language=language)
    return invitation


@transaction.atomic
def withdraw_invitation(*, place: Place, invitation: Invitation, now: datetime) -> None:
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    _record(place, "invitation_withdrawn", "Invitation", invitation.id, now)


@transaction.atomic
def accept_invitation(*, user: User, token: str, now: datetime) -> Membership:
    """
    Raises:
        InvitationNotValid: see the class.
    """
    hashed = hashlib.sha256(token.encode()).hexdigest()
    with every_city("an invitation is found by its link, before its city is known"):
        invitation = Invitation.objects.select_for_update(of=("self",)).filter(token_hash=hashed).first()
    if (
        invitation is None
        or invitation.accepted_at
        or invitation.withdrawn_at
        or invitation.expires_at <= now
        or invitation.email_hash != digest(user.email)
    ):
        raise InvitationNotValid
    with city_scope(invitation.city_id):
        invitation.accepted_at = now
        invitation.save(update_fields=["accepted_at"])
        return _join(user=user, city_id=invitation.city_id, role=invitation.role, organisation=invitation.organisation, now=now)


def _join(*, user: User, city_id: UUID, role: str, organisation: Organisation | None, now: datetime) -> Membership:
    running = Membership.objects.filter(city_id=city_id, user=user, role=role, ended_at=None).first()
    if running:
        return running
    membership = Membership.objects.create(city_id=city_id, user=user, role=role, organisation=organisation, started_at=now)
    record(
        chain=f"city:{city_id}",
        action="membership_started",
        now=now,
        actor=str(user.id),
        object_type="Membership",
        object_id=str(membership.id),
        data={"role": role},
    )
    return membership


@transaction.atomic
def add_organisation(*, place: Place, name: str, kind: str, is_department: bool, now: datetime) -> Organisation:
    """
    Enter a body that acts in the city.

    Raises:
        OrganisationKnown: one with this name is there already.
    """
    slug = slugify(name)[:50] or secrets.token_hex(4)
    if Organisation.objects.filter(city=place.here, slug=slug).exists():
        raise OrganisationKnown
    organisation = Organisation.objects.create(city=place.here, slug=slug, name=name, kind=kind, is_department=is_department)
    _record(place, "organisation_added", "Organisation", organisation.id, now)
    return organisation


@transaction.atomic
def end_membership(*, place: Place, membership: Membership, now: datetime) -> Membership:
    """
    Raises:
        LastAdministrator: it is the only running administrator of the city.
    """
    if membership.role == Role.CITY_ADMIN:
        others = Membership.objects.select_for_update(of=("self",)).filter(city=place.city, role=Role.CITY_ADMIN, ended_at=None)
        if not others.exclude(pk=membership.pk).exists():
            raise LastAdministrator
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    _record(place, "membership_ended", "Membership", membership.id, now, data={"role": membership.role})
    return membership


@transaction.atomic
def open_break_glass(*, operator: User, city: City, reason: str, now: datetime) -> BreakGlass:
    """Give an operator two hours of reading in one city; the city is told by mail and sees it in its journal."""
    if len(reason.strip()) < 20:
        raise ReasonMissing
    with city_scope(city.id):
        access = BreakGlass.objects.create(
            city=city, operator=operator, reason=reason.strip(), opened_at=now, expires_at=now + BREAK_GLASS_LIFE
        )
    record(
        chain=f"city:{city.id}",
        action="break_glass_opened",
        now=now,
        actor=str(operator.id),
        role="operator",
        object_type="BreakGlass",
        object_id=str(access.id),
        reason=reason.strip(),
        data={"hours": int(BREAK_GLASS_LIFE.total_seconds() // 3600)},
    )
    break_glass_opened.send(BreakGlass, access=access)
    return access


@transaction.atomic
def close_break_glass(*, operator: User, access_id: UUID, now: datetime) -> None:
    with every_city("an operator closes an own emergency access"):
        access = BreakGlass.objects.get(pk=access_id, operator=operator, closed_at=None)
        access.closed_at = now
        access.save(update_fields=["closed_at"])
    record(
        chain=f"city:{access.city_id}",
        action="break_glass_closed",
        now=now,
        actor=str(operator.id),
        role="operator",
        object_type="BreakGlass",
        object_id=str(access.id),
    )


@transaction.atomic
def record_reading(*, place: Place, what: str, now: datetime, count: int | None = None) -> None:
    """Reading other people's data is itself an event."""
    _record(place, what, "City", place.city.id if place.city else "", now, data={} if count is None else {"rows": count})


def _refuse_full_support_group(city: City, role: str) -> None:
    if role != Role.SUPPORT_GROUP_MEMBER:
        return
    if Membership.objects.filter(city=city, role=role, ended_at=None).count() >= SUPPORT_GROUP_MAXIMUM:
        raise SupportGroupFull


def _record(place: Place, action: str, object_type: str, object_id: object, now: datetime, data: dict[str, object] | None = None) -> None:
    record(
        chain=place.chain,
        action=action,
        now=now,
        actor=str(place.user.id) if place.user else "",
        role=place.role,
        object_type=object_type,
        object_id=str(object_id),
        data=data,
    )

"""Who belongs to a city: invitations and memberships."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from jumelle.accounts.models import User
from jumelle.audit.operations import record
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.models import City, Invitation, Membership, Organisation
from jumelle.cities.operations.journal import note_act
from jumelle.cities.signals import invitation_created
from jumelle.cities.tenancy import city_scope, every_city

INVITATION_LIFE = timedelta(days=10)
SUPPORT_GROUP_MAXIMUM = 10  # mentoring guide, annex 5: the group has ten members at most


class InvitationNotValid(Exception):
    """The link was used, has expired, was withdrawn, or is for another address. All four answer alike."""


class LastAdministrator(Exception):
    """The city would be left without an administrator."""


class SupportGroupFull(Exception):
    """The local support group already has its ten members."""


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
    note_act(place, "invitation_sent", "Invitation", invitation.id, now, data={"role": role})
    invitation_created.send(Invitation, invitation=invitation, email=email, token=token, language=language)
    return invitation


@transaction.atomic
def withdraw_invitation(*, place: Place, invitation: Invitation, now: datetime) -> None:
    invitation.withdrawn_at = now
    invitation.save(update_fields=["withdrawn_at"])
    note_act(place, "invitation_withdrawn", "Invitation", invitation.id, now)


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
    note_act(place, "membership_ended", "Membership", membership.id, now, data={"role": membership.role})
    return membership


def _refuse_full_support_group(city: City, role: str) -> None:
    if role != Role.SUPPORT_GROUP_MEMBER:
        return
    if Membership.objects.filter(city=city, role=role, ended_at=None).count() >= SUPPORT_GROUP_MAXIMUM:
        raise SupportGroupFull

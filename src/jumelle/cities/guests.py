"""
People without an account: a link by mail opens one narrow role in one city, once.

The link carries 256 random bits and only its hash is kept. Opening it is a POST, because mail scanners fetch every link they see. The
browser then holds a key of its own in its session; the link is used up, and whoever finds it in a mailbox opens nothing with it.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from jumelle.cities.enums import GuestPurpose
from jumelle.cities.models import City, GuestPass
from jumelle.cities.tenancy import city_scope, every_city

SESSION_KEY = "guest_pass"


class PassNotValid(Exception):
    """The link was used, has expired, was withdrawn, or never was. All four answer alike."""


@dataclass(frozen=True, slots=True)
class IssuedPass:
    """token: to be put into one mail and then forgotten."""

    guest_pass: GuestPass
    token: str


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def issue_pass(*, city: City, purpose: GuestPurpose, now: datetime, expires_at: datetime) -> IssuedPass:
    """Make a link. Call it inside the scope of the city."""
    token = secrets.token_urlsafe(32)
    issued = GuestPass.objects.create(city=city, purpose=purpose, token_hash=hashed(token), created_at=now, expires_at=expires_at)
    return IssuedPass(issued, token)


def is_usable(*, token: str, now: datetime) -> bool:
    """Would this link still open something? Asking uses nothing up."""
    found = _by_token(token)
    return found is not None and _can_be_used(found, now)


@transaction.atomic
def use_pass(*, token: str, session: SessionBase, now: datetime) -> GuestPass:
    """
    Use a link up and bind it to this browser.

    Raises:
        PassNotValid: see the class.
    """
    found = _by_token(token)
    if found is None:
        raise PassNotValid
    with city_scope(found.city_id):
        fresh = GuestPass.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if not _can_be_used(fresh, now):
            raise PassNotValid
        key = secrets.token_urlsafe(32)
        fresh.used_at, fresh.browser_hash = now, hashed(key)
        fresh.save(update_fields=["used_at", "browser_hash"])
    session.cycle_key()
    session[SESSION_KEY] = {"id": str(fresh.pk), "city": str(fresh.city_id), "key": key}
    return fresh


def withdraw_pass(*, guest_pass: GuestPass, now: datetime) -> None:
    """Close a pass, whether its link was opened or not: with the next click nothing opens any more."""
    if guest_pass.withdrawn_at is None:
        guest_pass.withdrawn_at = now
        guest_pass.save(update_fields=["withdrawn_at"])


def forget_pass(session: SessionBase) -> None:
    """On a borrowed device: this browser holds no pass any more, and nobody else does."""
    session.pop(SESSION_KEY, None)
    session.cycle_key()


def pass_of(session: SessionBase, now: datetime) -> GuestPass | None:
    """The running pass that this browser holds; its city comes with it. Looks at no session that does not exist."""
    held = session.get(SESSION_KEY) if session.session_key else None
    if not held:
        return None
    city_id = UUID(held["city"])
    with city_scope(city_id):
        found = GuestPass.objects.select_related("city__association").filter(pk=held["id"], city_id=city_id).first()
    if found is None or found.withdrawn_at or found.expires_at <= now:
        return None
    return found if secrets.compare_digest(found.browser_hash, hashed(held["key"])) else None


def _by_token(token: str) -> GuestPass | None:
    with every_city("a guest's link is found by its hash, before its city is known"):
        return GuestPass.objects.filter(token_hash=hashed(token)).first()


def _can_be_used(guest_pass: GuestPass, now: datetime) -> bool:
    return guest_pass.used_at is None and guest_pass.withdrawn_at is None and guest_pass.expires_at > now

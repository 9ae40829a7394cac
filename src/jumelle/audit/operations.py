"""Writing to the journal, and proving that nothing in it was changed."""

import hashlib
import hmac
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from jumelle.audit.models import ChainHead, Event

SYSTEM = "system"


@transaction.atomic
def record(
    *,
    chain: str,
    action: str,
    now: datetime,
    actor: str = "",
    role: str = "",
    object_type: str = "",
    object_id: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """
    Add one event to the end of a chain.

    Args:
        chain: "city:<id>", "association:<id>" or "system".
        actor: the id of the person, "" for the system itself.
        data: plain values without personal data; ids and counts.
    """
    ChainHead.objects.get_or_create(chain=chain)
    head = ChainHead.objects.select_for_update(of=("self",)).get(chain=chain)
    event = Event(
        chain=chain,
        number=head.number + 1,
        at=now,
        actor=actor,
        role=role,
        action=action,
        object_type=object_type,
        object_id=object_id,
        reason=reason,
        data=data or {},
    )
    event.seal = seal_of(event, head.seal)
    event.save(force_insert=True)
    head.number, head.seal = event.number, event.seal
    head.save(update_fields=["number", "seal"])
    return event


def seal_of(event: Event, previous: str) -> str:
    """HMAC-SHA256, in hex, of the event's fields and the seal before it; the key is `JUMELLE_AUDIT_KEY`."""
    fields = [
        previous,
        event.chain,
        event.number,
        event.at.astimezone(UTC).isoformat(),
        event.actor,
        event.role,
        event.action,
        event.object_type,
        event.object_id,
        event.reason,
        event.data,
    ]
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def verify_chain(chain: str, anchor: tuple[int, str] | None = None) -> list[str]:
    """
    Return what is wrong with a chain, in sentences; an empty list when it is whole.

    Args:
        anchor: a number and seal noted earlier outside the database; finds a tail that was cut off together with the head.
    """
    problems: list[str] = []
    previous, expected = "", 1
    events: Iterable[Event] = Event.objects.filter(chain=chain).order_by("number").iterator()
    seals: dict[int, str] = {}
    for event in events:
        if event.number != expected:
            problems.append(f"{chain}: event {expected} is missing")
            expected = event.number
        if not hmac.compare_digest(event.seal, seal_of(event, previous)):
            problems.append(f"{chain}: event {event.number} was changed, moved or put in afterwards")
        previous = event.seal
        if anchor and event.number == anchor[0]:
            seals[event.number] = event.seal
        expected += 1
    head = ChainHead.objects.filter(chain=chain).first()
    if (head.number, head.seal) != (expected - 1, previous) if head else expected > 1:
        problems.append(f"{chain}: the end does not fit the chain's head: events were cut off or added")
    if anchor and seals.get(anchor[0]) != anchor[1]:
        problems.append(f"{chain}: event {anchor[0]} is not the one that was noted outside")
    return problems


def chains() -> list[str]:
    return sorted(set(Event.objects.values_list("chain", flat=True)) | set(ChainHead.objects.values_list("chain", flat=True)))

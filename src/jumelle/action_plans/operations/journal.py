"""One way to write this domain's acts into the journal of the city. Codes and ids only: never what somebody wrote."""

from datetime import datetime
from typing import Any
from uuid import UUID

from jumelle.audit.operations import record
from jumelle.cities.access import Place


def note_act(
    place: Place,
    action: str,
    object_type: str,
    object_id: UUID,
    *,
    now: datetime,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    record(
        chain=place.chain,
        action=action,
        now=now,
        actor=str(place.user.pk) if place.user else "",
        role=place.role,
        object_type=object_type,
        object_id=str(object_id),
        reason=reason,
        data=data,
    )

"""One way to write the acts of this domain into the journal. Codes and ids only: never who somebody is."""

from datetime import datetime

from django.db import transaction

from jumelle.audit.operations import record
from jumelle.cities.access import Place


@transaction.atomic
def record_reading(*, place: Place, what: str, now: datetime, count: int | None = None) -> None:
    """Reading other people's data is itself an event."""
    note_act(place, what, "City", place.city.id if place.city else "", now, data={} if count is None else {"rows": count})


def note_act(place: Place, action: str, object_type: str, object_id: object, now: datetime, data: dict[str, object] | None = None) -> None:
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

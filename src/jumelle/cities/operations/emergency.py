"""The operator's emergency access to one city."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from jumelle.accounts.models import User
from jumelle.audit.operations import record
from jumelle.cities.models import BreakGlass, City
from jumelle.cities.signals import break_glass_opened
from jumelle.cities.tenancy import city_scope, every_city

BREAK_GLASS_LIFE = timedelta(hours=2)


class ReasonMissing(Exception):
    """An emergency access needs a reason of at least 20 letters."""


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

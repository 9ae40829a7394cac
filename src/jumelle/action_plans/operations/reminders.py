"""Reminding a city of its plan: once a quarter while something is untold, and fourteen days before a line ends. Safe to run twice."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from jumelle.action_plans.models import Plan
from jumelle.action_plans.queries.follow_up import FollowUp, follow_up_of
from jumelle.action_plans.signals import plan_waits
from jumelle.audit.operations import record
from jumelle.cities.models import City

BEFORE_THE_END = timedelta(days=14)


def remind_city(*, city: City, now: datetime) -> int:
    """
    Queue a mail for each plan of the city that waits for something, inside the scope of the city. Returns how many.

    One mail covers all that has come up since the last one: whoever opens the page sees it.
    """
    plans = Plan.objects.filter(city=city, archived_at=None).select_related("city").order_by("started_at", "pk")
    return sum(_remind(plan, now) for plan in plans)


@transaction.atomic
def _remind(plan: Plan, now: datetime) -> bool:
    fresh = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    found = follow_up_of(fresh, now)
    waits_since = [day for day in reminder_days(found) if day <= found.today]
    if not waits_since or (fresh.reminded_on and max(waits_since) <= fresh.reminded_on):
        return False
    fresh.reminded_on = found.today
    fresh.save(update_fields=["reminded_on"])
    record(chain=f"city:{fresh.city_id}", action="plan_reminded", now=now, object_type="Plan", object_id=str(fresh.pk))
    plan_waits.send(Plan, plan=plan, to_tell=is_time_to_tell(found))
    return True


def reminder_days(found: FollowUp) -> Iterator[date]:
    """The days from which on the city should know of something, past ones and later ones."""
    if found.not_told:
        yield found.quarter.last_month
    for row in found.due:
        if row.line.ends_on and row.line.ends_on >= found.today:
            yield row.line.ends_on - BEFORE_THE_END


def is_time_to_tell(found: FollowUp) -> bool:
    """In the last month of a quarter, and while a line waits for its word."""
    return bool(found.not_told) and found.today >= found.quarter.last_month

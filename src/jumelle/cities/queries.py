"""Reads of networks, cities and memberships."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from jumelle.accounts.models import User
from jumelle.cities.enums import MemberType
from jumelle.cities.models import (
    Association,
    AssociationMembership,
    BreakGlass,
    City,
    District,
    GroupMeeting,
    GroupSeat,
    Invitation,
    Membership,
    Organisation,
    SupportGroup,
)
from jumelle.cities.tenancy import city_scope, every_city


def memberships_of(user: User, now: datetime) -> list[Membership]:
    """A person's own running roles, in whatever city."""
    with every_city("a person's own memberships"):
        running = Q(ended_at=None) | Q(ended_at__gt=now)
        found = Membership.objects.filter(running, user=user, started_at__lte=now)
        return list(found.select_related("city", "city__association").order_by("city__name", "role"))


def roles_in_city(user: User, city_id: UUID, now: datetime) -> frozenset[str]:
    with city_scope(city_id):
        running = Q(ended_at=None) | Q(ended_at__gt=now)
        return frozenset(Membership.objects.filter(running, user=user, started_at__lte=now).values_list("role", flat=True))


def association_memberships_of(user: User, now: datetime) -> QuerySet[AssociationMembership]:
    running = Q(ended_at=None) | Q(ended_at__gt=now)
    found = AssociationMembership.objects.filter(running, user=user, started_at__lte=now)
    return found.select_related("association").order_by("association__name")


def roles_in_association(user: User, association: Association, now: datetime) -> frozenset[str]:
    return frozenset(association_memberships_of(user, now).filter(association=association).values_list("role", flat=True))


def break_glass_of(user: User, city_id: UUID, now: datetime) -> BreakGlass | None:
    """The operator's running emergency access to this city."""
    with city_scope(city_id):
        return BreakGlass.objects.filter(operator=user, closed_at=None, opened_at__lte=now, expires_at__gt=now).first()


def running_break_glass(user: User, now: datetime) -> list[BreakGlass]:
    with every_city("an operator's own emergency accesses"):
        found = BreakGlass.objects.filter(operator=user, closed_at=None, expires_at__gt=now)
        return list(found.select_related("city"))


def members_of(city: City) -> QuerySet[Membership]:
    return Membership.objects.filter(city=city).select_related("user", "organisation").order_by("ended_at", "role", "started_at")


def people_of(city: City) -> QuerySet[User]:
    """Everyone with a running role in the city, each once."""
    running = Membership.objects.filter(city=city, ended_at=None)
    return User.objects.filter(pk__in=running.values("user")).order_by("joined_on", "pk")


def open_invitations(city: City, now: datetime) -> QuerySet[Invitation]:
    found = Invitation.objects.filter(city=city, accepted_at=None, withdrawn_at=None, expires_at__gt=now)
    return found.select_related("organisation").order_by("created_at")


def organisations_of(city: City) -> QuerySet[Organisation]:
    return Organisation.objects.filter(city=city).order_by("name")


def districts_of(city: City) -> QuerySet[District]:
    return District.objects.filter(city=city).order_by("code")


def cities_of(association: Association) -> QuerySet[City]:
    return City.objects.filter(association=association).order_by("name")


def all_cities() -> QuerySet[City]:
    return City.objects.select_related("association").order_by("name")


# --- the local support group -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Composition:
    """
    Who sits in a group, held against the guide. Source: mentoring guide, annex 5, members; chapter 2 on migrants' representatives.

    missing_types: types of members of whom nobody is there. hears_migrants: does at least one running seat speak for them?
    """

    seats: tuple[GroupSeat, ...]
    missing_types: tuple[MemberType, ...]
    hears_migrants: bool


def support_groups_of(city: City) -> QuerySet[SupportGroup]:
    """Working ones first, then the resting, newest first."""
    return SupportGroup.objects.filter(city=city).order_by(F("rests_since").asc(nulls_first=True), "-set_up_on", "pk")


def seats_of(group: SupportGroup) -> QuerySet[GroupSeat]:
    """Running ones first, each in the order of joining."""
    return GroupSeat.objects.filter(group=group).select_related("user").order_by(F("left_on").asc(nulls_first=True), "joined_on", "pk")


def group_meetings_of(group: SupportGroup) -> QuerySet[GroupMeeting]:
    return GroupMeeting.objects.filter(group=group).order_by("-held_on", "pk")


def composition_of(seats: Sequence[GroupSeat]) -> Composition:
    running = tuple(seat for seat in seats if seat.left_on is None)
    present = {seat.member_type for seat in running}
    return Composition(
        seats=running,
        missing_types=tuple(kind for kind in MemberType if kind not in present),
        hears_migrants=any(seat.speaks_for_migrants for seat in running),
    )

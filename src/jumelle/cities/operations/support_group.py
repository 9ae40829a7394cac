"""The local support group: set up in one step, seats for at most ten, called together, resting, called again."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.accounts.models import User
from jumelle.cities.access import Place
from jumelle.cities.enums import MemberType
from jumelle.cities.models import GroupMeeting, GroupSeat, Membership, SupportGroup
from jumelle.cities.operations.journal import note_act
from jumelle.cities.operations.membership import SUPPORT_GROUP_MAXIMUM


class GroupRefused(Exception):
    """The change was not made; `sentence` says why and what to do."""

    sentence = _("The support group was not changed.")


class SeatsTaken(GroupRefused):
    sentence = _("The group has its ten members already. End a seat first; ten is the most with whom everyone can take part.")


class GroupResting(GroupRefused):
    sentence = _("The group is resting. Call it together again first.")


class SeatLeft(GroupRefused):
    sentence = _("This seat has ended already.")


class BeforeTheStart(GroupRefused):
    sentence = _("This day lies before the group or the seat began. Choose a later one.")


class PersonNotInCity(GroupRefused):
    sentence = _("This person has no role in the city. Invite the person first, or leave the account empty.")


@transaction.atomic
def set_up_group(*, place: Place, subject: str, set_up_on: date, now: datetime) -> SupportGroup:
    group = SupportGroup.objects.create(city=place.here, subject=subject.strip(), set_up_on=set_up_on)
    note_act(place, "support_group_set_up", "SupportGroup", group.pk, now)
    return group


@transaction.atomic
def add_seat(
    *,
    place: Place,
    group: SupportGroup,
    name: str,
    member_type: MemberType,
    joined_on: date,
    now: datetime,
    speaks_for_migrants: bool = False,
    body: str = "",
    user: User | None = None,
) -> GroupSeat:
    """
    Give somebody a seat, with or without an account.

    Raises:
        SeatsTaken: ten seats run; GroupResting, BeforeTheStart, PersonNotInCity: see the classes.
    """
    group = _locked(group)
    if group.is_resting:
        raise GroupResting
    if joined_on < group.set_up_on:
        raise BeforeTheStart
    if user and not Membership.objects.filter(city=place.here, user=user, ended_at=None).exists():
        raise PersonNotInCity
    if GroupSeat.objects.filter(group=group, left_on=None).count() >= SUPPORT_GROUP_MAXIMUM:
        raise SeatsTaken
    seat = GroupSeat.objects.create(
        city_id=group.city_id,
        group=group,
        member_type=member_type,
        speaks_for_migrants=speaks_for_migrants,
        name=name.strip(),
        body=body.strip(),
        user=user,
        joined_on=joined_on,
    )
    note_act(place, "support_group_seat_added", "GroupSeat", seat.pk, now, data={"group": str(group.pk), "type": member_type})
    return seat


@transaction.atomic
def end_seat(*, place: Place, seat: GroupSeat, left_on: date, now: datetime) -> GroupSeat:
    """
    Raises:
        SeatLeft, BeforeTheStart: see the classes.
    """
    seat = GroupSeat.objects.select_for_update(of=("self",)).get(pk=seat.pk)
    if seat.left_on is not None:
        raise SeatLeft
    if left_on < seat.joined_on:
        raise BeforeTheStart
    seat.left_on = left_on
    seat.save(update_fields=["left_on"])
    note_act(place, "support_group_seat_ended", "GroupSeat", seat.pk, now, data={"group": str(seat.group_id)})
    return seat


@transaction.atomic
def call_meeting(*, place: Place, group: SupportGroup, held_on: date, purpose: str, now: datetime) -> GroupMeeting:
    """Call the group together; a resting group works again from now on."""
    group = _locked(group)
    if group.is_resting:
        group.rests_since = None
        group.save(update_fields=["rests_since"])
        note_act(place, "support_group_called_again", "SupportGroup", group.pk, now)
    meeting = GroupMeeting.objects.create(
        city_id=group.city_id, group=group, held_on=held_on, purpose=purpose.strip(), called_by=place.user
    )
    note_act(place, "support_group_meeting_called", "GroupMeeting", meeting.pk, now, data={"group": str(group.pk)})
    return meeting


@transaction.atomic
def note_outcome(*, place: Place, meeting: GroupMeeting, outcome: str, now: datetime) -> GroupMeeting:
    """Keep what came of a meeting."""
    meeting.outcome = outcome.strip()
    meeting.save(update_fields=["outcome"])
    note_act(place, "support_group_outcome_noted", "GroupMeeting", meeting.pk, now, data={"group": str(meeting.group_id)})
    return meeting


@transaction.atomic
def let_group_rest(*, place: Place, group: SupportGroup, rests_since: date, now: datetime) -> SupportGroup:
    """
    The work is done for now; seats stay, and the group can be called again.

    Raises:
        GroupResting: it rests already.
    """
    group = _locked(group)
    if group.is_resting:
        raise GroupResting
    group.rests_since = rests_since
    group.save(update_fields=["rests_since"])
    note_act(place, "support_group_rests", "SupportGroup", group.pk, now)
    return group


def _locked(group: SupportGroup) -> SupportGroup:
    """Two people who give away the last seat queue here."""
    return SupportGroup.objects.select_for_update(of=("self",)).get(pk=group.pk)

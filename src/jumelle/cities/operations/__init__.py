"""Writes: memberships, organisations, the operator's emergency access, the local support group, and noting who read what."""

from jumelle.cities.operations.emergency import BREAK_GLASS_LIFE, ReasonMissing, close_break_glass, open_break_glass
from jumelle.cities.operations.journal import record_reading
from jumelle.cities.operations.membership import (
    INVITATION_LIFE,
    SUPPORT_GROUP_MAXIMUM,
    InvitationNotValid,
    LastAdministrator,
    SupportGroupFull,
    accept_invitation,
    end_membership,
    invite_member,
    withdraw_invitation,
)
from jumelle.cities.operations.organisations import OrganisationKnown, add_organisation
from jumelle.cities.operations.support_group import (
    BeforeTheStart,
    GroupRefused,
    GroupResting,
    PersonNotInCity,
    SeatLeft,
    SeatsTaken,
    add_seat,
    call_meeting,
    end_seat,
    let_group_rest,
    note_outcome,
    set_up_group,
)

__all__ = [
    "BREAK_GLASS_LIFE",
    "INVITATION_LIFE",
    "SUPPORT_GROUP_MAXIMUM",
    "BeforeTheStart",
    "GroupRefused",
    "GroupResting",
    "InvitationNotValid",
    "LastAdministrator",
    "OrganisationKnown",
    "PersonNotInCity",
    "ReasonMissing",
    "SeatLeft",
    "SeatsTaken",
    "SupportGroupFull",
    "accept_invitation",
    "add_organisation",
    "add_seat",
    "call_meeting",
    "close_break_glass",
    "end_membership",
    "end_seat",
    "invite_member",
    "let_group_rest",
    "note_outcome",
    "open_break_glass",
    "record_reading",
    "set_up_group",
    "withdraw_invitation",
]

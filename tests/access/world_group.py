"""The local support group of a city in the world of the access tests."""

from collections.abc import Callable
from datetime import date
from typing import Any

from jumelle.cities.models import GroupMeeting, GroupSeat, SupportGroup

START = date(2026, 1, 1)


def add_to(world: Any, canary: Callable[[str], str]) -> None:
    city = world.city
    group = SupportGroup.objects.create(city=city, subject=canary("GroupSubject"), set_up_on=START)
    common = {"city": city, "group": group, "member_type": "residents", "joined_on": START}
    seat = GroupSeat.objects.create(name=canary("Seat"), body=canary("Body"), **common)
    GroupSeat.objects.create(name=canary("LeftSeat"), left_on=START, **common)
    meeting = GroupMeeting.objects.create(city=city, group=group, held_on=START, purpose=canary("Purpose"), outcome=canary("Outcome"))
    world.addresses |= {
        f"workspace:{name}": {"pk": group.pk, "seat": seat.pk, "meeting": meeting.pk}
        for name in ("group", "group_seat", "group_seat_end", "group_meeting", "group_outcome", "group_rest")
    }

"""An opened round: whoever sees the assessment reads what was said and agreed; nobody reads who said it, or what was kept for oneself."""

import pytest
from django.conf import settings
from django.test import Client

from jumelle.cities.access import read_policies
from jumelle.cities.enums import Role
from jumelle.cities.tests.fixtures import sign_in
from tests.access.test_canaries import text_of
from tests.access.test_matrix import address
from tests.access.world import CITY_ROLES, CityWorld
from tests.access.world_discussion import PAPER
from tests.access.world_round import ON_THE_TABLE

READERS = {Role.INTEGRATION_OFFICER, Role.CITY_ADMIN, Role.SUPPORT_GROUP_MEMBER, Role.PROVIDER_STAFF, "break_glass"}


def pages_of(world: CityWorld, role: str) -> dict[str, str]:
    """What each address of an opened round says to one role, by its name; with every question on it."""
    client = Client(raise_request_exception=False)
    sign_in(client, world.people[role])
    policies = [policy for policy in read_policies(settings.ACCESS_POLICY).values() if policy.name in (*ON_THE_TABLE, PAPER)]
    return {policy.name: text_of(client.get(address(policy, world, role) + "?show=all")) for policy in policies if policy.method == "GET"}


@pytest.mark.django_db
def test_those_who_see_the_assessment_read_what_was_said_and_nobody_who_said_it(world):
    own, _other = world
    seen = {role: "".join(pages_of(own, role).values()) for role in (*CITY_ROLES, "operator", "break_glass")}

    def canaries(role: str, start: str) -> int:
        return sum(canary in seen[role] for canary in own.canaries if canary.startswith(f"Own{start}"))

    assert {role for role in seen if canaries(role, "DiscussedRemark")} == READERS
    assert {role for role in seen if canaries(role, "DiscussedText")} == READERS
    assert {role for role in seen if canaries(role, "AgreedReason")} == READERS - {Role.PROVIDER_STAFF}
    assert {role: canaries(role, "AskedPerson") + canaries(role, "PrivateRemark") for role in seen} == dict.fromkeys(seen, 0)


@pytest.mark.django_db
def test_the_wall_and_the_paper_show_no_note(world):
    own, _other = world
    pages = pages_of(own, Role.CITY_ADMIN)

    for name in ("assessments:project", "assessments:sheet", PAPER):
        assert not any(canary in pages[name] for canary in own.canaries if canary.startswith("OwnDiscussedRemark")), name
        assert not any(canary in pages[name] for canary in own.canaries if canary.startswith("OwnAgreedPresent")), name

"""Private notes of a plan are read on the page of their line, by officers and administrators, and stand in no file and nowhere else."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from jumelle.cities.access import read_policies
from jumelle.cities.tests.fixtures import sign_in
from tests.access.test_canaries import text_of
from tests.access.test_matrix import address
from tests.access.world import CITY_ROLES, CityWorld

PLAN_PAGES = ("action_plans:", "publishing:plan", "portal:plan")
LINE_PAGE = re.compile(r"/plans/[0-9a-f-]{36}/lines/[0-9a-f-]{36}/$")
NOTES = ("OwnPlanPrivate", "OwnFilePrivate", "OwnKeptPrivate")
COMMENTS = ("OwnPlanComment", "OwnPlanAnswer", "OwnFileComment", "OwnKeptComment")


def addresses(own: CityWorld, role: str) -> list[str]:
    """Every page and file about plans, for each plan of the world, whoever may open it."""
    plans = {arguments["pk"] for name, arguments in own.addresses.items() if name.startswith(PLAN_PAGES) and "pk" in arguments}
    lines = [arguments for arguments in own.addresses.values() if "line" in arguments]
    found = []
    for policy in read_policies(settings.ACCESS_POLICY).values():
        if policy.method == "GET" and policy.name.startswith(PLAN_PAGES) and policy.name != "action_plans:from_gaps":
            found += [address(policy, own, role, pk=plan) for plan in plans]
    where = {"city": own.city.slug}
    return [
        *found,
        *(reverse("action_plans:line", kwargs={**where, "pk": each["pk"], "line": each["line"]}) for each in lines if "pk" in each),
    ]


def seen_by(own: CityWorld, role: str, marks: tuple[str, ...]) -> set[tuple[str, bool]]:
    """(canary, was it on the page of a line?) for everything of these kinds that a role reads."""
    client = Client(raise_request_exception=False)
    sign_in(client, own.people[role])
    canaries = [canary for canary in own.canaries if canary.startswith(marks)]
    seen = set()
    for url in dict.fromkeys(addresses(own, role)):
        text = text_of(client.get(url))
        seen |= {(canary, bool(LINE_PAGE.search(url))) for canary in canaries if canary in text}
    return seen


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*CITY_ROLES, "break_glass"])
def test_private_notes_are_read_on_the_page_of_the_line_by_officers_alone(world, role):
    own, _other = world

    seen = seen_by(own, role, NOTES)

    assert all(on_line_page for _canary, on_line_page in seen)
    if role in ("integration_officer", "city_admin"):
        assert any(canary.startswith("OwnPlanPrivate") for canary, _page in seen), (
            "the officer must see the note, or the test proves nothing"
        )
    else:
        assert seen == set()


@pytest.mark.django_db
@pytest.mark.parametrize("role", CITY_ROLES)
def test_comments_are_read_by_the_support_group_and_the_officers_and_stand_in_no_file(world, role):
    own, _other = world

    seen = seen_by(own, role, COMMENTS)

    assert all(on_line_page for _canary, on_line_page in seen)
    assert bool(seen) == (role in ("integration_officer", "city_admin", "support_group_member"))

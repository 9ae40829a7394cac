"""
URL × method × role × tenant, generated from the policy table: `pytest tests/access -s` prints the number of cells and mismatches.

Tenants: `own` (a running membership in the city of the address), `other` (one elsewhere), `ended` (a membership that is over).
"""

import copy
import hashlib
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from jumelle.accounts.models import User
from jumelle.cities.access import Policy, read_policies
from jumelle.cities.models import AssociationMembership, BreakGlass, Membership
from jumelle.cities.tenancy import every_city
from jumelle.cities.tests import factories
from jumelle.cities.tests.fixtures import sign_in
from tests.access.world import ASSOCIATION_ROLES, CITY_ROLES, ROLES, CityWorld
from tests.access.world_round import hold_pass

TENANTS = ("own", "other", "ended")


class Rollback(Exception):
    """Undoes what an allowed cell wrote."""


def kwargs_of(policy: Policy, world: CityWorld, role: str) -> dict[str, object]:
    """Arguments of the address that name real objects of this city, such as the role may see where it may see any."""
    assessment, evidence = world.assessment, world.evidence
    if role == "provider_staff":
        assessment, evidence = world.provider_assessment, world.provider_evidence
    if policy.name == "assessments:reopen":
        assessment = world.finished
    known: dict[str, object] = {
        "city": world.city.slug,
        "association": world.association.slug,
        "city_slug": world.city.slug,
        "token": "no-such-token",
        "toolkit": "language-learning-support",
        "version": "1.0.0",
        "code": "KF1.Q1" if policy.name in ITEM_ADDRESSES else "KF1",
        "evidence": evidence.pk,
        "pk": assessment.pk,
    }
    known |= {
        "toolkits:glossary": {"toolkit": "refugee-inclusion"},
        "toolkits_manage:preview": {"toolkit": world.draft_toolkit},
        "toolkits_manage:publish": {"toolkit": world.draft_toolkit},
        "toolkits_manage:withdraw": {"toolkit": world.published_toolkit},
        "assessments:evidence_restore": {"evidence": (world.provider_removed if role == "provider_staff" else world.removed).pk},
        "workspace:withdraw": {"pk": world.invitation.pk},
        "workspace:end_membership": {"pk": world.membership.pk},
        "workspace:close_break_glass": {"pk": world.access.pk if world.access else uuid4()},
        "mfa_edit_webauthn": {"pk": 1},
        "mfa_remove_webauthn": {"pk": 1},
    }.get(policy.name, {})
    return known | world.arguments_of(policy.name, role)


ITEM_ADDRESSES = {
    "toolkits:item",
    "assessments:answer",
    "assessments:evidence",
    "assessments:history",
    "assessments:asked:answer",
    "answering:answer",
}
PARAMETERS: dict[str, set[str]] = {}


def address(policy: Policy, world: CityWorld, role: str, **changed: object) -> str:
    if not PARAMETERS:
        collect_parameters(get_resolver().url_patterns, "", set())
    values = {**kwargs_of(policy, world, role), **changed}
    return reverse(policy.name, kwargs={key: values[key] for key in PARAMETERS[policy.name]})


def collect_parameters(patterns: list, namespace: str, outer: set[str]) -> None:
    for entry in patterns:
        names = outer | set(entry.pattern.regex.groupindex)
        if hasattr(entry, "url_patterns"):
            collect_parameters(entry.url_patterns, f"{namespace}{entry.namespace}:" if entry.namespace else namespace, names)
        else:
            PARAMETERS[f"{namespace}{entry.name}"] = names


def person_of(world: CityWorld, other: CityWorld, role: str, tenant: str, ended: dict[str, User]) -> User | None:
    if role in ("visitor", "respondent"):
        return None
    if role in ("operator", "break_glass"):
        return world.people[role]
    if tenant == "ended":
        return ended[role]
    return (world if tenant == "own" else other).people[role]


def expected(policy: Policy, role: str, tenant: str) -> str:
    if policy.audience == "nobody":
        return "missing"
    if policy.audience == "public":
        return "allowed"
    if policy.audience == "guest":  # such an address holds no city: a guest of another one finds the own questionnaire there
        return "allowed" if role in policy.roles and tenant != "ended" else "missing"
    if role in ("visitor", "respondent"):
        return "sign in"
    if policy.audience == "account":
        return "allowed"
    if policy.audience == "operator":
        return "allowed" if role in ("operator", "break_glass") else "missing"
    roles_here = CITY_ROLES if policy.audience == "city" else ASSOCIATION_ROLES
    belongs = (role in roles_here and tenant == "own") or (role == "break_glass" and policy.audience == "city")
    if not belongs:
        return "missing"
    return "allowed" if role in policy.roles else "refused"


def outcome(response, sign_in_url: str) -> str:
    if response.status_code == 404:
        return "missing"
    if response.status_code == 403:
        return "refused"
    if response.status_code == 302 and response["Location"].split("?")[0] == sign_in_url:
        return "sign in"
    return "allowed" if response.status_code < 400 or response.status_code in (400, 409, 422) else f"status {response.status_code}"


# Addresses whose object can only be made by walking through the door itself, or is one person's own: a missing one answers 404.
OWN_OBJECT = {
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_download_recovery_codes",
    "mfa_view_recovery_codes",
    "workspace:close_break_glass",
}
# Pages in the middle of signing in lead back to its beginning when one has not begun.
MIDDLE_OF_THE_DOOR = {
    "account_email_verification_sent",
    "mfa_authenticate",
    "mfa_login_webauthn",
}


def send(client: Client, policy: Policy, url: str):
    return client.get(url) if policy.method == "GET" else client.generic(policy.method, url)


def written_out(row: dict[str, object]) -> str:
    """A row as text; encrypted fields as they are stored."""
    return str(sorted((key, str(getattr(value, "text", value))) for key, value in row.items()))


def fingerprint() -> dict[str, str]:
    """One value for all rows of each model that a denied write could have touched."""
    skipped = {"sessions.session", "audit.event", "audit.chainhead", "usersessions.usersession"}
    found = {}
    with every_city("the fingerprint of a test"):
        for model in apps.get_models():
            if model._meta.label_lower in skipped or not model._meta.managed:
                continue
            rows = sorted(
                str(sorted((key, str(getattr(value, "text", value))) for key, value in row.items())) for row in model._base_manager.values()
            )
            found[model._meta.label] = hashlib.sha256("".join(rows).encode()).hexdigest()
    return found


@pytest.fixture
def ended(world) -> dict[str, User]:
    own, _other = world
    people = {role: factories.make_member(own.city, role, ended_at=timezone.now()) for role in CITY_ROLES}
    return people | {role: factories.make_association_member(own.association, role, ended_at=timezone.now()) for role in ASSOCIATION_ROLES}


def test_matrix(world, ended, settings):
    own, other = world
    policies = list(read_policies(settings.ACCESS_POLICY).values())
    cells = [(policy, role, tenant) for policy in policies for role in ROLES for tenant in TENANTS]
    denied = [cell for cell in cells if expected(*cell) != "allowed"]
    allowed = [cell for cell in cells if expected(*cell) == "allowed"]
    clients: dict[UUID | None, Client] = {None: Client()}
    for tenant in TENANTS:
        for role in ROLES:
            person = person_of(own, other, role, tenant, ended)
            if person and person.pk not in clients:
                clients[person.pk] = sign_in(Client(raise_request_exception=False), person)
    guests = {
        "own": hold_pass(Client(raise_request_exception=False), own),
        "other": hold_pass(Client(raise_request_exception=False), other),
        "ended": hold_pass(Client(raise_request_exception=False), own, ended=True),
    }
    sign_in_url = reverse("account_login")
    mismatches: list[str] = []

    def judge(policy: Policy, role: str, tenant: str) -> None:
        person = person_of(own, other, role, tenant, ended)
        client = guests[tenant] if role == "respondent" else clients[person.pk if person else None]
        cache.clear()  # rate limits have tests of their own
        kept = copy.deepcopy(client.cookies)
        response = send(client, policy, address(policy, own, role))
        client.cookies = kept  # signing out, or ending one's sessions, must not spoil the cells that follow
        seen, wanted = outcome(response, sign_in_url), expected(policy, role, tenant)
        excused = (policy.name in OWN_OBJECT and seen == "missing") or (policy.name in MIDDLE_OF_THE_DOOR and seen == "sign in")
        if seen != wanted and not (wanted == "allowed" and excused):
            mismatches.append(f"{policy.method} {policy.name} as {role}, {tenant}: {seen} instead of {wanted}")

    before = fingerprint()
    for cell in denied:
        judge(*cell)
    after = fingerprint()
    for cell in allowed:
        try:
            with transaction.atomic():
                judge(*cell)
                raise Rollback
        except Rollback:
            pass

    print(f"\n{len(cells)} cells, {len(mismatches)} mismatches")
    assert mismatches == [], "\n".join(mismatches)
    assert after == before, "a denied request changed a row"
    open_ones = {policy.name for policy in policies if policy.audience != "nobody"}
    assert {policy.name for policy, *_ in allowed} == open_ones, "a row that lets nobody in proves nothing"


def test_foreign_and_missing_objects_answer_with_the_same_bytes(world, settings):
    own, other = world
    compared = 0
    for policy in read_policies(settings.ACCESS_POLICY).values():
        if policy.audience != "city" or "integration_officer" not in policy.roles | {"integration_officer"}:
            continue
        role = next((role for role in CITY_ROLES if role in policy.roles), None)
        if role is None:
            continue
        client = sign_in(Client(), own.people[role])
        foreign = send(client, policy, address(policy, other, role))
        missing = send(client, policy, address(policy, other, role, city="there-is-no-such-city"))
        assert (foreign.status_code, missing.status_code) == (404, 404), policy
        assert foreign.content == missing.content, policy
        assert sorted(foreign.headers.items()) == sorted(missing.headers.items()), policy
        compared += 1
        if "pk" in PARAMETERS[policy.name]:
            inside = send(client, policy, address(policy, own, role, pk=kwargs_of(policy, other, role)["pk"]))
            nowhere = send(client, policy, address(policy, own, role, pk=uuid4()))
            assert (inside.status_code, inside.content) == (404, nowhere.content), policy
            compared += 1
    print(f"\n{compared} pairs of foreign and missing compared")
    assert compared > 30


def test_rights_taken_away_end_with_the_next_click(world, signed_in):
    own, _other = world
    officer = signed_in(own.people["integration_officer"])
    home = reverse("workspace:city", kwargs={"city": own.city.slug})
    assert officer.get(home).status_code == 200

    with every_city("a test"):
        Membership.objects.filter(user=own.people["integration_officer"]).update(ended_at=timezone.now())

    assert officer.get(home).status_code == 404


def test_emergency_access_ends_by_itself(world, signed_in):
    own, _other = world
    operator = signed_in(own.people["break_glass"])
    home = reverse("workspace:city", kwargs={"city": own.city.slug})
    assert operator.get(home).status_code == 200

    with every_city("a test"):
        BreakGlass.objects.update(expires_at=timezone.now())

    assert operator.get(home).status_code == 404


def test_no_row_of_another_persons_data_opens_without_a_second_factor(world, signed_in, settings):
    own, _other = world
    officer = signed_in(own.people["integration_officer"], second_factor=False)
    opened = []
    for policy in read_policies(settings.ACCESS_POLICY).values():
        if policy.audience == "city" and policy.method == "GET" and "integration_officer" in policy.roles:
            response = officer.get(address(policy, own, "integration_officer"))
            if response.status_code != 302 or response["Location"] != reverse("workspace:second_factor"):
                opened.append(policy.name)

    assert opened == []


def test_association_officer_is_nobody_in_a_city(world, signed_in):
    own, _other = world
    person = signed_in(own.people["association_officer"])

    assert AssociationMembership.objects.filter(user=own.people["association_officer"]).count() == 1
    assert person.get(reverse("workspace:people", kwargs={"city": own.city.slug})).status_code == 404

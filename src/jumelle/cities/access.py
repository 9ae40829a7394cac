"""
Who may open which address: one checked-in table (`config/access_policy.csv`), a row per URL name and method.

Columns: `name` (URL name with its namespaces), `method`, `audience`, `roles` (joined by spaces), `note`.
Audiences:
    public       anyone; no session is looked at
    account      anyone who is signed in
    city         a person whose running membership in the city of the address has one of the roles
    association  the same for the association of the address
    operator     an operator of this installation
    guest        a browser that holds a running guest pass for one of the roles (a purpose); no account, one city
    nobody       an address that a library brings and that stays closed
An address without a row answers 404. A city, association or object that is not the person's answers 404 as a missing one does;
a role that is not enough in the person's own city answers 403.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from jumelle.accounts.models import User
from jumelle.cities.enums import MFA_ROLES, AssociationRole, GuestPurpose, Role
from jumelle.cities.models import Association, City, GuestPass

AUDIENCES = ("public", "account", "city", "association", "operator", "guest", "nobody")
ROLES = frozenset(Role.values) | frozenset(AssociationRole.values) | frozenset(GuestPurpose.values) | {"operator", "break_glass"}


class PolicyTableWrong(ValueError):
    """The policy table has a row that cannot be understood; names the line."""


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    method: str
    audience: str
    roles: frozenset[str]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request takes place and as what: set on every request by the access middleware."""

    user: User | None = None
    city: City | None = None
    association: Association | None = None
    roles: frozenset[str] = frozenset()
    guest_pass: GuestPass | None = None

    @property
    def needs_second_factor(self) -> bool:
        return bool(self.roles & MFA_ROLES)

    @property
    def here(self) -> City:
        """
        The city of the address.

        Raises:
            LookupError: the address has no city.
        """
        if self.city is None:
            raise LookupError("this address does not belong to a city")
        return self.city

    @property
    def union(self) -> Association:
        """
        The association of the address.

        Raises:
            LookupError: the address has no association.
        """
        if self.association is None:
            raise LookupError("this address does not belong to an association")
        return self.association

    @property
    def chain(self) -> str:
        """The chain of the journal that an act in this place belongs to."""
        if self.city:
            return f"city:{self.city.id}"
        return f"association:{self.association.id}" if self.association else "system"

    @property
    def role(self) -> str:
        return " ".join(sorted(self.roles))

    def may(self, *roles: str) -> bool:
        return bool(self.roles & set(roles))

    def opens(self, name: str, method: str = "GET") -> bool:
        """May this person open that address of this place? For showing a link only where it leads somewhere."""
        policy = policy_for(name, method)
        return policy is not None and bool(policy.roles & self.roles)


@lru_cache(maxsize=2)
def read_policies(path: Path) -> dict[tuple[str, str], Policy]:
    policies: dict[tuple[str, str], Policy] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            policy = Policy(row["name"], row["method"], row["audience"], frozenset(row["roles"].split()), row["note"] or "")
            unknown = policy.roles - ROLES
            if policy.audience not in AUDIENCES or unknown or (policy.name, policy.method) in policies:
                raise PolicyTableWrong(f"{path.name}, line {line}: unknown audience or role, or a second row for the same address")
            policies[policy.name, policy.method] = policy
    return policies


def policy_for(name: str, method: str) -> Policy | None:
    """The row of an address; HEAD follows GET. None where the table has no row: nobody may."""
    return read_policies(settings.ACCESS_POLICY).get((name, "GET" if method == "HEAD" else method))


def methods_of(name: str) -> list[str]:
    return sorted(method for known, method in read_policies(settings.ACCESS_POLICY) if known == name)

"""
Who may do what to a plan, and in which state.

Which roles open which address stands in the access policy; the rules here depend on the plan. The object of a permission is a
`Standpoint`: the roles are those of the person in the city of the address, not of the person as such.
"""

from dataclasses import dataclass

import rules

from jumelle.accounts.models import User
from jumelle.action_plans.models import Plan
from jumelle.action_plans.queries import manages, may_comment
from jumelle.cities.access import Place


@dataclass(frozen=True, slots=True)
class Standpoint:
    place: Place
    plan: Plan


@rules.predicate
def manages_city(user: User, at: Standpoint) -> bool:
    return manages(at.place)


@rules.predicate
def talks_about_it(user: User, at: Standpoint) -> bool:
    return may_comment(at.place)


@rules.predicate
def can_be_changed(user: User, at: Standpoint) -> bool:
    return at.plan.can_be_changed


@rules.predicate
def is_in_use(user: User, at: Standpoint) -> bool:
    return at.plan.archived_at is None


rules.add_perm("action_plans.write", manages_city & can_be_changed)
rules.add_perm("action_plans.make_version", manages_city & can_be_changed)
rules.add_perm("action_plans.start_revision", manages_city & is_in_use & ~can_be_changed)
rules.add_perm("action_plans.put_away", manages_city)
rules.add_perm("action_plans.approve", manages_city & is_in_use)
rules.add_perm("action_plans.publish", manages_city & is_in_use)
rules.add_perm("action_plans.note", manages_city & is_in_use)
rules.add_perm("action_plans.follow_up", manages_city & is_in_use)
rules.add_perm("action_plans.comment", talks_about_it & is_in_use)
rules.add_perm("action_plans.answer_comment", manages_city & is_in_use)

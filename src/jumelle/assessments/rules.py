"""
Who may do what to an assessment, and in which state.

Which roles open which address stands in the access policy; the rules here depend on the assessment. The object of a permission
is a `Standpoint`: the roles are those of the person in the city of the address, not of the person as such.
"""

from dataclasses import dataclass

import rules

from jumelle.accounts.models import User
from jumelle.assessments.models import Assessment
from jumelle.assessments.queries import is_in_team, manages
from jumelle.cities.access import Place


@dataclass(frozen=True, slots=True)
class Standpoint:
    place: Place
    assessment: Assessment


@rules.predicate
def is_open(user: User, at: Standpoint) -> bool:
    return at.assessment.is_open


@rules.predicate
def manages_city(user: User, at: Standpoint) -> bool:
    return manages(at.place)


@rules.predicate
def is_on_the_team(user: User, at: Standpoint) -> bool:
    return is_in_team(at.place, at.assessment)


rules.add_perm("assessments.answer", is_on_the_team & is_open)
rules.add_perm("assessments.add_evidence", is_on_the_team & is_open)
rules.add_perm("assessments.choose_factors", manages_city)
rules.add_perm("assessments.facilitate", manages_city)
rules.add_perm("assessments.finish", manages_city & is_open)
rules.add_perm("assessments.upgrade", manages_city & is_open)
rules.add_perm("assessments.reopen", manages_city & ~is_open)

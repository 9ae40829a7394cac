"""Who sees which assessment, which evidence, and whose name."""

from django.db.models import Q, QuerySet

from jumelle.assessments.enums import EvidenceAudience, Subject
from jumelle.assessments.models import Assessment, ChosenFactor, Evidence
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.models import Organisation

MANAGERS = (Role.INTEGRATION_OFFICER, Role.CITY_ADMIN)


def assessments_visible_to(place: Place) -> QuerySet[Assessment]:
    """
    The assessments of the place's city that its person may open, newest first.

    Officers and administrators see all; so does an operator with emergency access. The support group sees what the city as a
    whole answers and has answered, for it follows what becomes of it; the staff of a provider sees the assessments of its own
    organisation. Nobody else sees any.
    """
    found = (
        Assessment.objects.filter(city=place.city)
        .select_related("toolkit_version__toolkit", "organisation")
        .defer("toolkit_version__content")
        .order_by("-started_at", "pk")
    )
    if place.may(*MANAGERS, "break_glass"):
        return found
    mine = Q(pk__in=[])
    if place.may(Role.SUPPORT_GROUP_MEMBER):
        mine |= Q(subject=Subject.CITY)
    if place.may(Role.PROVIDER_STAFF):
        mine |= Q(organisation__in=organisations_staffed_by(place))
    return found.filter(mine)


def organisations_staffed_by(place: Place) -> QuerySet[Organisation]:
    """The organisations of this city for which the person works now, as staff of a provider."""
    return Organisation.objects.filter(
        city=place.city,
        memberships__user=place.user,
        memberships__role=Role.PROVIDER_STAFF,
        memberships__ended_at=None,
    )


def manages(place: Place) -> bool:
    return place.may(*MANAGERS)


def is_in_team(place: Place, assessment: Assessment) -> bool:
    """Does this person answer this assessment, while it is open? Evidence for the team stays theirs when it is finished."""
    if manages(place):
        return True
    if place.may(Role.SUPPORT_GROUP_MEMBER) and assessment.subject == Subject.CITY:
        return True
    if not place.may(Role.PROVIDER_STAFF) or assessment.organisation_id is None:
        return False
    return organisations_staffed_by(place).filter(pk=assessment.organisation_id).exists()


def sees_names(place: Place) -> bool:
    """May this person read who answered? The support group may not: its members speak without being watched."""
    return place.may(*MANAGERS, Role.PROVIDER_STAFF, "break_glass")


def evidence_visible_to(place: Place, assessment: Assessment) -> QuerySet[Evidence]:
    """What was not removed and is meant for this person, oldest first. Everyone who sees the assessment works for the city."""
    found = Evidence.objects.filter(assessment=assessment, removed_at=None).order_by("added_at", "pk")
    return found if is_in_team(place, assessment) else found.exclude(audience=EvidenceAudience.TEAM)


def removed_evidence(place: Place, assessment: Assessment) -> QuerySet[Evidence]:
    """What was removed and can be brought back, by the team only."""
    if not is_in_team(place, assessment):
        return Evidence.objects.none()
    return Evidence.objects.filter(assessment=assessment).exclude(removed_at=None).order_by("-removed_at", "pk")


def chosen_factors_of(assessment: Assessment) -> dict[str, ChosenFactor]:
    return {chosen.section_code: chosen for chosen in ChosenFactor.objects.filter(assessment=assessment, archived_by=None)}

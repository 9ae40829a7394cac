from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may be in a city. `visitor` is nobody's membership: it is anyone without one."""

    LEARNER = "learner", _("Learner")
    VOLUNTEER = "volunteer", _("Volunteer")
    PROVIDER_STAFF = "provider_staff", _("Staff of a provider")
    SUPPORT_GROUP_MEMBER = "support_group_member", _("Member of the local support group")
    INTEGRATION_OFFICER = "integration_officer", _("Integration officer")
    CITY_ADMIN = "city_admin", _("City administrator")
    MENTOR_OFFICER = "mentor_officer", _("Officer of the mentor city")


class AssociationRole(models.TextChoices):
    ASSOCIATION_OFFICER = "association_officer", _("Association officer")
    FACILITATOR = "facilitator", _("Facilitator")


class GuestPurpose(models.TextChoices):
    """What a guest pass opens; also the role of whoever holds it, in the access policy."""

    RESPONDENT = "respondent", _("Answer a questionnaire")


class MemberType(models.TextChoices):
    """Who may sit in the local support group. Source: mentoring guide, annex 5, members (three types)."""

    RESIDENTS = "residents", _("Residents' or community association")
    CIVIL_SOCIETY = "civil_society", _("NGO, civil society or company")
    PUBLIC_BODY = "public_body", _("Local public body")


class OrganisationType(models.TextChoices):
    """Who answers; the codes are those of the toolkit packages (`applies_to`)."""

    LOCAL_AUTHORITY = "local_authority", _("Local authority")
    REGIONAL_AUTHORITY = "regional_authority", _("Regional authority")
    NATIONAL_AUTHORITY = "national_authority", _("National authority")
    NGO = "ngo", _("Non-governmental organisation")
    REFUGEE_LED = "refugee_led", _("Organisation led by refugees")
    FAITH = "faith", _("Faith organisation")
    EDUCATION = "education", _("School or education body")
    PRIVATE = "private", _("Company")
    HEALTH = "health", _("Health service")
    ASSOCIATION = "association_of_local_governments", _("Association of local governments")


# Roles that can see another person's data: a second factor is forced for them (design § 5.2, threat model T11).
MFA_ROLES = frozenset(
    {
        Role.PROVIDER_STAFF,
        Role.INTEGRATION_OFFICER,
        Role.CITY_ADMIN,
        Role.MENTOR_OFFICER,
        AssociationRole.ASSOCIATION_OFFICER,
        AssociationRole.FACILITATOR,
        "operator",
        "break_glass",
    }
)

from django.db import models
from django.utils.translation import gettext_lazy as _


class Subject(models.TextChoices):
    CITY = "city", _("The whole city")
    DEPARTMENT = "department", _("A department of the city")
    ORGANISATION = "organisation", _("An organisation")
    PRACTICE = "practice", _("A practice or a project")


class EvidenceKind(models.TextChoices):
    LINK = "link", _("Link")
    FILE = "file", _("File")


class EvidenceAudience(models.TextChoices):
    """Who may see a piece of evidence."""

    TEAM = "team", _("Only the people who answer this assessment")
    CITY = "city", _("Everyone who works for the city in Jumelle")
    PUBLIC = "public", _("Anyone; it may stand in published reports")


class RespondentRole(models.TextChoices):
    """As whom somebody answers in a round. Roles, not people: small ones are merged before anybody reads them."""

    DEPARTMENT = "department", _("Department of the city")
    NGO = "ngo", _("NGO or association")
    MIGRANTS = "migrants", _("Migrants' or refugees' representative")
    PROVIDER = "provider", _("Course provider or school")
    SUPPORT_GROUP = "support_group", _("Other member of the support group")
    VOLUNTEER = "volunteer", _("Volunteer")
    OTHER = "other", _("Somebody else")

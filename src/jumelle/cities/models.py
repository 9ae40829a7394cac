import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from jumelle.accounts.models import User
from jumelle.cities.enums import AssociationRole, GuestPurpose, MemberType, OrganisationType, Role
from jumelle.cities.tenancy import CityOwned
from jumelle.common.encryption import EncryptedTextField


class Network(models.Model):
    """A programme or alliance that several associations share."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Association(models.Model):
    """An association of local governments, national or regional."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    network = models.ForeignKey(Network, null=True, blank=True, on_delete=models.PROTECT, related_name="associations")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, help_text=_("ISO 3166 code of two letters"))

    def __str__(self) -> str:
        return self.name


class City(models.Model):
    """The tenant: a municipality, with everything that its people, services and partners enter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="cities")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    population = models.PositiveIntegerField(null=True, blank=True)
    languages = models.JSONField(default=list, help_text=_("BCP 47 tags of the languages that the city works in"))
    contact_email = models.EmailField(help_text=_("Address of the service, not of a person: notices of access go there"))
    is_demo = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "cities"

    def __str__(self) -> str:
        return self.name


class District(CityOwned):
    """A part of a city with its outline, for maps and for counting by area."""

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    population = models.PositiveIntegerField(null=True, blank=True)
    children = models.PositiveIntegerField(null=True, blank=True, help_text=_("Inhabitants under 20 years"))
    outline = models.JSONField(help_text=_("GeoJSON MultiPolygon, WGS 84"))
    credit = models.CharField(max_length=300, blank=True)

    class Meta(CityOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["city", "code"], name="district_code_once_per_city")]

    def __str__(self) -> str:
        return self.name


class Organisation(CityOwned):
    """A body that acts in the city: a department, an NGO, a school, a company."""

    slug = models.SlugField()
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, choices=OrganisationType.choices)
    is_department = models.BooleanField(default=False, help_text=_("Part of the municipality itself"))

    class Meta(CityOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["city", "slug"], name="organisation_slug_once_per_city")]

    def __str__(self) -> str:
        return self.name


class Membership(CityOwned):
    """A person's role in a city, from a day to a day. Ended memberships stay as a record and open nothing."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=30, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CityOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["city", "user", "role"], condition=models.Q(ended_at=None), name="membership_once_while_it_lasts"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="membership_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"


class AssociationMembership(models.Model):
    """A person's role in an association. It opens aggregates, never a person's data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    association = models.ForeignKey(Association, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=30, choices=AssociationRole.choices)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["association", "user", "role"],
                condition=models.Q(ended_at=None),
                name="association_membership_once_while_it_lasts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"


class Invitation(CityOwned):
    """A role offered to an address; single use, ten days. Only a hash of the link is kept."""

    email_hash = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=30, choices=Role.choices)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invitation {self.id}"


class BreakGlass(CityOwned):
    """An operator's emergency access to one city: a reason, a time limit, and a mail to the city."""

    operator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"break-glass {self.id}"


class GuestPass(CityOwned):
    """
    A link that gives somebody without an account one narrow role in one city. It is opened once and then bound to that browser.

    Only hashes are kept: of the link, and of the key that the browser got in exchange for it. The address is never stored.
    """

    purpose = models.CharField(max_length=20, choices=GuestPurpose.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    browser_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(CityOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_at=None, browser_hash="") | (models.Q(used_at__isnull=False) & ~models.Q(browser_hash="")),
                name="guest_pass_used_means_bound_to_a_browser",
            )
        ]

    def __str__(self) -> str:
        return f"guest pass {self.id}"


class SupportGroup(CityOwned):
    """The local support group: at most ten people who assess, comment on the plan and watch its progress, then rest or meet again."""

    subject = models.CharField(max_length=200, help_text=_("What the group is for, such as: language learning"))
    set_up_on = models.DateField()
    rests_since = models.DateField(null=True, blank=True, help_text=_("Empty while the group works; a resting group can be called again"))

    def __str__(self) -> str:
        return f"support group {self.id}"

    @property
    def is_resting(self) -> bool:
        return self.rests_since is not None


class GroupSeat(CityOwned):
    """
    A place in the group and who takes it, with or without an account.

    speaks_for_migrants: the seat brings in the voice of migrants or refugees. It says what the seat is for, nothing about the person.
    """

    group = models.ForeignKey(SupportGroup, on_delete=models.CASCADE, related_name="seats")
    member_type = models.CharField(max_length=20, choices=MemberType.choices)
    speaks_for_migrants = models.BooleanField(default=False)
    name = EncryptedTextField(help_text=_("The person, or the function, as the group calls them"))
    body = models.CharField(max_length=200, blank=True, help_text=_("Association, NGO, company or public body"))
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    class Meta(CityOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_on=None) | models.Q(left_on__gte=models.F("joined_on")), name="group_seat_ends_after_it_starts"
            )
        ]

    def __str__(self) -> str:
        return f"seat {self.id}"


class GroupMeeting(CityOwned):
    """The group is called together: when, what for, and what came of it."""

    group = models.ForeignKey(SupportGroup, on_delete=models.CASCADE, related_name="meetings")
    held_on = models.DateField()
    purpose = models.CharField(max_length=300)
    outcome = EncryptedTextField(blank=True, default="")
    called_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"meeting {self.id}"

from django.db import models
from django.utils.translation import gettext_lazy as _

from jumelle.accounts.models import User
from jumelle.action_plans.enums import LineStatus, OriginKind, VersionName
from jumelle.assessments.models import Assessment
from jumelle.cities.models import Organisation
from jumelle.cities.tenancy import CityOwned
from jumelle.common.encryption import EncryptedTextField


class Plan(CityOwned):
    """
    An action plan with the header of the guide's template. Source: mentoring guide, annex 6 (four fields, six columns).

    revising_since: since when its lines may be changed; None after an approval, until a new version is started.
    revision: grows with each change of the header, and tells two editors apart.
    """

    title = models.CharField(max_length=200, help_text=_("Title of the programme"))
    mentee = models.CharField(max_length=200, help_text=_("The city whose plan it is"))
    mentor = models.CharField(max_length=200, blank=True, help_text=_("Empty without a mentoring programme"))
    language = models.CharField(max_length=10, help_text=_("BCP 47 tag: the language that the plan is written in"))
    assessment = models.ForeignKey(Assessment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_public = models.BooleanField(default=False)
    revising_since = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    started_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    reminded_on = models.DateField(null=True, blank=True, help_text=_("When the city was last reminded of what is due"))
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta(CityOwned.Meta):
        indexes = [models.Index(fields=["city", "-started_at"], name="plan_by_city")]

    def __str__(self) -> str:
        return f"plan {self.id}"

    @property
    def can_be_changed(self) -> bool:
        return self.revising_since is not None and self.archived_at is None


class PlanLine(CityOwned):
    """
    One action in six columns: action; expected results; timetable; lead; resources and partners; evaluation of success.

    `revision` grows with each change of the columns: it tells two editors apart. Earlier states are `PlanLineRevision`.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    action = EncryptedTextField()
    results = EncryptedTextField(blank=True, default="")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    timetable = EncryptedTextField(blank=True, default="", help_text=_("The timetable in words, where dates are not enough"))
    lead = EncryptedTextField(blank=True, default="", help_text=_("Who leads: a service or a function rather than a person"))
    lead_organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    staff = EncryptedTextField(blank=True, default="")
    partners = EncryptedTextField(blank=True, default="")
    funding = EncryptedTextField(blank=True, default="", help_text=_("Planned funding"))
    evaluation = EncryptedTextField(blank=True, default="", help_text=_("What will show success, in words; measures stand apart"))
    private_note = EncryptedTextField(blank=True, default="", help_text=_("For the officers alone: in no export and on no public page"))
    status = models.CharField(max_length=20, choices=LineStatus.choices, default=LineStatus.PLANNED)
    is_public = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta(CityOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(starts_on=None) | models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="plan_line_ends_after_it_starts",
            )
        ]
        indexes = [models.Index(fields=["city", "plan", "position"], name="plan_line_in_order")]

    def __str__(self) -> str:
        return f"line {self.id}"


class PlanLineRevision(CityOwned):
    """An earlier state of a line's columns and measures. Only ever added, so that nothing that a person typed is lost."""

    line = models.ForeignKey(PlanLine, on_delete=models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    content = EncryptedTextField(help_text=_("JSON of the columns and the measures"))
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    changed_at = models.DateTimeField()

    class Meta(CityOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["line", "revision"], name="plan_line_revision_once")]

    def __str__(self) -> str:
        return f"revision {self.revision} of {self.line_id}"


class LineOrigin(CityOwned):
    """
    Where a line was born: the golden thread from the gap to the plan.

    toolkit, version, code: of the item, the section, the tip or the example; assessment: where the gap was found.
    label: for a practice, a visit or a meeting without a code.
    """

    line = models.ForeignKey(PlanLine, on_delete=models.CASCADE, related_name="origins")
    kind = models.CharField(max_length=20, choices=OriginKind.choices)
    assessment = models.ForeignKey(Assessment, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    toolkit = models.CharField(max_length=80, blank=True)
    version = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=40, blank=True)
    label = EncryptedTextField(blank=True, default="")
    url = models.URLField(max_length=1000, blank=True)
    dated_on = models.DateField(null=True, blank=True)

    class Meta(CityOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind__in=[OriginKind.GAP, OriginKind.SUPPORT]) | ~models.Q(code=""), name="line_origin_has_its_code"
            )
        ]

    def __str__(self) -> str:
        return f"origin {self.id}"


class Measure(CityOwned):
    """A measure of success: where one starts from, where one wants to be and when, and where the figure comes from."""

    line = models.ForeignKey(PlanLine, on_delete=models.CASCADE, related_name="measures")
    position = models.PositiveIntegerField()
    what = EncryptedTextField()
    baseline = models.CharField(max_length=100, blank=True)
    target = models.CharField(max_length=100, blank=True)
    due_on = models.DateField(null=True, blank=True)
    data_source = EncryptedTextField(blank=True, default="")
    reached = models.CharField(max_length=100, blank=True, help_text=_("The last figure"))
    reached_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"measure {self.id}"


class LineComment(CityOwned):
    """What a member of the local support group says about a line, and what became of it."""

    line = models.ForeignKey(PlanLine, on_delete=models.CASCADE, related_name="comments")
    text = EncryptedTextField()
    written_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    written_at = models.DateTimeField()
    answer = EncryptedTextField(blank=True, default="")
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"comment {self.id}"


class LineUpdate(CityOwned):
    """The follow-up of a line, at most five minutes a quarter: status, one sentence, evidence, next step. Only ever added."""

    line = models.ForeignKey(PlanLine, on_delete=models.CASCADE, related_name="updates")
    quarter = models.CharField(max_length=7, help_text=_("Such as 2026-Q4"))
    status = models.CharField(max_length=20, choices=LineStatus.choices)
    sentence = EncryptedTextField()
    evidence_title = EncryptedTextField(blank=True, default="")
    evidence_url = models.URLField(max_length=1000, blank=True)
    next_step = EncryptedTextField(blank=True, default="")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta(CityOwned.Meta):
        constraints = [
            # No regular expression: SQLite has none of its own, and a backup copies rows without Django.
            models.CheckConstraint(
                condition=models.Q(quarter__endswith="-Q1")
                | models.Q(quarter__endswith="-Q2")
                | models.Q(quarter__endswith="-Q3")
                | models.Q(quarter__endswith="-Q4"),
                name="line_update_names_a_quarter",
            ),
        ]

    def __str__(self) -> str:
        return f"update {self.id}"


class PlanVersion(CityOwned):
    """The whole plan as it stood when the version was named. It never changes."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=20, choices=VersionName.choices)
    own_name = models.CharField(max_length=100, blank=True)
    content = EncryptedTextField(help_text=_("JSON of the header and of all lines, without private notes"))
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()

    class Meta(CityOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number_once"),
            models.CheckConstraint(
                condition=~models.Q(name=VersionName.OWN) | ~models.Q(own_name=""), name="plan_version_of_our_own_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.plan_id}"


class Approval(CityOwned):
    """Who approved a version, when, and the document that says so."""

    version = models.OneToOneField(PlanVersion, on_delete=models.CASCADE, related_name="approval")
    body = models.CharField(max_length=200, help_text=_("Such as: municipal council"))
    approved_on = models.DateField()
    document_url = models.URLField(max_length=1000, blank=True)
    document = models.FileField(upload_to="approvals/", blank=True, help_text=_("Stored under a random name, outside the web root"))
    document_name = EncryptedTextField(blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"approval {self.id}"

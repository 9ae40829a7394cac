"""One look of one subject at itself: the assessment, its answers with their earlier states, evidence, and what was chosen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jumelle.accounts.models import User
from jumelle.assessments.enums import EvidenceAudience, EvidenceKind, Subject
from jumelle.cities.enums import OrganisationType
from jumelle.cities.models import Organisation
from jumelle.cities.tenancy import CityOwned
from jumelle.common.encryption import EncryptedTextField
from jumelle.toolkits.models import ToolkitVersion


class Assessment(CityOwned):
    """One look of one subject at itself, over a period, with one pinned version of a toolkit."""

    toolkit_version = models.ForeignKey(ToolkitVersion, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=20, choices=Subject.choices)
    subject_name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="assessments")
    organisation_type = models.CharField(max_length=40, choices=OrganisationType.choices)
    themes = models.JSONField(help_text=_("Codes of the chosen top sections, in the toolkit's order"))
    period_start_on = models.DateField()
    period_end_on = models.DateField()
    started_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta(CityOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(period_end_on__gte=models.F("period_start_on")), name="assessment_period_ends_after_it_starts"
            )
        ]
        indexes = [models.Index(fields=["city", "-started_at"], name="assessment_by_city")]

    def __str__(self) -> str:
        return f"assessment {self.id}"

    @property
    def is_open(self) -> bool:
        return self.finished_at is None


class Answer(CityOwned):
    """
    What was answered to one item, with the wording that was answered. `revision` grows with each change: it tells two editors apart.

    An upgrade of the toolkit never deletes: an archived answer (`archived_by`) stays readable and is no longer the item's answer.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    item_code = models.CharField(max_length=40)
    value = models.CharField(max_length=40, blank=True, help_text=_("A value of the item's scale; empty if unanswered or free text"))
    text = EncryptedTextField(blank=True, default="", help_text=_("Free answer to an open question"))
    note = EncryptedTextField(blank=True, default="")
    come_back = models.BooleanField(default=False)
    proposed = models.BooleanField(
        default=False, help_text=_('"Not applicable", proposed by the kind of organisation and not yet confirmed')
    )
    wording = models.JSONField(default=dict, help_text=_("The item's text per language, as answered"))
    revision = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField()
    to_confirm = models.BooleanField(
        default=False, help_text=_("Carried over from an older version of the toolkit and not yet confirmed by a person")
    )
    carried_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    carried_by = models.ForeignKey("assessments.Upgrade", null=True, blank=True, on_delete=models.RESTRICT, related_name="+")
    archived_by = models.ForeignKey(
        "assessments.Upgrade", null=True, blank=True, on_delete=models.RESTRICT, related_name="archived_answers"
    )

    class Meta(CityOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item_code"], condition=models.Q(archived_by=None), name="answer_once_per_item")
        ]

    def __str__(self) -> str:
        return f"answer {self.item_code} of {self.assessment_id}"


class AnswerRevision(CityOwned):
    """An earlier state of an answer. Only ever added, so that nothing that a person typed is lost."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    value = models.CharField(max_length=40, blank=True)
    text = EncryptedTextField(blank=True, default="")
    note = EncryptedTextField(blank=True, default="")
    come_back = models.BooleanField(default=False)
    proposed = models.BooleanField(default=False)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField()

    class Meta(CityOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["answer", "revision"], name="answer_revision_once")]

    def __str__(self) -> str:
        return f"revision {self.revision} of {self.answer_id}"


class Evidence(CityOwned):
    """A link or a file that shows that an answer is true, with its date and who may see it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="evidence")
    item_code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=EvidenceKind.choices)
    title = EncryptedTextField()
    url = models.URLField(max_length=1000, blank=True)
    file = models.FileField(upload_to="evidence/", blank=True, help_text=_("Stored under a random name, outside the web root"))
    file_name = EncryptedTextField(blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True)
    dated_on = models.DateField()
    audience = models.CharField(max_length=10, choices=EvidenceAudience.choices, default=EvidenceAudience.TEAM)
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta(CityOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(kind="link") & ~models.Q(url="")) | (models.Q(kind="file") & ~models.Q(sha256="")),
                name="evidence_has_a_link_or_a_file",
            )
        ]

    def __str__(self) -> str:
        return f"evidence {self.id}"


class ChosenFactor(CityOwned):
    """A part of the toolkit that the city decided to work on, and why."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="chosen_factors")
    section_code = models.CharField(max_length=40)
    reason = EncryptedTextField()
    chosen_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    chosen_at = models.DateTimeField()
    archived_by = models.ForeignKey(
        "assessments.Upgrade", null=True, blank=True, on_delete=models.RESTRICT, related_name="archived_factors"
    )

    class Meta(CityOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["assessment", "section_code"], condition=models.Q(archived_by=None), name="factor_chosen_once")
        ]

    def __str__(self) -> str:
        return f"{self.section_code} in {self.assessment_id}"

"""Answering together: a round of respondents, what each answered alone, and what they agreed upon."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jumelle.accounts.models import User
from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models.assessment import Assessment
from jumelle.cities.models import GuestPass, Organisation
from jumelle.cities.tenancy import CityOwned
from jumelle.common.encryption import EncryptedTextField


class Round(CityOwned):
    """
    Several people answer the same assessment, each alone, until the facilitator opens the answers to be discussed.

    Collecting until `opened_at`, open until `closed_at`. `shows_names` is a promise and never changes once somebody was invited.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="rounds")
    shows_names = models.BooleanField(default=False, help_text=_("The group chose to show who said what; otherwise nobody is told"))
    answer_until = models.DateField()
    started_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    started_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(CityOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["assessment"], condition=models.Q(closed_at=None), name="one_round_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"round {self.id}"

    @property
    def is_collecting(self) -> bool:
        return self.opened_at is None and self.closed_at is None

    @property
    def is_open(self) -> bool:
        """The answers lie on the table and are being discussed."""
        return self.opened_at is not None and self.closed_at is None


class Respondent(CityOwned):
    """
    Somebody who was asked to answer alone: a person with an account, or one who got a link by mail.

    themes: codes of the top sections that this person is asked about, in the toolkit's order.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="respondents")
    role = models.CharField(max_length=30, choices=RespondentRole.choices)
    name = EncryptedTextField(help_text=_("As the facilitator knows the person or the service"))
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    themes = models.JSONField()
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    guest_pass = models.ForeignKey(GuestPass, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    language = models.CharField(max_length=10, help_text=_("BCP 47 tag: the language of the invitation"))
    invited_at = models.DateTimeField()
    sent_in_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(CityOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["round", "user"], condition=models.Q(withdrawn_at=None, user__isnull=False), name="respondent_once_per_round"
            )
        ]

    def __str__(self) -> str:
        return f"respondent {self.id}"


class RespondentAnswer(CityOwned):
    """What one respondent answered alone. Nothing that is agreed later changes it."""

    respondent = models.ForeignKey(Respondent, on_delete=models.CASCADE, related_name="answers")
    item_code = models.CharField(max_length=40)
    value = models.CharField(max_length=40, blank=True)
    text = EncryptedTextField(blank=True, default="")
    note = EncryptedTextField(blank=True, default="", help_text=_("For the others, once the round is open"))
    private_note = EncryptedTextField(blank=True, default="", help_text=_("For its author alone: in no page of others and in no export"))
    wording = models.JSONField(default=dict, help_text=_("The item's text per language, as answered"))
    revision = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField()

    class Meta(CityOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["respondent", "item_code"], name="respondent_answers_once_per_item")]

    def __str__(self) -> str:
        return f"answer {self.item_code} of respondent {self.respondent_id}"


class ConsensusMeeting(CityOwned):
    """Where the answers of a round were discussed, and who was there."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="meetings")
    held_on = models.DateField()
    present = EncryptedTextField(help_text=_("Who was there: names or roles, as the group chose"))
    noted_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"meeting {self.id}"


class AgreedAnswer(CityOwned):
    """
    What the group agreed upon for one item, and why. A change of mind is a further row: the highest revision holds.

    minority_note: what those who did not agree want to be remembered.
    """

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="agreed_answers")
    meeting = models.ForeignKey(ConsensusMeeting, null=True, blank=True, on_delete=models.RESTRICT, related_name="agreed_answers")
    item_code = models.CharField(max_length=40)
    value = models.CharField(max_length=40, blank=True)
    text = EncryptedTextField(blank=True, default="")
    reason = EncryptedTextField()
    minority_note = EncryptedTextField(blank=True, default="")
    revision = models.PositiveIntegerField(default=1)
    agreed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    agreed_at = models.DateTimeField()

    class Meta(CityOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["round", "item_code", "revision"], name="agreed_answer_revision_once")]

    def __str__(self) -> str:
        return f"agreed answer {self.item_code} of round {self.round_id}"

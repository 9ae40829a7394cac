"""Comparing with others: who agreed to be compared, with which assessment, from when until when."""

import uuid

from django.db import models

from jumelle.accounts.models import User
from jumelle.assessments.models.assessment import Assessment
from jumelle.cities.models import City
from jumelle.cities.tenancy import CityOwned
from jumelle.toolkits.models import Toolkit


class Comparison(models.Model):
    """An agreement to compare assessments made with one toolkit. It belongs to no city; what it compares lies with its sides."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=200)
    toolkit = models.ForeignKey(Toolkit, on_delete=models.PROTECT, related_name="+")
    started_by_city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="+")
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"comparison {self.id}"


class ComparisonSide(CityOwned):
    """
    One side of a comparison and its consent. Without `agreed_at`, or with `ended_at`, nothing of it is shown to anybody else.

    assessment: what this side lays on the table; None while it has not answered the proposal.
    shares_context: its context factors may be read beside the comparison.
    """

    comparison = models.ForeignKey(Comparison, on_delete=models.CASCADE, related_name="+")
    assessment = models.ForeignKey(Assessment, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    shares_context = models.BooleanField(default=False)
    proposed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    agreed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(CityOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["comparison", "assessment"], condition=models.Q(assessment__isnull=False), name="assessment_once_per_comparison"
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_at=None) | models.Q(assessment__isnull=False), name="comparison_consent_names_an_assessment"
            ),
        ]

    def __str__(self) -> str:
        return f"side {self.id}"

    @property
    def is_shown(self) -> bool:
        """Does the consent of this side run?"""
        return self.agreed_at is not None and self.ended_at is None

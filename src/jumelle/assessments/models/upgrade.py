"""An assessment goes over to a newer version of its toolkit: what was decided for each answer, so that it can be taken back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jumelle.accounts.models import User
from jumelle.assessments.models.assessment import Assessment
from jumelle.cities.tenancy import CityOwned
from jumelle.toolkits.models import ToolkitVersion


class Upgrade(CityOwned):
    """
    One step to a newer version. Rows of answers are marked with it and never deleted; it can be undone until the next edit.

    decisions: old item code -> {"fate", "decision", "to"}.
    moved: what undoing needs: "flagged" (answers that wait since), "evidence" (id -> earlier item code), "factors" (created ones), and
        "after", a fingerprint of the assessment as the upgrade left it.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="upgrades")
    from_version = models.ForeignKey(ToolkitVersion, on_delete=models.PROTECT, related_name="+")
    to_version = models.ForeignKey(ToolkitVersion, on_delete=models.PROTECT, related_name="+")
    themes_before = models.JSONField(help_text=_("Codes of the chosen top sections before the upgrade"))
    decisions = models.JSONField()
    moved = models.JSONField(default=dict)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"upgrade {self.id}"

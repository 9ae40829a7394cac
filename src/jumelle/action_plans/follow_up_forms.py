"""What people type into the follow-up, and the file that they bring lines in with."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jumelle.action_plans.operations.follow_up import Told

TYPED_LIMIT = 10_000  # room for more than may be told: a text that is too long comes back to its author
TOLD_TEXTS = ("status", "sentence", "evidence_title", "evidence_url", "next_step")


class TellForm(forms.Form):
    """
    What is told of one line for a quarter. Its fields are named by the line, so that many stand on one page.

    `was` is how the line stood when the page was opened. `operations.follow_up` says what is wrong with what was typed.
    """

    was = forms.CharField(required=False)
    status = forms.CharField(required=False)
    sentence = forms.CharField(required=False)
    evidence_title = forms.CharField(required=False)
    evidence_url = forms.CharField(required=False)
    next_step = forms.CharField(required=False)

    def typed(self, name: str) -> str:
        """As it came, so that it can be shown again."""
        return str(self.data.get(self.add_prefix(name), ""))[:TYPED_LIMIT]

    @property
    def reached(self) -> dict[UUID, str]:
        """Measure → figure, where one was typed."""
        start = self.add_prefix("reached-")
        found = {name.removeprefix(start): str(self.data[name])[:TYPED_LIMIT] for name in self.data if name.startswith(start)}
        return {UUID(key): figure for key, figure in found.items() if figure.strip() and _is_identity(key)}

    @property
    def is_filled(self) -> bool:
        """Has the person begun to tell something of this line?"""
        texts = ("sentence", "evidence_title", "evidence_url", "next_step")
        return any(self.typed(name).strip() for name in texts) or bool(self.reached) or self.typed("status") != self.typed("was")

    @property
    def told(self) -> Told:
        return Told(**{name: self.typed(name) for name in TOLD_TEXTS}, reached=self.reached)


def _is_identity(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label=_("Which file?"),
        help_text=_("The workbook of this plan, filled in. At most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}),
    )

    def clean_file(self) -> Any:
        """Before it is read: a workbook of lines is some hundred kilobytes."""
        if self.cleaned_data["file"].size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB: it cannot be the workbook of a plan."))
        return self.cleaned_data["file"]

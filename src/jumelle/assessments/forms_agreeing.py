"""What is typed when a group agrees: the answer with its reason, and the meeting at which it was found."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from jumelle.assessments.forms import TYPED_LIMIT
from jumelle.assessments.models import ConsensusMeeting
from jumelle.assessments.operations.agreeing import PRESENT_LIMIT, Agreement, Meeting, NewMeeting
from jumelle.common.forms import DateInput, RadioCards


class MeetingForm(forms.Form):
    """Where something was agreed: at a meeting that is written down already, at one that is not yet, or without any."""

    NEW, NONE = "new", "none"

    meeting = forms.ChoiceField(label=_("At which meeting?"), widget=forms.RadioSelect)
    held_on = forms.DateField(label=_("On which day did you meet?"), widget=DateInput(), required=False)
    present = forms.CharField(
        label=_("Who was there?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        max_length=PRESENT_LIMIT,
        help_text=_("Names or roles, as the group wants it. It stands in the results and in the summary."),
    )

    def __init__(self, *args: Any, meetings: Sequence[tuple[ConsensusMeeting, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(meeting.pk): meeting for meeting, _label in meetings}
        field = cast(forms.ChoiceField, self.fields["meeting"])
        field.choices = [
            *((str(meeting.pk), label) for meeting, label in meetings),
            (self.NEW, _("At another one: say beneath when it was and who was there")),
            (self.NONE, _("Without a meeting")),
        ]
        field.initial = next(iter(self.known), self.NEW)
        self.fields["held_on"].initial = today

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("meeting") == self.NEW and not self.errors:
            if not cleaned.get("held_on"):
                self.add_error("held_on", _("Say on which day you met."))
            if not cleaned.get("present"):
                self.add_error("present", _("Say who was there: names or roles."))
        return cleaned

    @property
    def held(self) -> Meeting:
        """Once the form is valid."""
        chosen = self.cleaned_data["meeting"]
        if chosen == self.NEW:
            return NewMeeting(self.cleaned_data["held_on"], self.cleaned_data["present"])
        return self.known.get(chosen)


class AgreeForm(MeetingForm):
    """
    What the group agreed upon for one item: a value of its scale, or a text where the question is open.

    `over` holds the two revisions that the person decided to replace after having seen both states.
    """

    value = forms.ChoiceField(label=_("What do you agree on?"), required=False, widget=RadioCards())
    text = forms.CharField(
        label=_("What do you agree on?"),
        required=False,
        max_length=TYPED_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=TYPED_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("In a few words: what convinced the group. Name nobody."),
        error_messages={"required": _("Say in a few words why: others will ask.")},
    )
    minority_note = forms.CharField(
        label=_("What do those who do not agree want to be remembered?"),
        required=False,
        max_length=TYPED_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Leave it empty when all agree."),
    )
    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    answer_revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    over = forms.RegexField(r"^\d{1,9}-\d{1,9}$", required=False, widget=forms.HiddenInput)

    field_order = ("value", "text", "reason", "minority_note")

    def __init__(self, *args: Any, options: Sequence[tuple[str, str, str]], **kwargs: Any) -> None:
        """
        Args:
            options: value, label and rubric of each level; none for an open question.
        """
        super().__init__(*args, **kwargs)
        if not options:
            del self.fields["value"]
            return
        del self.fields["text"]
        value = cast(forms.ChoiceField, self.fields["value"])
        value.choices = [(each, label) for each, label, _rubric in options]
        cast(RadioCards, value.widget).rubrics = {each: rubric for each, _label, rubric in options}

    @property
    def agreement(self) -> Agreement:
        """Once the form is valid."""
        cleaned = self.cleaned_data
        seen = cleaned["over"].split("-") if cleaned.get("over") else (cleaned["revision"], cleaned["answer_revision"])
        return Agreement(
            value=cleaned.get("value", ""),
            text=cleaned.get("text", ""),
            reason=cleaned["reason"],
            minority_note=cleaned["minority_note"],
            revision=int(seen[0]),
            answer_revision=int(seen[1]),
        )


class SaidByAllForm(MeetingForm):
    """What everybody said alike, to be ticked. A choice is the code, and the revision of the assessment's own answer that was seen."""

    items = forms.MultipleChoiceField(
        label=_("On which of these do you agree?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one point.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("The same reason is written beside each of them."),
    )

    field_order = ("items", "reason")

    def __init__(self, *args: Any, items: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.MultipleChoiceField, self.fields["items"]).choices = items

    @property
    def codes(self) -> dict[str, int]:
        """Item code → revision, once the form is valid."""
        return {code: int(revision) for code, _sign, revision in (each.partition(":") for each in self.cleaned_data["items"])}

from dataclasses import replace
from datetime import date
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jumelle.assessments.enums import EvidenceAudience, Subject
from jumelle.assessments.operations import Given
from jumelle.assessments.operations.course import REASON_MINIMUM
from jumelle.cities.models import City, Organisation
from jumelle.cities.queries import organisations_of
from jumelle.common.forms import DateInput, RadioCards
from jumelle.toolkits.package.sheets import Section

SUBJECT_RUBRICS: dict[str, Any] = {
    Subject.CITY: _("Everything that the city does, all services together."),
    Subject.DEPARTMENT: _("One service of the municipality, such as the library or the welcome desk."),
    Subject.ORGANISATION: _("A body outside the municipality: an NGO, a school, a company."),
    Subject.PRACTICE: _("One project or way of working, whoever runs it."),
}
# Room for more than may be saved: a text that is too long comes back to its author instead of being cut off.
TYPED_LIMIT = 200_000


class StartForm(forms.Form):
    subject = forms.ChoiceField(label=_("Who looks at itself?"), choices=Subject.choices, widget=RadioCards(rubrics=SUBJECT_RUBRICS))
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("Which department or organisation?"),
        queryset=None,
        required=False,
        empty_label=_("none"),
        help_text=_("Needed for a department or an organisation. For a practice: who runs it."),
    )
    subject_name = forms.CharField(
        label=_("What is the practice called?"),
        max_length=200,
        required=False,
        help_text=_("Only for a practice. Otherwise the name of the city or of the organisation is taken."),
    )
    period_start_on = forms.DateField(label=_("From which day on?"), widget=DateInput())
    period_end_on = forms.DateField(
        label=_("Until which day?"), widget=DateInput(), help_text=_("The period that your answers speak about.")
    )
    themes = forms.MultipleChoiceField(
        label=_("Which themes will you answer?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All of them is best. One theme is enough for a first useful result."),
        error_messages={"required": _("Choose at least one theme.")},
    )

    def __init__(self, *args: Any, city: City, themes: list[tuple[Section, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation = cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"])
        organisation.queryset = organisations_of(city)
        chosen = cast(forms.MultipleChoiceField, self.fields["themes"])
        chosen.choices = [(section.code, title) for section, title in themes]
        chosen.initial = [section.code for section, _title in themes]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        subject, organisation = cleaned.get("subject"), cleaned.get("organisation")
        if subject in (Subject.DEPARTMENT, Subject.ORGANISATION):
            self._check_organisation(subject, organisation)
        if subject == Subject.PRACTICE and not cleaned.get("subject_name"):
            self.add_error("subject_name", _("Give the practice a name that others will understand."))
        start, end = cleaned.get("period_start_on"), cleaned.get("period_end_on")
        if start and end and end < start:
            self.add_error("period_end_on", _("The period ends before it starts. Change one of the two dates."))
        return cleaned

    def _check_organisation(self, subject: str, organisation: Organisation | None) -> None:
        if organisation is None:
            self.add_error("organisation", _("Choose the department or the organisation."))
        elif organisation.is_department != (subject == Subject.DEPARTMENT):
            self.add_error(
                "organisation",
                _("This does not fit: a department is part of the municipality, an organisation is not."),
            )


class AnswerForm(forms.Form):
    """What is typed for one item. Its fields are named by the item's code, so that many stand on one page."""

    value = forms.CharField(required=False, max_length=40)
    text = forms.CharField(required=False, max_length=TYPED_LIMIT, strip=False)
    note = forms.CharField(required=False, max_length=TYPED_LIMIT, strip=False)
    come_back = forms.BooleanField(required=False)
    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    over = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)

    @property
    def is_posted(self) -> bool:
        return self.add_prefix("revision") in self.data

    @property
    def given(self) -> Given:
        """
        What was typed, even if the form is not valid, so that it can be shown again.

        `over` is the revision that the person decided to replace after having seen both states.
        """
        cleaned = getattr(self, "cleaned_data", {})
        over = cleaned.get("over")
        return Given(
            value=self._typed("value")[:40],
            text=self._typed("text"),
            note=self._typed("note"),
            come_back=bool(self._typed("come_back")),
            revision=cleaned.get("revision", 0) if over is None else over,
        )

    def _typed(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), ""))[: TYPED_LIMIT + 1]


class AloneForm(AnswerForm):
    """What a respondent types for one item: with a note for oneself, and nothing to come back to."""

    private_note = forms.CharField(required=False, max_length=TYPED_LIMIT, strip=False)

    @property
    def given(self) -> Given:
        return replace(super().given, come_back=False, private_note=self._typed("private_note"))


class EvidenceForm(forms.Form):
    title = forms.CharField(label=_("What does it show?"), max_length=200, help_text=_("Such as: report of the language café, 2026."))
    url = forms.CharField(
        label=_("Link"),
        required=False,
        max_length=1000,
        widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr", "autocomplete": "off"}),
        help_text=_("A web address that starts with https://. Or choose a file instead."),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        help_text=_("At most 10 MB: PDF, PNG, JPG, DOCX, XLSX, ODT, ODS or plain text. No personal data of learners."),
    )
    dated_on = forms.DateField(label=_("Of which day is it?"), widget=DateInput())
    audience = forms.ChoiceField(
        label=_("Who may see it?"),
        choices=EvidenceAudience.choices,
        widget=forms.RadioSelect,
        initial=EvidenceAudience.TEAM,
    )

    def clean_dated_on(self) -> date:
        day: date = self.cleaned_data["dated_on"]
        if not 1950 <= day.year <= 2100:
            raise forms.ValidationError(_("Check the year of this date."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("url") and cleaned.get("file"):
            self.add_error("url", _("Give a link or a file, not both. Add them one after the other."))
        elif not self.errors and not cleaned.get("url") and cleaned.get("file") is None:
            self.add_error("url", _("Give a link, or choose a file."))
        return cleaned


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why?"), widget=forms.Textarea(attrs={"rows": 3}), min_length=REASON_MINIMUM, max_length=1000)


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label=_("Which file?"),
        help_text=_("The workbook that you downloaded from this assessment and filled in."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}),
    )

    def clean_file(self) -> Any:
        """Before it is read: a workbook of answers is some hundred kilobytes."""
        if self.cleaned_data["file"].size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB: it cannot be the workbook of this assessment."))
        return self.cleaned_data["file"]

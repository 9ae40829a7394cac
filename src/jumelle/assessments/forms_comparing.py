"""Forms of comparing with others: the proposal, and one's own consent."""

from typing import Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from jumelle.assessments.models import Assessment
from jumelle.cities.models import City

SHARES_CONTEXT = _("Show our context factors to the others, with what we wrote about them")


class ProposalForm(forms.Form):
    title = forms.CharField(
        label=_("What shall the comparison be called?"),
        max_length=200,
        help_text=_("Everybody whom you ask reads this, with the toolkit and the name of your city."),
    )
    cities = forms.TypedMultipleChoiceField(
        label=_("Which cities do you ask?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Cities of your association or network. Each chooses itself what it lays on the table."),
    )
    others = forms.TypedMultipleChoiceField(
        label=_("Which other assessments of this city?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("An organisation answers for itself: its own staff must agree, nobody else can."),
    )
    shares_context = forms.BooleanField(label=SHARES_CONTEXT, required=False)

    def __init__(self, *args: Any, cities: list[City], others: list[Assessment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("cities", {str(city.pk): city for city in cities}, [(str(city.pk), city.name) for city in cities])
        self._offer("others", {str(each.pk): each for each in others}, [(str(each.pk), words_for(each)) for each in others])

    def _offer(self, name: str, objects: dict[str, Any], choices: list[tuple[str, str]]) -> None:
        field = cast(forms.TypedMultipleChoiceField, self.fields[name])
        field.coerce, field.choices = objects.get, choices
        if not choices:
            field.widget = forms.MultipleHiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned["cities"] and not cleaned["others"]:
            self.add_error(None, _("Choose at least one other side. A comparison has two to six sides."))
        return cleaned


class ConsentForm(forms.Form):
    assessment = forms.TypedChoiceField(
        label=_("Which assessment do you lay on the table?"),
        widget=forms.RadioSelect,
        help_text=_("Open or finished: what is seen is always as it stands now."),
        error_messages={"required": _("Choose one of your assessments.")},
    )
    shares_context = forms.BooleanField(label=SHARES_CONTEXT, required=False)

    def __init__(self, *args: Any, assessments: list[Assessment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.TypedChoiceField, self.fields["assessment"])
        field.coerce = {str(each.pk): each for each in assessments}.get
        field.choices = [(str(each.pk), words_for(each)) for each in assessments]


def words_for(assessment: Assessment) -> str:
    days = [date_format(day, "DATE_FORMAT") for day in (assessment.period_start_on, assessment.period_end_on)]
    return f"{assessment.subject_name}, {days[0]} – {days[1]}"

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jumelle.accounts.models import User
from jumelle.cities.enums import MemberType, OrganisationType, Role
from jumelle.cities.models import City, Organisation
from jumelle.cities.queries import organisations_of, people_of
from jumelle.common.forms import DateInput


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("Which address shall the invitation go to?"), max_length=254)
    role = forms.ChoiceField(label=_("What will this person be?"), choices=Role.choices)
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("For which organisation?"),
        queryset=None,
        required=False,
        help_text=_("Needed for the staff of a provider; leave it empty for others."),
    )
    language = forms.ChoiceField(label=_("In which language shall the mail be?"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"])
        field.queryset = organisations_of(city)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("role") == Role.PROVIDER_STAFF and not cleaned.get("organisation"):
            self.add_error("organisation", _("Choose the organisation that this person works for."))
        return cleaned


class OrganisationForm(forms.Form):
    name = forms.CharField(label=_("What is the organisation called?"), max_length=200)
    kind = forms.ChoiceField(label=_("What kind of organisation is it?"), choices=OrganisationType.choices)
    is_department = forms.BooleanField(label=_("It is a part of the municipality itself"), required=False)


class BreakGlassForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need to read this city's data?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        min_length=20,
        max_length=1000,
        help_text=_("At least 20 letters. The city receives this text by mail, at once."),
    )


class MeForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language"]
        widgets = {"name": forms.TextInput(attrs={"maxlength": 80, "autocomplete": "nickname"})}
        labels = {"name": _("How shall others see you?"), "language": _("Which language do you read best?")}
        help_texts = {"name": _("A first name is enough. People you work with in the city see it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"] = forms.ChoiceField(label=self.fields["language"].label, choices=settings.LANGUAGES)


class GroupForm(forms.Form):
    subject = forms.CharField(
        label=_("What will the group work on?"), max_length=200, help_text=_("Such as: learning the language in our city.")
    )
    set_up_on = forms.DateField(label=_("From which day on?"), widget=DateInput())


class PersonChoice(forms.ModelChoiceField):
    """People by the name that they chose for others."""

    def label_from_instance(self, obj: User) -> str:
        return obj.name or str(_("(no name given)"))


class SeatForm(forms.Form):
    """A name, a type, a day: light enough to fill in during a telephone call."""

    name = forms.CharField(label=_("Who takes the seat?"), max_length=120, help_text=_("A name or a function, as the group knows it."))
    body = forms.CharField(label=_("For which body?"), max_length=200, required=False, help_text=_("Association, NGO, company or service."))
    member_type = forms.ChoiceField(label=_("Which type of member is it?"), choices=MemberType.choices, widget=forms.RadioSelect)
    speaks_for_migrants = forms.BooleanField(
        label=_("This seat speaks for migrants or refugees"),
        required=False,
        help_text=_("It says what the seat is for. Ask the person first; write nothing about where somebody comes from."),
    )
    joined_on = forms.DateField(label=_("From which day on?"), widget=DateInput())
    user = PersonChoice(
        label=_("Which account has this person?"),
        queryset=None,
        required=False,
        empty_label=_("none"),
        help_text=_("Not needed. With an account the person can assess and comment in Jumelle."),
    )

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(PersonChoice, self.fields["user"]).queryset = people_of(city)


class EndSeatForm(forms.Form):
    left_on = forms.DateField(label=_("On which day does the seat end?"), widget=DateInput())


class MeetingForm(forms.Form):
    held_on = forms.DateField(label=_("On which day?"), widget=DateInput())
    purpose = forms.CharField(
        label=_("What is the meeting for?"), max_length=300, help_text=_("Such as: discuss the answers to key factor 5.")
    )


class OutcomeForm(forms.Form):
    outcome = forms.CharField(
        label=_("What came of it?"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=10_000,
        help_text=_("Do not name anybody who would not want it."),
    )

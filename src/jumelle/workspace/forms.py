from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jumelle.accounts.models import User
from jumelle.cities.enums import OrganisationType, Role
from jumelle.cities.models import City, Organisation
from jumelle.cities.queries import organisations_of


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

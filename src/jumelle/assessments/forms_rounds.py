"""What a facilitator fills in: how a round goes, and whom to ask."""

from operator import itemgetter
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jumelle.accounts.models import User, name_to_show
from jumelle.assessments.enums import RespondentRole
from jumelle.cities.models import City, Organisation
from jumelle.cities.queries import organisations_of
from jumelle.common.forms import DateInput, RadioCards

NAMES_RUBRICS: dict[str, Any] = {
    "no": _("Answers stand under roles, and only where at least five people are together. It takes five questionnaires to open."),
    "yes": _("Each name stands beside the answers and notes. Two questionnaires are enough."),
}


class LastDayForm(forms.Form):
    answer_until = forms.DateField(
        label=_("Until which day can people answer?"), widget=DateInput(), help_text=_("At most 60 days from today.")
    )


class RoundForm(LastDayForm):
    shows_names = forms.ChoiceField(
        label=_("Shall names stand beside the answers when they are opened?"),
        choices=[("no", _("No: nobody is told who said what")), ("yes", _("Yes: the group wants to see who said what"))],
        widget=RadioCards(rubrics=NAMES_RUBRICS),
        initial="no",
        help_text=_("Everybody who is asked reads this before answering. It is a promise: it cannot be changed later."),
    )

    field_order = ("shows_names", "answer_until")


class RespondentForm(forms.Form):
    role = forms.ChoiceField(label=_("As whom shall this person answer?"), choices=RespondentRole.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Who is it?"),
        max_length=120,
        help_text=_("A name or a service, as you know it. If names are shown, it stands beside the answers."),
    )
    organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("For which department or organisation?"), queryset=None, required=False, empty_label=_("none")
    )
    user = forms.TypedChoiceField(
        label=_("Does this person have an account in this city?"),
        required=False,
        empty_value=None,
        help_text=_("Then choose the person here. Otherwise give an address beneath."),
    )
    email = forms.EmailField(
        label=_("Or to which address shall the link go?"),
        required=False,
        max_length=254,
        help_text=_("The mail is short and names neither the city nor the subject. The address is not kept."),
    )
    language = forms.ChoiceField(label=_("In which language shall the mail be?"), choices=settings.LANGUAGES)
    themes = forms.MultipleChoiceField(
        label=_("About which themes?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All of them is best. Leave out what this person cannot know."),
        error_messages={"required": _("Choose at least one theme.")},
    )

    def __init__(self, *args: Any, city: City, people: list[User], themes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Organisation]", self.fields["organisation"]).queryset = organisations_of(city)
        known = {str(person.pk): person for person in people}
        user = cast(forms.TypedChoiceField, self.fields["user"])
        user.choices = [("", _("no account")), *sorted(((key, name_to_show(known[key])) for key in known), key=itemgetter(1))]
        user.coerce = known.get
        chosen = cast(forms.MultipleChoiceField, self.fields["themes"])
        chosen.choices = themes
        chosen.initial = [code for code, _title in themes]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(cleaned.get("user")) == bool(cleaned.get("email")):
            self.add_error("email", _("Choose somebody with an account, or give an e-mail address; not both."))
        return cleaned


class NewLinkForm(forms.Form):
    email = forms.EmailField(
        label=_("To which address shall the new link go?"),
        max_length=254,
        help_text=_("The address is not kept, so you have to type it again."),
    )

    def __init__(self, *args: Any, needs_address: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_address:
            del self.fields["email"]

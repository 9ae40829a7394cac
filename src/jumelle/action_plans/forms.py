from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from jumelle.action_plans.enums import OriginKind, VersionName
from jumelle.action_plans.models import Plan
from jumelle.action_plans.operations import OWN_ORIGINS, HeaderGiven, LineGiven, MeasureGiven, mark_of
from jumelle.action_plans.operations.lines import COLUMNS, MEASURES_LIMIT
from jumelle.action_plans.operations.planning import REASON_MINIMUM
from jumelle.cities.models import City, Organisation
from jumelle.cities.queries import organisations_of
from jumelle.common.forms import DateInput, RadioCards

HIGHEST = 2**31 - 1
VERSION_RUBRICS: dict[str, Any] = {
    VersionName.FIRST_LIST: _("What comes to mind after the first visit or the first meeting."),
    VersionName.REVISED: _("Discussed, completed and put in order."),
    VersionName.CONSOLIDATED: _("Ready to be approved and carried out."),
    VersionName.OWN: _("Write the name below."),
}


def text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    """Whatever length: a text that is too long comes back to its author with a sentence, instead of being cut off."""
    more.setdefault("required", False)
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), strip=False, **more)


def line(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.TextInput(attrs={"dir": "auto"}), **more)


def revision() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=HIGHEST, required=False, initial=0)


def seen_revision(form: forms.Form) -> int:
    """The state that was typed upon: `over`, if the person decided to replace another one after having seen both."""
    over = form.data.get(form.add_prefix("over"), "")
    if over.isascii() and over.isdigit() and len(over) < 10:
        return int(over)
    return form.cleaned_data.get("revision") or 0


class HeaderForm(forms.Form):
    """The four fields above the table of the template. Source: mentoring guide, annex 6; date and version come by themselves."""

    title = line(_("What is the programme called?"), help_text=_("It stands above the plan, such as: language for everyone, 2026 to 2028."))
    mentee = line(_("Which city is it the plan of?"))
    mentor = line(_("Which city is the mentor?"), required=False, help_text=_("Leave it empty if you work without a mentor city."))
    language = forms.ChoiceField(label=_("In which language do you write the plan?"), choices=[])
    revision = revision()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.initial.get("language", "")
        known = dict(settings.LANGUAGES)
        choices = cast(forms.ChoiceField, self.fields["language"])
        choices.choices = [*known.items(), *([(stored, stored)] if stored and stored not in known else [])]

    @property
    def given(self) -> HeaderGiven:
        cleaned, seen = self.cleaned_data, seen_revision(self)
        return HeaderGiven(cleaned["title"], cleaned["mentee"], cleaned["mentor"], cleaned["language"], seen)


class LineForm(forms.Form):
    """The six columns of a line."""

    action = text(_("What will be done?"), required=True, help_text=_("One action, begun with a verb. Name no person."))
    results = text(_("Which results do you expect?"), help_text=_("What will be different for people when it is done."))
    starts_on = forms.DateField(label=_("When does it start?"), required=False, widget=DateInput())
    ends_on = forms.DateField(label=_("When is it to be finished?"), required=False, widget=DateInput())
    timetable = text(_("What else is there to say about the timetable?"), rows=2)
    lead = text(_("Who leads?"), rows=2, help_text=_("A service or a function rather than a person."))
    lead_organisation: "forms.ModelChoiceField[Organisation]" = forms.ModelChoiceField(
        label=_("Is it one of the city’s organisations?"), queryset=None, required=False, empty_label=_("none")
    )
    staff = text(_("Which staff is needed?"), rows=2)
    partners = text(_("Which partners take part?"), rows=2)
    funding = text(_("Which money is planned?"), rows=2, help_text=_("How much, from where, and whether it is certain."))
    evaluation = text(_("How will you see that it has worked?"), help_text=_("In words. Figures stand below, as measures of success."))
    revision = revision()

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Organisation]", self.fields["lead_organisation"]).queryset = organisations_of(city)

    def given(self, measures: Iterable[MeasureGiven]) -> LineGiven:
        cleaned, seen = self.cleaned_data, seen_revision(self)
        return LineGiven(**{name: cleaned[name] for name in COLUMNS}, measures=tuple(measures), revision=seen)


class MeasureForm(forms.Form):
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    what = line(_("What is measured?"), required=False)
    baseline = line(_("Where do you start from?"), required=False, help_text=_("Such as: 12 learners, or: not known."))
    target = line(_("Where do you want to be?"), required=False)
    due_on = forms.DateField(label=_("By when?"), required=False, widget=DateInput())
    data_source = line(_("Where does the figure come from?"), required=False)

    @property
    def given(self) -> MeasureGiven:
        cleaned = self.cleaned_data
        return MeasureGiven(
            what=cleaned.get("what") or "",
            baseline=cleaned.get("baseline") or "",
            target=cleaned.get("target") or "",
            due_on=cleaned.get("due_on"),
            data_source=cleaned.get("data_source") or "",
            id=cleaned.get("id"),
        )


MeasureForms = forms.formset_factory(MeasureForm, extra=1, max_num=MEASURES_LIMIT, absolute_max=MEASURES_LIMIT + 10)


class OriginForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Where was the action born?"), choices=[(kind.value, kind.label) for kind in OWN_ORIGINS], widget=forms.RadioSelect
    )
    label = line(_("Which one?"), help_text=_("Such as: second visit to the mentor city."))
    url = forms.CharField(
        label=_("Link"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr", "autocomplete": "off"}),
        help_text=_("A web address that starts with https://, if there is one."),
    )
    dated_on = forms.DateField(label=_("On which day?"), required=False, widget=DateInput())

    def clean_kind(self) -> OriginKind:
        return OriginKind(self.cleaned_data["kind"])


class SeenForm(forms.Form):
    """A text that several people may change; `seen` is the mark of the one that was typed upon, `over` of one to be replaced."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)

    @property
    def mark(self) -> str:
        return str(self.data.get(self.add_prefix("over")) or self.cleaned_data["seen"])


class NoteForm(SeenForm):
    note = text(_("What do you want to remember?"), help_text=_("Only officers and administrators of the city read it."))

    @classmethod
    def of(cls, note: str) -> "NoteForm":
        return cls(initial={"note": note, "seen": mark_of(note)})


class CommentForm(forms.Form):
    text = text(_("What do you want to say about this action?"), required=True, help_text=_("Name no person."))


class AnswerForm(SeenForm):
    answer = text(_("What became of it?"), required=True)


class VersionForm(forms.Form):
    name = forms.ChoiceField(label=_("Which version is it?"), choices=VersionName.choices, widget=RadioCards(rubrics=VERSION_RUBRICS))
    own_name = line(_("Name of your own"), required=False, help_text=_("Only if you chose a name of your own."))


class ApprovalForm(forms.Form):
    body = line(_("Who approved the plan?"), help_text=_("Such as: municipal council."))
    approved_on = forms.DateField(label=_("On which day?"), widget=DateInput())
    document_url = forms.CharField(
        label=_("Link to the decision"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "dir": "ltr", "autocomplete": "off"}),
        help_text=_("A web address that starts with https://. Or choose a file instead."),
    )
    document = forms.FileField(
        label=_("File with the decision"),
        required=False,
        allow_empty_file=True,
        help_text=_("At most 10 MB: PDF, PNG, JPG, DOCX, XLSX, ODT, ODS or plain text."),
    )


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}), min_length=REASON_MINIMUM, max_length=1000
    )


class GapsForm(forms.Form):
    """Into which plan the lines go. The gaps themselves are ticked beside their texts: `gap` holds codes, `start-<code>` a tip."""

    into = forms.ChoiceField(label=_("Which plan do the lines go into?"), widget=forms.RadioSelect, choices=[], initial="new")
    title = line(_("What is the programme of the new plan called?"), required=False, help_text=_("Only for a new plan."))
    language = forms.ChoiceField(
        label=_("In which language will you write the new plan?"),
        choices=settings.LANGUAGES,
        help_text=_("The texts of the toolkit are taken over in this language, where it has them."),
    )

    def __init__(self, *args: Any, plans: Iterable[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = cast(forms.ChoiceField, self.fields["into"])
        into.choices = [("new", _("A new plan")), *((str(plan.pk), plan.title) for plan in plans)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("into") == "new" and not cleaned.get("title"):
            self.add_error("title", _("Give the new plan a title."))
        return cleaned

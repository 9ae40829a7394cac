"""How every form of Jumelle is drawn: the renderer (settings: FORM_RENDERER) and widgets that Django does not have."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Label as a question, help, error, then the control; a summary of what needs another look on top."""

    form_template_name = "common/forms/form.html"
    field_template_name = "common/forms/field.html"


class RadioCards(forms.RadioSelect):
    """
    A scale as large cards, each with what the level means.

    `rubrics` maps a choice's value to one sentence; a value without one shows its label alone.
    """

    template_name = "common/forms/radio_cards.html"

    def __init__(self, *args: Any, rubrics: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rubrics = dict(rubrics or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        return {**option, "rubric": self.rubrics.get(str(value), "")}


class DateInput(forms.DateInput):
    """The browser's own calendar; it speaks ISO 8601 whatever the language of the page."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")

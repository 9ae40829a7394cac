"""The words of the interface that documents need, in the active language: states, dates, names of languages."""

from dataclasses import dataclass
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from django.utils.translation import gettext_lazy as _

from jumelle.engines.scoring.tally import State
from jumelle.publishing.writing import clean, direction_of, language_direction, likely_language
from jumelle.toolkits.enums import ToolkitKind
from jumelle.toolkits.package.model import Shown

_LOCALES = {"en": "en_GB", "prs": "fa_AF"}

# The picture of a state: the same names as the icons on screen.
SHAPES = {
    State.MET: "done",
    State.PARTLY: "partly",
    State.UNMET: "missing",
    State.UNKNOWN: "unknown",
    State.NA: "na",
    State.WRITTEN: "note",
    State.UNANSWERED: "empty",
}

STATE_WORDS = {
    State.MET: _("In place"),
    State.PARTLY: _("Partly in place"),
    State.UNMET: _("Missing"),
    State.UNKNOWN: _("Not known"),
    State.NA: _("Does not apply"),
    State.WRITTEN: _("Answered in words"),
    State.UNANSWERED: _("Not answered"),
}
_GRID_WORDS = {
    State.MET: _("Fully met"),
    State.PARTLY: _("Partly met"),
    State.UNMET: _("Not met"),
}
_BOX_WORDS = {
    State.MET: _("Ticked"),
    State.UNMET: _("Not ticked"),
}
EXEMPLARY = _("Exemplary: every indicator is fully met")

GATHERED = {
    "benchmark": _("Summary of an assessment with a benchmark"),
    "checklist": _("Summary of an assessment with a checklist"),
    "grid": _("Summary of an evaluation"),
    "form": _("Summary of a form"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """
    A run of text as it is shown.

    language: BCP 47 tag, "" when nobody knows; direction: ltr or rtl.
    tag: the name of the language, when it is not the reader's and the reader should be told.
    """

    text: str
    language: str
    direction: str
    tag: str = ""


def state_word(state: State, kind: str, *, is_ticked: bool = False) -> str:
    """
    Args:
        kind: of the toolkit; is_ticked: its items are boxes, see `Summary`.
    """
    words = _BOX_WORDS if is_ticked else _GRID_WORDS if kind == ToolkitKind.GRID else {}
    return str(words.get(state, STATE_WORDS[state]))


def locale_of(language: str) -> Locale:
    try:
        return Locale.parse(_LOCALES.get(language, language.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def date_words(day: date, language: str) -> str:
    """Return a date with the month in words, in the reader's language."""
    return format_date(day, "long", locale=locale_of(language))


def language_name(code: str, reader: str) -> str:
    """Return what a language is called in the reader's language, else in itself, else its code."""
    base = code.split("-")[0]
    return locale_of(reader).languages.get(base) or locale_of(base).languages.get(base) or code


@dataclass(frozen=True, slots=True)
class Reader:
    """
    For whom a document is made.

    writing_languages: in which people here are likely to have typed, likeliest first.
    """

    language: str
    writing_languages: tuple[str, ...] = ()

    @property
    def direction(self) -> str:
        return language_direction(self.language)

    def own(self, text: object) -> Words:
        """A text of the interface."""
        return Words(str(text), self.language, self.direction)

    def content(self, shown: Shown, known: str = "") -> Words:
        """A text of a toolkit; its language is named unless it is the reader's, or `known` from what stands above."""
        language = shown.language or self.language
        foreign = language.split("-")[0] not in (self.language.split("-")[0], known.split("-")[0])
        tag = language_name(language, self.language) if foreign else ""
        return Words(clean(shown.text), language, language_direction(language), tag)

    def typed(self, text: str) -> Words:
        """What a person wrote."""
        text = clean(text)
        language = likely_language(text, (*self.writing_languages, self.language)) or self.language
        return Words(text, language, direction_of(text, self.direction))

    def day(self, day: date) -> str:
        return date_words(day, self.language)

"""
Texts of a package in the reader's language, or in two languages side by side.

Every fragment in another language than the page says so to browsers (lang, dir); one that is there only because the
reader's language has a gap says so to readers too. The context must hold `package` and `shown_languages` (one or two tags).
"""

from collections.abc import Iterable, Mapping

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from jumelle.cities.enums import OrganisationType
from jumelle.toolkits.package.model import Package, Shown

register = template.Library()

BREAK = SafeString("<br>")
NOTHING = SafeString("")


@register.simple_tag(takes_context=True)
def words(context: Context, mapping: Mapping[str, str]) -> SafeString:
    """A short text inside a heading or a list; a second language follows on its own line."""
    return format_html_join(BREAK, "{}", ((_inline(context, shown),) for shown in _shown(context, mapping)))


@register.simple_tag(takes_context=True)
def paragraphs(context: Context, mapping: Mapping[str, str]) -> SafeString:
    """A text with its paragraphs; two languages stand beside each other."""
    found = _shown(context, mapping)
    if len(found) < 2:
        return format_html_join("", "{}", ((_block(context, shown),) for shown in found))
    sides = (
        (shown.language, direction(shown.language), _paragraphs(shown, NOTHING))  # the column says its language
        for shown in found
    )
    columns = format_html_join("", '<div lang="{}" dir="{}">{}</div>', sides)
    return format_html('<div class="two">{}</div>', columns)


@register.simple_tag(takes_context=True)
def plain(context: Context, mapping: Mapping[str, str]) -> str:
    """The text alone, for a title of the window or an attribute."""
    return package_of(context).text(mapping, languages_of(context)[0]).text


@register.filter
def direction(language: str) -> str:
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "auto"


@register.filter
def language_name(language: str) -> str:
    try:
        name: str = get_language_info(language)["name_local"]
    except KeyError:
        return language
    return name


@register.filter
def organisation_types(codes: Iterable[str]) -> str:
    """The types of organisation in words, joined by commas."""
    labels = dict(OrganisationType.choices)
    return ", ".join(str(labels.get(code, code)) for code in codes)


CHANGE_WORDS = {
    "wording": _("new wording"),
    "meaning": _("new meaning, see"),
    "added": _("added"),
    "removed": _("removed"),
    "split": _("split into"),
    "merged": _("merged into"),
    "moved": _("moved"),
    "replaced": _("replaced by"),
}


@register.filter
def change_word(change: str) -> str:
    return str(CHANGE_WORDS[change])


def package_of(context: Context) -> Package:
    package: Package = context["package"]
    return package


def languages_of(context: Context) -> tuple[str, ...]:
    languages: tuple[str, ...] = context["shown_languages"]
    return languages


def _shown(context: Context, mapping: Mapping[str, str]) -> list[Shown]:
    """The text in the languages asked for; once, when both lead to the same."""
    found: list[Shown] = []
    for language in languages_of(context):
        shown = package_of(context).text(mapping, language)
        if shown.text and shown not in found:
            found.append(shown)
    return found


def _attributes(shown: Shown) -> SafeString:
    if shown.language == get_language():
        return NOTHING
    return format_html(' lang="{}" dir="{}"', shown.language, direction(shown.language))


def _gap(context: Context, shown: Shown) -> SafeString:
    """The name of the language, where the package has the reader's language but not this text in it."""
    asked = languages_of(context)
    has_it = any(language in package_of(context).language_codes for language in asked)
    if shown.language in asked or not has_it:
        return NOTHING
    return format_html(' <span class="tag">{}</span>', language_name(shown.language))


def _inline(context: Context, shown: Shown) -> SafeString:
    attributes = _attributes(shown)
    text = format_html("<span{}>{}</span>", attributes, shown.text) if attributes else format_html("{}", shown.text)
    return format_html("{}{}", text, _gap(context, shown))


def _block(context: Context, shown: Shown) -> SafeString:
    return _paragraphs(shown, _attributes(shown), _gap(context, shown))


def _paragraphs(shown: Shown, attributes: SafeString, end: SafeString = NOTHING) -> SafeString:
    parts = [part for part in shown.text.split("\n\n") if part]
    rows = ((attributes, _lines(part), end if number == len(parts) else NOTHING) for number, part in enumerate(parts, start=1))
    return format_html_join("", "<p{}>{}{}</p>", rows)


def _lines(part: str) -> SafeString:
    return format_html_join(BREAK, "{}", ((line,) for line in part.split("\n")))

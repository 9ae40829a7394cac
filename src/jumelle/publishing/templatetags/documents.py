"""Words of a document on a page: each fragment says its language and direction when they are not the page's."""

import re

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from jumelle.common.tables import Column, Table
from jumelle.publishing.summary_parts import Document, Row
from jumelle.publishing.summary_words import Words

register = template.Library()

NOTHING = mark_safe("")
LINE_BREAK = mark_safe("<br>")
MAY_BREAK = mark_safe("<wbr>")
LONG_WORD = re.compile(r"(\S{31,})")
PARTS = re.compile(r"[^/?&=._-]{1,20}[/?&=._-]*|[/?&=._-]+")


def attributes(words: Words) -> SafeString:
    if words.language == get_language():
        return NOTHING
    return format_html(' lang="{}" dir="{}"', words.language, words.direction)


def tag(words: Words) -> SafeString:
    """The name of the language, where the reader should be told."""
    return format_html(' <span class="tag">{}</span>', words.tag) if words.tag else NOTHING


@register.filter
def breakable(text: str) -> SafeString:
    """Let words that no line of a phone can hold break: addresses after their signs, others anywhere."""
    pieces = LONG_WORD.split(text)  # every second piece is a long word
    return format_html_join("", "{}", ((_broken(piece) if place % 2 else piece,) for place, piece in enumerate(pieces)))


def _broken(word: str) -> SafeString:
    return format_html_join(MAY_BREAK, "{}", ((part,) for part in PARTS.findall(word)))


@register.simple_tag
def inline(words: Words) -> SafeString:
    """`{% inline words %}`: inside a line."""
    return format_html("<bdi{}>{}</bdi>{}", attributes(words), breakable(words.text), tag(words))


@register.simple_tag
def paragraphs(words: Words) -> SafeString:
    """`{% paragraphs words %}`: as paragraphs of their own, which start at the side where their language starts."""
    marks = attributes(words)
    parts = (part.split("\n") for part in words.text.split("\n\n"))
    lines = (format_html_join(LINE_BREAK, "{}", ((breakable(line),) for line in part)) for part in parts)
    return format_html_join("", "<p{}>{}</p>", ((marks, line) for line in lines)) + tag(words)


@register.inclusion_tag("components/table.html")
def figures_table(document: Document) -> dict[str, Table]:
    """`{% figures_table document %}`: the chapters in figures, each name a link to its chapter."""
    labels, overview = document.labels, document.overview
    columns = [
        Column(labels["chapter_and_result"]),
        *(Column(column.word) for column in overview.columns),
        Column(labels["answered"]),
    ]
    rows = [_figures(row) for row in overview.rows]
    return {"table": Table(labels["overview"], columns, rows, total=_figures(overview.total))}


def _figures(row: Row) -> list[object]:
    heading = format_html('<a href="#{}">{}</a>', row.code, inline(row.heading)) if row.code else row.heading.text
    if row.sign:
        sign = render_to_string("publishing/sign.html", {"sign": row.sign})
        heading = format_html("<span>{}{}{}</span>", heading, LINE_BREAK, sign)
    return [heading, *row.counts, row.answered]

"""Tags of the look: icons, blocks with a body, tables, QR codes. Everything else is an include from `components/`."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import qrcode
from django import template
from django.core.paginator import Page
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jumelle.common.chart_days import day_words
from jumelle.common.tables import Table

register = template.Library()

# Pictures that show a direction of reading or walking; a sheet of paper or a tick looks the same in every script.
TURNS = frozenset({"diagnose", "plan", "practise", "exit", "next", "previous", "undo", "question", "unknown", "note", "file"})
VERBS = ("diagnose", "map", "plan", "offer", "practise", "listen", "report", "twin")
STATES = ("done", "partly", "missing", "unknown", "na")


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """A picture of `static/common/img/icons.svg`; without a label it is decoration. `size` is "" or "large"."""
    classes = " ".join(filter(None, ["icon", "icon--turns" if name in TURNS else "", f"icon--{size}" if size else ""]))
    meaning = format_html('role="img" aria-label="{}"', label) if label else format_html('aria-hidden="{}" focusable="false"', "true")
    address = f"{static('common/img/icons.svg')}#{name}"
    return format_html('<svg class="{}" {} viewBox="0 0 24 24"><use href="{}"></use></svg>', classes, meaning, address)


@register.simple_block_tag
def callout(content: str, kind: str = "info", title: str = "", role: str = "") -> SafeString:
    """`{% callout "warning" title=… %}…{% endcallout %}`: a note apart from the text; see components/callout.html."""
    return render_to_string("components/callout.html", {"kind": kind, "title": title, "role": role, "body": content})


@register.simple_block_tag
def more(content: str, summary: str, open: bool = False, icon: str = "") -> SafeString:
    """`{% more _("Why do we ask?") %}…{% endmore %}`: what one may unfold; see components/details.html."""
    return render_to_string("components/details.html", {"summary": summary, "body": content, "open": open, "icon": icon})


@register.inclusion_tag("components/table.html")
def data_table(table: Table) -> dict[str, Table]:
    return {"table": table}


@register.filter
def steps_of(rail: Sequence[dict[str, Any]] | None) -> dict[str, Any]:
    """The current verb and its nearest neighbours that one can go to: {"previous", "current", "next"}, None if none."""
    verbs = list(rail or [])
    at = next((place for place, step in enumerate(verbs) if step.get("current")), None)
    if at is None:
        return {"previous": None, "current": None, "next": next((step for step in verbs if step.get("url")), None)}
    before = [step for step in verbs[:at] if step.get("url")]
    after = [step for step in verbs[at + 1 :] if step.get("url")]
    return {"previous": before[-1] if before else None, "current": verbs[at], "next": after[0] if after else None}


@register.filter
def elided(page: Page[Any]) -> Iterator[int | str]:
    """Page numbers with gaps: 1 … 4 5 6 … 12."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def is_number(value: object) -> bool:
    return isinstance(value, int)


@register.filter
def in_words(day: date | None) -> str:
    """The day as 25 November 2026 in the language of the page, those that Django has no formats for included; "" for none."""
    if day is None:
        return ""
    return day_words(timezone.localdate(day) if isinstance(day, datetime) else day)


@register.filter
def as_json(value: object) -> str:
    """For a data-* attribute; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """A QR code drawn in the page: no picture to fetch, no data: address; modules merged by row to keep it small."""
    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    return format_html(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges"><path d="{}"/></svg>',
        label or text,
        len(matrix),
        len(matrix),
        "".join(dark_runs(matrix)),
    )


def dark_runs(matrix: list[list[bool]]) -> Iterator[str]:
    for y, row in enumerate(matrix):
        start = None
        for x, dark in enumerate([*row, False]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                yield f"M{start} {y}h{x - start}v1h{start - x}z"
                start = None

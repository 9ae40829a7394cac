"""The bars of the summary page. On paper typst draws the same figures itself."""

from typing import Any

from django.utils.translation import gettext as _

from jumelle.common.charts import Stack, stacked_bar
from jumelle.publishing.summary_parts import Document

# Shapes of a chart on screen; "does not apply" and answers in words are no share of anything.
_SEGMENTS = {"done": "done", "partly": "partly", "missing": "missing", "unknown": "unknown", "empty": "unknown"}


def states_chart(document: Document, *, is_rtl: bool) -> dict[str, Any] | None:
    """None where nothing is counted. The table of the same figures stands under it on the page."""
    overview = document.overview
    words = {_SEGMENTS[column.shape]: column.word for column in overview.columns if column.shape in _SEGMENTS}
    if "unknown" in words:
        words["unknown"] = _("not known or not answered")
    stacks = []
    for row in overview.rows:
        counts: dict[str, int] = {}
        for column, count in zip(overview.columns, row.counts, strict=True):
            if column.shape in _SEGMENTS:
                counts[_SEGMENTS[column.shape]] = counts.get(_SEGMENTS[column.shape], 0) + count
        stacks.append(Stack(row.heading.text, counts))
    if not any(stack.total for stack in stacks):
        return None
    title = document.labels["overview"]
    svg = stacked_bar(stacks, title=title, description=overview.alt, words=words, rtl=is_rtl)
    return {"title": title, "sentence": overview.sentence, "svg": svg}

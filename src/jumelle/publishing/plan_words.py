"""The words of the interface that a printed plan needs, in the active language."""

from babel.dates import format_skeleton
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jumelle.action_plans.content import PlanContent
from jumelle.action_plans.enums import LineStatus, VersionName
from jumelle.action_plans.quarters import quarter_named
from jumelle.action_plans.queries import missing_in
from jumelle.publishing.summary_words import locale_of

# The picture of how a line stands: the same names as the icons on screen.
STATUS_SHAPES = {
    LineStatus.PLANNED: "empty",
    LineStatus.IN_PROGRESS: "partly",
    LineStatus.STALLED: "flag",
    LineStatus.DONE: "done",
    LineStatus.DROPPED: "na",
}

# By `action_plans.queries.missing`, in the order of the columns.
GAPS = {
    "results": gettext_lazy("expected results"),
    "dates": gettext_lazy("dates"),
    "lead": gettext_lazy("lead"),
    "measures": gettext_lazy("measure of success"),
}


def gaps_by_line(content: PlanContent) -> dict[str, tuple[str, ...]]:
    """Id of a line → what it lacks, as keys of `GAPS`; lines that lack nothing are left out."""
    lacking = {missing.what: {line.line_id for line in missing.lines} for missing in missing_in(content)}
    found = ((line.line_id, tuple(gap for gap in GAPS if line.line_id in lacking.get(gap, ()))) for line in content.lines)
    return {line_id: gaps for line_id, gaps in found if gaps}


def version_words(content: PlanContent) -> str:
    """Such as: Version 2: Revised plan. The working draft is called so."""
    if not content.version:
        return _("Draft")
    name = content.own_name if content.version_name == VersionName.OWN else VersionName(content.version_name).label
    return _("Version %(number)s: %(name)s") % {"number": content.version, "name": name}


def quarter_words(quarter: str, language: str) -> str:
    """
    Args:
        quarter: such as 2026-Q4.
    """
    return format_skeleton("yQQQQ", quarter_named(quarter).first_day, locale=locale_of(language))


def shortened(text: str, most: int) -> str:
    """In one line, cut at the end of a word where it is longer than `most` characters."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[: most - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"

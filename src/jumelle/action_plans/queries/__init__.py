"""Reads: who sees which plan, its lines, what is missing, what is due."""

from jumelle.action_plans.queries.content import content_of, content_with, line_content, measure_content, version_content
from jumelle.action_plans.queries.gaps import Gap, Gaps, GapTheme, gaps_of, lines_from
from jumelle.action_plans.queries.history import revisions_of
from jumelle.action_plans.queries.missing import Missing, missing_in
from jumelle.action_plans.queries.origins import Source, Sources, sources_of, to_reword
from jumelle.action_plans.queries.versions import differs, newest_version, versions_of
from jumelle.action_plans.queries.visible import (
    comments_of,
    lines_of,
    lines_of_all,
    manages,
    may_comment,
    plans_visible_to,
    private_notes_of,
    reads_comments,
    removed_lines_of,
    sees_names,
)

__all__ = [
    "Gap",
    "GapTheme",
    "Gaps",
    "Missing",
    "Source",
    "Sources",
    "comments_of",
    "content_of",
    "content_with",
    "differs",
    "gaps_of",
    "line_content",
    "lines_from",
    "lines_of",
    "lines_of_all",
    "manages",
    "may_comment",
    "measure_content",
    "missing_in",
    "newest_version",
    "plans_visible_to",
    "private_notes_of",
    "reads_comments",
    "removed_lines_of",
    "revisions_of",
    "sees_names",
    "sources_of",
    "to_reword",
    "version_content",
    "versions_of",
]

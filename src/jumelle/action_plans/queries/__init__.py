"""Reads: who sees which plan, its lines, what is missing, what is due."""

from jumelle.action_plans.queries.content import content_of, line_content, measure_content, version_content
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
)

__all__ = [
    "comments_of",
    "content_of",
    "line_content",
    "lines_of",
    "lines_of_all",
    "manages",
    "may_comment",
    "measure_content",
    "plans_visible_to",
    "private_notes_of",
    "reads_comments",
    "removed_lines_of",
    "version_content",
]

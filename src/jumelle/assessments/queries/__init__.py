"""Reads: who sees what (`visible`), the answer sheet (`sheet`), results (`results`), earlier states (`history`)."""

from jumelle.assessments.queries.history import answer_with_person, revisions_of
from jumelle.assessments.queries.results import Results, ThemeResult, results_of, results_with
from jumelle.assessments.queries.sheet import (
    Entry,
    Group,
    Sheet,
    Theme,
    answers_of,
    sheet_of,
    sheet_with,
    sheets_of,
    themes_of,
)
from jumelle.assessments.queries.visible import (
    assessments_visible_to,
    chosen_factors_of,
    evidence_visible_to,
    is_in_team,
    manages,
    organisations_staffed_by,
    removed_evidence,
    sees_names,
)

__all__ = [
    "Entry",
    "Group",
    "Results",
    "Sheet",
    "Theme",
    "ThemeResult",
    "answer_with_person",
    "answers_of",
    "assessments_visible_to",
    "chosen_factors_of",
    "evidence_visible_to",
    "is_in_team",
    "manages",
    "organisations_staffed_by",
    "removed_evidence",
    "results_of",
    "results_with",
    "revisions_of",
    "sees_names",
    "sheet_of",
    "sheet_with",
    "sheets_of",
    "themes_of",
]

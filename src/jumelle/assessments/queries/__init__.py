"""
Reads: who sees what (`visible`), the answer sheet (`sheet`), results (`results`), earlier states (`history`), answering together
(`rounds`).
"""

from jumelle.assessments.queries.history import answer_with_person, revisions_of
from jumelle.assessments.queries.results import Results, ThemeResult, results_of, results_with
from jumelle.assessments.queries.rounds import (
    Questionnaire,
    RespondentProgress,
    answers_on_the_table,
    asked_of,
    asked_sheet,
    questionnaire_of,
    respondent_of,
    respondents_of,
    rounds_of,
    running_round_of,
    sent_in,
    themes_to_ask,
)
from jumelle.assessments.queries.sheet import (
    Entry,
    Group,
    Sheet,
    Stored,
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
    "Questionnaire",
    "RespondentProgress",
    "Results",
    "Sheet",
    "Stored",
    "Theme",
    "ThemeResult",
    "answer_with_person",
    "answers_of",
    "answers_on_the_table",
    "asked_of",
    "asked_sheet",
    "assessments_visible_to",
    "chosen_factors_of",
    "evidence_visible_to",
    "is_in_team",
    "manages",
    "organisations_staffed_by",
    "questionnaire_of",
    "removed_evidence",
    "respondent_of",
    "respondents_of",
    "results_of",
    "results_with",
    "revisions_of",
    "rounds_of",
    "running_round_of",
    "sees_names",
    "sent_in",
    "sheet_of",
    "sheet_with",
    "sheets_of",
    "themes_of",
    "themes_to_ask",
]

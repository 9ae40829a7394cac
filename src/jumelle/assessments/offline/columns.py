"""
The workbook's form, known to the writer and the reader.

Row 1 of the answers holds technical names, row 2 the same in the reader's language. The sheets are found by what stands in their
first cell, so that they may be renamed or moved.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ABOUT_MARK = "jumelle-assessment"
ANSWERS_MARK = "code"
FIRST_ROW = 3


@dataclass(frozen=True, slots=True)
class Column:
    """to_fill: the person may change it; the others are there to read, and to find the item again."""

    name: str
    label: Promise
    width: int
    to_fill: bool = False


COLUMNS = (
    Column("code", _("Code (do not change)"), 12),
    Column("part", _("Part"), 24),
    Column("question", _("Question"), 60),
    Column("answer", _("Your answer (choose)"), 22, to_fill=True),
    Column("text", _("Your own words (open questions)"), 40, to_fill=True),
    Column("note", _("Note"), 40, to_fill=True),
    Column("come_back", _("Come back to this (x)"), 14, to_fill=True),
    Column("revision", _("State (do not change)"), 12),
)
POSITION = {column.name: number for number, column in enumerate(COLUMNS, start=1)}
LABEL = {column.name: column.label for column in COLUMNS}

TICKS = frozenset({"x", "✓", "1", "yes", "oui", "true", "vrai"})
NO_TICKS = frozenset({"", "0", "no", "non", "false", "faux"})

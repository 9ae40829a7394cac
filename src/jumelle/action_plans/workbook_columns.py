"""
The workbook of a plan: which sheets it has and what each column means. Publishing writes it, `importing` reads it.

    plan       column A a key, B its label, C its value. A1 holds MARK, C1 holds FORMAT
    lines      one row per action           row 1 holds the keys of the columns, row 2 the same for people,
    measures   one row per measure          rows from FIRST_ROW on the data
    origins    one row per origin
    choices    the words to choose from, for the lists that spreadsheets offer; a reader passes it over

Sheets keep these names in every language. A sheet can also be found by what stands in its cell A1, so that it may be renamed.
`line` is the number of a line in this workbook: it orders the lines, and ties measures and origins to theirs. `line_id` is the lasting
identity of a line that the plan had already; an empty one stands for a new line.
A text is written as text whatever it starts with, an underscore that would read as an escape as _x005F_. A date is written as a date,
and may come back as text such as 2026-03-31. A choice is written as its label in the language of the workbook, see `choice_of`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jumelle.action_plans.enums import LineStatus, OriginKind, VersionName

MARK = "jumelle-plan"
FORMAT = "1"
PLAN_SHEET, LINES_SHEET, MEASURES_SHEET, ORIGINS_SHEET, CHOICES_SHEET = "plan", "lines", "measures", "origins", "choices"
KEY_ROW, LABEL_ROW, FIRST_ROW = 1, 2, 3
TEXT_LIMIT = 10_000  # characters; a cell holds 32,767

YES_OR_NO = (("yes", _("Yes")), ("no", _("No")))

# The titles of the six columns, by `content.COLUMNS`. Source of the columns: mentoring guide, annex 6; the words are ours.
COLUMN_TITLES: Mapping[str, Promise] = {
    "action": _("Actions"),
    "results": _("Expected results"),
    "timetable": _("Timetable"),
    "lead": _("Lead"),
    "resources": _("Resources and partners"),
    "evaluation": _("Evaluation of success"),
}


class Kind(Enum):
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"  # whole, from 1
    CHOICE = "choice"
    IDENTITY = "identity"  # written by Jumelle, to be left as it is


@dataclass(frozen=True, slots=True)
class Column:
    """
    key: as it stands in row 1; but for `line`, the name of the field of the dataclass in `content`.
    width: in characters. choices: value → label. limit: characters. to_fill: people write into it.
    """

    key: str
    label: Promise
    kind: Kind = Kind.TEXT
    width: int = 24
    choices: Sequence[tuple[str, str | Promise]] = ()
    required: bool = False
    limit: int = TEXT_LIMIT
    to_fill: bool = True


PLAN_FIELDS = (
    Column("plan_id", _("Identity of the plan (do not change)"), Kind.IDENTITY, to_fill=False),
    Column("title", _("Title of the programme"), required=True, limit=200),
    Column("mentee", _("Mentee city"), required=True, limit=200),
    Column("mentor", _("Mentor city"), limit=200),
    Column("language", _("Language of the plan"), limit=10),
    Column("dated_on", _("Date"), Kind.DATE, to_fill=False),
    Column("version", _("Number of the version (0: draft)"), Kind.IDENTITY, to_fill=False),
    Column("version_name", _("Version"), Kind.CHOICE, choices=VersionName.choices, to_fill=False),
    Column("own_name", _("Own name of the version"), limit=100, to_fill=False),
)

_LINE = Column("line", _("Line"), Kind.NUMBER, 8, required=True)

LINE_COLUMNS = (
    _LINE,
    Column("action", _("Action"), width=44, required=True),
    Column("results", _("Expected results"), width=44),
    Column("starts_on", _("Starts on"), Kind.DATE, 14),
    Column("ends_on", _("Ends on"), Kind.DATE, 14),
    Column("timetable", _("Timetable in words"), width=30),
    Column("lead", _("Lead: which service or function"), width=30),
    Column("lead_organisation", _("Organisation that leads"), width=30),
    Column("staff", _("Staff"), width=30),
    Column("partners", _("Partners"), width=30),
    Column("funding", _("Planned funding"), width=30),
    Column("evaluation", _("What will show success"), width=44),
    Column("status", _("How it stands"), Kind.CHOICE, 16, LineStatus.choices),
    Column("is_public", _("On the public page"), Kind.CHOICE, 12, YES_OR_NO),
    Column("line_id", _("Identity of the line (do not change)"), Kind.IDENTITY, 20, to_fill=False),
)

MEASURE_COLUMNS = (
    _LINE,
    Column("what", _("What is measured"), width=44, required=True),
    Column("baseline", _("Where we start from"), width=20, limit=100),
    Column("target", _("Target"), width=20, limit=100),
    Column("due_on", _("Target date"), Kind.DATE, 14),
    Column("data_source", _("Where the figure comes from"), width=36),
    Column("reached", _("Reached so far"), width=20, limit=100),
    Column("reached_on", _("Reached on"), Kind.DATE, 14),
)

ORIGIN_COLUMNS = (
    _LINE,
    Column("kind", _("Where the line was born"), Kind.CHOICE, 30, OriginKind.choices, required=True),
    Column("toolkit", _("Toolkit"), width=28, limit=80),
    Column("version", _("Version of the toolkit"), width=14, limit=60),
    Column("code", _("Code"), width=14, limit=40),
    Column("label", _("In words"), width=44),
    Column("url", _("Address"), width=44, limit=1000),
    Column("dated_on", _("Date"), Kind.DATE, 14),
)

TABLES: Mapping[str, Sequence[Column]] = {
    LINES_SHEET: LINE_COLUMNS,
    MEASURES_SHEET: MEASURE_COLUMNS,
    ORIGINS_SHEET: ORIGIN_COLUMNS,
}


def position_of(sheet: str, key: str) -> int:
    """The number of a column, A is 1."""
    return [column.key for column in TABLES[sheet]].index(key) + 1


def choice_of(column: Column, typed: str) -> str | None:
    """Return the value that was meant: typed itself, or by its label in any language of the interface. None: neither."""
    wanted = " ".join(typed.split()).casefold()
    for value, label in column.choices:
        if wanted in {value.casefold(), *_labels(label)}:
            return str(value)
    return None


def _labels(label: str | Promise) -> set[str]:
    labels = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels.add(" ".join(str(label).split()).casefold())
    return labels

"""What comes back from offline work: rows that are understood, and for every other one what is wrong, where, and what to do."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language

from jumelle.assessments.offline.columns import (
    ABOUT_MARK,
    ANSWERS_MARK,
    FIRST_ROW,
    LABEL,
    NO_TICKS,
    POSITION,
    TICKS,
)
from jumelle.assessments.operations.answering import TEXT_LIMIT, Given, tidy
from jumelle.assessments.queries.sheet import Entry, Sheet
from jumelle.toolkits.package.archive import Archive
from jumelle.toolkits.package.fields import NotText
from jumelle.toolkits.package.problems import PackageRefused, Problem, refused
from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.workbook_cells import Cell, read_sheets
from jumelle.toolkits.package.workbook_cells import Sheet as Page

WorkbookRefused = PackageRefused  # the same messages with sheet, row and column; here it is a workbook of answers


@dataclass(frozen=True, slots=True)
class Row:
    """An understood row. number: as the person sees it in the spreadsheet."""

    number: int
    entry: Entry
    given: Given


@dataclass(frozen=True, slots=True)
class Reading:
    sheet_name: str
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


class _RowWrong(Exception):
    def __init__(self, column: str, template: str, /, **params: object) -> None:
        super().__init__(template)
        self.column, self.template, self.params = column, template, params


def read_workbook(data: bytes, sheet: Sheet) -> Reading:
    """
    Return the rows of a workbook that was written for this assessment.

    Raises:
        WorkbookRefused: the file as a whole is of no use: not a workbook, harmful, or of another assessment or version.
    """
    if data and not data.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise refused(_("This is not an XLSX workbook. Upload the file that you downloaded from this assessment."))
    pages = read_sheets(Archive(data))
    _check_about(pages, sheet)
    answers = [page for page in pages if _first(page) == ANSWERS_MARK]
    if len(answers) != 1:
        raise refused(_("The sheet with the answers is missing, or stands twice. Download the workbook again and copy your answers."))
    _check_header(answers[0])
    rows, problems = _read_rows(answers[0], sheet)
    return Reading(answers[0].name, tuple(rows), tuple(problems))


def _first(page: Page) -> str:
    cell = page.rows.get(1, {}).get(1, "")
    return cell.strip() if isinstance(cell, str) else ""


def _check_about(pages: list[Page], sheet: Sheet) -> None:
    about = next((page for page in pages if _first(page) == ABOUT_MARK), None)
    if about is None:
        raise refused(_("This workbook does not come from Jumelle. Download it from this assessment and fill it in."))
    facts = {_text(row.get(1, "")): _text(row.get(2, "")) for row in about.rows.values()}
    if facts.get(ABOUT_MARK) != str(sheet.assessment.pk):
        raise refused(_("This workbook belongs to another assessment. Open that one, or download the workbook here."))
    if (facts.get("toolkit"), facts.get("version")) != (sheet.package.id, sheet.package.version):
        raise refused(_("This workbook was made with another version of the toolkit. Download it again."))


def _check_header(page: Page) -> None:
    header = page.rows.get(1, {})
    for name, position in POSITION.items():
        if _text(header.get(position, "")) != name:
            message = _("The columns were moved, renamed or deleted. Download the workbook again and copy your answers.")
            raise PackageRefused([Problem(page.name, 1, str(LABEL[name]), message)])


def _read_rows(page: Page, sheet: Sheet) -> tuple[list[Row], list[Problem]]:
    rows: list[Row] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for number, cells in _filled(page):
        try:
            row = _read_row(number, cells, sheet)
            if row.entry.code in seen:
                message = _("%(code)s stands in row %(row)s already. Keep one of the two rows.")
                raise _RowWrong("code", message, code=row.entry.code, row=seen[row.entry.code])
        except _RowWrong as wrong:
            params = {name: str(value) for name, value in wrong.params.items()}
            problems.append(Problem(page.name, number, str(LABEL[wrong.column]), wrong.template, params))
            continue
        seen[row.entry.code] = number
        rows.append(row)
    return rows, problems


def _filled(page: Page) -> Iterator[tuple[int, dict[int, Cell]]]:
    for number in sorted(page.rows):
        if number >= FIRST_ROW and any(not isinstance(cell, str) or cell.strip() for cell in page.rows[number].values()):
            yield number, page.rows[number]


def _read_row(number: int, cells: dict[int, Cell], sheet: Sheet) -> Row:
    values = {name: _readable(name, cells.get(position, "")) for name, position in POSITION.items()}
    entry = sheet.all_entries.get(values["code"])
    if entry is None:
        message = _("“%(code)s” is not a code of this assessment. Put back the code that stood there.")
        raise _RowWrong("code", message, code=values["code"][:40])
    given = Given(
        value=_value(entry, values["answer"], sheet),
        text=_own_words(entry, values["text"]),
        note=_limited("note", values["note"]),
        come_back=_tick(values["come_back"]),
        revision=_revision(values["revision"]),
    )
    return Row(number, entry, given)


def _readable(name: str, cell: Cell) -> str:
    if isinstance(cell, NotText) and cell.kind == "formula":
        raise _RowWrong(name, _("The cell holds a formula. Type the text itself."))
    if isinstance(cell, NotText) and cell.kind == "error":
        raise _RowWrong(name, _("The cell holds the error %(shown)s. Type the text itself."), shown=cell.shown)
    return tidy(_text(cell))


def _text(cell: Cell) -> str:
    """A number, a date or TRUE typed by a person is as good as its text."""
    return cell.strip() if isinstance(cell, str) else cell.shown


def _value(entry: Entry, answer: str, sheet: Sheet) -> str:
    """The label in any language of the toolkit, or the value itself, whatever the capitals."""
    wanted = answer.casefold()
    if not wanted:
        return ""
    for level in entry.levels:
        if wanted in {level.value.casefold(), *(label.strip().casefold() for label in level.label.values())}:
            return level.value
    if wanted in entry.values:
        return wanted
    if not entry.levels:
        message = _("This is an open question: write your answer in the column “%(column)s”.")
        raise _RowWrong("answer", message, column=LABEL["text"])
    message = _("“%(answer)s” is not one of the answers. Choose one of: %(known)s.")
    known = ", ".join(sheet.package.text(level.label, get_language() or "en").text for level in entry.levels)
    raise _RowWrong("answer", message, answer=answer[:40], known=known)


def _own_words(entry: Entry, text: str) -> str:
    if text and entry.levels:
        message = _("This question is answered by a choice. Put your words into the column “%(column)s”.")
        raise _RowWrong("text", message, column=LABEL["note"])
    return _limited("text", text)


def _limited(column: str, text: str) -> str:
    if len(text) > TEXT_LIMIT:
        message = _("The text has %(length)s characters, the limit is %(limit)s. Shorten it.")
        raise _RowWrong(column, message, length=len(text), limit=TEXT_LIMIT)
    return text


def _tick(word: str) -> bool:
    if word.casefold() in TICKS:
        return True
    if word.casefold() in NO_TICKS:
        return False
    raise _RowWrong("come_back", _("“%(word)s” is not understood here. Write x, or leave the cell empty."), word=word[:20])


def _revision(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        message = _("The state “%(text)s” was changed. Put back the number that stood there, or download the workbook again.")
        raise _RowWrong("revision", message, text=text[:20])
    return int(text)

"""One cell of a workbook as the value that its column holds, or a sentence that says what is wrong with it."""

from datetime import date
from typing import NoReturn
from uuid import UUID

from jumelle.action_plans.workbook_columns import Column, Kind, choice_of
from jumelle.assessments.operations.answering import tidy
from jumelle.toolkits.package.fields import NotText
from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.workbook_cells import Cell

Value = str | date | int | UUID | None
FIRST_YEAR, LAST_YEAR = 1990, 2100


class CellWrong(Exception):
    """What is wrong, and in which column; see `toolkits.package.problems.Problem`."""

    def __init__(self, column: Column, template: str, /, **params: object) -> None:
        super().__init__(template)
        self.column, self.template, self.params = column, template, {name: str(value) for name, value in params.items()}


def value_of(column: Column, cell: Cell) -> Value:
    """
    Return a text, "" if empty; a date, a number or an identity, None if empty; the value of a choice, "" if empty.

    Raises:
        CellWrong: see the class.
    """
    text = text_of(column, cell)
    if not text and column.required:
        refuse(column, _("This cell is empty. Fill it in, or delete the whole row."))
    if column.kind is Kind.DATE:
        return _date(column, cell, text)
    if column.kind is Kind.NUMBER:
        return _number(column, text)
    if column.kind is Kind.IDENTITY:
        return _identity(column, text)
    if column.kind is Kind.CHOICE:
        return _choice(column, text)
    if len(text) > column.limit:
        refuse(column, _("The text has %(length)s characters, the limit is %(limit)s. Shorten it."), length=len(text), limit=column.limit)
    return text


def text_of(column: Column, cell: Cell) -> str:
    """
    A number, a day or TRUE that a person typed is as good as its text.

    Raises:
        CellWrong: the cell holds a formula or an error.
    """
    if isinstance(cell, str):
        return tidy(cell)
    if cell.kind == "formula":
        refuse(column, _("The cell holds a formula. Type the text itself."))
    if cell.kind == "error":
        refuse(column, _("The cell holds the error %(shown)s. Type the text itself."), shown=cell.shown)
    return tidy(cell.shown)


def _date(column: Column, cell: Cell, text: str) -> date | None:
    if not text:
        return None
    if isinstance(cell, NotText) and cell.kind not in ("date", "integer"):
        _not_a_date(column, text)
    if isinstance(cell, NotText) and cell.kind == "integer":
        refuse(column, _("%(text)s is a number, not a day. Format the cell as a date, or type the day as 2026-03-31."), text=text[:40])
    try:
        day = date.fromisoformat(_iso(text))
    except ValueError:
        _not_a_date(column, text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        refuse(column, _("Check the year of this day: %(text)s."), text=text[:40])
    return day


def _iso(text: str) -> str:
    """31.3.2026 is understood too; with strokes nobody knows which number is the month."""
    parts = text.split(".")
    if len(parts) == 3 and all(part.strip().isdigit() for part in parts):
        day, month, year = (part.strip() for part in parts)
        return f"{year}-{month.zfill(2)}-{day.zfill(2)}"
    return text if len(text) == len("2026-03-31") else ""


def _not_a_date(column: Column, text: str) -> NoReturn:
    refuse(column, _("“%(text)s” is not a day. Write it as 2026-03-31, or leave the cell empty."), text=text[:40])


def _number(column: Column, text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 7 and int(text) > 0):
        refuse(column, _("“%(text)s” is not the number of a line. Write a whole number from 1."), text=text[:40])
    return int(text)


def _identity(column: Column, text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        message = _("The identity “%(text)s” was changed. Put back what stood there; for a new line, leave the cell empty.")
        refuse(column, message, text=text[:40])


def _choice(column: Column, text: str) -> str:
    if not text:
        return ""
    found = choice_of(column, text)
    if found is None:
        known = ", ".join(str(label) for _value, label in column.choices)
        refuse(column, _("“%(text)s” is not one of the choices. Choose one of: %(known)s."), text=text[:40], known=known)
    return found


def refuse(column: Column, template: str, /, **params: object) -> NoReturn:
    raise CellWrong(column, template, **params)

"""What would happen if a filled-in workbook were taken: new answers, unchanged ones, and those that somebody changed online."""

from collections.abc import Iterable
from dataclasses import dataclass

from jumelle.assessments.models import Answer, AnswerRevision
from jumelle.assessments.offline.read import Reading, Row
from jumelle.assessments.operations.answering import Given
from jumelle.assessments.queries.sheet import Entry, Sheet
from jumelle.toolkits.package.problems import Problem

State = tuple[str, str, str, bool]


@dataclass(frozen=True, slots=True)
class Preview:
    """
    new: rows that change something and were filled in upon the stored state.
    conflicts: rows that change something that was changed online since the workbook was downloaded.
    unchanged: how many rows say what is stored, or were not touched offline.
    """

    new: tuple[Row, ...]
    conflicts: tuple[Row, ...]
    unchanged: int
    problems: tuple[Problem, ...]


def preview_of(reading: Reading, sheet: Sheet) -> Preview:
    """One query, and only if a row is older than what is stored."""
    changed = [row for row in reading.rows if _given_state(row.given) != _entry_state(row.entry)]
    stale = [row for row in changed if row.given.revision != row.entry.revision]
    earlier = _earlier_states(sheet, stale)
    untouched = {row.number for row in stale if _given_state(row.given) == _state_then(row, earlier)}
    return Preview(
        new=tuple(row for row in changed if row.given.revision == row.entry.revision),
        conflicts=tuple(row for row in stale if row.number not in untouched),
        unchanged=len(reading.rows) - len(changed) + len(untouched),
        problems=reading.problems,
    )


def _given_state(given: Given) -> State:
    return given.value, given.text, given.note, given.come_back


def _entry_state(entry: Entry) -> State:
    return entry.value, entry.text, entry.note, entry.come_back


def _earlier_states(sheet: Sheet, stale: Iterable[Row]) -> dict[tuple[str, int], State]:
    """The states that the stale rows were filled in upon: what equals them was not touched offline."""
    answers = [row.entry.answer for row in stale if isinstance(row.entry.answer, Answer)]
    if not answers:
        return {}
    found = AnswerRevision.objects.filter(answer__in=answers).select_related("answer")
    return {
        (earlier.answer.item_code, earlier.revision): (earlier.value, earlier.text, earlier.note, earlier.come_back) for earlier in found
    }


def _state_then(row: Row, earlier: dict[tuple[str, int], State]) -> State | None:
    if row.given.revision == 0:
        return "", "", "", False
    return earlier.get((row.entry.code, row.given.revision))

"""A plan as a PDF for people with and without a screen reader: tagged, PDF/UA-1, A4 across."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from jumelle.publishing.paper_data import paper_data
from jumelle.publishing.plan_parts import LinePart, PlanDocument
from jumelle.publishing.press import Job, print_pdf

LONG_WORD = 24  # letters: what fits into the narrowest of the six columns
LONG_ROW = 28  # printed lines: a row that needs more may go on over the page, a shorter one stays whole. A page holds about 36
_LETTERS_A_LINE = (22, 20, 14, 15, 18, 23)  # in each column, and rather too few than too many


def plan_pdf(document: PlanDocument, *, now: datetime) -> bytes:
    """
    Raises:
        PrintingFailed: the press stopped or took too long.
    """
    data = paper_data(asdict(document), long_word=LONG_WORD)
    for printed, line in zip(data["lines"], document.lines, strict=True):
        printed["long"] = max(_heights(line)) > LONG_ROW
    return print_pdf(Job(template="plan.typ", data=data, timestamp=int(now.timestamp())))


def _heights(line: LinePart) -> Iterable[int]:
    """How many printed lines each cell needs, about."""
    for cell, letters in zip(line.cells, _LETTERS_A_LINE, strict=True):
        yield sum(bool(piece.label) + _height(piece.words.text, letters) for piece in cell)
    last = _LETTERS_A_LINE[-1]
    pieces = [piece.words.text for piece in line.cells[-1]]
    measures = [measure.what.text for measure in line.measures]
    figures = [fact.label + fact.words.text for measure in line.measures for fact in measure.facts]
    yield sum(_height(text, last) for text in (*pieces, *measures, *figures))


def _height(text: str, letters: int) -> int:
    return sum(1 + len(paragraph) // letters for paragraph in text.split("\n"))

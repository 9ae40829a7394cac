"""A plan as a DOCX file that people can go on writing in: the page across, the header and the six columns of the template."""

from collections.abc import Iterable
from datetime import datetime

from docx.shared import Cm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from jumelle.publishing.docx_writing import DocxWriter
from jumelle.publishing.plan_parts import LinePart, MeasurePart, NewsPart, OriginPart, Piece, PlanDocument
from jumelle.publishing.summary_parts import Fact, Sign

# Geometric signs that office fonts have; the word stands beside each.
_SIGNS = {"done": "●", "partly": "◐", "flag": "▲", "na": "–", "empty": "○"}
_WIDTHS_CM = (5.1, 4.7, 3.5, 3.7, 4.4, 5.3)


def plan_docx(document: PlanDocument, *, now: datetime) -> bytes:
    return _PlanWriter(document, now).write()


class _PlanWriter(DocxWriter):
    def __init__(self, document: PlanDocument, now: datetime) -> None:
        title = f"{document.heading} – {document.title.text} – {document.mentee.text} – {document.version}"
        super().__init__(language=document.language, direction=document.direction, title=title, now=now, across=True)
        self.document = document
        self.labels = document.labels

    def write(self) -> bytes:
        document, labels = self.document, self.labels
        self.foot(f"{labels['made_on']} {document.made_on} · {document.language_name} · {labels['page_of']}")
        self.heading(self.own(document.heading), 0)
        self.facts(document.facts)
        if document.languages_note:
            self.paragraph(self.own(document.languages_note), quiet=True)
        self.heading(self.own(labels["lines"]), 1)
        self.lines()
        self.missing()
        self.approval()
        if document.address:
            self.link(self.paragraph(self.own(labels["address"] + labels["colon"])), document.address)
        return self.written()

    def facts(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            paragraph = self.labelled(fact.label)
            if fact.url.startswith(("https://", "http://")):
                self.link(paragraph, fact.url)
            else:
                self.add(paragraph, fact.value)

    def labelled(self, label: str, cell: _Cell | None = None, *, direction: str = "") -> Paragraph:
        paragraph = self.blank(cell, direction=direction)
        self.add(paragraph, self.own(label + self.labels["colon"]), quiet=True)
        return paragraph

    # --- lines --------------------------------------------------------------------------------------------------------

    def lines(self) -> None:
        document = self.document
        if not document.lines:
            self.paragraph(self.own(self.labels["no_lines"]))
            return
        table = self.table(document.columns, title=self.labels["lines"], widths=[Cm(width) for width in _WIDTHS_CM])
        for line in document.lines:
            self.line(table, line)

    def line(self, table: Table, line: LinePart) -> None:
        cells = self.row(table, whole=False)
        self.paragraph(self.own(line.number), cells[0], bold=True)
        for cell, pieces in zip(cells, line.cells, strict=True):
            for piece in pieces:
                self.piece(piece, cell)
        for measure in line.measures:
            self.measure(measure, cells[-1])
        self.under(table, line)

    def piece(self, piece: Piece, cell: _Cell) -> None:
        if piece.label:
            self.paragraph(self.own(piece.label), cell, quiet=True)
        if piece.is_gap:
            self.paragraph(piece.words, cell, quiet=True)
        else:
            self.paragraphs(piece.words, cell)

    def measure(self, measure: MeasurePart, cell: _Cell) -> None:
        self.paragraph(measure.what, cell, bold=True)
        for fact in measure.facts:
            self.add(self.labelled(fact.label, cell), fact.words)

    def under(self, table: Table, line: LinePart) -> None:
        """One cell under the six: how the line stands, where it was born, the latest news."""
        cells = self.row(table)
        cell = cells[0].merge(cells[-1])
        standing = self.blank(cell)
        self.add(standing, self.own(f"{line.number} "), bold=True)
        self.signed(standing, line.sign)
        for origin in line.origins:
            self.origin(origin, cell)
        if line.news:
            self.news(line.news, cell)

    def signed(self, paragraph: Paragraph, sign: Sign) -> None:
        self.add(paragraph, self.own(f"{_SIGNS[sign.shape]} "))
        self.add(paragraph, sign.word, bold=True)

    def origin(self, origin: OriginPart, cell: _Cell) -> None:
        paragraph = self.labelled(self.labels["origins"], cell)
        self.add(paragraph, self.own(origin.kind))
        if origin.code:
            self.add(paragraph, self.own(f" {origin.code}"), bold=True)
        if origin.source:
            self.add(paragraph, self.own(f" ({origin.source})"))
        if origin.label:
            self.add(paragraph, self.own(self.labels["colon"]))
            self.add(paragraph, origin.label)
        if origin.date:
            self.add(paragraph, self.own(f", {origin.date}"))
        if origin.url.startswith(("https://", "http://")):
            self.add(paragraph, self.own(" – "))
            self.link(paragraph, origin.url)

    def news(self, news: NewsPart, cell: _Cell) -> None:
        paragraph = self.labelled(self.labels["news"], cell)
        self.add(paragraph, self.own(f"{news.quarter}, "))
        self.signed(paragraph, news.sign)
        self.paragraphs(news.sentence, cell)
        if news.next_step:
            self.add(self.labelled(self.labels["next_step"], cell), news.next_step)

    # --- the end ------------------------------------------------------------------------------------------------------

    def missing(self) -> None:
        document, labels = self.document, self.labels
        if not document.lines:
            return
        self.heading(self.own(labels["missing"]), 1)
        self.paragraph(self.own(labels["missing_lead"] if document.missing else labels["nothing_missing"]), quiet=True)
        for missing in document.missing:
            bullet = self.bullet()
            self.add(bullet, self.own(f"{missing.number} "), bold=True)
            self.add(bullet, missing.action)
            self.add(bullet, self.own(self.labels["colon"] + missing.gaps))

    def approval(self) -> None:
        document, labels = self.document, self.labels
        self.heading(self.own(labels["approval"]), 1)
        self.facts(document.approval)
        if not document.approval:
            self.paragraph(self.own(labels["draft_not_approved"] if document.is_draft else labels["not_approved"]))

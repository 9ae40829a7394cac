"""The summary as a DOCX file that people can go on writing in."""

from collections.abc import Iterable
from datetime import datetime

from docx.shared import Cm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from jumelle.publishing.docx_writing import DocxWriter
from jumelle.publishing.summary_parts import Agreed, Chapter, Conclusion, Document, Entry, Fact, PointList, Proof, Row, Sign
from jumelle.publishing.summary_words import Words

# Geometric signs that office fonts have; the word stands beside each.
_SIGNS = {"done": "●", "partly": "◐", "missing": "○", "unknown": "?", "na": "–", "note": "≡", "empty": "·"}
_LONG_ENTRY = 900  # characters: a row with more may go on over the page
_WIDTH_CM = 16.6


def summary_docx(document: Document, *, now: datetime) -> bytes:
    return _SummaryWriter(document, now).write()


class _SummaryWriter(DocxWriter):
    def __init__(self, document: Document, now: datetime) -> None:
        title = f"{document.gathered} – {document.title.text} – {document.subtitle.text}"
        super().__init__(language=document.language, direction=document.direction, title=title, now=now)
        self.document = document
        self.labels = document.labels

    def write(self) -> bytes:
        document, labels = self.document, self.labels
        self.foot(f"{labels['made_on']} {document.made_on} · {labels['page_of']}")
        self.head()
        self.at_a_glance()
        self.chosen()
        self.overview()
        for chapter in document.chapters:
            self.chapter(chapter, level=1)
        if document.context:
            self.heading(self.own(labels["context"]), 1)
        for chapter in document.context:
            self.chapter(chapter, level=2)
        self.end()
        return self.written()

    # --- the head -----------------------------------------------------------------------------------------------------

    def head(self) -> None:
        document = self.document
        self.paragraph(self.own(document.gathered), quiet=True)
        self.heading(document.title, 0)
        self.paragraph(document.subtitle, bold=True)
        self.facts(document.facts)
        if document.languages_note:
            self.paragraph(self.own(document.languages_note), quiet=True)

    def facts(self, facts: Iterable[Fact]) -> None:
        for fact in facts:
            paragraph = self.blank()
            self.add(paragraph, self.own(fact.label + self.labels["colon"]), quiet=True)
            if fact.url:
                self.link(paragraph, fact.url)
            else:
                self.add(paragraph, fact.value)

    def at_a_glance(self) -> None:
        self.heading(self.own(self.labels["at_a_glance"]), 1)
        self.conclusion(self.document.conclusion)
        for points in self.document.lists:
            self.point_list(points)

    def conclusion(self, conclusion: Conclusion | None) -> None:
        if conclusion is None:
            return
        self.add(self.signed(conclusion.sign), self.own(f" · {conclusion.count}"))
        if conclusion.advice:
            self.paragraphs(conclusion.advice)
        if conclusion.provisional:
            self.paragraph(self.own(conclusion.provisional), quiet=True)

    def point_list(self, points: PointList) -> None:
        self.heading(self.own(points.heading), 2)
        if points.empty:
            self.paragraph(self.own(points.empty))
        for point in points.points:
            bullet = self.bullet()
            self.add(bullet, self.own(f"{point.code} "), bold=True)
            self.add(bullet, point.wording)
            if point.sign.shape != points.shape:
                self.add(bullet, self.own(f" ({point.sign.word.text})"), quiet=True)
        for group in points.groups:
            bullet = self.bullet()
            self.add(bullet, group.heading)
            self.add(bullet, self.own(self.labels["colon"] + ", ".join(group.codes)))

    def chosen(self) -> None:
        if self.document.chosen:
            self.heading(self.own(self.labels["chosen"]), 1)
        for chapter in self.document.chosen:
            self.paragraph(chapter.heading, bold=True)
            self.reason(chapter)

    def reason(self, chapter: Chapter) -> None:
        if chapter.reason:
            label = f"{self.labels['chosen_on']} {chapter.chosen_on}. {self.labels['reason']}:"
            self.paragraph(self.own(label), quiet=True)
            self.paragraphs(chapter.reason)

    def overview(self) -> None:
        overview, labels = self.document.overview, self.labels
        self.heading(self.own(labels["overview"]), 1)
        self.paragraph(self.own(overview.sentence))
        words = [column.word for column in overview.columns]
        narrow = (_WIDTH_CM - 7.6) / (len(words) + 1)
        widths = [Cm(4.8), Cm(2.8), *(Cm(narrow) for _ in range(len(words) + 1))]
        headers = [labels["chapter"], labels["state"], *words, labels["answered"]]
        table = self.table(headers, title=labels["overview"], widths=widths)
        for row in overview.rows:
            self.figures(table, row)
        self.figures(table, overview.total, bold=True)

    def figures(self, table: Table, row: Row, *, bold: bool = False) -> None:
        heading, result, *rest = self.row(table)
        self.paragraph(row.heading, heading, bold=bold)
        if row.sign:
            self.signed(row.sign, result)
        for cell, figure in zip(rest, (*map(str, row.counts), row.answered), strict=True):
            self.paragraph(self.own(figure), cell, bold=bold)

    # --- chapters -----------------------------------------------------------------------------------------------------

    def chapter(self, chapter: Chapter, *, level: int) -> None:
        labels = self.labels
        self.heading(chapter.heading, level)
        self.conclusion(chapter.conclusion)
        if chapter.answered:
            self.paragraph(self.own(f"{chapter.code} · {labels['answered']}{labels['colon']}{chapter.answered}"), quiet=True)
        self.reason(chapter)
        for group in chapter.groups:
            if group.heading:
                self.heading(group.heading, level + 1)
            headers = [labels["code"], labels["item"], labels["answer"]]
            title = (group.heading or chapter.heading).text
            table = self.table(headers, title=title, widths=[Cm(2.4), Cm(10), Cm(4.2)])
            for entry in group.entries:
                self.entry(table, entry)

    def entry(self, table: Table, entry: Entry) -> None:
        typed = sum(len(words.text) for words in (entry.told, entry.note) if words)
        typed += sum(len(words.text) for _label, words in self.agreed(entry.agreed) if words)
        code, item, answer = self.row(table, whole=typed < _LONG_ENTRY)
        self.paragraph(self.own(entry.code), code, bold=True)
        self.paragraphs(entry.wording, item)
        for label, words in ((self.labels["told"], entry.told), *self.agreed(entry.agreed), (self.labels["note"], entry.note)):
            if words:
                self.paragraph(self.own(label), item, quiet=True)
                self.paragraphs(words, item)
        if entry.evidence:
            self.paragraph(self.own(self.labels["evidence"]), item, quiet=True)
        for proof in entry.evidence:
            self.proof(proof, item)
        self.signed(entry.sign, answer)
        for line in filter(None, (entry.meaning, *entry.remarks)):
            self.paragraph(self.own(line), answer, quiet=True)

    def agreed(self, agreed: Agreed | None) -> Iterable[tuple[str, Words | None]]:
        if agreed:
            yield self.labels["agreed"], agreed.reason
            yield self.labels["minority"], agreed.minority
            yield agreed.met, agreed.present

    def signed(self, sign: Sign, cell: _Cell | None = None) -> Paragraph:
        paragraph = self.blank(cell)
        self.add(paragraph, self.own(f"{_SIGNS[sign.shape]} "))
        self.add(paragraph, sign.word, bold=True)
        return paragraph

    def proof(self, proof: Proof, cell: _Cell) -> None:
        labels = self.labels
        self.paragraph(proof.title, cell)
        paragraph = self.blank(cell)
        if proof.is_link:
            self.add(paragraph, self.own(f"{proof.date} · "))
            self.link(paragraph, proof.url)
        else:
            self.add(paragraph, self.own(f"{proof.date} · {labels['file']}{labels['colon']}"))
            self.add(paragraph, proof.file_name)
        self.add(paragraph, self.own(f" · {labels['seen_by']}{labels['colon']}{proof.audience}"), quiet=True)

    def end(self) -> None:
        document, labels = self.document, self.labels
        if document.left_out:
            self.heading(self.own(labels["left_out"]), 1)
        for title in document.left_out:
            self.add(self.bullet(), title)
        self.heading(self.own(labels["about"]), 1)
        self.facts(document.credits)
        if document.address:
            self.link(self.paragraph(self.own(labels["address"] + labels["colon"])), document.address)

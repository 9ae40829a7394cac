"""
The sheet for a meeting in which opened answers are discussed: what to talk about, in which order, with room to write.

Figures only: no name and no note, whatever the round shows. Paper is left lying about.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jumelle.assessments.models import AgreedAnswer
from jumelle.assessments.queries.divergence import Count, Discussion, Point, counts_of
from jumelle.engines.disclosure.thresholds import K_INSIDE
from jumelle.publishing.paper_data import paper_data
from jumelle.publishing.press import Job, print_pdf
from jumelle.publishing.summary_parts import Sign
from jumelle.publishing.summary_words import SHAPES, STATE_WORDS, Reader, Words
from jumelle.toolkits.package.model import Package

LONG_WORD = 60  # letters that surely fit into a line of the page
LONG_AGREED = 900  # characters: a point with more to read may go on over the page


@dataclass(frozen=True, slots=True)
class CountPart:
    sign: Sign
    count: int


@dataclass(frozen=True, slots=True)
class SettledPart:
    """What is agreed already: nothing is left to write there. answer, text: one of the two."""

    answer: Words | None
    text: Words | None
    reason: Words
    minority: Words | None


@dataclass(frozen=True, slots=True)
class PointPart:
    """
    One item. counts: empty where nothing may be shown; facts: what stands out.

    options: what can be ticked; none for an open question, which is answered in words.
    """

    code: str
    question: Words
    theme: Words
    counts: tuple[CountPart, ...]
    facts: str
    options: tuple[Words, ...]
    settled: SettledPart | None
    long: bool


@dataclass(frozen=True, slots=True)
class SheetDocument:
    """withheld: themes of which nothing is shown; withheld_why: the reason and what to do, "" without any."""

    language: str
    direction: str
    heading: str
    title: Words
    subtitle: Words
    lead: str
    made_on: str
    address: str
    withheld: tuple[Words, ...]
    withheld_why: str
    points: tuple[PointPart, ...]
    labels: dict[str, str]


def sheet_document(
    discussion: Discussion, points: Sequence[Point], *, language: str, city_languages: Sequence[str], address: str, now: datetime
) -> SheetDocument:
    """
    Put the points to be discussed into the words of a language.

    Args:
        points: those that shall stand on the sheet, in their order.
        address: of the page that shows the same, complete with its host; "" for none.
    """
    with translation.override(language):
        writer = _Writer(discussion, Reader(language, tuple(city_languages)))
        return writer.document(points, address=address, now=now)


def meeting_sheet_pdf(document: SheetDocument, *, now: datetime) -> bytes:
    """
    Raises:
        PrintingFailed: the press stopped or took too long.
    """
    data: dict[str, Any] = paper_data(asdict(document), long_word=LONG_WORD)
    return print_pdf(Job(template="meeting_sheet.typ", data=data, timestamp=int(now.timestamp())))


class _Writer:
    def __init__(self, discussion: Discussion, reader: Reader) -> None:
        self.discussion = discussion
        self.reader = reader
        self.package: Package = discussion.sheet.package

    def document(self, points: Iterable[Point], *, address: str, now: datetime) -> SheetDocument:
        discussion, reader = self.discussion, self.reader
        withheld = tuple(self.content(theme.section.title) for theme in discussion.withheld)
        return SheetDocument(
            language=reader.language,
            direction=reader.direction,
            heading=_("Sheet for the meeting"),
            title=reader.content(self.package.text(self.package.title, reader.language)),
            subtitle=reader.typed(discussion.round.assessment.subject_name),
            lead=_("%(number)s people have answered, each alone. What is most worth talking about stands first.")
            % {"number": discussion.sent_in},
            made_on=reader.day(timezone.localdate(now)),
            address=address,
            withheld=withheld,
            withheld_why=_why_withheld() if withheld else "",
            points=tuple(self.point(point) for point in points),
            labels=_labels(),
        )

    def content(self, mapping: Any) -> Words:
        known = self.package.text(self.package.title, self.reader.language).language
        return self.reader.content(self.package.text(mapping, self.reader.language), known=known)

    def point(self, point: Point) -> PointPart:
        settled = self.settled(point, point.agreed) if point.agreed else None
        typed = (settled.text, settled.reason, settled.minority) if settled else ()
        return PointPart(
            code=point.code,
            question=self.content(point.entry.item.text),
            theme=self.content(point.theme.section.title),
            counts=tuple(self.count(count) for count in counts_of(point)),
            facts=self.facts(point),
            options=tuple(self.content(level.label) for level in point.entry.levels),
            settled=settled,
            long=sum(len(words.text) for words in typed if words) > LONG_AGREED,
        )

    def count(self, count: Count) -> CountPart:
        word = self.content(count.level.label) if count.level else self.reader.own(STATE_WORDS[count.state])
        return CountPart(Sign(SHAPES[count.state], word), count.count)

    def facts(self, point: Point) -> str:
        found = point.divergence
        if found is None:
            return _("Nothing is shown here.")
        answered = _("%(count)s of %(of)s answered") % {"count": found.answered, "of": found.asked}
        if found.percent is None:
            return answered
        return " · ".join([_("Disagreement %(percent)s %%") % {"percent": found.percent}, answered])

    def settled(self, point: Point, agreed: AgreedAnswer) -> SettledPart:
        level = next((level for level in point.entry.levels if level.value == agreed.value), None)
        return SettledPart(
            answer=self.content(level.label) if level else None,
            text=self.reader.typed(agreed.text) if agreed.text else None,
            reason=self.reader.typed(agreed.reason),
            minority=self.reader.typed(agreed.minority_note) if agreed.minority_note else None,
        )


def _why_withheld() -> str:
    return _(
        "Fewer than %(number)s people who were asked about it have sent in. It was promised that nobody is told who said what, and "
        "among so few it would show. Talk about it in the meeting: who wants to can say it there."
    ) % {"number": K_INSIDE}


def _labels() -> dict[str, str]:
    return {
        "date": _("Date of the meeting"),
        "present": _("Who was there? Names or roles"),
        "withheld": _("Of these themes nothing can be shown"),
        "agree": _("We agree on"),
        "agreed": _("Agreed:"),
        "why": _("Why"),
        "minority": _("Those who do not agree"),
        "nothing": _("There is nothing to discuss: everybody said the same."),
        "address": _("The answers side by side, on screen"),
        "qr": _("Square code that leads to the answers on screen"),
        "made_on": _("Made on"),
        "page_of": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
    }

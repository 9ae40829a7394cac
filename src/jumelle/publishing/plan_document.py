"""A plan put into words for one reader. The PDF and the DOCX lay out this, and say nothing of their own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jumelle.action_plans.content import COLUMNS, LineContent, MeasureContent, OriginContent, PlanContent
from jumelle.action_plans.enums import LineStatus, OriginKind
from jumelle.action_plans.workbook_columns import COLUMN_TITLES
from jumelle.publishing.plan_parts import LinePart, MeasurePart, MissingPart, NewsPart, OriginPart, Piece, PlanDocument
from jumelle.publishing.plan_words import GAPS, STATUS_SHAPES, gaps_by_line, quarter_words, shortened, version_words
from jumelle.publishing.summary_parts import Fact, Sign
from jumelle.publishing.summary_words import Reader, Words, language_name

SHORT_ACTION = 120  # characters of an action where it only has to be recognised
_COLUMN_OF_GAP = {"results": "results", "lead": "lead", "measures": "evaluation"}  # dates say themselves which one is missing


@dataclass(frozen=True, slots=True)
class ApprovalRecord:
    """Who approved the version, and when. url: of the document that says so, "" for none."""

    body: str
    approved_on: date
    url: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """The newest follow-up of a line. quarter: such as 2026-Q4; status: a value of `LineStatus`."""

    quarter: str
    status: str
    sentence: str
    next_step: str = ""


def plan_document(
    content: PlanContent,
    *,
    language: str,
    address: str,
    now: datetime,
    approval: ApprovalRecord | None = None,
    news: Mapping[str, News] | None = None,
    city_languages: Sequence[str] = (),
) -> PlanDocument:
    """
    Put a plan into the words of a language; what people wrote stays in theirs.

    Args:
        address: of the page that shows the plan, complete with its host; "" for none.
        news: by the id of the line.
        city_languages: in which people here are likely to have written, besides that of the plan.
    """
    with translation.override(language):
        return _Writer(content, Reader(language, (content.language, *city_languages))).document(
            address=address, now=now, approval=approval, news=news or {}
        )


class _Writer:
    def __init__(self, content: PlanContent, reader: Reader) -> None:
        self.content = content
        self.reader = reader
        self.gaps = gaps_by_line(content)

    def document(self, *, address: str, now: datetime, approval: ApprovalRecord | None, news: Mapping[str, News]) -> PlanDocument:
        content, reader = self.content, self.reader
        return PlanDocument(
            language=reader.language,
            language_name=language_name(reader.language, reader.language),
            direction=reader.direction,
            heading=_("Action plan"),
            title=reader.typed(content.title),
            mentee=reader.typed(content.mentee),
            version=version_words(content),
            is_draft=not content.version,
            facts=tuple(self.facts()),
            languages_note=self.languages_note(),
            columns=tuple(str(COLUMN_TITLES[column]) for column in COLUMNS),
            lines=tuple(self.line(number, line, news.get(line.line_id)) for number, line in self.numbered()),
            missing=tuple(self.missing(number, line) for number, line in self.numbered() if line.line_id in self.gaps),
            approval=tuple(self.approval(approval)) if approval else (),
            made_on=reader.day(timezone.localdate(now)),
            address=address,
            labels=_labels(),
        )

    def numbered(self) -> Iterable[tuple[str, LineContent]]:
        return ((str(number), line) for number, line in enumerate(self.content.lines, start=1))

    # --- the head -----------------------------------------------------------------------------------------------------

    def facts(self) -> Iterable[Fact]:
        """The four fields of the template. Source: mentoring guide, annex 6."""
        content, reader = self.content, self.reader
        mentor = reader.typed(content.mentor) if content.mentor else reader.own(_("Without a mentor city"))
        dated = {"date": reader.day(content.dated_on), "version": version_words(content)}
        yield Fact(_("Title of the programme"), reader.typed(content.title))
        yield Fact(_("Mentee city"), reader.typed(content.mentee))
        yield Fact(_("Mentor city"), mentor)
        yield Fact(_("Date and version"), reader.own(_("%(date)s – %(version)s") % dated))

    def languages_note(self) -> str:
        written_in, reader = self.content.language, self.reader.language
        if written_in.split("-")[0] == reader.split("-")[0]:
            return ""
        return _("The language of this plan is %(language)s.") % {"language": language_name(written_in, reader)}

    def approval(self, approval: ApprovalRecord) -> Iterable[Fact]:
        reader = self.reader
        yield Fact(_("Approved by"), reader.typed(approval.body))
        yield Fact(_("Approved on"), reader.own(reader.day(approval.approved_on)))
        if approval.url:
            yield Fact(_("Document"), Words(approval.url, "en", "ltr"), url=approval.url)

    # --- lines --------------------------------------------------------------------------------------------------------

    def line(self, number: str, line: LineContent, news: News | None) -> LinePart:
        gaps = self.gaps.get(line.line_id, ())
        cells = {
            "action": [self.typed("", line.action)],
            "results": [self.typed("", line.results)],
            "timetable": [*self.dates(line, is_gap="dates" in gaps), self.typed("", line.timetable)],
            "lead": [self.typed("", line.lead), self.typed("", line.lead_organisation)],
            "resources": list(self.resources(line)),
            "evaluation": [self.typed("", line.evaluation)],
        }
        for gap, column in _COLUMN_OF_GAP.items():
            if gap in gaps:
                cells[column].append(self.gap(_("Measure") if gap == "measures" else ""))
        return LinePart(
            number=number,
            cells=tuple(self.filled(cells[column]) for column in COLUMNS),
            measures=tuple(self.measure(measure) for measure in line.measures),
            sign=self.sign(line.status),
            origins=tuple(self.origin(origin) for origin in line.origins),
            news=self.news(news) if news else None,
        )

    def filled(self, pieces: list[Piece | None]) -> tuple[Piece, ...]:
        return tuple(piece for piece in pieces if piece) or (Piece("", self.reader.own("–"), is_gap=True),)

    def gap(self, label: str) -> Piece:
        return Piece(label, self.reader.own(_("still missing") if label else _("Still missing")), is_gap=True)

    def typed(self, label: str, text: str) -> Piece | None:
        words = self.reader.typed(text)
        return Piece(label, words) if words.text else None

    def day(self, label: str, day: date | None) -> Piece | None:
        return Piece(label, self.reader.own(self.reader.day(day))) if day else None

    def dates(self, line: LineContent, *, is_gap: bool) -> Iterable[Piece | None]:
        for label, day in ((_("Start"), line.starts_on), (_("End"), line.ends_on)):
            yield self.gap(label) if is_gap and not day else self.day(label, day)

    def resources(self, line: LineContent) -> Iterable[Piece | None]:
        yield self.typed(_("Staff"), line.staff)
        yield self.typed(_("Partners"), line.partners)
        yield self.typed(_("Planned funding"), line.funding)

    def measure(self, measure: MeasureContent) -> MeasurePart:
        facts = (
            self.typed(_("Where we start from"), measure.baseline),
            self.typed(_("Target"), measure.target),
            self.day(_("Target date"), measure.due_on),
            self.typed(_("Source"), measure.data_source),
            self.typed(_("Reached so far"), measure.reached),
            self.day(_("Reached on"), measure.reached_on),
        )
        return MeasurePart(self.reader.typed(measure.what), tuple(fact for fact in facts if fact))

    def sign(self, status: str) -> Sign:
        return Sign(STATUS_SHAPES[LineStatus(status)], self.reader.own(LineStatus(status).label))

    def origin(self, origin: OriginContent) -> OriginPart:
        reader = self.reader
        return OriginPart(
            kind=str(OriginKind(origin.kind).label),
            code=origin.code,
            source=" ".join(part for part in (origin.toolkit, origin.version) if part),
            label=reader.typed(origin.label) if origin.label.strip() else None,
            date=reader.day(origin.dated_on) if origin.dated_on else "",
            url=origin.url,
        )

    def news(self, news: News) -> NewsPart:
        reader = self.reader
        return NewsPart(
            quarter=quarter_words(news.quarter, reader.language),
            sign=self.sign(news.status),
            sentence=reader.typed(news.sentence),
            next_step=reader.typed(news.next_step) if news.next_step.strip() else None,
        )

    def missing(self, number: str, line: LineContent) -> MissingPart:
        action = self.reader.typed(line.action)
        return MissingPart(
            number=number,
            action=replace(action, text=shortened(action.text, SHORT_ACTION)),
            gaps=" · ".join(str(GAPS[gap]) for gap in self.gaps[line.line_id]),
        )


def _labels() -> dict[str, str]:
    return {
        "lines": _("Actions of the plan"),
        "no_lines": _("This plan has no line yet."),
        "origins": _("Where it comes from"),
        "news": _("Latest news"),
        "next_step": _("Next step"),
        "missing": _("Still missing"),
        "missing_lead": _("Nothing is invented: what nobody has settled yet stays empty, and is listed here."),
        "nothing_missing": _("Every line has its results, dates, lead and measure."),
        "approval": _("Approval"),
        "not_approved": _("This version has not been approved yet."),
        "draft_not_approved": _("This is a working draft: only a named version can be approved."),
        "address": _("This plan on screen"),
        "qr": _("Square code that leads to this plan on screen"),
        "made_on": _("Made on"),
        "page_of": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "colon": _("%(label)s: %(value)s") % {"label": "", "value": ""},
    }

"""A summary put into words for one reader. The page, the PDF, the DOCX and the XLSX lay out this, and say nothing of their own."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jumelle.assessments.enums import EvidenceAudience, Subject
from jumelle.assessments.queries.summary import (
    Summary,
    SummaryAgreement,
    SummaryEvidence,
    SummaryGroup,
    SummaryLine,
    SummaryOutcome,
    SummarySection,
    SummarySource,
)
from jumelle.cities.enums import OrganisationType
from jumelle.engines.scoring.tally import State, Tally
from jumelle.publishing.summary_parts import (
    Agreed,
    Chapter,
    Column,
    Conclusion,
    Document,
    Entry,
    Fact,
    Group,
    Overview,
    Point,
    PointGroup,
    PointList,
    Proof,
    Row,
    Sign,
)
from jumelle.publishing.summary_words import EXEMPLARY, GATHERED, SHAPES, Reader, Words, state_word
from jumelle.toolkits.package.model import Shown

SHORT_LIST = 8  # a longer list says codes chapter by chapter: still complete, still short

_COUNTED = (State.MET, State.PARTLY, State.UNMET, State.UNKNOWN, State.WRITTEN, State.UNANSWERED, State.NA)


def document_of(summary: Summary, *, address: str, now: datetime) -> Document:
    """
    Put a summary into the words of its language.

    Args:
        address: of the page that shows the same, complete with its host; "" for none.
    """
    with translation.override(summary.language):
        return _Writer(summary).document(address=address, now=now)


class _Writer:
    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.reader = Reader(summary.language, summary.city_languages)
        self.kind = summary.toolkit_kind

    def document(self, *, address: str, now: datetime) -> Document:
        summary, reader = self.summary, self.reader
        chapters = tuple(self.chapter(section) for section in summary.sections)
        return Document(
            language=reader.language,
            direction=reader.direction,
            gathered=str(GATHERED[self.kind]),
            title=reader.content(summary.toolkit_title),
            subtitle=reader.typed(summary.subject_name),
            made_on=reader.day(timezone.localdate(now)),
            address=address,
            facts=tuple(self.facts()),
            languages_note=self.languages_note(),
            conclusion=self.conclusion(summary.outcome),
            lists=self.lists(),
            chosen=tuple(chapter for chapter in chapters if chapter.chosen_on),
            overview=self.overview(),
            chapters=chapters,
            context=tuple(self.chapter(section) for section in summary.context),
            left_out=tuple(reader.content(title) for title in summary.left_out),
            credits=tuple(self.credits(summary.source)),
            labels=_labels(),
        )

    def word(self, state: State) -> str:
        return state_word(state, self.kind, is_ticked=self.summary.is_ticked)

    # --- the head -----------------------------------------------------------------------------------------------------

    def facts(self) -> Iterable[Fact]:
        summary, reader = self.summary, self.reader
        yield Fact(_("City"), reader.typed(summary.city_name))
        yield Fact(str(Subject(summary.subject).label), reader.typed(summary.subject_name))
        yield Fact(_("Kind of organisation"), reader.own(OrganisationType(summary.organisation_type).label))
        yield Fact(_("Period looked at"), reader.own(self.period()))
        yield Fact(_("Toolkit"), reader.content(summary.toolkit_title))
        yield Fact(_("Version of the toolkit"), reader.own(summary.toolkit_version))
        yield Fact(_("Started on"), reader.own(self.moment(summary.started_at)))
        finished = self.moment(summary.finished_at) if summary.finished_at else _("Not finished yet")
        yield Fact(_("Finished on"), reader.own(finished))
        yield Fact(_("Answered"), reader.own(_of(summary.progress.answered, summary.progress.applicable)))

    def period(self) -> str:
        start, end = self.reader.day(self.summary.period_start_on), self.reader.day(self.summary.period_end_on)
        return _("From %(start)s to %(end)s") % {"start": start, "end": end}

    def moment(self, at: datetime) -> str:
        return self.reader.day(timezone.localdate(at))

    def languages_note(self) -> str:
        title = self.reader.content(self.summary.toolkit_title)
        if not title.tag:
            return ""
        return _("The texts of the toolkit are in %(language)s: it has no version in your language yet.") % {"language": title.tag}

    def lists(self) -> tuple[PointList, ...]:
        summary = self.summary
        return (
            self.list_of(_("Strengths"), State.MET, summary.strengths, _("Nothing was marked as fully in place.")),
            self.list_of(_("Gaps"), State.UNMET, summary.gaps, _("Nothing was marked as missing or only partly in place.")),
            self.list_of(_("Open points"), State.UNKNOWN, summary.open_points, _("Nothing is left open.")),
        )

    def list_of(self, heading: str, state: State, lines: tuple[SummaryLine, ...], empty: str) -> PointList:
        shape = SHAPES[state]
        if not lines:
            return PointList(heading, shape, (), (), empty)
        if len(lines) <= SHORT_LIST:
            points = tuple(Point(line.code, self.wording(line), self.plain_sign(line.state)) for line in lines)
            return PointList(heading, shape, points, (), "")
        codes = {line.code for line in lines}
        found = ((section, tuple(line.code for line in section.lines if line.code in codes)) for section in self.summary.sections)
        groups = tuple(PointGroup(self.heading(section.number, section.title), inside) for section, inside in found if inside)
        return PointList(heading, shape, (), groups, "")

    # --- chapters -----------------------------------------------------------------------------------------------------

    def heading(self, number: str, title: Shown) -> Words:
        words = self.content(title)
        return replace(words, text=f"{number}\u2002{words.text}") if number else words

    def content(self, shown: Shown) -> Words:
        """A text of the toolkit; the head of the document has said in which language the toolkit is."""
        return self.reader.content(shown, known=self.summary.toolkit_title.language)

    def chapter(self, section: SummarySection) -> Chapter:
        choice = section.choice
        return Chapter(
            code=section.code,
            kind=section.kind,
            heading=self.heading(section.number, section.title),
            answered=_answered(section.tally) if section.tally.total else "",
            conclusion=self.chapter_conclusion(section.outcome),
            reason=self.reader.typed(choice.reason) if choice else None,
            chosen_on=self.moment(choice.chosen_at) if choice else "",
            groups=tuple(self.group(group) for group in section.groups),
        )

    def group(self, group: SummaryGroup) -> Group:
        heading = self.heading(group.number, group.title) if group.title else None
        return Group(heading, tuple(self.entry(line) for line in group.lines))

    def conclusion(self, outcome: SummaryOutcome | None) -> Conclusion | None:
        if outcome is None:
            return None
        label, advice = outcome.label, outcome.advice
        own = EXEMPLARY if self.kind == "grid" else self.word(outcome.state)
        word = self.content(label) if label else self.reader.own(own)
        provisional = _("Not everything is answered or known: this can still change.") if outcome.provisional else ""
        return Conclusion(
            sign=Sign(SHAPES[outcome.state], word),
            count=self.count(outcome),
            advice=self.content(advice) if advice and advice.text else None,
            provisional=provisional,
        )

    def chapter_conclusion(self, outcome: SummaryOutcome | None) -> Conclusion | None:
        """The advice that goes with a verdict is said once, at the head, and again only where a chapter's verdict differs."""
        conclusion = self.conclusion(outcome)
        overall = self.summary.outcome
        if conclusion and outcome and overall and outcome.label == overall.label:
            return replace(conclusion, advice=None)
        return conclusion

    def count(self, outcome: SummaryOutcome) -> str:
        values = {"count": outcome.count, "of": outcome.of}
        if self.summary.is_ticked:
            return ngettext("%(count)s box of %(of)s ticked", "%(count)s boxes of %(of)s ticked", outcome.count) % values
        if self.kind == "grid":
            return _("%(count)s of %(of)s at the highest degree") % values
        return _("%(count)s of %(of)s fully in place") % values

    def entry(self, line: SummaryLine) -> Entry:
        sign = self.sign(line)
        meaning = self.word(line.state)
        return Entry(
            code=line.code,
            kind=line.kind,
            depth=line.depth,
            wording=self.wording(line),
            sign=sign,
            meaning="" if meaning == sign.word.text else meaning,
            told=self.reader.typed(line.free_text) if line.free_text.strip() else None,
            note=self.reader.typed(line.note) if line.note.strip() else None,
            remarks=tuple(_remarks(line)),
            evidence=tuple(self.proof(evidence) for evidence in line.evidence),
            agreed=self.agreed(line.agreed) if line.agreed else None,
        )

    def agreed(self, agreed: SummaryAgreement) -> Agreed:
        day = self.reader.day(agreed.held_on) if agreed.held_on else ""
        return Agreed(
            reason=self.reader.typed(agreed.reason),
            minority=self.reader.typed(agreed.minority_note) if agreed.minority_note.strip() else None,
            held_on=day,
            met=_("Present at the meeting of %(day)s") % {"day": day} if day else "",
            present=self.reader.typed(agreed.present) if agreed.present.strip() else None,
        )

    def wording(self, line: SummaryLine) -> Words:
        return self.content(line.text)

    def sign(self, line: SummaryLine) -> Sign:
        if line.answer is None:
            return self.plain_sign(line.state)
        return Sign(SHAPES[line.state], self.content(line.answer))

    def plain_sign(self, state: State) -> Sign:
        return Sign(SHAPES[state], self.reader.own(self.word(state)))

    def proof(self, evidence: SummaryEvidence) -> Proof:
        return Proof(
            title=self.reader.typed(evidence.title),
            date=self.reader.day(evidence.dated_on),
            audience=str(EvidenceAudience(evidence.audience).label),
            url=evidence.url,
            file_name=self.reader.typed(evidence.file_name),
        )

    # --- figures ------------------------------------------------------------------------------------------------------

    def overview(self) -> Overview:
        summary = self.summary
        states = tuple(state for state in _COUNTED if _number(summary.tally, state))
        rows = tuple(
            self.row(section.code, self.heading(section.number, section.title), section.outcome, section.tally, states)
            for section in summary.sections
        )
        total = self.row("", self.reader.own(_("All chapters")), summary.outcome, summary.tally, states)
        return Overview(
            columns=tuple(Column(SHAPES[state], self.word(state)) for state in states),
            rows=rows,
            total=total,
            sentence=self.figures_in_words(total, states),
            alt=self.bars_in_words(rows, states),
            biggest=max((sum(row.counts) for row in rows), default=0),
        )

    def row(self, code: str, heading: Words, outcome: SummaryOutcome | None, tally: Tally, states: tuple[State, ...]) -> Row:
        return Row(code, heading, self.sign_of(outcome), _numbers(tally, states), _answered(tally))

    def sign_of(self, outcome: SummaryOutcome | None) -> Sign | None:
        conclusion = self.conclusion(outcome)
        return conclusion.sign if conclusion else None

    def figures_in_words(self, row: Row, states: tuple[State, ...]) -> str:
        pairs = zip(states, row.counts, strict=True)
        counts = " · ".join(_labelled(self.word(state), count) for state, count in pairs if count)
        return _("%(answered)s answered. %(counts)s.") % {"answered": row.answered, "counts": counts}

    def bars_in_words(self, rows: tuple[Row, ...], states: tuple[State, ...]) -> str:
        chapters = " ".join(_labelled(row.heading.text, self.figures_in_words(row, states)) for row in rows)
        return _("One bar per chapter. %(chapters)s") % {"chapters": chapters}

    # --- credits ------------------------------------------------------------------------------------------------------

    def credits(self, source: SummarySource) -> Iterable[Fact]:
        reader = self.reader
        document = ", ".join(part for part in (source.title, source.source_publisher, source.year) if part)
        yield Fact(_("Source document"), reader.typed(document))
        if source.url:
            yield Fact(_("Address of the source"), Words(source.url, "en", "ltr"), url=source.url)
        for label, shown in (
            (_("Credit"), source.attribution),
            (_("Funding of the source"), source.funding_note),
            (_("Rights"), source.permission_note),
        ):
            if shown.text:
                yield Fact(label, self.content(shown))
        yield Fact(_("Licence of the wording"), Words(source.licence, "en", "ltr"))
        yield Fact(_("Publisher of this toolkit"), reader.typed(source.publisher))
        yield Fact(_("How to read it"), reader.own(" ".join(self.notices())))

    def notices(self) -> Iterable[str]:
        if self.summary.scale_is_ours:
            yield _("Some of the answers to choose from are Jumelle’s: the source does not give them.")
        yield _("The counts and the bars are Jumelle’s. “Does not apply” is left out of both numbers in “n of N”.")
        yield _("Notes, answers in words and evidence are the words of the people who did this assessment.")
        yield _("Evidence is listed only as far as the person who made this document may see it.")


def _number(tally: Tally, state: State) -> int:
    return int(getattr(tally, state.value))


def _numbers(tally: Tally, states: tuple[State, ...]) -> tuple[int, ...]:
    return tuple(_number(tally, state) for state in states)


def _of(count: int, of: int) -> str:
    return _("%(count)s of %(of)s") % {"count": count, "of": of}


def _answered(tally: Tally) -> str:
    return _of(tally.answered, tally.applicable)


def _labelled(label: str, value: object) -> str:
    # French sets a space before the colon.
    return _("%(label)s: %(value)s") % {"label": label, "value": value}


def _remarks(line: SummaryLine) -> Iterable[str]:
    if line.come_back:
        yield _("Come back to this")
    if line.proposed:
        yield _("Proposed for this kind of organisation, not confirmed yet")


def _labels() -> dict[str, str]:
    return {
        "at_a_glance": _("At a glance"),
        "result": _("Result"),
        "chosen": _("What we decided to work on"),
        "reason": _("Why"),
        "chosen_on": _("Decided on"),
        "overview": _("Chapters in figures"),
        "same_figures": _("The table shows the same figures as the bars."),
        "chapter": _("Chapter"),
        "chapter_and_result": _("Chapter and result"),
        "state": _("Result"),
        "answered": _("Answered"),
        "chapters": _("Chapter by chapter"),
        "colon": _labelled("", ""),
        "code": _("Code"),
        "item": _("Question or point"),
        "answer": _("Answer"),
        "told": _("Answer in words"),
        "note": _("Note"),
        "evidence": _("Evidence"),
        "agreed": _("Agreed by the group, because"),
        "minority": _("Those who do not agree want to be remembered"),
        "present": _("Present at the meeting"),
        "seen_by": _("Seen by"),
        "file": _("File"),
        "context": _("Context: beside the result, not part of it"),
        "left_out": _("Not looked at in this assessment"),
        "about": _("Source and rights"),
        "address": _("This summary on screen"),
        "qr": _("Square code that leads to this summary on screen"),
        "made_on": _("Made on"),
        "page_of": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "no_items": _("This chapter has nothing to answer."),
        "bars": _("Bars"),
        "language": _("Language"),
        "remarks": _("To do"),
        "sheet_summary": _("Summary"),
        "sheet_items": _("Items"),
    }

"""
The automatic summary of one assessment: everything that was ticked and written, chapter by chapter, for one reader.

Facts only: no layout and no word of the interface. `publishing` dresses them as a page, a PDF, a DOCX or an XLSX file.
A text of the toolkit says which language it is really in; what people typed has the language "", because nobody asked them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from jumelle.assessments.models import AgreedAnswer, Assessment, Evidence
from jumelle.assessments.queries.agreed import agreements_that_hold
from jumelle.assessments.queries.results import Results, SourceVerdict, ThemeResult, results_of
from jumelle.assessments.queries.sheet import Entry, Group, themes_of
from jumelle.assessments.queries.visible import evidence_visible_to
from jumelle.cities.access import Place
from jumelle.cities.models import City
from jumelle.engines.scoring.findings import Condition
from jumelle.engines.scoring.tally import Progress, State, Tally, progress_of
from jumelle.engines.scoring.verdict import Band
from jumelle.toolkits.package.model import Package, Shown
from jumelle.toolkits.package.sheets import Head


@dataclass(frozen=True, slots=True)
class SummaryEvidence:
    """
    A piece of evidence that the reader may see.

    url: where a link leads, "" for a file; file_name: as it was uploaded, "" for a link.
    audience: a value of `EvidenceAudience`.
    """

    title: str
    dated_on: date
    audience: str
    url: str
    file_name: str


@dataclass(frozen=True, slots=True)
class SummaryAgreement:
    """
    That a group agreed upon an answer, after several people had answered alone.

    held_on, present: of the meeting; None and "" without one.
    """

    reason: str
    minority_note: str
    held_on: date | None
    present: str


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """
    One item with what was answered.

    text: the wording as it was answered; of an item without an answer, the wording of the pinned version.
    depth: 0 for an item, 1 for an item that details it.
    answer: the label of the chosen level; None when none is chosen.
    evidence: only what the reader may see.
    agreed: None when nobody agreed upon it, or when it was answered otherwise since.
    """

    code: str
    kind: str
    depth: int
    text: Shown
    state: State
    answer: Shown | None
    free_text: str
    note: str
    come_back: bool
    proposed: bool
    evidence: tuple[SummaryEvidence, ...]
    agreed: SummaryAgreement | None = None


@dataclass(frozen=True, slots=True)
class SummaryOutcome:
    """
    What a chapter, or the whole, comes to.

    state: the nearest of met, partly, unmet and unknown, for a mark; label and advice: the source's words, None when the word is ours.
    provisional: not everything applicable is answered and known, so it may still change.
    count, of: the n of N behind it.
    """

    state: State
    label: Shown | None
    advice: Shown | None
    provisional: bool
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class SummaryChoice:
    """That the city decided to work on this chapter, and why."""

    reason: str
    chosen_at: datetime


@dataclass(frozen=True, slots=True)
class SummaryGroup:
    """Lines that stand together; title: of a part of the chapter, None for the chapter itself."""

    title: Shown | None
    number: str
    lines: tuple[SummaryLine, ...]


@dataclass(frozen=True, slots=True)
class SummarySection:
    """A chapter: a theme, a key factor, a dimension, a part."""

    code: str
    kind: str
    number: str
    title: Shown
    tally: Tally
    outcome: SummaryOutcome | None
    choice: SummaryChoice | None
    groups: tuple[SummaryGroup, ...]

    @property
    def lines(self) -> Iterator[SummaryLine]:
        return (line for group in self.groups for line in group.lines)


@dataclass(frozen=True, slots=True)
class SummarySource:
    """Where the toolkit comes from and by what right it is used: printed on every export."""

    attribution: Shown
    funding_note: Shown
    permission_note: Shown
    licence: str
    publisher: str
    title: str
    source_publisher: str
    year: str
    url: str


@dataclass(frozen=True, slots=True)
class Summary:
    """
    organisation_type, subject: values of `OrganisationType` and `Subject`.
    sections, context: in the toolkit's order; the context factors stand beside the result, never inside it.
    left_out: titles of the themes that this assessment does not look at.
    is_ticked: a checklist of boxes, which are ticked or not; False where a scale has something between.
    """

    assessment_id: str
    language: str
    city_name: str
    city_languages: tuple[str, ...]
    subject: str
    subject_name: str
    organisation_type: str
    period_start_on: date
    period_end_on: date
    started_at: datetime
    finished_at: datetime | None
    toolkit_id: str
    toolkit_kind: str
    toolkit_title: Shown
    toolkit_version: str
    source: SummarySource
    scale_is_ours: bool
    progress: Progress
    tally: Tally
    outcome: SummaryOutcome | None
    sections: tuple[SummarySection, ...]
    context: tuple[SummarySection, ...]
    left_out: tuple[Shown, ...]
    is_ticked: bool

    @property
    def lines(self) -> Iterator[SummaryLine]:
        return (line for section in self.sections for line in section.lines)

    @property
    def strengths(self) -> tuple[SummaryLine, ...]:
        return _with_states(self.lines, State.MET)

    @property
    def gaps(self) -> tuple[SummaryLine, ...]:
        """What is missing, then what is only partly there."""
        return _with_states(self.lines, State.UNMET) + _with_states(self.lines, State.PARTLY)

    @property
    def open_points(self) -> tuple[SummaryLine, ...]:
        """What nobody answered or knows yet, what was only proposed, and what people want to come back to."""
        return tuple(line for line in self.lines if line.come_back or line.proposed or line.state in (State.UNANSWERED, State.UNKNOWN))

    @property
    def chosen(self) -> tuple[SummarySection, ...]:
        return tuple(section for section in self.sections if section.choice)


_STATE_OF_BAND = {Band.ALL: State.MET, Band.SOME: State.PARTLY, Band.NONE: State.UNMET}
_STATE_OF_CONDITION = {
    Condition.IN_PLACE: State.MET,
    Condition.PARTLY: State.PARTLY,
    Condition.MISSING: State.UNMET,
    Condition.NOT_KNOWN: State.UNKNOWN,
}


def summary_of(assessment: Assessment, language: str, *, place: Place) -> Summary:
    """
    Gather everything that was ticked and written, for one reader.

    Args:
        assessment: one that the reader may see, with its toolkit version.
        language: of the reader, BCP 47; a text that the toolkit lacks in it comes in another language and says so.
        place: where the reader stands; decides which evidence is shown.
    """
    city = place.city or City.objects.get(pk=assessment.city_id)
    results = results_of(assessment)
    agreements = agreements_that_hold(results.sheet)
    return summary_with(results, evidence_visible_to(place, assessment), city=city, language=language, agreements=agreements)


def summary_with(
    results: Results,
    evidence: Iterable[Evidence],
    *,
    city: City,
    language: str,
    agreements: Mapping[str, AgreedAnswer] | None = None,
) -> Summary:
    """As `summary_of`, from what was read already."""
    by_item: dict[str, list[Evidence]] = {}
    for piece in evidence:
        by_item.setdefault(piece.item_code, []).append(piece)
    return _Gatherer(results, language, by_item, agreements or {}).summary(city)


class _Gatherer:
    def __init__(
        self,
        results: Results,
        language: str,
        evidence: Mapping[str, Sequence[Evidence]],
        agreements: Mapping[str, AgreedAnswer],
    ) -> None:
        self.results = results
        self.package: Package = results.package
        self.language = language
        self.evidence = evidence
        self.agreements = agreements

    def shown(self, mapping: Mapping[str, str]) -> Shown:
        return self.package.text(mapping, self.language)

    def summary(self, city: City) -> Summary:
        assessment, package = self.results.assessment, self.package
        return Summary(
            assessment_id=str(assessment.pk),
            language=self.language,
            city_name=city.name,
            city_languages=tuple(city.languages),
            subject=assessment.subject,
            subject_name=assessment.subject_name,
            organisation_type=assessment.organisation_type,
            period_start_on=assessment.period_start_on,
            period_end_on=assessment.period_end_on,
            started_at=assessment.started_at,
            finished_at=assessment.finished_at,
            toolkit_id=package.id,
            toolkit_kind=package.kind,
            toolkit_title=self.shown(package.title),
            toolkit_version=package.version,
            source=self.source(package.package),
            scale_is_ours=any(level.is_ours for entry in self.results.sheet.all_entries.values() for level in entry.levels),
            progress=progress_of(self.results.tally),
            tally=self.results.tally,
            outcome=self.quoted(self.results.verdict),
            sections=tuple(self.section(result) for result in self.results.themes),
            context=tuple(self.context()),
            left_out=tuple(self.shown(top.title) for top in themes_of(package) if top.code not in assessment.themes),
            is_ticked=package.kind == "checklist" and _are_boxes(self.results.sheet.all_entries.values()),
        )

    def source(self, head: Head) -> SummarySource:
        return SummarySource(
            attribution=self.shown(head.attribution),
            funding_note=self.shown(head.funding_note),
            permission_note=self.shown(head.permission_note),
            licence=head.licence,
            publisher=head.publisher,
            title=head.source_title,
            source_publisher=head.source_publisher,
            year=head.source_year,
            url=head.source_url,
        )

    # --- chapters -----------------------------------------------------------------------------------------------------

    def section(self, result: ThemeResult) -> SummarySection:
        section, chosen = result.theme.section, result.chosen
        return SummarySection(
            code=section.code,
            kind=section.kind,
            number=section.number,
            title=self.shown(section.title),
            tally=result.tally,
            outcome=self.outcome(result),
            choice=SummaryChoice(chosen.reason, chosen.chosen_at) if chosen else None,
            groups=tuple(self.groups(result.theme.groups, top=section.code, context=False)),
        )

    def context(self) -> Iterator[SummarySection]:
        for theme in self.results.sheet.themes:
            if theme.context:
                yield SummarySection(
                    code=theme.code,
                    kind=theme.section.kind,
                    number=theme.section.number,
                    title=self.shown(theme.section.title),
                    tally=Tally(),
                    outcome=None,
                    choice=None,
                    groups=tuple(self.groups(theme.groups, top=theme.code, context=True)),
                )

    def groups(self, groups: Iterable[Group], *, top: str, context: bool) -> Iterator[SummaryGroup]:
        for group in groups:
            lines = tuple(self.line(entry) for entry in group.entries if entry.is_context is context)
            if lines:
                title = None if group.section.code == top else self.shown(group.section.title)
                yield SummaryGroup(title, group.section.number, lines)

    def outcome(self, result: ThemeResult) -> SummaryOutcome | None:
        """The source's verdict where it gives one; a word of ours for benchmarks; of a grid only what is exemplary."""
        if result.verdict:
            return self.quoted(result.verdict)
        tally, standing = result.tally, result.standing
        if result.dimension:
            exemplary = SummaryOutcome(State.MET, None, None, False, tally.met, tally.scaled)
            return exemplary if result.dimension.exemplary else None
        if standing is None:
            return None
        state = _STATE_OF_CONDITION[standing.condition]
        return SummaryOutcome(state, None, None, not standing.settled, tally.met, tally.scaled)

    def quoted(self, found: SourceVerdict | None) -> SummaryOutcome | None:
        if found is None:
            return None
        verdict, words = found.verdict, found.words
        return SummaryOutcome(
            state=_STATE_OF_BAND[verdict.band],
            label=self.shown(words.label),
            advice=self.shown(words.advice),
            provisional=verdict.provisional,
            count=verdict.ticked,
            of=verdict.of,
        )

    # --- items --------------------------------------------------------------------------------------------------------

    def line(self, entry: Entry) -> SummaryLine:
        return SummaryLine(
            code=entry.code,
            kind=entry.item.kind,
            depth=1 if entry.item.parent else 0,
            text=self.shown(entry.wording),
            state=entry.state,
            answer=self.shown(entry.level.label) if entry.level else None,
            free_text=entry.text,
            note=entry.note,
            come_back=entry.come_back,
            proposed=entry.proposed,
            evidence=tuple(_evidence(piece) for piece in self.evidence.get(entry.code, ())),
            agreed=_agreement(self.agreements.get(entry.code)),
        )


def _evidence(piece: Evidence) -> SummaryEvidence:
    return SummaryEvidence(piece.title, piece.dated_on, piece.audience, piece.url, piece.file_name)


def _agreement(agreed: AgreedAnswer | None) -> SummaryAgreement | None:
    if agreed is None:
        return None
    meeting = agreed.meeting
    held_on, present = (meeting.held_on, meeting.present) if meeting else (None, "")
    return SummaryAgreement(agreed.reason, agreed.minority_note, held_on, present)


def _are_boxes(entries: Iterable[Entry]) -> bool:
    return not any(level.meaning == "partly" for entry in entries for level in entry.levels)


def _with_states(lines: Iterable[SummaryLine], *states: State) -> tuple[SummaryLine, ...]:
    return tuple(line for line in lines if line.state in states)

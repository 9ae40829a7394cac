"""
The answer sheet: a toolkit's items with what was answered to each, theme by theme.

Every screen, the results, the workbook for offline work and the published summary read this, so that they can't disagree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from jumelle.assessments.models import Answer, Assessment, RespondentAnswer
from jumelle.engines.scoring.tally import Mark, Progress, State, Tally, progress_of, tally_of
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.sheets import Item, Level, Section
from jumelle.toolkits.queries import package_of

NOT_APPLICABLE = "na"
CONTEXT = "context_factor"
Stored = Answer | RespondentAnswer


@dataclass(frozen=True)
class Entry:
    """
    One item and what was answered to it.

    applies: False when the item, or a section that holds it, is not for this kind of organisation.
    """

    item: Item
    section: Section
    levels: tuple[Level, ...]
    applies: bool
    answer: Stored | None = None

    @property
    def code(self) -> str:
        return self.item.code

    @property
    def value(self) -> str:
        return self.answer.value if self.answer else ""

    @property
    def text(self) -> str:
        return self.answer.text if self.answer else ""

    @property
    def note(self) -> str:
        return self.answer.note if self.answer else ""

    @property
    def private_note(self) -> str:
        """Of a respondent, for that respondent alone."""
        return self.answer.private_note if isinstance(self.answer, RespondentAnswer) else ""

    @property
    def come_back(self) -> bool:
        return isinstance(self.answer, Answer) and self.answer.come_back

    @property
    def proposed(self) -> bool:
        return isinstance(self.answer, Answer) and self.answer.proposed

    @property
    def to_confirm(self) -> bool:
        """Carried over from an older version, and not confirmed yet: it counts as unanswered until somebody does."""
        return isinstance(self.answer, Answer) and self.answer.to_confirm

    @property
    def revision(self) -> int:
        """0 while nothing is stored."""
        return self.answer.revision if self.answer else 0

    @property
    def wording(self) -> Mapping[str, str]:
        """The text of the item as it was answered; the toolkit's own while it is not, or while the answer waits to be confirmed."""
        return self.answer.wording if self.answer and self.answer.wording and not self.to_confirm else self.item.text

    @property
    def is_context(self) -> bool:
        return self.item.kind == CONTEXT

    @property
    def not_applicable(self) -> str:
        """The value that takes this item out of the count."""
        return next((level.value for level in self.levels if level.meaning == "na"), NOT_APPLICABLE)

    @property
    def values(self) -> frozenset[str]:
        """What may be stored as the answer's value; "" is no answer."""
        own = {level.value for level in self.levels}
        if not self.levels or not self.applies:
            own.add(self.not_applicable)
        return frozenset(own | {""})

    @cached_property
    def level(self) -> Level | None:
        """The level that was chosen; None without one."""
        return next((level for level in self.levels if level.value == self.value), None) if self.value else None

    @cached_property
    def state(self) -> State:
        if self.answer is None or self.to_confirm:
            return State.UNANSWERED
        if self.level:
            return State(self.level.meaning)
        if self.value == self.not_applicable:
            return State.NA
        if not self.levels and self.text.strip():
            return State.WRITTEN
        return State.UNANSWERED

    @property
    def mark(self) -> Mark:
        return Mark(self.code, self.state, scaled=bool(self.levels), level=self.level.value if self.level else "")


@dataclass(frozen=True)
class Group:
    """The entries that stand in one section itself: a theme has one group, and one more for each section below it."""

    section: Section
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Theme:
    """
    A chosen top section with everything below it.

    context: context factors, noted beside the result and never counted.
    """

    section: Section
    groups: tuple[Group, ...]
    context: tuple[Entry, ...]

    @property
    def code(self) -> str:
        return self.section.code

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The items that are asked and counted."""
        return tuple(entry for group in self.groups for entry in group.entries if not entry.is_context)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(entry.mark for entry in self.entries)

    @cached_property
    def tally(self) -> Tally:
        return tally_of(self.marks)

    @property
    def progress(self) -> Progress:
        return progress_of(self.tally)

    @property
    def come_back(self) -> int:
        return sum(entry.come_back for group in self.groups for entry in group.entries)


@dataclass(frozen=True)
class Sheet:
    assessment: Assessment
    package: Package
    themes: tuple[Theme, ...]

    @cached_property
    def tally(self) -> Tally:
        return sum((theme.tally for theme in self.themes), Tally())

    @property
    def progress(self) -> Progress:
        return progress_of(self.tally)

    @cached_property
    def all_entries(self) -> dict[str, Entry]:
        """Everything that can be answered, context factors included, by code and in the toolkit's order."""
        return {entry.code: entry for theme in self.themes for group in theme.groups for entry in group.entries}

    @property
    def come_back(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.all_entries.values() if entry.come_back)

    @property
    def to_confirm(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.all_entries.values() if entry.to_confirm)

    @property
    def context(self) -> tuple[Entry, ...]:
        return tuple(entry for theme in self.themes for entry in theme.context)

    def theme(self, code: str) -> Theme:
        """
        Raises:
            KeyError: the theme was not chosen for this assessment.
        """
        for theme in self.themes:
            if theme.code == code:
                return theme
        raise KeyError(code)

    def theme_of(self, item_code: str) -> Theme:
        """
        Raises:
            KeyError: the item is not part of this assessment.
        """
        return self.theme(self.package.top_section_of(self.all_entries[item_code].section.code).code)


def answers_of(assessment: Assessment) -> dict[str, Answer]:
    return {answer.item_code: answer for answer in Answer.objects.filter(assessment=assessment, archived_by=None)}


def sheet_of(assessment: Assessment) -> Sheet:
    """One query for the answers; the package comes from memory."""
    return sheet_with(assessment, package_of(assessment.toolkit_version), answers_of(assessment))


def sheets_of(assessments: Sequence[Assessment]) -> list[Sheet]:
    """One query for the answers of all; notes and wordings are left out, because lists do not show them."""
    answers: dict[UUID, dict[str, Answer]] = {assessment.pk: {} for assessment in assessments}
    for answer in Answer.objects.filter(assessment__in=assessments, archived_by=None).defer("note", "wording"):
        answers[answer.assessment_id][answer.item_code] = answer
    return [sheet_with(assessment, package_of(assessment.toolkit_version), answers[assessment.pk]) for assessment in assessments]


def sheet_with(assessment: Assessment, package: Package, answers: Mapping[str, Stored]) -> Sheet:
    chosen = set(assessment.themes)
    themes = tuple(
        _theme(package, section, assessment.organisation_type, answers) for section in package.top_sections() if section.code in chosen
    )
    return Sheet(assessment, package, themes)


def _theme(package: Package, top: Section, organisation_type: str, answers: Mapping[str, Stored]) -> Theme:
    groups = (Group(section, _entries(package, section, organisation_type, answers)) for section in branch_of(package, top))
    return theme_with(top, groups)


def theme_with(top: Section, groups: Iterable[Group]) -> Theme:
    """A theme without the sections in which nothing stands."""
    kept = tuple(group for group in groups if group.entries or group.section is top)
    return Theme(top, kept, tuple(entry for group in kept for entry in group.entries if entry.is_context))


def _entries(package: Package, section: Section, organisation_type: str, answers: Mapping[str, Stored]) -> tuple[Entry, ...]:
    return tuple(
        entry_of(package, item, organisation_type, answers.get(item.code))
        for item in package.items_of(section.code)
        if can_be_answered(item)
    )


def entry_of(package: Package, item: Item, organisation_type: str, answer: Stored | None) -> Entry:
    levels = package.scale(item.answer).levels if item.has_scale else ()
    section = package.section(item.section)
    return Entry(item, section, levels, applies_to(package, item, organisation_type), answer)


def can_be_answered(item: Item) -> bool:
    """Items that are asked, and context factors, which are noted."""
    return item.is_answerable or (item.kind == CONTEXT and item.answer != "none" and not item.replaced_by)


def branch_of(package: Package, top: Section) -> list[Section]:
    """A section and all that stand below it, in the package's order, depth first."""
    found = [top]
    for child in package.children(top.code):
        if isinstance(child, Section):
            found += branch_of(package, child)
    return found


def applies_to(package: Package, item: Item, organisation_type: str) -> bool:
    """Is the item for this kind of organisation? An empty list means: for all. A section's list holds for all below it."""
    if item.applies_to and organisation_type not in item.applies_to:
        return False
    code = item.section
    while code:
        section = package.section(code)
        if section.applies_to and organisation_type not in section.applies_to:
            return False
        code = section.parent
    return True


def themes_of(package: Package) -> tuple[Section, ...]:
    """The top sections that hold something to answer or to note: what one can choose when starting."""
    return tuple(
        top
        for top in package.top_sections()
        if any(can_be_answered(item) for section in branch_of(package, top) for item in package.items_of(section.code))
    )


def asks_something(package: Package, codes: tuple[str, ...]) -> bool:
    """Do these themes hold at least one item that counts?"""
    tops = [package.section(code) for code in codes]
    return any(item.is_answerable for top in tops for section in branch_of(package, top) for item in package.items_of(section.code))

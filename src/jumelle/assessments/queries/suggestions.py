"""
What other answers of the same subject say about questions that wait here, by the mappings between toolkits.

Nothing is filled in: each hint shows both questions, the relation and its reason, and a value only where one follows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from jumelle.assessments.models import Answer, Assessment
from jumelle.assessments.queries.comparing import subject_of
from jumelle.assessments.queries.sheet import Entry, Sheet, sheet_with
from jumelle.assessments.queries.visible import assessments_visible_to
from jumelle.cities.access import Place
from jumelle.engines.scoring.tally import State
from jumelle.toolkits.mapping.model import ToolkitMapping
from jumelle.toolkits.mappings import Link, rows_to
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.queries import package_of
from jumelle.toolkits.suggest import Suggestion, suggest


@dataclass(frozen=True)
class Hint:
    """
    One answer that has to do with a question that waits.

    entry: the question that waits.
    source: the assessment that holds the answer, on the version that the mapping is about.
    answered: the question there, with its answer.
    """

    entry: Entry
    link: Link
    source: Sheet
    answered: Entry
    suggestion: Suggestion

    @property
    def key(self) -> str:
        """Names the hint in a form."""
        return f"{self.entry.code}|{self.answered.code}|{self.source.assessment.pk}"


def hints_for(place: Place, sheet: Sheet) -> tuple[Hint, ...]:
    """
    Return the hints for every question of a sheet that waits, in its order; those with a value before those for information.

    Looked at are the assessments of the same subject that this person sees, the same one included. Of each question that a mapping
    starts from, the newest assessment counts that has answered it.
    """
    waiting = [(entry, links) for entry in sheet.all_entries.values() if _waits(entry) and (links := _links_to(sheet.package, entry))]
    if not waiting:
        return ()
    sources = _sources(place, sheet.assessment, [link for _entry, links in waiting for link in links])
    hints: list[Hint] = []
    for entry, links in waiting:
        found = [hint for link in links if (hint := _hint(sheet.package, entry, link, sources))]
        hints += sorted(found, key=lambda hint: hint.suggestion.value is None)
    return tuple(hints)


def mappings_in(hints: Iterable[Hint]) -> tuple[ToolkitMapping, ...]:
    """The mappings that hints come from, each once."""
    return tuple({hint.link.mapping.name: hint.link.mapping for hint in hints}.values())


def _waits(entry: Entry) -> bool:
    return entry.state is State.UNANSWERED and not entry.is_context


def _links_to(package: Package, entry: Entry) -> tuple[Link, ...]:
    return rows_to(package.id, package.version, entry.code)


def _sources(place: Place, here: Assessment, links: Sequence[Link]) -> list[Sheet]:
    """The assessments that a mapping may start from, newest first, each with the answers that matter and nothing else."""
    pinned = {(link.mapping.from_.toolkit, link.mapping.from_.version) for link in links}
    assessments = [
        found
        for found in assessments_visible_to(place)
        if subject_of(found) == subject_of(here) and (found.toolkit_version.toolkit.slug, found.toolkit_version.version) in pinned
    ]
    answers: dict[UUID, dict[str, Answer]] = {found.pk: {} for found in assessments}
    codes = {link.row.from_ for link in links}
    for answer in Answer.objects.filter(assessment__in=assessments, item_code__in=codes, archived_by=None):
        answers[answer.assessment_id][answer.item_code] = answer
    return [sheet_with(found, package_of(found.toolkit_version), answers[found.pk]) for found in assessments]


def _hint(package: Package, entry: Entry, link: Link, sources: Iterable[Sheet]) -> Hint | None:
    pinned = (link.mapping.from_.toolkit, link.mapping.from_.version)
    for source in sources:
        answered = source.all_entries.get(link.row.from_)
        if (source.package.id, source.package.version) == pinned and answered and _is_answered(answered):
            return Hint(entry, link, source, answered, _suggestion(package, entry, link, answered))
    return None


def _is_answered(entry: Entry) -> bool:
    """By a person: a proposal that nobody has confirmed says nothing."""
    return entry.state is not State.UNANSWERED and not entry.proposed


def _suggestion(package: Package, entry: Entry, link: Link, answered: Entry) -> Suggestion:
    if answered.level is None:
        return Suggestion(None, "for_information")
    scale = package.scale(entry.item.answer) if entry.item.has_scale else None
    return suggest(relation=link.row.relation, meaning=answered.level.meaning, scale=scale)

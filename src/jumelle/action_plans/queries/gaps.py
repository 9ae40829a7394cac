"""From an assessment to a plan: the gaps of the chosen themes, what the toolkit says beside each, and which have a line already."""

from dataclasses import dataclass

from jumelle.action_plans.enums import OriginKind
from jumelle.action_plans.models import LineOrigin, PlanLine
from jumelle.assessments.models import Assessment
from jumelle.assessments.queries import Entry, Results, ThemeResult, results_of
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.sheets import Section, Support

STARTS = ("tip", "action_hint")  # what can be done, in the toolkit's words
CRITERION = "criterion"


@dataclass(frozen=True, slots=True)
class Gap:
    """
    An item that is missing or only partly there.

    starts: tips and hints that a line can begin with, the nearest first. criteria: what the item serves.
    beside: what else stands beside the item, such as examples.
    line: what was made of it already; None if nothing was.
    """

    entry: Entry
    starts: tuple[Support, ...]
    criteria: tuple[Support, ...]
    beside: tuple[Support, ...]
    line: PlanLine | None

    @property
    def code(self) -> str:
        return self.entry.code


@dataclass(frozen=True, slots=True)
class GapTheme:
    """
    A chosen theme.

    gaps: what is missing, then what is partly there. beside: examples and the like that stand beside the theme and its parts.
    """

    result: ThemeResult
    gaps: tuple[Gap, ...]
    beside: tuple[Support, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    results: Results
    themes: tuple[GapTheme, ...]

    @property
    def open(self) -> dict[str, Gap]:
        """Code → gap, for those that no line was made of."""
        return {gap.code: gap for theme in self.themes for gap in theme.gaps if gap.line is None}


def gaps_of(assessment: Assessment) -> Gaps:
    """The chosen themes with their gaps; three queries, whatever their number."""
    results, taken = results_of(assessment), lines_from(assessment)
    themes = tuple(_theme(results, result, taken) for result in results.themes if result.chosen)
    return Gaps(results, themes)


def lines_from(assessment: Assessment) -> dict[str, PlanLine]:
    """Item code → a line that was made from it, in whatever plan; a removed line does not count."""
    origins = LineOrigin.objects.filter(
        kind=OriginKind.GAP, assessment=assessment, line__removed_at=None, line__plan__archived_at=None
    ).select_related("line__plan")
    return {origin.code: origin.line for origin in origins}


def _theme(results: Results, result: ThemeResult, taken: dict[str, PlanLine]) -> GapTheme:
    package = results.package
    entries = results.entries((*result.findings.gaps, *result.findings.partly))
    sections = [group.section for group in result.theme.groups]
    beside = tuple(row for section in sections for row in package.support_for(section.code) if row.kind not in (*STARTS, CRITERION))
    return GapTheme(result, tuple(_gap(package, entry, taken.get(entry.code)) for entry in entries), beside)


def _gap(package: Package, entry: Entry, line: PlanLine | None) -> Gap:
    rows = package.support_for(entry.code)
    near = [row for row in rows if row.kind in STARTS]
    above = [row for section in _upwards(package, entry.section) for row in package.support_for(section.code) if row.kind in STARTS]
    criteria = (*package.criteria_of(entry.item), *(row for row in rows if row.kind == CRITERION))
    beside = tuple(row for row in rows if row.kind not in (*STARTS, CRITERION))
    return Gap(entry, (*near, *above), criteria, beside, line)


def _upwards(package: Package, section: Section) -> list[Section]:
    found = [section]
    while found[-1].parent:
        found.append(package.section(found[-1].parent))
    return found

"""Lines made from the gaps of an assessment: the toolkit's words, and nothing that nobody said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.action_plans.enums import OriginKind
from jumelle.action_plans.models import LineOrigin, Plan, PlanLine
from jumelle.action_plans.operations.journal import note_act
from jumelle.action_plans.operations.lines import LineGiven, new_line
from jumelle.action_plans.operations.planning import HeaderGiven, PlanRefused, locked_plan, start_plan
from jumelle.action_plans.queries.gaps import Gap, gaps_of
from jumelle.action_plans.workbook_columns import TEXT_LIMIT
from jumelle.assessments.models import Assessment
from jumelle.assessments.operations.answering import tidy
from jumelle.cities.access import Place
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.sheets import Support


@dataclass(frozen=True, slots=True)
class GapChoice:
    """
    A gap that is to become a line.

    start: code of the tip or hint whose words the line begins with; "" for the words of the gap itself.
    """

    code: str
    start: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """lines: those that are new, in their order."""

    plan: Plan
    lines: tuple[PlanLine, ...]


class GapsRefused(PlanRefused):
    sentence = _("No line was made.")


class NothingChosen(GapsRefused):
    sentence = _("Tick at least one gap that is to become a line.")


class GapUnknown(GapsRefused):
    sentence = _("One of the gaps is no longer open, or its tip is not of this toolkit. Look at the list again, then choose.")


class AllHaveLines(GapsRefused):
    sentence = _("Each of these gaps has a line already. Nothing was made twice.")


@transaction.atomic
def make_lines_from_gaps(
    *, place: Place, assessment: Assessment, choices: Sequence[GapChoice], into: Plan | HeaderGiven, now: datetime
) -> Made:
    """
    Make draft lines of gaps. Gaps that begin with the same tip become one line; those that have a line already are passed over.

    Args:
        into: a plan that exists, or the header of a new one.
    Raises:
        NothingChosen, GapUnknown, AllHaveLines: nothing was written.
        PlanApproved, HeaderIncomplete, HeaderTooLong: see the classes.
    """
    if not choices:
        raise NothingChosen
    Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)  # two people make no line twice
    found = gaps_of(assessment)
    known = {gap.code: gap for theme in found.themes for gap in theme.gaps}
    if any(not _is_possible(choice, known) for choice in choices):
        raise GapUnknown
    waiting = [choice for choice in choices if choice.code in found.open]
    if not waiting:
        raise AllHaveLines
    plan = locked_plan(into) if isinstance(into, Plan) else start_plan(place=place, given=into, now=now, assessment=assessment)
    writer = _Writer(place, plan, assessment, found.results.package, now)
    lines = tuple(writer.line(gaps, start) for start, gaps in _grouped(waiting, known))
    data = {"assessment": str(assessment.pk), "items": [choice.code for choice in waiting], "lines": len(lines)}
    note_act(place, "plan_lines_made_from_gaps", "Plan", plan.pk, now=now, data=data)
    return Made(plan, lines)


def _is_possible(choice: GapChoice, known: Mapping[str, Gap]) -> bool:
    gap = known.get(choice.code)
    return gap is not None and (not choice.start or choice.start in {start.code for start in gap.starts})


def _grouped(choices: Iterable[GapChoice], known: Mapping[str, Gap]) -> list[tuple[Support | None, list[Gap]]]:
    """One entry per line: what it begins with, and its gaps."""
    by_start: dict[str, list[Gap]] = {}
    for choice in choices:
        gaps = by_start.setdefault(choice.start or f"{choice.code} ", [])  # a space: no code of a tip ends with one
        if known[choice.code] not in gaps:
            gaps.append(known[choice.code])
    return [(next((row for row in gaps[0].starts if row.code == start), None), gaps) for start, gaps in by_start.items()]


class _Writer:
    def __init__(self, place: Place, plan: Plan, assessment: Assessment, package: Package, now: datetime) -> None:
        self.place, self.plan, self.assessment, self.package, self.now = place, plan, assessment, package, now

    def line(self, gaps: Sequence[Gap], start: Support | None) -> PlanLine:
        criteria = {row.code: row for gap in gaps for row in gap.criteria}
        line = new_line(self.place, self.plan, self.given(gaps, start, criteria.values()), self.now)
        for gap in gaps:
            self.origin(line, OriginKind.GAP, gap.code, assessment=self.assessment)
        for row in [*([start] if start else []), *criteria.values()]:
            self.origin(line, OriginKind.SUPPORT, row.code)
        return line

    def given(self, gaps: Sequence[Gap], start: Support | None, criteria: Iterable[Support]) -> LineGiven:
        """The action in the words of the tip, else in those of the gap, to be reworded; lead, dates and measures stay empty."""
        action = self.support_words(start) if start else self.words(gaps[0].entry.item.text)
        return LineGiven(action=action[:TEXT_LIMIT], results="\n\n".join(map(self.support_words, criteria))[:TEXT_LIMIT])

    def support_words(self, row: Support) -> str:
        return "\n".join(filter(None, [self.words(row.title), self.words(row.text)]))

    def words(self, mapping: Mapping[str, str]) -> str:
        """In the language of the plan, where the toolkit has it."""
        return tidy(self.package.text(mapping, self.plan.language).text)

    def origin(self, line: PlanLine, kind: OriginKind, code: str, **more: Any) -> None:
        LineOrigin.objects.create(
            city_id=line.city_id, line=line, kind=kind, toolkit=self.package.id, version=self.package.version, code=code, **more
        )

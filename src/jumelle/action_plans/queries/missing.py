"""What a plan still lacks, plainly: nothing is invented to fill it."""

from collections.abc import Callable
from dataclasses import dataclass

from jumelle.action_plans.content import LineContent, PlanContent
from jumelle.action_plans.enums import LineStatus


@dataclass(frozen=True, slots=True)
class Missing:
    """Lines that lack one thing, in their order. what: "lead", "dates", "measures" or "results"."""

    what: str
    lines: tuple[LineContent, ...]


def _lacks_lead(line: LineContent) -> bool:
    return not (line.lead or line.lead_organisation)


def _lacks_dates(line: LineContent) -> bool:
    """Words beside them do not help: without an end nobody can be reminded."""
    return line.starts_on is None or line.ends_on is None


def _lacks_measures(line: LineContent) -> bool:
    return not line.measures


def _lacks_results(line: LineContent) -> bool:
    return not line.results


LACKS: dict[str, Callable[[LineContent], bool]] = {
    "lead": _lacks_lead,
    "dates": _lacks_dates,
    "measures": _lacks_measures,
    "results": _lacks_results,
}


def missing_in(content: PlanContent) -> tuple[Missing, ...]:
    """What at least one line lacks; a line that was given up lacks nothing."""
    asked = [line for line in content.lines if line.status != LineStatus.DROPPED]
    found = (Missing(what, tuple(line for line in asked if lacks(line))) for what, lacks in LACKS.items())
    return tuple(missing for missing in found if missing.lines)

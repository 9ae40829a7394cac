"""Writes: what left the house is written down."""

from datetime import datetime
from typing import Any, Literal

from jumelle.action_plans.models import Plan
from jumelle.assessments.models import Assessment, Round
from jumelle.audit.operations import record
from jumelle.cities.access import Place

Format = Literal["pdf", "docx", "xlsx", "json", "ics"]


def record_export(*, place: Place, assessment: Assessment, file_format: Format, language: str, now: datetime) -> None:
    """Write into the journal of the city that somebody took a summary out, before it is handed over."""
    _record(place, "assessment_exported", assessment, now, {"format": file_format, "language": language})


def record_plan_export(
    *, place: Place, plan: Plan, version: int, file_format: Format, language: str, now: datetime, what: str = ""
) -> None:
    """
    Write into the journal of the city that somebody took a plan out, before it is handed over.

    Args:
        version: its number, 0 for the draft.
        what: "" for the plan, "blank" for a workbook without its lines.
    """
    data: dict[str, Any] = {"format": file_format, "language": language, "version": version}
    _record(place, "plan_exported", plan, now, data | ({"what": what} if what else {}))


def record_sheet_export(*, place: Place, round: Round, language: str, now: datetime) -> None:
    """Write into the journal of the city that somebody took out the sheet for a meeting, before it is handed over."""
    _record(place, "meeting_sheet_exported", round, now, {"format": "pdf", "language": language})


def _record(place: Place, action: str, exported: Assessment | Plan | Round, now: datetime, data: dict[str, Any]) -> None:
    record(
        chain=place.chain,
        action=action,
        now=now,
        actor=str(place.user.pk) if place.user else "",
        role=place.role,
        object_type=type(exported).__name__.lower(),
        object_id=str(exported.pk),
        data=data,
    )

"""Writes: what left the house is written down."""

from datetime import datetime
from typing import Literal

from jumelle.assessments.models import Assessment
from jumelle.audit.operations import record
from jumelle.cities.access import Place

Format = Literal["pdf", "docx", "xlsx"]


def record_export(*, place: Place, assessment: Assessment, file_format: Format, language: str, now: datetime) -> None:
    """Write into the journal of the city that somebody took a summary out, before it is handed over."""
    record(
        chain=place.chain,
        action="assessment_exported",
        now=now,
        actor=str(place.user.pk) if place.user else "",
        role=place.role,
        object_type="assessment",
        object_id=str(assessment.pk),
        data={"format": file_format, "language": language},
    )

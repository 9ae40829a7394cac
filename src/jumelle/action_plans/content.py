"""
A plan as plain frozen data: what a version keeps, what documents print, what the public page shows, what two versions are compared on.

Private notes and comments are not part of it: what is not in here cannot get into an export.
"""

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

COLUMNS = ("action", "results", "timetable", "lead", "resources", "evaluation")  # annex 6, in its order


@dataclass(frozen=True, slots=True)
class MeasureContent:
    """A measure of success; baseline, target and reached are as typed ("12", "40 %", "none yet")."""

    what: str
    baseline: str = ""
    target: str = ""
    due_on: date | None = None
    data_source: str = ""
    reached: str = ""
    reached_on: date | None = None


@dataclass(frozen=True, slots=True)
class OriginContent:
    """Where a line was born. kind: a value of `OriginKind`; code: of toolkit and version, "" for a visit or a meeting."""

    kind: str
    toolkit: str = ""
    version: str = ""
    code: str = ""
    label: str = ""
    url: str = ""
    dated_on: date | None = None


@dataclass(frozen=True, slots=True)
class LineContent:
    """
    One line.

    line_id: the same in every version of the plan: it tells a changed line from a new one.
    lead_organisation: the name of the organisation, "" without one. status: a value of `LineStatus`.
    """

    line_id: str
    position: int
    action: str
    results: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    timetable: str = ""
    lead: str = ""
    lead_organisation: str = ""
    staff: str = ""
    partners: str = ""
    funding: str = ""
    evaluation: str = ""
    status: str = "planned"
    is_public: bool = False
    measures: tuple[MeasureContent, ...] = ()
    origins: tuple[OriginContent, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanContent:
    """
    The header of the template and its lines, in order.

    version: the number of the named version, 0 for the working draft; version_name: a value of `VersionName`, "" for the draft.
    """

    plan_id: str
    title: str
    mentee: str
    mentor: str
    language: str
    dated_on: date
    version: int = 0
    version_name: str = ""
    own_name: str = ""
    lines: tuple[LineContent, ...] = ()


def to_json(content: PlanContent) -> str:
    return json.dumps(asdict(content), default=date.isoformat, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> PlanContent:
    """
    Return what `to_json` wrote.

    Raises:
        ValueError: the text was not written by `to_json`.
    """
    return _plan(json.loads(text))


def line_to_json(line: LineContent) -> str:
    return json.dumps(asdict(line), default=date.isoformat, ensure_ascii=False, sort_keys=True)


def line_from_json(text: str) -> LineContent:
    """
    Return what `line_to_json` wrote.

    Raises:
        ValueError: the text was not written by `line_to_json`.
    """
    return _line(json.loads(text))


def _plan(raw: dict[str, Any]) -> PlanContent:
    return PlanContent(**{**_dated(PlanContent, raw), "lines": tuple(_line(line) for line in raw["lines"])})


def _line(raw: dict[str, Any]) -> LineContent:
    measures = tuple(MeasureContent(**_dated(MeasureContent, measure)) for measure in raw["measures"])
    origins = tuple(OriginContent(**_dated(OriginContent, origin)) for origin in raw["origins"])
    return LineContent(**{**_dated(LineContent, raw), "measures": measures, "origins": origins})


def _dated(kind: type, raw: dict[str, Any]) -> dict[str, Any]:
    """The fields of `kind`, with moments as dates; a field that a later version of Jumelle has added keeps its default."""
    known = {field.name for field in fields(kind)}
    return {key: date.fromisoformat(value) if key.endswith("_on") and value else value for key, value in raw.items() if key in known}

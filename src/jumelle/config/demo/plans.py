"""The demonstration's action plan: six lines born from gaps, approved, followed for two quarters, public but for one line."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from jumelle.accounts.models import User
from jumelle.action_plans import operations
from jumelle.action_plans.enums import OriginKind, VersionName
from jumelle.action_plans.models import Measure, Plan, PlanLine
from jumelle.action_plans.operations import GapChoice, HeaderGiven, LineGiven, MeasureGiven
from jumelle.action_plans.operations.follow_up import record_update
from jumelle.action_plans.quarters import quarter_of
from jumelle.assessments.models import Assessment
from jumelle.cities.access import Place
from jumelle.cities.models import Organisation
from jumelle.config.demo.standing import city_assessment, place_of

COLUMNS = ("action", "results", "lead", "staff", "partners", "funding", "evaluation")


def load_plan(row: dict[str, Any], now: datetime) -> None:
    place = place_of(row["city"], row["by"])
    assessment = city_assessment(place, row["toolkit"])
    written_at = now - timedelta(days=60)
    given = HeaderGiven(title=row["title"], mentee=place.here.name, mentor=row["mentor"], language=row["language"])
    plan = operations.start_plan(place=place, given=given, now=written_at, assessment=assessment)
    lines = [_write_line(place, plan, assessment, each, written_at, now.date()) for each in row["lines"]]
    first, *later = row["versions"]
    operations.make_version(place=place, plan=plan, name=VersionName(first), now=written_at)
    _talk(place, row, lines, now)
    for name in later:
        version = operations.make_version(place=place, plan=plan, name=VersionName(name), now=now - timedelta(days=45))
    _approve(place, version, row["approval"], now)
    for line, each in zip(lines, row["lines"], strict=True):
        for update in each.get("updates", ()):
            _tell(place, line, update, each.get("measures", ()), now)
    shown = {line.pk for line, each in zip(lines, row["lines"], strict=True) if each["public"]}
    operations.publish_plan(place=place, plan=plan, is_public=True, listed={line.pk for line in lines}, shown=shown, now=now)


def _write_line(place: Place, plan: Plan, assessment: Assessment, row: dict[str, Any], now: datetime, today: date) -> PlanLine:
    """From the gap to a draft, and from the draft to a line, the way that people go; or from a visit or a meeting."""
    if row["gaps"]:
        choices = [GapChoice(code) for code in row["gaps"][:1]]
        made = operations.make_lines_from_gaps(place=place, assessment=assessment, choices=choices, into=plan, now=now)
        line = made.lines[0]
        given = _given(row, today, line.revision)
        return operations.edit_line(place=place, line=line, given=given, now=now).line
    line = operations.add_line(place=place, plan=plan, given=_given(row, today, 0), now=now)
    for kind in (OriginKind.VISIT, OriginKind.MEETING):
        if kind in row:
            day = today - timedelta(days=row[kind]["days_ago"])
            operations.add_origin(place=place, line=line, kind=kind, label=row[kind]["label"], dated_on=day, now=now)
    return line


def _given(row: dict[str, Any], today: date, revision: int) -> LineGiven:
    return LineGiven(
        **{name: row.get(name, "") for name in COLUMNS},
        starts_on=_day(today, row.get("starts_in")),
        ends_on=_day(today, row.get("ends_in")),
        lead_organisation=Organisation.objects.get(slug=row["lead_organisation"]) if "lead_organisation" in row else None,
        measures=tuple(_measure(each, today) for each in row.get("measures", ())),
        revision=revision,
    )


def _measure(row: dict[str, Any], today: date) -> MeasureGiven:
    texts = {name: row.get(name, "") for name in ("what", "baseline", "target", "data_source")}
    return MeasureGiven(**texts, due_on=_day(today, row.get("due_in")))


def _day(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def _talk(place: Place, row: dict[str, Any], lines: list[PlanLine], now: datetime) -> None:
    said, note = row["comment"], row["private_note"]
    group = Place(user=User.objects.get(email=said["by"]), city=place.city, association=place.association, roles=place.roles)
    comment = operations.comment_line(place=group, line=lines[said["line"] - 1], text=said["text"], now=now - timedelta(days=50))
    seen = operations.mark_of("")
    operations.answer_comment(place=place, comment=comment, answer=said["answer"], seen=seen, now=now - timedelta(days=48))
    operations.note_privately(place=place, line=lines[note["line"] - 1], note=note["text"], seen=seen, now=now - timedelta(days=48))


def _approve(place: Place, version: Any, row: dict[str, Any], now: datetime) -> None:
    operations.approve_version(
        place=place,
        version=version,
        body=row["body"],
        approved_on=(now - timedelta(days=row["days_ago"])).date(),
        today=now.date(),
        now=now - timedelta(days=row["days_ago"]),
        document_url=row["document_url"],
    )


def _tell(place: Place, line: PlanLine, row: dict[str, Any], figures: Sequence[dict[str, Any]], now: datetime) -> None:
    """A quarter ago is told as it was told then: on its last day."""
    this = quarter_of(now.date())
    quarter = this.previous if row["quarters_ago"] else this
    moment = now - timedelta(days=(now.date() - quarter.last_day).days) if row["quarters_ago"] else now
    measures = [] if row["quarters_ago"] else Measure.objects.filter(line=line).order_by("position")
    texts = {name: row.get(name, "") for name in ("sentence", "next_step", "evidence_title", "evidence_url")}
    record_update(
        place=place,
        line=line,
        quarter=str(quarter),
        status=row["status"],
        reached={measure.pk: figure["reached"] for measure, figure in zip(measures, figures, strict=False) if "reached" in figure},
        now=moment,
        **texts,
    )

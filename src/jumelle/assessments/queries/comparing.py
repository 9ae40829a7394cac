"""
Comparing: which assessments of one subject can be compared over time, and what others have agreed to lay on the table.

Data of another city is read here and nowhere else: inside the scope of exactly the cities whose consent runs, live, so that a consent
that has ended shows nothing with the next click. Read are the values of answers, the period and the version, and the text of context
factors where that side shares it; never a note, evidence, a name of a person or an answer in words.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from jumelle.assessments.enums import Subject
from jumelle.assessments.models import Answer, Assessment, Comparison, ComparisonSide
from jumelle.assessments.queries.comparison import FEWEST, Side, side_of
from jumelle.assessments.queries.sheet import CONTEXT, Sheet, sheet_with, sheets_of
from jumelle.assessments.queries.visible import assessments_visible_to, manages, organisations_staffed_by
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.models import City
from jumelle.cities.tenancy import city_scope
from jumelle.toolkits.queries import package_of

# --- over time --------------------------------------------------------------------------------------------------------


def subject_of(assessment: Assessment) -> tuple[str, UUID | None, str]:
    """Who looks at itself: equal for assessments of the same city, department, organisation or practice."""
    name = assessment.subject_name.strip().casefold() if assessment.subject == Subject.PRACTICE else ""
    return assessment.subject, assessment.organisation_id, name


def in_order_of_time(assessments: Iterable[Assessment]) -> list[Assessment]:
    return sorted(assessments, key=lambda each: (each.period_end_on, each.period_start_on, each.started_at, str(each.pk)))


def comparable_over_time(place: Place) -> list[list[Assessment]]:
    """Assessments that this person sees, of one subject and one toolkit, at least two together, oldest period first."""
    groups: dict[object, list[Assessment]] = {}
    for assessment in assessments_visible_to(place):
        groups.setdefault((subject_of(assessment), assessment.toolkit_version.toolkit_id), []).append(assessment)
    return [in_order_of_time(group) for group in groups.values() if len(group) >= FEWEST]


def sides_over_time(assessments: Sequence[Assessment]) -> list[Side]:
    """Of one city, whose people may read everything in it: with the context of each."""
    return [side_of(sheet, sheet.assessment.subject_name, with_context=True) for sheet in sheets_of(assessments)]


# --- who speaks for what ----------------------------------------------------------------------------------------------


def speaks_for(place: Place, assessment: Assessment) -> bool:
    """
    May this person lay the assessment on the table?

    The city speaks for itself, its departments and its own practices; an organisation speaks for itself, through its staff. An
    officer of the city cannot consent in its place.
    """
    organisation = assessment.organisation
    if organisation is None or organisation.is_department:
        return manages(place)
    return place.may(Role.PROVIDER_STAFF) and organisations_staffed_by(place).filter(pk=organisation.pk).exists()


def assessments_spoken_for(place: Place) -> QuerySet[Assessment]:
    """All for which `speaks_for` says yes, newest first."""
    return assessments_visible_to(place).filter(_spoken_for(place, "organisation"))


def sides_spoken_for(place: Place) -> QuerySet[ComparisonSide]:
    """The sides in the place's city whose consent is this person's to give, newest proposal first."""
    mine = _spoken_for(place, "assessment__organisation")
    if manages(place):
        mine |= Q(assessment=None)
    related = ("comparison__toolkit", "comparison__started_by_city__association", "assessment__organisation", "assessment__toolkit_version")
    found = ComparisonSide.objects.filter(mine, city=place.city).select_related(*related)
    return found.defer("assessment__toolkit_version__content").order_by("-proposed_at", "pk")


def _spoken_for(place: Place, organisation: str) -> Q:
    """The same rule as in `speaks_for`, as a condition; `organisation` is the way to it."""
    mine = Q(pk__in=[])
    if manages(place):
        mine |= Q(**{organisation: None}) | Q(**{f"{organisation}__is_department": True})
    if place.may(Role.PROVIDER_STAFF):
        mine |= Q(**{f"{organisation}__in": organisations_staffed_by(place), f"{organisation}__is_department": False})
    return mine


def waiting_for(place: Place) -> int:
    """How many proposals wait for this person's answer."""
    return sides_spoken_for(place).filter(agreed_at=None, ended_at=None).count()


def can_be_laid(place: Place, comparison: Comparison, side: ComparisonSide | None = None) -> list[Assessment]:
    """
    The assessments that this person may lay on the table of a comparison, newest first.

    Args:
        side: one that was asked about a certain organisation, which answers for itself and not for another.
    """
    found = assessments_spoken_for(place).filter(toolkit_version__toolkit_id=comparison.toolkit_id)
    asked = side.assessment if side else None
    return [assessment for assessment in found if asked is None or assessment.organisation_id == asked.organisation_id]


def cities_near(city: City) -> QuerySet[City]:
    """The cities of its association, and of the network that the association belongs to; itself included."""
    near = Q(association=city.association)
    if city.association.network_id:
        near |= Q(association__network=city.association.network_id)
    return City.objects.filter(near).order_by("name", "pk")


# --- what lies on the table -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """
    One side of a comparison as everybody in it may know it.

    name: of the city, with the department or organisation where its consent runs.
    is_mine: the reader speaks for it.
    agreed_at: None while it has not answered, or when it declined.
    """

    id: UUID
    city_id: UUID
    assessment_id: UUID | None
    name: str
    is_mine: bool
    shares_context: bool
    agreed_at: datetime | None
    ended_at: datetime | None

    @property
    def runs(self) -> bool:
        return self.agreed_at is not None and self.ended_at is None


@dataclass(frozen=True, slots=True)
class OnTheTable:
    """
    parts: own first, then by name. Whoever does not take part is told of no other side; a side that never agreed is told to the
        city that asked it, and to nobody else.
    sides: of the parts whose consent runs, in the same order; empty unless the reader takes part.
    """

    comparison: Comparison
    parts: tuple[Part, ...]
    sides: tuple[Side, ...]

    @property
    def mine(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.is_mine)

    @property
    def running(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.runs)

    @property
    def takes_part(self) -> bool:
        return any(part.runs for part in self.mine)


def on_the_table(place: Place, comparison: Comparison, mine: Collection[ComparisonSide]) -> OnTheTable:
    """
    Args:
        mine: the sides of this comparison that the reader speaks for, from `sides_spoken_for`.
    """
    near = {city.pk: city for city in cities_near(comparison.started_by_city)} | {place.here.pk: place.here}
    with city_scope(*near):
        rows = list(ComparisonSide.objects.filter(comparison=comparison))
    own = {side.pk for side in mine}
    takes_part = any(row.is_shown for row in rows if row.pk in own)
    sheets = sheets_by_consent(rows) if takes_part else {}
    asked_by_us = comparison.started_by_city_id == place.here.pk and manages(place)
    subjects = _subjects_here(place, rows) | {pk: sheet.assessment for pk, sheet in sheets.items()}
    names = {row.pk: _name(near[row.city_id], subjects.get(row.pk)) for row in rows}
    told = [row for row in rows if row.pk in own or asked_by_us or (takes_part and row.agreed_at)]
    told.sort(key=lambda row: (row.pk not in own, names[row.pk].casefold(), row.proposed_at, str(row.pk)))
    shown = [row for row in told if row.pk in sheets]
    return OnTheTable(
        comparison=comparison,
        parts=tuple(_part(row, names[row.pk], is_mine=row.pk in own) for row in told),
        sides=tuple(side_of(sheets[row.pk], names[row.pk], with_context=row.shares_context) for row in shown),
    )


def _part(row: ComparisonSide, name: str, *, is_mine: bool) -> Part:
    return Part(row.pk, row.city_id, row.assessment_id, name, is_mine, row.shares_context, row.agreed_at, row.ended_at)


def _subjects_here(place: Place, rows: Iterable[ComparisonSide]) -> dict[UUID, Assessment]:
    """By side: the assessments of the own city that this person sees anyway, whether a consent runs or not."""
    by_assessment = {row.assessment_id: row.pk for row in rows if row.city_id == place.here.pk and row.assessment_id}
    return {by_assessment[found.pk]: found for found in assessments_visible_to(place).filter(pk__in=by_assessment)}


def _name(city: City, assessment: Assessment | None) -> str:
    if assessment is None or assessment.subject == Subject.CITY:
        return city.name
    return f"{assessment.subject_name}, {city.name}"


def sheets_by_consent(sides: Iterable[ComparisonSide]) -> dict[UUID, Sheet]:
    """
    Return what sides lay on the table, by the id of the side: values only, and context where it is shared.

    A side that has not agreed, or has ended it, is passed over, and its city is not opened.
    """
    laid = {side.assessment_id: side for side in sides if side.is_shown and side.assessment_id}
    with city_scope(*{side.city_id for side in laid.values()}):
        found = Assessment.objects.filter(pk__in=laid).select_related("toolkit_version").defer("toolkit_version__content")
        assessments = list(found)
        answers = _values(assessments)
        _add_context(answers, [assessment for assessment in assessments if laid[assessment.pk].shares_context])
    return {
        laid[assessment.pk].pk: sheet_with(assessment, package_of(assessment.toolkit_version), answers[assessment.pk])
        for assessment in assessments
    }


def _values(assessments: Sequence[Assessment]) -> dict[UUID, dict[str, Answer]]:
    """Answers that hold a value and nothing else: the other columns are not read."""
    answers: dict[UUID, dict[str, Answer]] = {assessment.pk: {} for assessment in assessments}
    rows = Answer.objects.filter(assessment__in=assessments, archived_by=None)
    for assessment_id, code, value, to_confirm in rows.values_list("assessment_id", "item_code", "value", "to_confirm"):
        answers[assessment_id][code] = Answer(assessment_id=assessment_id, item_code=code, value=value, to_confirm=to_confirm)
    return answers


def _add_context(answers: dict[UUID, dict[str, Answer]], assessments: Sequence[Assessment]) -> None:
    codes = {item.code for assessment in assessments for item in package_of(assessment.toolkit_version).items if item.kind == CONTEXT}
    rows = Answer.objects.filter(assessment__in=assessments, item_code__in=codes, archived_by=None, to_confirm=False)
    for answer in rows.only("assessment_id", "item_code", "text"):
        answers[answer.assessment_id][answer.item_code].text = answer.text

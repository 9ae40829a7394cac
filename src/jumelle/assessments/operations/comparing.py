"""
Comparing with others by consent: a proposal, the answer of each side, and the end of a consent at any moment.

The row of another city is written inside the scope of that city, opened for just this row. The journal of each city concerned says
what happened and which city did it, never who.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.assessments.models import Assessment, Comparison, ComparisonSide
from jumelle.assessments.operations.journal import note_act
from jumelle.assessments.queries.comparing import cities_near, speaks_for
from jumelle.assessments.queries.comparison import MOST
from jumelle.audit.operations import record
from jumelle.cities.access import Place
from jumelle.cities.models import City
from jumelle.cities.tenancy import city_scope


class ComparisonRefused(Exception):
    """Something cannot be done with a comparison; `sentence` says why and what to do."""

    sentence = _("This cannot be done with this comparison.")


class NobodyAsked(ComparisonRefused):
    sentence = _("Choose at least one other side. A comparison has two to six sides.")


class TooManySides(ComparisonRefused):
    sentence = _("A comparison has six sides at most. Choose fewer.")


class NotYoursToLay(ComparisonRefused):
    sentence = _("You cannot agree in the place of this organisation. Only its own staff can.")


class AnotherToolkit(ComparisonRefused):
    sentence = _("Only assessments made with the same toolkit can be compared. Choose another one.")


class CityOutOfReach(ComparisonRefused):
    sentence = _("Only cities of your association or network can be asked. Choose another one.")


class LaidAlready(ComparisonRefused):
    sentence = _("This assessment is part of the comparison already. Choose another one.")


class TakesPartAlready(ComparisonRefused):
    sentence = _("You take part in this comparison already.")


class DoesNotTakePart(ComparisonRefused):
    sentence = _("You do not take part in this comparison any more.")


@transaction.atomic
def propose_comparison(
    *,
    place: Place,
    title: str,
    assessment: Assessment,
    cities: Sequence[City],
    others: Sequence[Assessment],
    shares_context: bool,
    now: datetime,
) -> Comparison:
    """
    Lay an own assessment on the table and ask others to do the same.

    Args:
        cities: other cities, which choose an assessment themselves.
        others: further assessments of this city. Where the same person may speak for them, they are laid on the table at once.
        shares_context: the own context factors may be read beside the comparison.
    Raises:
        ComparisonRefused: one of its kinds; nothing was written.
    """
    toolkit = assessment.toolkit_version.toolkit
    if not speaks_for(place, assessment):
        raise NotYoursToLay
    if any(other.toolkit_version.toolkit_id != toolkit.pk for other in others):
        raise AnotherToolkit
    _check_sides(place, [assessment, *others], cities)
    comparison = Comparison.objects.create(title=title.strip(), toolkit=toolkit, started_by_city=place.here, started_at=now)
    for laid in (assessment, *others):
        _lay(place, comparison, laid, shares_context, now)
    for city in cities:
        with city_scope(city.pk):
            ComparisonSide.objects.create(city=city, comparison=comparison, proposed_at=now)
    _note(place, comparison, "comparison_proposed", cities, now, {"toolkit": toolkit.slug, "sides": 1 + len(others) + len(cities)})
    return comparison


@transaction.atomic
def agree_to_comparison(
    *, place: Place, side: ComparisonSide, assessment: Assessment, shares_context: bool, now: datetime
) -> ComparisonSide:
    """
    Consent, for the first time or again, and lay an assessment on the table.

    Raises:
        NotYoursToLay: the assessment, or the organisation that was asked, speaks for itself.
        AnotherToolkit, LaidAlready, TakesPartAlready: see the classes.
    """
    side = _locked(side)
    if side.is_shown:
        raise TakesPartAlready
    asked = side.assessment
    if not speaks_for(place, assessment) or (asked and asked.organisation_id != assessment.organisation_id):
        raise NotYoursToLay
    if assessment.toolkit_version.toolkit_id != side.comparison.toolkit_id:
        raise AnotherToolkit
    if ComparisonSide.objects.filter(comparison=side.comparison, assessment=assessment).exclude(pk=side.pk).exists():
        raise LaidAlready
    side.assessment, side.shares_context = assessment, shares_context
    side.agreed_by, side.agreed_at, side.ended_by, side.ended_at = place.user, now, None, None
    side.save()
    _note_consent(place, side, "comparison_agreed", now, {"shares_context": shares_context})
    return side


@transaction.atomic
def decline_comparison(*, place: Place, side: ComparisonSide, now: datetime) -> ComparisonSide:
    """
    Say no to a proposal; one can still agree later.

    Raises:
        TakesPartAlready: end the consent instead.
    """
    side = _locked(side)
    if side.is_shown:
        raise TakesPartAlready
    if side.ended_at is None:
        _end(place, side, now)
        _note_consent(place, side, "comparison_declined", now)
    return side


@transaction.atomic
def end_consent(*, place: Place, side: ComparisonSide, now: datetime) -> ComparisonSide:
    """
    Take one's assessment off the table: with the next click nobody else sees anything of it.

    Raises:
        DoesNotTakePart: it was ended already, or never given.
    """
    side = _locked(side)
    if not side.is_shown:
        raise DoesNotTakePart
    _end(place, side, now)
    _note_consent(place, side, "comparison_consent_ended", now)
    return side


@transaction.atomic
def record_comparison_read(*, place: Place, comparison: Comparison, city_ids: Iterable[UUID], now: datetime) -> None:
    """Reading what another city laid on the table is an event in its journal, too."""
    others = list(City.objects.filter(pk__in=set(city_ids) - {place.here.pk}))
    _note(place, comparison, "comparison_read", others, now, {"other_cities": len(others)})


# --- before -----------------------------------------------------------------------------------------------------------


def _check_sides(place: Place, assessments: Sequence[Assessment], cities: Sequence[City]) -> None:
    count = len(assessments) + len(cities)
    if count < 2:
        raise NobodyAsked
    if count > MOST:
        raise TooManySides
    if len({assessment.pk for assessment in assessments}) < len(assessments):
        raise LaidAlready
    near = set(cities_near(place.here).exclude(pk=place.here.pk).values_list("pk", flat=True))
    if len({city.pk for city in cities} & near) < len(cities):
        raise CityOutOfReach


def _locked(side: ComparisonSide) -> ComparisonSide:
    found = ComparisonSide.objects.select_for_update(of=("self",)).select_related("comparison__started_by_city__association")
    return found.get(pk=side.pk)


# --- writing ----------------------------------------------------------------------------------------------------------


def _lay(place: Place, comparison: Comparison, assessment: Assessment, shares_context: bool, now: datetime) -> None:
    side = ComparisonSide(city=place.here, comparison=comparison, assessment=assessment, proposed_at=now)
    if speaks_for(place, assessment):
        side.agreed_by, side.agreed_at, side.shares_context = place.user, now, shares_context
    side.save()


def _end(place: Place, side: ComparisonSide, now: datetime) -> None:
    side.ended_by, side.ended_at = place.user, now
    side.save(update_fields=["ended_by", "ended_at"])


def _note_consent(place: Place, side: ComparisonSide, action: str, now: datetime, data: dict[str, Any] | None = None) -> None:
    """The city that asked is told, and the cities whose consent runs; not those that were only asked."""
    comparison = side.comparison
    near = {city.pk: city for city in cities_near(comparison.started_by_city)}
    with city_scope(*near):
        running = ComparisonSide.objects.filter(comparison=comparison, ended_at=None).exclude(agreed_at=None)
        told = {*running.values_list("city_id", flat=True), comparison.started_by_city_id} - {place.here.pk}
    others = [city for city in near.values() if city.pk in told]
    _note(place, comparison, action, others, now, {"side": str(side.pk), **(data or {})})


def _note(place: Place, comparison: Comparison, action: str, others: Iterable[City], now: datetime, data: dict[str, Any]) -> None:
    """In the own journal who did what; in those of other cities which city did it. In one order for all: nobody waits in a circle."""
    for chain in sorted({place.chain, *(Place(city=city).chain for city in others)}):
        if chain == place.chain:
            note_act(place, action, "Comparison", comparison.pk, now=now, data=data)
        else:
            told = {"by_city": place.here.slug}
            record(
                chain=chain, action=f"{action}_by_other_city", now=now, object_type="Comparison", object_id=str(comparison.pk), data=told
            )

"""Makers for comparing: versions of the benchmark, cities of one network, proposals and consents."""

from typing import Any

from jumelle.assessments.models import Assessment, Comparison, ComparisonSide
from jumelle.assessments.operations import agree_to_comparison, end_consent, propose_comparison
from jumelle.assessments.queries.comparing import OnTheTable, on_the_table, sides_spoken_for
from jumelle.assessments.tests.factories import BENCHMARK, LATER, NOW, make_assessment, make_place, shipped_package
from jumelle.cities.access import Place
from jumelle.cities.models import City
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_association, make_city
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.operations import load_package


def make_version(version: str = "1.0.0", slug: str = BENCHMARK) -> ToolkitVersion:
    return load_package(package=shipped_package(slug, version), association=None, status=VersionStatus.PUBLISHED, now=NOW).version


def neighbours(*names: str) -> list[Place]:
    """An officer in each of several cities of one association."""
    association = make_association()
    return [make_place(make_city(name.lower(), association, name=name)) for name in names]


def propose(
    place: Place,
    assessment: Assessment,
    *,
    cities: list[City] | None = None,
    others: list[Assessment] | None = None,
    shares_context: bool = False,
    **fields: Any,
) -> Comparison:
    fields.setdefault("title", "Side by side")
    fields.setdefault("now", NOW)
    with city_scope(place.here.pk):
        return propose_comparison(
            place=place, assessment=assessment, cities=cities or [], others=others or [], shares_context=shares_context, **fields
        )


def side_in(place: Place, comparison: Comparison) -> ComparisonSide:
    """The one side that this person speaks for."""
    with city_scope(place.here.pk):
        return sides_spoken_for(place).get(comparison=comparison)


def consent(place: Place, comparison: Comparison, assessment: Assessment | None = None, *, shares_context: bool = False) -> ComparisonSide:
    """Agree, with an own assessment of the city if none is given."""
    assessment = assessment or make_assessment(place)
    side = side_in(place, comparison)
    with city_scope(place.here.pk):
        return agree_to_comparison(place=place, side=side, assessment=assessment, shares_context=shares_context, now=LATER)


def end(place: Place, comparison: Comparison) -> ComparisonSide:
    side = side_in(place, comparison)
    with city_scope(place.here.pk):
        return end_consent(place=place, side=side, now=LATER)


def seen_by(place: Place, comparison: Comparison) -> OnTheTable:
    with city_scope(place.here.pk):
        mine = list(sides_spoken_for(place).filter(comparison=comparison))
        return on_the_table(place, mine[0].comparison if mine else comparison, mine)

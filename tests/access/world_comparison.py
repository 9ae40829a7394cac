"""
Comparing in the world of the access tests: inside one city, and between the two cities with a consent that runs or has ended.

Canaries of the other city that begin with "Shared" may be seen by those who speak for a city, and by nobody else: that is exactly what
the consent allows. Everything else of an assessment that lies on the table must stay where it is.
"""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from jumelle.assessments.models import Answer, Assessment, Comparison, ComparisonSide
from jumelle.cities.enums import Role
from jumelle.cities.models import Network
from jumelle.cities.tenancy import city_scope

SPEAK_FOR_A_CITY = (Role.INTEGRATION_OFFICER, Role.CITY_ADMIN)


def add_to(world: Any, canary: Callable[[str], str]) -> None:
    """The city and its provider compare themselves; each has words about its context, and words that no comparison may show."""
    for assessment, mark in ((world.assessment, "Shared"), (world.finished, "Kept"), (world.provider_assessment, "Kept")):
        write(assessment, "CF.F1", text=canary(f"{mark}Context"), note=canary("ContextNote"))
        write(assessment, "KF11.Q3", text=canary("Words"))
    inner = compare(world, canary("InnerTitle"))
    lay(inner, world.assessment, shares_context=True)
    lay(inner, world.provider_assessment)
    world.shared_title, world.asked_title = canary("SharedTitle"), canary("SharedQuestion")
    world.addresses |= {f"assessments:{name}": {"pk": inner.pk} for name in ("comparison", "comparison_consent")}


def add_between(own: Any, other: Any) -> None:
    """
    One network, and four comparisons of both cities: the other one shows its context, keeps it to itself, has ended its consent,
    or asks and waits.
    """
    roof = Network.objects.create(slug="roof", name="A network")
    for world in (own, other):
        world.association.network = roof
        world.association.save()
    shared, kept, ended = (compare(other, other.shared_title) for _ in range(3))
    lay_both(shared, own.assessment, other.assessment, shares_context=True)
    lay_both(kept, own.assessment, other.finished)
    lay_both(ended, own.assessment, other.finished, shares_context=True, ended_at=timezone.now())
    asked = compare(other, other.asked_title)
    lay(asked, other.finished)
    with city_scope(own.city.id):
        ComparisonSide.objects.create(city=own.city, comparison=asked, proposed_at=timezone.now())
    context = next(text for text in other.canaries if text.startswith("OtherSharedContext"))
    own.by_consent = {role: {other.shared_title, other.asked_title, context} for role in SPEAK_FOR_A_CITY}


def end_all_consents(world: Any) -> None:
    with city_scope(world.city.id):
        ComparisonSide.objects.update(ended_at=timezone.now())


def write(assessment: Assessment, code: str, **texts: str) -> None:
    common = {"city": assessment.city, "wording": {"fr": "…", "en": "…"}, "answered_at": timezone.now()}
    Answer.objects.create(assessment=assessment, item_code=code, **texts, **common)


def compare(world: Any, title: str) -> Comparison:
    toolkit = world.assessment.toolkit_version.toolkit
    return Comparison.objects.create(title=title, toolkit=toolkit, started_by_city=world.city, started_at=timezone.now())


def lay(comparison: Comparison, assessment: Assessment, **fields: Any) -> None:
    now = timezone.now()
    with city_scope(assessment.city_id):
        side = {"city": assessment.city, "comparison": comparison, "assessment": assessment}
        ComparisonSide.objects.create(proposed_at=now, agreed_at=now, **side, **fields)


def lay_both(comparison: Comparison, ours: Assessment, theirs: Assessment, **fields: Any) -> None:
    lay(comparison, ours)
    lay(comparison, theirs, **fields)

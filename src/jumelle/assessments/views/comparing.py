"""Comparing over time: assessments of one subject with one toolkit, ticked in a list."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jumelle.assessments.models import Assessment
from jumelle.assessments.queries.comparing import comparable_over_time, sides_over_time
from jumelle.assessments.queries.comparison import FEWEST, MOST, compare
from jumelle.assessments.views.compared import compared_screen, lettered, period_words
from jumelle.assessments.views.screens import Addresses, reader_for
from jumelle.cities.requests import PlacedRequest


def over_time(request: PlacedRequest, city: str) -> HttpResponse:
    groups = comparable_over_time(request.place)
    wanted = ids_of(request.GET.getlist("a"))
    group, chosen = chosen_among(groups, wanted)
    error = refusal(group, chosen) if wanted else ""
    context = {
        "groups": [group_screen(each, wanted) for each in groups],
        "error": error,
        "may_compare_with_others": request.place.opens("assessments:comparisons"),
        **(result_screen(chosen, city) if chosen and not error else {}),
    }
    return render(request, "assessments/compare/over_time.html", context, status=422 if error else 200)


def ids_of(values: list[str]) -> set[UUID]:
    """
    Raises:
        Http404: one is not an id.
    """
    try:
        return {UUID(value) for value in values}
    except ValueError:
        raise Http404 from None


def chosen_among(groups: list[list[Assessment]], wanted: set[UUID]) -> tuple[list[Assessment], list[Assessment]]:
    """
    The group that holds the first of the wanted ones, and all that are wanted, in the order of time.

    Raises:
        Http404: one does not exist, is not for this person, or has nothing to be compared with.
    """
    everything = {assessment.pk: assessment for group in groups for assessment in group}
    if wanted - everything.keys():
        raise Http404
    chosen = [assessment for assessment in everything.values() if assessment.pk in wanted]
    group = next((group for group in groups if chosen and chosen[0] in group), [])
    return group, chosen


def refusal(group: list[Assessment], chosen: list[Assessment]) -> str:
    if any(assessment not in group for assessment in chosen):
        return _("Tick assessments of one list only: others ask other questions, or are about somebody else.")
    if not FEWEST <= len(chosen) <= MOST:
        return _("Tick two to six assessments.")
    return ""


def group_screen(group: list[Assessment], wanted: set[UUID]) -> dict[str, Any]:
    newest = group[-1]
    reader = reader_for(newest.toolkit_version, get_language() or "en")
    versions = {assessment.toolkit_version.version for assessment in group}
    return {
        "subject": newest.subject_name,
        "toolkit": reader.words(reader.package.title),
        "rows": [{"assessment": each, "is_chosen": each.pk in wanted, "shows_version": len(versions) > 1} for each in group],
        "newest": group[-FEWEST:],
    }


def result_screen(chosen: list[Assessment], city: str) -> dict[str, Any]:
    sides = sides_over_time(chosen)
    found = compare(sides)
    names = [period_words(side) for side in sides]
    reader = reader_for(found.version, get_language() or "en")
    return {
        "subject": chosen[-1].subject_name,
        "toolkit": reader.words(reader.package.title),
        "sides": [
            {"letter": letter, "name": name, "version": each.toolkit_version.version, "url": Addresses(each, city)["results"]}
            for (letter, name), each in zip(lettered(names), chosen, strict=True)
        ],
        "compared": compared_screen(found, names, over_time=True),
    }

"""What every page of an assessment begins with."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, get_language_info

from jumelle.assessments.models import Assessment
from jumelle.assessments.queries import Sheet, assessments_visible_to
from jumelle.assessments.rules import Standpoint
from jumelle.assessments.views.screens import Addresses, Reader, reader_for
from jumelle.cities.requests import PlacedRequest


def assessment_or_404(request: PlacedRequest, pk: UUID) -> Assessment:
    """Missing and not for this person are the same."""
    return get_object_or_404(assessments_visible_to(request.place), pk=pk)


def may(request: PlacedRequest, permission: str, assessment: Assessment) -> bool:
    """Ask a rule, such as "assessments.answer", for the person in the city of the address."""
    return request.user.has_perm(permission, Standpoint(request.place, assessment))


def frame(request: PlacedRequest, assessment: Assessment, current: str) -> dict[str, Any]:
    """Head, crumbs and neighbours that the pages of one assessment share. `current` is the name of the page."""
    reader = reader_for(assessment.toolkit_version, get_language() or "en")
    return {
        "assessment": assessment,
        "may_work_offline": assessment.is_open and request.place.opens("assessments:offline_import"),
        "may_see_rounds": request.place.opens("assessments:round"),
        "urls": Addresses(assessment, request.place.here.slug),
        "toolkit_title": reader.words(reader.package.title),
        "content_language": other_language(reader),
        "current": current,
    }


def other_language(reader: Reader) -> str:
    """The name of the toolkit's language, in itself, if the page's own is not among the toolkit's; else ""."""
    language = reader.package.text(reader.package.title, reader.language).language
    return "" if language == reader.language else str(get_language_info(language)["name_local"])


def reader_of(sheet: Sheet) -> Reader:
    """In the language of the page."""
    return reader_for(sheet.assessment.toolkit_version, get_language() or "en")

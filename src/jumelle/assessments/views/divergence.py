"""The answers of an opened round on the table: as a page, as a sheet of paper, and one by one on the wall."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from jumelle.assessments.models import Assessment, Round
from jumelle.assessments.queries.divergence import Discussion, Point, Show, discussion_of, opened_rounds_of
from jumelle.assessments.views.found import assessment_or_404, frame, may, reader_of
from jumelle.assessments.views.side_by_side import Painter, PointScreen, RoundAddresses
from jumelle.cities.requests import PlacedRequest
from jumelle.engines.disclosure.thresholds import K_INSIDE

CHOICES = {
    Show.DISCUSS: _("To discuss"),
    Show.DIFFER: _("Only where we differ"),
    Show.UNKNOWN: _("Only “don’t know”"),
    Show.ALL: _("All points"),
}


def divergence(request: PlacedRequest, city: str, pk: UUID, round: UUID) -> HttpResponse:
    assessment, opened = opened_or_404(request, pk, round)
    show = wanted(request)
    discussion = discussion_of(opened, reads=show.takes)
    context = {
        **table_frame(request, discussion, "divergence"),
        **choices(discussion, show),
        "points": screens_of(request, discussion, discussion.shown(show)),
        "withheld": withheld_titles(discussion),
        "fewest": K_INSIDE,
        "unanimous": len(discussion.said_by_all),
        "may_agree": may_agree(request, opened, assessment),
    }
    return render(request, "assessments/rounds/divergence.html", context)


def sheet(request: PlacedRequest, city: str, pk: UUID, round: UUID) -> HttpResponse:
    """To print, and to fill in by hand. Figures only: paper is left lying about."""
    _assessment, opened = opened_or_404(request, pk, round)
    show, discussion = wanted(request), discussion_of(opened)
    context = {
        **table_frame(request, discussion, "sheet"),
        **choices(discussion, show),
        "points": screens_of(request, discussion, discussion.shown(show)),
        "withheld": withheld_titles(discussion),
        "fewest": K_INSIDE,
        "may_take_out": request.place.opens("publishing:meeting_sheet_pdf"),
    }
    return render(request, "assessments/rounds/sheet.html", context)


def project(request: PlacedRequest, city: str, pk: UUID, round: UUID, code: str) -> HttpResponse:
    """One item for everybody in the room to read: figures, and what was agreed. No name, whatever the round shows."""
    assessment, opened = opened_or_404(request, pk, round)
    show, discussion = wanted(request), discussion_of(opened, reads=lambda point: point.code == code and not point.entry.levels)
    point = point_or_404(discussion, code)
    shown = discussion.shown(show) if show.takes(point) else discussion.points
    at = shown.index(point)
    context = {
        **table_frame(request, discussion, "project"),
        **choices(discussion, show),
        "point": screens_of(request, discussion, [point])[0],
        "written": [voice.text for voice in point.written],
        "number": at + 1,
        "count": len(shown),
        "before": shown[at - 1].code if at else "",
        "after": shown[at + 1].code if at + 1 < len(shown) else "",
        "fewest": K_INSIDE,
        "may_agree": may_agree(request, opened, assessment),
    }
    return render(request, "assessments/rounds/project.html", context)


# --- what they share --------------------------------------------------------------------------------------------------


def opened_or_404(request: PlacedRequest, pk: UUID, round: UUID) -> tuple[Assessment, Round]:
    """A round that collects, or was given up, is missing: nobody reads from it."""
    assessment = assessment_or_404(request, pk)
    return assessment, get_object_or_404(opened_rounds_of(assessment), pk=round)


def point_or_404(discussion: Discussion, code: str) -> Point:
    point = discussion.by_code.get(code)
    if point is None:
        raise Http404
    return point


def wanted(request: PlacedRequest) -> Show:
    """Which points."""
    return Show.named(request.GET.get("show", ""))


def table_frame(request: PlacedRequest, discussion: Discussion, current: str) -> dict[str, Any]:
    opened = discussion.round
    return {
        **frame(request, opened.assessment, current),
        "urls": RoundAddresses(opened, request.place.here.slug),
        "round": opened,
        "discussion": discussion,
    }


def choices(discussion: Discussion, show: Show) -> dict[str, Any]:
    links = [{"key": each.value, "label": label, "count": len(discussion.shown(each))} for each, label in CHOICES.items()]
    return {"show": show.value, "choices": links, "suffix": f"?show={show.value}" if show != Show.DISCUSS else ""}


def screens_of(request: PlacedRequest, discussion: Discussion, points: Iterable[Point], *, unfolded: bool = False) -> list[PointScreen]:
    urls, themes = RoundAddresses(discussion.round, request.place.here.slug), frozenset(discussion.round.assessment.themes)
    painter = Painter(reader_of(discussion.sheet), urls, themes, unfolded=unfolded)
    return [painter.point(point) for point in points]


def withheld_titles(discussion: Discussion) -> list[Any]:
    reader = reader_of(discussion.sheet)
    return [reader.words(theme.section.title) for theme in discussion.withheld]


def may_agree(request: PlacedRequest, opened: Round, assessment: Assessment) -> bool:
    return opened.is_open and assessment.is_open and may(request, "assessments.facilitate", assessment)

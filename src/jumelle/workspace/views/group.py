"""The local support group: set up, seats, meetings, rest. A warning stands there until migrants are heard in it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from jumelle.cities import operations, queries
from jumelle.cities.access import Place
from jumelle.cities.enums import MemberType
from jumelle.cities.models import GroupSeat, SupportGroup
from jumelle.cities.requests import PlacedRequest
from jumelle.common.tables import Column, Table
from jumelle.toolkits.queries import latest_version_of
from jumelle.workspace.forms import EndSeatForm, GroupForm, MeetingForm, OutcomeForm, SeatForm

QUALITY_CHECKLIST = "support-group-check"


def groups(request: PlacedRequest, city: str) -> HttpResponse:
    """All groups of the city, and the form that sets one up: a subject and a day."""
    place = request.place
    form = GroupForm(request.POST or None, initial={"set_up_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        group = operations.set_up_group(place=place, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The group is set up. Give the first seats now; ten is the most."))
        return redirect("workspace:group", city=city, pk=group.pk)
    found = list(queries.support_groups_of(place.here))
    context = {"groups": found, "form": form, "may_change": place.opens("workspace:groups", "POST")}
    return render(request, "workspace/groups.html", context, status=422 if form.errors else 200)


def group(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    place = request.place
    found = group_or_404(place, pk)
    seats = list(queries.seats_of(found))
    operations.record_reading(place=place, what="support_group_read", now=timezone.now(), count=len(seats))
    may_change = place.opens("workspace:group_seat", "POST")
    composition = queries.composition_of(seats)
    context = {
        "group": found,
        "composition": composition,
        "missing_types": [kind.label for kind in composition.missing_types],
        "seats_left": operations.SUPPORT_GROUP_MAXIMUM - len(composition.seats),
        "table": seats_table(composition.seats, city, found, may_change),
        "ended": [seat for seat in seats if seat.left_on],
        "meetings": queries.group_meetings_of(found),
        "may_change": may_change,
        "check_url": check_url(place),
    }
    return render(request, "workspace/group.html", context)


def check_url(place: Place) -> str:
    """Where the group looks at its own way of working: a short checklist like any other toolkit."""
    version = latest_version_of(QUALITY_CHECKLIST)
    if version is None or not place.opens("assessments:new"):
        return ""
    return f"{reverse('assessments:new', kwargs={'city': place.here.slug})}?toolkit={version.pk}"


def group_or_404(place: Place, pk: UUID) -> SupportGroup:
    return get_object_or_404(queries.support_groups_of(place.here), pk=pk)


def seats_table(seats: tuple[GroupSeat, ...], city: str, found: SupportGroup, may_change: bool) -> Table:
    labels = [_("Who"), _("Which body"), _("Type of member"), _("Speaks for migrants"), _("Since")]
    rows = []
    for seat in seats:
        row: list[Any] = [
            seat.name,
            seat.body or "–",
            MemberType(seat.member_type).label,
            _("yes") if seat.speaks_for_migrants else "–",
            date_format(seat.joined_on, "DATE_FORMAT"),
        ]
        if may_change:
            url = reverse("workspace:group_seat_end", kwargs={"city": city, "pk": found.pk, "seat": seat.pk})
            row.append(format_html('<a href="{}">{}</a>', url, _("End the seat of %(name)s") % {"name": seat.name}))
        rows.append(row)
    columns = [*map(Column, labels), *([Column(_("Change"))] if may_change else [])]
    return Table(_("Running seats"), columns, rows)


def seat(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    place = request.place
    found = group_or_404(place, pk)
    form = SeatForm(request.POST or None, city=place.here, initial={"joined_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_seat(place=place, group=found, now=timezone.now(), **form.cleaned_data)
        except operations.GroupRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The seat is given. It can be ended at any time, and stays on record."))
            return redirect("workspace:group", city=city, pk=pk)
    return render(request, "workspace/group_seat.html", {"group": found, "form": form}, status=422 if form.errors else 200)


def seat_end(request: PlacedRequest, city: str, pk: UUID, seat: UUID) -> HttpResponse:
    found = group_or_404(request.place, pk)
    ending = get_object_or_404(queries.seats_of(found), pk=seat)
    form = EndSeatForm(request.POST or None, initial={"left_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.end_seat(place=request.place, seat=ending, now=timezone.now(), **form.cleaned_data)
        except operations.GroupRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The seat has ended."))
            return redirect("workspace:group", city=city, pk=pk)
    context = {"group": found, "seat": ending, "form": form}
    return render(request, "workspace/group_seat_end.html", context, status=422 if form.errors else 200)


def meeting(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """Call the group together; a group at rest works again with it."""
    found = group_or_404(request.place, pk)
    form = MeetingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.call_meeting(place=request.place, group=found, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The meeting stands on the group's page. Tell the members: nothing is sent by itself."))
        return redirect("workspace:group", city=city, pk=pk)
    return render(request, "workspace/group_meeting.html", {"group": found, "form": form}, status=422 if form.errors else 200)


def outcome(request: PlacedRequest, city: str, pk: UUID, meeting: UUID) -> HttpResponse:
    found = group_or_404(request.place, pk)
    held = get_object_or_404(queries.group_meetings_of(found), pk=meeting)
    form = OutcomeForm(request.POST or None, initial={"outcome": held.outcome})
    if request.method == "POST" and form.is_valid():
        operations.note_outcome(place=request.place, meeting=held, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Noted."))
        return redirect("workspace:group", city=city, pk=pk)
    context = {"group": found, "meeting": held, "form": form}
    return render(request, "workspace/group_outcome.html", context, status=422 if form.errors else 200)


def rest(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    found = group_or_404(request.place, pk)
    try:
        operations.let_group_rest(place=request.place, group=found, rests_since=timezone.localdate(), now=timezone.now())
    except operations.GroupRefused as refusal:
        messages.info(request, refusal.sentence)
    else:
        messages.success(request, _("The group rests. Its seats stay; call a meeting and it works again."))
    return redirect("workspace:group", city=city, pk=pk)

"""Who belongs to the city. Reading the list is recorded."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jumelle.cities import operations, queries
from jumelle.cities.models import Membership
from jumelle.cities.requests import PlacedRequest
from jumelle.common.tables import Column, Table
from jumelle.workspace.forms import InvitationForm


def people(request: PlacedRequest, city: str) -> HttpResponse:
    place, now = request.place, timezone.now()
    members = list(queries.members_of(place.here))
    operations.record_reading(place=place, what="members_read", now=now, count=len(members))
    may_change = place.may("city_admin")
    context = {
        "table": members_table([member for member in members if member.ended_at is None], city, may_change),
        "ended": [member for member in members if member.ended_at is not None],
        "invitations": queries.open_invitations(place.here, now),
        "may_change": may_change,
    }
    return render(request, "workspace/people.html", context)


def members_table(members: list[Membership], city: str, may_change: bool) -> Table:
    labels = [_("Name"), _("Role"), _("Organisation"), _("Since")] + ([_("Change")] if may_change else [])
    rows = []
    for member in members:
        name = member.user.name or _("(no name given)")
        row: list[Any] = [
            name,
            member.get_role_display(),
            member.organisation.name if member.organisation else "–",
            date_format(localtime(member.started_at), "DATE_FORMAT"),
        ]
        if may_change:
            url = reverse("workspace:end_membership", kwargs={"city": city, "pk": member.pk})
            row.append(format_html('<a href="{}">{}</a>', url, _("End the membership of %(name)s") % {"name": name}))
        rows.append(row)
    return Table(_("Running memberships"), [Column(label) for label in labels], rows)


def invite(request: PlacedRequest, city: str) -> HttpResponse:
    place = request.place
    form = InvitationForm(request.POST or None, city=place.here, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.invite_member(place=place, now=timezone.now(), **form.cleaned_data)
        except operations.SupportGroupFull:
            form.add_error("role", _("The local support group already has ten members. End one membership first."))
        else:
            messages.success(request, _("The invitation is on its way. It is valid for ten days."))
            return redirect("workspace:people", city=city)
    return render(request, "workspace/invite.html", {"form": form})


def withdraw(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(queries.open_invitations(request.place.here, timezone.now()), pk=pk)
    operations.withdraw_invitation(place=request.place, invitation=invitation, now=timezone.now())
    messages.success(request, _("The invitation is withdrawn; its link opens nothing any more."))
    return redirect("workspace:people", city=city)


def end(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    membership = get_object_or_404(queries.members_of(request.place.here).filter(ended_at=None), pk=pk)
    if request.method != "POST":
        return render(request, "workspace/end_membership.html", {"membership": membership})
    try:
        operations.end_membership(place=request.place, membership=membership, now=timezone.now())
    except operations.LastAdministrator:
        messages.error(request, _("This person is the only administrator. Name another one first."))
    else:
        messages.success(request, _("The membership has ended. It opens nothing any more, from the next click on."))
    return redirect("workspace:people", city=city)

"""Who belongs to the city. Reading the list is recorded."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jumelle.cities import operations, queries
from jumelle.workspace.forms import InvitationForm


def people(request: HttpRequest, city: str) -> HttpResponse:
    place, now = request.place, timezone.now()
    members = list(queries.members_of(place.city))
    operations.record_reading(place=place, what="members_read", now=now, count=len(members))
    context = {
        "running": [member for member in members if member.ended_at is None],
        "ended": [member for member in members if member.ended_at is not None],
        "invitations": queries.open_invitations(place.city, now),
        "may_change": place.may("city_admin"),
    }
    return render(request, "workspace/people.html", context)


def invite(request: HttpRequest, city: str) -> HttpResponse:
    place = request.place
    form = InvitationForm(request.POST or None, city=place.city, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            operations.invite_member(place=place, now=timezone.now(), **form.cleaned_data)
        except operations.SupportGroupFull:
            form.add_error("role", _("The local support group already has ten members. End one membership first."))
        else:
            messages.success(request, _("The invitation is on its way. It is valid for ten days."))
            return redirect("workspace:people", city=city)
    return render(request, "workspace/invite.html", {"form": form})


def withdraw(request: HttpRequest, city: str, pk: UUID) -> HttpResponse:
    invitation = get_object_or_404(queries.open_invitations(request.place.city, timezone.now()), pk=pk)
    operations.withdraw_invitation(place=request.place, invitation=invitation, now=timezone.now())
    messages.success(request, _("The invitation is withdrawn; its link opens nothing any more."))
    return redirect("workspace:people", city=city)


def end(request: HttpRequest, city: str, pk: UUID) -> HttpResponse:
    membership = get_object_or_404(queries.members_of(request.place.city).filter(ended_at=None), pk=pk)
    if request.method != "POST":
        return render(request, "workspace/end_membership.html", {"membership": membership})
    try:
        operations.end_membership(place=request.place, membership=membership, now=timezone.now())
    except operations.LastAdministrator:
        messages.error(request, _("This person is the only administrator. Name another one first."))
    else:
        messages.success(request, _("The membership has ended. It opens nothing any more, from the next click on."))
    return redirect("workspace:people", city=city)

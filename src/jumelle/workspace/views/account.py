"""What belongs to the person: places, second factor, name and language, own data."""

import json

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from jumelle.accounts.second_factor import user_has_second_factor
from jumelle.cities import operations, queries
from jumelle.cities.enums import MFA_ROLES
from jumelle.cities.requests import PlacedRequest
from jumelle.workspace.forms import MeForm


def places(request: PlacedRequest) -> HttpResponse:
    now = timezone.now()
    memberships = queries.memberships_of(request.user, now)
    associations = list(queries.association_memberships_of(request.user, now))
    roles = {membership.role for membership in memberships} | {membership.role for membership in associations}
    context = {
        "memberships": memberships,
        "associations": associations,
        "second_factor_missing": bool(roles & MFA_ROLES) and not user_has_second_factor(request.user),
    }
    return render(request, "workspace/places.html", context)


def second_factor(request: PlacedRequest) -> HttpResponse:
    """Explains why a second factor is needed and leads to the two ways of setting one up."""
    return render(request, "workspace/second_factor.html", {"has_one": user_has_second_factor(request.user)})


def me(request: PlacedRequest) -> HttpResponse:
    form = MeForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your name and language are saved."))
        return redirect("workspace:me")
    return render(request, "workspace/me.html", {"form": form})


def my_data(request: PlacedRequest) -> HttpResponse:
    """Everything that is kept about the person who asks (GDPR, articles 15 and 20), as a file."""
    user, now = request.user, timezone.now()
    data = {
        "account": {"id": str(user.id), "email": user.email, "name": user.name, "language": user.language, "joined_on": user.joined_on},
        "memberships": [
            {"city": row.city.name, "role": row.role, "started_at": row.started_at, "ended_at": row.ended_at}
            for row in queries.memberships_of(user, now)
        ],
        "associations": [
            {"association": row.association.name, "role": row.role, "started_at": row.started_at}
            for row in queries.association_memberships_of(user, now)
        ],
    }
    text = json.dumps(data, default=str, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="jumelle-my-data.json"'
    return response


def invitation(request: PlacedRequest, token: str) -> HttpResponse:
    """Shows one button; only the button takes the invitation, so that a mail scanner that opens links uses nothing up."""
    if request.method != "POST":
        return render(request, "workspace/invitation.html")
    try:
        membership = operations.accept_invitation(user=request.user, token=token, now=timezone.now())
    except operations.InvitationNotValid:
        messages.error(
            request,
            _(
                "This invitation cannot be used. It was used before, has expired, or went to another address. "
                "Ask the person who invited you for a new one."
            ),
        )
        return redirect("workspace:places")
    messages.success(request, _("Welcome. You can start."))
    return redirect(reverse("workspace:city", kwargs={"city": membership.city.slug}))

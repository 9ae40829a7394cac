"""The operator keeps the installation running and sees no person's data, unless the glass is broken with a reason."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from jumelle.cities import operations, queries
from jumelle.cities.requests import PlacedRequest
from jumelle.notifications.queries import waiting_mails
from jumelle.workspace.forms import BreakGlassForm


def home(request: PlacedRequest) -> HttpResponse:
    context = {
        "cities": queries.all_cities(),
        "accesses": queries.running_break_glass(request.user, timezone.now()),
        "waiting_mails": waiting_mails().count(),
    }
    return render(request, "workspace/operator.html", context)


def break_glass(request: PlacedRequest, city_slug: str) -> HttpResponse:
    city = get_object_or_404(queries.all_cities(), slug=city_slug)
    form = BreakGlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        operations.open_break_glass(operator=request.user, city=city, reason=form.cleaned_data["reason"], now=timezone.now())
        messages.success(request, _("You can read this city's data for two hours. The city has been told by mail."))
        return redirect("workspace:city", city=city.slug)
    return render(request, "workspace/break_glass.html", {"form": form, "city": city})


def close_break_glass(request: PlacedRequest, pk: UUID) -> HttpResponse:
    try:
        operations.close_break_glass(operator=request.user, access_id=pk, now=timezone.now())
    except ObjectDoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The emergency access is closed."))
    return redirect("workspace:operator")

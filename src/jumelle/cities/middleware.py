"""The door of every address: reads the policy table, opens the scope of the city, forces the second factor."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from jumelle.accounts.second_factor import session_has_second_factor, user_has_second_factor
from jumelle.cities import guests, operations, queries, tenancy
from jumelle.cities.access import Place, Policy, methods_of, policy_for
from jumelle.cities.models import Association, City
from jumelle.cities.requests import PlacedRequest
from jumelle.common.errors import page_not_found, permission_denied


class Access:
    def __init__(self, get_response: Callable[[PlacedRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: PlacedRequest) -> HttpResponse:
        request.place = Place()
        outer = tenancy.open_scope(None)
        try:
            return self.get_response(request)
        finally:
            tenancy.close_scope(outer)

    def process_view(self, request: PlacedRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        policy = policy_for(name, request.method or "GET")
        if policy is None:
            known = methods_of(name)
            return HttpResponseNotAllowed(known) if known else page_not_found(request)
        if policy.audience == "nobody":
            return page_not_found(request)
        if policy.audience == "public":
            return None
        if policy.audience == "guest":
            return self.let_guest_in(request, policy)
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("workspace:places"))
        try:
            request.place = place_of(request, policy, kwargs)
        except Http404:
            return page_not_found(request)
        if request.place.city:
            tenancy.open_scope(tenancy.Scope(frozenset({request.place.city.id})))
        refused = refusal(request, policy)
        if refused is None and "break_glass" in request.place.roles:
            operations.record_reading(place=request.place, what=f"break_glass_page {policy.name}", now=timezone.now())
        return refused

    def let_guest_in(self, request: PlacedRequest, policy: Policy) -> HttpResponse | None:
        """Without a running pass the address does not exist, whoever asks."""
        found = guests.pass_of(request.session, timezone.now())
        if found is None or found.purpose not in policy.roles:
            return page_not_found(request)
        request.place = Place(city=found.city, association=found.city.association, roles=frozenset({found.purpose}), guest_pass=found)
        tenancy.open_scope(tenancy.Scope(frozenset({found.city_id})))
        return None


def place_of(request: PlacedRequest, policy: Policy, kwargs: dict[str, Any]) -> Place:
    """
    Raises:
        Http404: the city or association does not exist, or the person has no running role in it; both answer alike.
    """
    user, now = request.user, timezone.now()
    if policy.audience == "city":
        city = City.objects.select_related("association").filter(slug=kwargs["city"]).first()
        roles = queries.roles_in_city(user, city.id, now) if city else frozenset()
        if city and user.is_operator and queries.break_glass_of(user, city.id, now):
            roles |= {"break_glass"}
        if city is None or not roles:
            raise Http404
        return Place(user=user, city=city, association=city.association, roles=roles)
    if policy.audience == "association":
        association = Association.objects.filter(slug=kwargs["association"]).first()
        roles = queries.roles_in_association(user, association, now) if association else frozenset()
        if not roles:
            raise Http404
        return Place(user=user, association=association, roles=roles)
    if policy.audience == "operator":
        if not user.is_operator:
            raise Http404
        return Place(user=user, roles=frozenset({"operator"}))
    return Place(user=user)


def refusal(request: PlacedRequest, policy: Policy) -> HttpResponse | None:
    place = request.place
    if policy.roles and not place.roles & policy.roles:
        return permission_denied(request)
    if settings.MFA_REQUIRED and place.needs_second_factor:
        if not user_has_second_factor(request.user):
            return redirect("workspace:second_factor")
        if not session_has_second_factor(request):
            return redirect_to_login(request.get_full_path(), login_url=reverse("mfa_reauthenticate"))
    return None

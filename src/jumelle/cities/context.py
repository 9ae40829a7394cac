"""Where a signed-in person stands, for the head and the rail of every page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jumelle.cities.access import Place
from jumelle.cities.enums import AssociationRole, Role

# The year of a city, in order; the address that a verb opens, or None while no domain has given it one.
YEAR = (
    ("diagnose", _("Diagnose"), "assessments:list"),
    ("map", _("Map"), "workspace:profile"),
    ("plan", _("Plan"), "action_plans:list"),
    ("offer", _("Offer"), None),
    ("practise", _("Practise"), None),
    ("listen", _("Listen"), None),
    ("report", _("Report"), "workspace:journal"),
    ("twin", _("Twin"), None),
)


def place(request: HttpRequest) -> dict[str, Any]:
    found = getattr(request, "place", None)
    if found is None or found.user is None:
        return {"place": None, "rail": []}
    labels = {**dict(Role.choices), **dict(AssociationRole.choices)}
    return {
        "place": found,
        "role_labels": [labels[role] for role in sorted(found.roles) if role in labels],
        "rail": rail(request, found) if found.city else [],
    }


def rail(request: HttpRequest, here: Place) -> list[dict[str, Any]]:
    match = request.resolver_match
    at = match.view_name if match else ""
    domain = {"publishing": "assessments"}.get(at.split(":")[0], at.split(":")[0])  # the summary belongs to the diagnosis
    return [
        {
            "verb": verb,
            "label": label,
            "url": reverse(name, kwargs={"city": here.here.slug}) if name and here.opens(name) else None,
            "current": name is not None and (at == name or name.split(":")[0] == domain != "workspace"),
        }
        for verb, label, name in YEAR
    ]

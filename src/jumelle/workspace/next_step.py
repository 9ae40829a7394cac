"""One step and why, for the foot of the city's home."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jumelle.assessments.models import Assessment
from jumelle.cities.access import Place


@dataclass(frozen=True, slots=True)
class NextStep:
    label: str | Promise
    why: str | Promise
    url: str


def next_step_of(place: Place, assessments: Sequence[Assessment]) -> NextStep | None:
    """The step that the person's role can take now; None for roles that have nothing to do here yet."""
    if not place.may("integration_officer", "city_admin", "support_group_member", "provider_staff"):
        return None
    city = {"city": place.here.slug}
    open_ones = [assessment for assessment in assessments if assessment.is_open]
    if open_ones:
        return NextStep(
            _("Go on with the open assessment"),
            _("It is the shortest way to a picture that you can discuss with others."),
            reverse("assessments:overview", kwargs={**city, "pk": open_ones[0].pk}),
        )
    if assessments:
        return NextStep(
            _("Read the results"),
            _("Strengths and gaps stand side by side; choose what to work on."),
            reverse("assessments:results", kwargs={**city, "pk": assessments[0].pk}),
        )
    if not place.may("integration_officer", "city_admin"):
        return None
    return NextStep(
        _("Start an assessment"),
        _("The benchmark for language learning has 28 questions; one theme is enough for a first useful result."),
        reverse("assessments:new", kwargs=city),
    )

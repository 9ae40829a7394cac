"""Comparing assessments: over time, and with others who agree to it."""

from django.urls import path

from jumelle.assessments.views import comparing, comparisons

urlpatterns = [
    path("compare/", comparing.over_time, name="compare"),
    path("comparisons/", comparisons.comparisons, name="comparisons"),
    path("comparisons/new/", comparisons.propose, name="comparison_new"),
    path("comparisons/<uuid:pk>/", comparisons.comparison, name="comparison"),
    path("comparisons/<uuid:pk>/consent/", comparisons.consent, name="comparison_consent"),
]

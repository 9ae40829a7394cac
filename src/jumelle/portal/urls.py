from django.urls import path

from jumelle.portal.views import plans, site

app_name = "portal"

urlpatterns = [
    path("", site.start, name="start"),
    path("about/", site.about, name="about"),
    path("privacy/", site.privacy, name="privacy"),
    path("accessibility/", site.accessibility, name="accessibility"),
    path("processing/", site.processing, name="processing"),
    path("cities/<slug:city>/plans/", plans.plans, name="plans"),
    path("cities/<slug:city>/plan/<uuid:pk>/", plans.plan, name="plan"),
]

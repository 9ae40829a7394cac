"""Every address of Jumelle. Each name has its rows in `access_policy.csv`; a test walks this file."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from jumelle.portal.views import site as portal

urlpatterns = [
    path("", portal.choose_language, name="choose_language"),
    path("health/", portal.health, name="health"),
    path("robots.txt", portal.robots, name="robots"),
    path("favicon.ico", portal.favicon, name="favicon"),
    *i18n_patterns(
        path("", include("jumelle.portal.urls")),
        path("account/", include("allauth.urls")),
        path("guides/", include("jumelle.toolkits.urls")),
        path("", include("jumelle.workspace.urls")),
        path("w/<slug:city>/", include("jumelle.publishing.urls")),
        path("w/<slug:city>/assessments/", include("jumelle.assessments.urls")),
        path("", include("jumelle.assessments.urls_guests")),
        path("w/<slug:city>/plans/", include("jumelle.action_plans.urls")),
        path("a/<slug:association>/toolkits/", include("jumelle.toolkits.urls_manage")),
        path("gallery/", include("jumelle.common.urls")),
        prefix_default_language=True,
    ),
]

handler403 = "jumelle.common.errors.permission_denied"
handler404 = "jumelle.common.errors.page_not_found"
handler500 = "jumelle.common.errors.server_error"

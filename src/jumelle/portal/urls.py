from django.urls import path

from jumelle.portal import views

app_name = "portal"

urlpatterns = [
    path("", views.start, name="start"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("processing/", views.processing, name="processing"),
]

from django.urls import path

from jumelle.common import views

app_name = "common"

urlpatterns = [path("", views.gallery, name="gallery")]

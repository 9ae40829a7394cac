from django.urls import URLPattern

app_name = "action_plans"

urlpatterns: list[URLPattern] = []

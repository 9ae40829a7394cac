from django.apps import AppConfig


class ActionPlansConfig(AppConfig):
    name = "jumelle.action_plans"
    label = "action_plans"

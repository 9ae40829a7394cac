from importlib import import_module

from django.apps import AppConfig


class ActionPlansConfig(AppConfig):
    name = "jumelle.action_plans"
    label = "action_plans"

    def ready(self) -> None:
        import_module("jumelle.action_plans.receivers")

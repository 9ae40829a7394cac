from importlib import import_module

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "jumelle.assessments"
    label = "assessments"

    def ready(self) -> None:
        import_module("jumelle.assessments.receivers")

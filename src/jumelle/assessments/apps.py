from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "jumelle.assessments"
    label = "assessments"

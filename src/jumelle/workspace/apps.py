from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "jumelle.workspace"
    label = "workspace"

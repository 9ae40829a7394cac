from importlib import import_module

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "jumelle.notifications"
    label = "notifications"

    def ready(self) -> None:
        import_module("jumelle.notifications.receivers")

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from jumelle.common.triggers import install_triggers


class ConfigConfig(AppConfig):
    """Last in `post_migrate` order does not matter: every trigger is made anew each time its table exists."""

    name = "jumelle.config"
    label = "config"

    def ready(self) -> None:
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="config.triggers")

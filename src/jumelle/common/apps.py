from django.apps import AppConfig

from jumelle.common.production_checks import register_checks


class CommonConfig(AppConfig):
    name = "jumelle.common"
    label = "common"

    def ready(self) -> None:
        register_checks()

from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "jumelle.common"
    label = "common"

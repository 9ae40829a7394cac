from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "jumelle.portal"
    label = "portal"

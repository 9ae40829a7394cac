from django.apps import AppConfig

from jumelle.common.triggers import append_only, register_triggers


def audit_triggers() -> list:
    return append_only("audit_event")


class AuditConfig(AppConfig):
    name = "jumelle.audit"
    label = "audit"

    def ready(self) -> None:
        register_triggers(audit_triggers)

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from jumelle.config import prepare


class Command(BaseCommand):
    help = "Makes a data folder ready: tables, static files, toolkits. Does nothing when nothing has changed since the last time."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        prepare.prepare()
        self.stdout.write(f"{settings.DATA_DIR} is ready.")

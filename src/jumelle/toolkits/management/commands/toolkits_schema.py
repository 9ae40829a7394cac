import json
from typing import Any

from django.core.management.base import BaseCommand

from jumelle.toolkits.package.schema import json_schema


class Command(BaseCommand):
    help = "Print the JSON Schema of a toolkit package."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps(json_schema(), ensure_ascii=False, indent=2))

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from jumelle.toolkits import inventory, mappings


class Command(BaseCommand):
    help = "Check the packages and mappings shipped with Jumelle and count what they hold; ends with 1 when one has a problem."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument("--folder", type=Path, default=settings.CONTENT_DIR / "toolkits", help="holds <id>/<version>/")
        parser.add_argument("--mappings", type=Path, default=settings.CONTENT_DIR / "mappings", help="holds <id>/<version>/mapping.yaml")

    def handle(self, *args: Any, **options: Any) -> None:
        shipped = inventory.read_shipped(options["folder"])
        read = mappings.read_mappings(options["mappings"], shipped.package)
        try:
            found = inventory.check_shipped(shipped, read)
        except KeyError as missing:
            self._tell_problems(shipped)
            raise CommandError(f"The package {missing} is missing or refused, so nothing can be counted.") from missing
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            self._tell(shipped, read, found)
        if any(found[kind] for kind in ("problems", "mapping_problems", "dead_codes", "missing_translations")):
            raise CommandError("The packages or mappings have problems: see above.")

    def _tell(self, shipped: inventory.Shipped, read: mappings.MappingsRead, found: dict[str, Any]) -> None:
        self._tell_problems(shipped)
        for name, languages in found["languages"].items():
            complete = ", ".join(f"{language} {percent} %" for language, percent in languages.items())
            self.stdout.write(f"{name:<40} {complete}")
        for code in found["dead_codes"]:
            self.stderr.write(f"{code['package']}: {code['message']}")
        for gap in found["missing_translations"]:
            self.stderr.write(f"{gap['package']}: {gap['sheet']} {gap['code']}, {gap['column']}::{gap['language']} is missing")
        for name, counts in found["mappings"].items():
            self.stdout.write(f"{name:<40} " + ", ".join(f"{count} {what}" for what, count in counts.items()))
        for name, problems in read.problems.items():
            for problem in problems:
                self.stderr.write(f"mappings/{name}/{mappings.FILE}: {problem}")
        self.stdout.write(f"{len(shipped.packages)} packages, {len(found['problems'])} problems")
        self.stdout.write(f"{len(read.mappings)} mappings, {len(found['mapping_problems'])} problems")

    def _tell_problems(self, shipped: inventory.Shipped) -> None:
        for name, problems in shipped.problems.items():
            for problem in problems:
                self.stderr.write(f"{name}: {problem}")

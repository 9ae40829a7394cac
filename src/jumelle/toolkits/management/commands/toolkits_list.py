import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jumelle.toolkits import queries


class Command(BaseCommand):
    help = "List the published toolkits and their versions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [_row(version) for version in queries.published_versions()]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            languages = ", ".join(row["languages"])
            self.stdout.write(f"{row['id']:<28} {row['version']:<10} {row['kind']:<10} {row['items']:>4} items  {languages}")
        if not rows:
            self.stdout.write("No toolkit is loaded yet: run `jumelle toolkits import --shipped`.")


def _row(version: Any) -> dict[str, Any]:
    package = queries.package_of(version)
    return {
        "id": package.id,
        "version": package.version,
        "kind": package.kind,
        "title": package.title,
        "languages": list(package.language_codes),
        "sections": len(package.sections),
        "items": len(package.items),
        "sha256": version.sha256,
        "loaded_at": version.loaded_at.isoformat(),
    }

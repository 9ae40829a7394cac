from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jumelle.toolkits import queries
from jumelle.toolkits.package.workbook import write_workbook
from jumelle.toolkits.package.yaml_folder import write_folder


class Command(BaseCommand):
    help = "Write a published toolkit as an XLSX workbook or as a folder of YAML files."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", help="such as language-learning-support")
        parser.add_argument("version_number", metavar="version", help="such as 1.0.0")
        parser.add_argument("--xlsx", type=Path, help="the workbook to write")
        parser.add_argument("--folder", type=Path, help="the folder to write the YAML files to")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["xlsx"] and not options["folder"]:
            raise CommandError("Say where to write: --xlsx FILE or --folder FOLDER.")
        found = queries.published_versions().filter(toolkit__slug=options["id"], version=options["version_number"])
        version = found.first()
        if version is None:
            raise CommandError(f"There is no published toolkit {options['id']} {options['version_number']}.")
        package = queries.package_of(version)
        if options["xlsx"]:
            options["xlsx"].write_bytes(write_workbook(package))
            self.stdout.write(f"Written: {options['xlsx']}")
        if options["folder"]:
            write_folder(package, options["folder"])
            self.stdout.write(f"Written: {options['folder']}")

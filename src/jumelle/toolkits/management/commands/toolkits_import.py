from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jumelle.cities.models import Association
from jumelle.toolkits import operations
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.package.problems import PackageRefused
from jumelle.toolkits.package.reading import read_path


class Command(BaseCommand):
    help = "Load a toolkit package: a folder of YAML files, a ZIP of one, or an XLSX workbook. All or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="folder, .zip or .xlsx")
        parser.add_argument(
            "--shipped", action="store_true", help="load every package that comes with Jumelle, or those in the folder FILE"
        )
        parser.add_argument("--association", default="", help="short name of the association that brings the toolkit")
        parser.add_argument("--draft", action="store_true", help="load it without publishing it")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"] and not options["shipped"]:
            raise CommandError("Name a file or folder, or give --shipped.")
        try:
            loaded = self._load_shipped(**options) if options["shipped"] else [self._load_file(**options)]
        except PackageRefused as refusal:
            for problem in refusal.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"Nothing was loaded: {len(refusal.problems)} problems, see above.") from refusal
        except operations.LoadRefused as refusal:
            raise CommandError(f"Nothing was loaded. {refusal.sentence}") from refusal
        if options["verbosity"]:
            for one in loaded:
                what = "loaded" if one.created else "already there"
                self.stdout.write(f"{one.version.toolkit.slug} {one.version.version}: {what}, {one.version.status}")

    def _load_shipped(self, *, file: Path | None, **options: Any) -> list[operations.Loaded]:
        return operations.load_shipped(folder=file or settings.CONTENT_DIR / "toolkits", now=timezone.now())

    def _load_file(self, *, file: Path, association: str, draft: bool, **options: Any) -> operations.Loaded:
        owner = Association.objects.filter(slug=association).first() if association else None
        if association and owner is None:
            raise CommandError(f"There is no association with the short name {association}.")
        status = VersionStatus.DRAFT if draft else VersionStatus.PUBLISHED
        return operations.load_package(package=read_path(file), association=owner, status=status, now=timezone.now())

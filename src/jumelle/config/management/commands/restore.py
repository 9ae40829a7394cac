from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jumelle.audit.operations import SYSTEM, record
from jumelle.config.backup import operations
from jumelle.config.backup.cipher import key_from_environment
from jumelle.config.backup.refusals import BackupRefused


class Command(BaseCommand):
    help = (
        "Checks a backup to its last byte, then puts it in place of the data; what was there is kept beside it. "
        "Stop the server and the worker first. A backup that is damaged, newer, or sealed with another key changes nothing."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the backup")
        parser.add_argument("--into", type=Path, metavar="DIR", help="a data folder; without it, the data of this installation")
        parser.add_argument("--check", action="store_true", help="only check the backup")

    def handle(self, *args: Any, file: Path, into: Path | None, check: bool, **options: Any) -> None:
        try:
            key = key_from_environment()
            if check:
                manifest = operations.verify_backup(file=file, key=key)
            else:
                target = operations.folder_target(into) if into else operations.installation()
                manifest = operations.restore_backup(file=file, key=key, target=target)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        what = f"{sum(manifest.tables.values())} rows and {len(manifest.uploads)} uploads, as of {manifest.made_at}"
        if check:
            self.stdout.write(f"{file} is whole: {what}.")
            return
        if not into or into.resolve() == Path(settings.DATA_DIR).resolve():
            record(chain=SYSTEM, action="backup_restored", now=timezone.now(), data={"made_at": manifest.made_at})
        self.stdout.write(f"Restored: {what}. Everyone has to sign in again. Now run: jumelle migrate")

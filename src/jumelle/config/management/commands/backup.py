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
        "Writes database and uploads into one file and reads it back. With JUMELLE_BACKUP_KEY the file is encrypted; real data always is. "
        "Keys are not in it: keep SECRET_KEY, AUDIT_KEY, FIELD_KEYS and BACKUP_KEY in another place."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", nargs="?", type=Path, help="a new file, or a folder; without it, JUMELLE_BACKUP_TARGET")

    def handle(self, *args: Any, target: Path | None, **options: Any) -> None:
        target, now = target or configured_folder(), timezone.now()
        try:
            key = key_from_environment()
            # Before the copy, so that the journal in the backup already says so.
            record(chain=SYSTEM, action="backup_begun", now=now, data={"sealed": key is not None})
            file, manifest = operations.make_backup(target=target, key=key, now=now)
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        rows = sum(manifest.tables.values())
        size = file.stat().st_size / 1_000_000
        how = "encrypted" if key else "not encrypted: it holds everything but the fields of persons in the clear"
        self.stdout.write(
            f"The backup is in {file}: {rows} rows, {len(manifest.uploads)} uploads, {size:.1f} MB, {how}. It was read back and is whole."
        )


def configured_folder() -> Path:
    if not settings.BACKUP_TARGET:
        raise CommandError("Say where the backup goes: `jumelle backup FILE_OR_FOLDER`, or set JUMELLE_BACKUP_TARGET.")
    folder = Path(settings.BACKUP_TARGET)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"{folder} cannot be made: {error.strerror}. Choose another JUMELLE_BACKUP_TARGET.") from error
    return folder

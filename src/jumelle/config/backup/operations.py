"""Make a backup, verify it, put it in place of the data."""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import connections

from jumelle.config.backup import archive, database
from jumelle.config.backup.cipher import KEY_VARIABLE
from jumelle.config.backup.manifest import (
    DATABASE_FILES,
    UPLOADS,
    File,
    Manifest,
    check_taken_here,
    configured_audit_key,
    configured_field_keys,
    running_version,
)
from jumelle.config.backup.refusals import BackupRefused


@dataclass(frozen=True, slots=True)
class Target:
    """Where the data of an installation lies. `database` is None when PostgreSQL keeps it."""

    database: Path | None
    uploads: Path

    @property
    def folder(self) -> Path:
        return self.database.parent if self.database else self.uploads.parent


def installation() -> Target:
    name = settings.DATABASES["default"]["NAME"]
    return Target(Path(name) if database.vendor() == "sqlite" else None, Path(settings.MEDIA_ROOT))


def folder_target(folder: Path) -> Target:
    """The places in a data folder, as `dev.py run --data` lays them out."""
    return Target(folder / "jumelle.sqlite3", folder / "uploads")


# --- making ------------------------------------------------------------------------------------------------------------


def make_backup(*, target: Path, key: bytes | None, now: datetime) -> tuple[Path, Manifest]:
    """
    Write a backup and read it back; the file has its name only once it is whole.

    Args:
        target: a file that does not exist yet, or a folder, in which the file gets the moment as its name.
        key: seals the backup; None leaves it open, which only a demonstration may.
    Raises:
        BackupRefused: see there.
    """
    if key is None and not (settings.DEMO or settings.DEBUG):
        raise BackupRefused(
            f"A backup of real data is always encrypted. Set {KEY_VARIABLE} to 32 random bytes in base64 and keep it elsewhere."
        )
    file = _name_of(target, now, sealed=key is not None)
    part = file.with_name(file.name + ".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=file.parent) as work:
            manifest, sources = _gather(Path(work), now)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as stream:
                archive.write_archive(stream, manifest, lambda entry: sources[entry.path], key)
                stream.flush()
                os.fsync(stream.fileno())
        verify_backup(file=part, key=key)
        part.rename(file)
    except OSError as error:
        raise BackupRefused(
            f"The backup cannot be written to {file.parent}: {error.strerror}. Choose another place or make room."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return file, manifest


def _name_of(target: Path, now: datetime, *, sealed: bool) -> Path:
    if not target.is_dir():
        if target.exists():
            raise BackupRefused(f"{target} exists already. Give another name, or a folder.")
        return target
    return target / f"jumelle-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{'.sealed' if sealed else '.tar.gz'}"


def _gather(work: Path, now: datetime) -> tuple[Manifest, dict[str, Path]]:
    """First the database, then the uploads: a file that a row names is never missing, one too many does no harm."""
    vendor = database.vendor()
    copy = work / DATABASE_FILES[vendor]
    tables = database.copy_database(copy)
    sources = {copy.name: copy, **_uploads(Path(settings.MEDIA_ROOT))}
    manifest = Manifest(
        made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        version=running_version(),
        vendor=vendor,
        tables=tables,
        left_out=database.LEFT_OUT,
        migrations=database.applied_migrations(),
        field_keys=configured_field_keys(),
        audit_key=configured_audit_key(),
        files=tuple(_described(name, path) for name, path in sources.items()),
    )
    return manifest, sources


def _uploads(folder: Path) -> dict[str, Path]:
    found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return {f"{UPLOADS}/{path.relative_to(folder).as_posix()}": path for path in found}


def _described(name: str, path: Path) -> File:
    with path.open("rb") as stream:
        return File(name, path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest())


# --- checking and restoring --------------------------------------------------------------------------------------------


def verify_backup(*, file: Path, key: bytes | None) -> Manifest:
    """
    Read a backup to its last byte without putting it anywhere.

    Raises:
        BackupRefused: with what is wrong.
    """
    with _staged(file, key, file.parent) as (_, manifest):
        return manifest


def restore_backup(*, file: Path, key: bytes | None, target: Target) -> Manifest:
    """
    Check a backup wholly, then put it in place of the data; what was there is kept in `before-restore-…` beside it.

    The database changes by one rename, the uploads around it only grow: whoever looks, at whatever moment, finds the
    files that the rows name.

    Raises:
        BackupRefused: nothing live was changed.
    """
    if target.database and database.vendor() != "sqlite":
        raise BackupRefused(
            "This installation keeps its data in PostgreSQL. Restore without --into: the database of JUMELLE_DATABASE_URL is replaced."
        )
    try:
        target.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BackupRefused(f"{target.folder} cannot be made: {error.strerror}. Choose another folder with --into.") from error
    with _staged(file, key, target.folder) as (staged, manifest):
        connections.close_all()
        before = target.folder / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
        if target.database is None:
            _add_uploads(manifest, staged, target, before)
            database.load_postgresql(staged / manifest.database_file)
        else:
            _prepare_old_database(target.database, before)
            _add_uploads(manifest, staged, target, before)
            _replace(staged / manifest.database_file, target.database, before)
        _take_out_other_uploads(manifest, target, before)
        (target.folder / "prepared").unlink(missing_ok=True)  # so that `dev.py run` brings an older database up to date
    return manifest


@contextmanager
def _staged(file: Path, key: bytes | None, beside: Path) -> Iterator[tuple[Path, Manifest]]:
    """Unpack into a folder beside the data, check everything, and take the folder away again."""
    accept = partial(_accept, beside=beside)
    try:
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=beside) as work:
            staged = Path(work)
            manifest = archive.unpack(file, key, staged, accept)
            if manifest.vendor == "sqlite":
                database.check_sqlite_copy(staged / manifest.database_file, manifest.tables)
            else:
                database.check_dump(staged / manifest.database_file)
            yield staged, manifest
    except OSError as error:
        raise BackupRefused(
            f"The backup cannot be unpacked beside {beside}: {error.strerror}. Nothing was changed. Make room or check the rights."
        ) from error


def _accept(manifest: Manifest, *, beside: Path) -> None:
    check_taken_here(manifest, vendor=database.vendor(), known_migrations=database.known_migrations())
    free = shutil.disk_usage(beside).free
    if manifest.size > free:
        needed = -(-manifest.size // 1_000_000)
        raise BackupRefused(
            f"This backup says that it unpacks to {needed} MB; {free // 1_000_000} MB are free under {beside}. Make room first."
        )


def _prepare_old_database(live: Path, before: Path) -> None:
    """Bring the old database into one file, or put its parts aside when it is beyond that."""
    if not live.exists():
        return
    try:
        database.close_sqlite(live)
    except sqlite3.DatabaseError:
        before.mkdir(mode=0o700)
        for part in (live.with_name(f"{live.name}-wal"), live.with_name(f"{live.name}-shm")):
            with suppress(FileNotFoundError):
                part.rename(before / part.name)


def _add_uploads(manifest: Manifest, staged: Path, target: Target, before: Path) -> None:
    for entry in manifest.uploads:
        place = target.uploads / Path(entry.path).relative_to(UPLOADS)
        if place.is_file() and _described(entry.path, place) == entry:
            continue
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _replace(staged / entry.path, place, before / UPLOADS / place.relative_to(target.uploads).parent)


def _replace(new: Path, place: Path, before: Path) -> None:
    """Put a file in a place by one rename; the file that was there keeps a second name under `before`."""
    if place.exists():
        before.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.link(place, before / place.name)
    with new.open("rb") as stream:
        os.fsync(stream.fileno())
    new.replace(place)
    _sync_folder(place.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _take_out_other_uploads(manifest: Manifest, target: Target, before: Path) -> None:
    """Move uploads that the restored database does not know out of the way; they stay with the old database."""
    kept = {entry.path for entry in manifest.uploads}
    for name, path in _uploads(target.uploads).items():
        if name not in kept:
            aside = before / name
            aside.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.rename(aside)

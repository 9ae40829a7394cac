"""What a backup says about itself, and whether this installation can take it."""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version as installed_version
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings

from jumelle.config.backup.refusals import Damaged, NotForThisInstallation, WrongKey

FORMAT = 1
NAME = "manifest.json"
UPLOADS = "uploads"
DATABASE_FILES = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}


@dataclass(frozen=True, slots=True)
class File:
    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    tables: rows per table.
    left_out: tables whose rows are not kept: sessions and counters.
    migrations: "app.name" of each migration that was run.
    field_keys: id -> fingerprint of the keys that personal fields may be written with; the keys themselves stand elsewhere.
    """

    made_at: str
    version: str
    vendor: str
    tables: dict[str, int]
    left_out: tuple[str, ...]
    migrations: tuple[str, ...]
    field_keys: dict[str, str]
    audit_key: str
    files: tuple[File, ...]

    @property
    def database_file(self) -> str:
        return DATABASE_FILES[self.vendor]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def uploads(self) -> list[File]:
        return [file for file in self.files if file.path != self.database_file]

    def as_json(self) -> bytes:
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1).encode()


def read_manifest(text: bytes) -> Manifest:
    """
    Raises:
        Damaged: it is not a manifest, or names a file outside the places that a backup fills.
        NotForThisInstallation: its format is newer than this program.
    """
    try:
        said: dict[str, Any] = json.loads(text)
        said_format = int(said.pop("format"))
        if said_format > FORMAT:
            raise NotForThisInstallation(
                f"This backup has format {said_format}; this version reads {FORMAT}. Install the newer version first."
            )
        files = tuple(File(str(row["path"]), int(row["size"]), str(row["sha256"])) for row in said.pop("files"))
        manifest = Manifest(
            **{**said, "left_out": tuple(said["left_out"]), "migrations": tuple(said["migrations"])},
            files=files,
        )
        known = DATABASE_FILES[manifest.vendor]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Damaged("its list of contents cannot be read") from error
    _check_files(files, known)
    return manifest


def _check_files(files: tuple[File, ...], database_file: str) -> None:
    paths = [file.path for file in files]
    if len(set(paths)) != len(paths) or paths[:1] != [database_file]:
        raise Damaged("its list of contents has no database, or names a file twice")
    for file in files[1:]:
        if not is_safe(file.path):
            raise Damaged(f"it holds a file with a path that leads elsewhere ({file.path[:80]!r})")
    if any(file.size < 0 for file in files):
        raise Damaged("its list of contents gives a size below zero")


def is_safe(path: str) -> bool:
    """A plain path below uploads/: no way up, no root, no drive, no control characters."""
    parts = path.split("/")
    plain = all(part not in {"", ".", ".."} and part.isprintable() and "\\" not in part and ":" not in part for part in parts)
    return plain and len(parts) > 1 and parts[0] == UPLOADS and not PurePosixPath(path).is_absolute()


# --- keys and versions -------------------------------------------------------------------------------------------------


def fingerprint_of(key: bytes) -> str:
    return hashlib.sha256(b"jumelle key " + key).hexdigest()[:16]


def configured_field_keys() -> dict[str, str]:
    """Id -> fingerprint of the configured keys; the first is the one that writes."""
    pairs = (entry.partition(":") for entry in settings.FIELD_KEYS)
    return {name: fingerprint_of(base64.b64decode(text)) for name, _, text in pairs}


def configured_audit_key() -> str:
    return fingerprint_of(settings.AUDIT_KEY.encode())


def running_version() -> str:
    return installed_version("jumelle")


def check_taken_here(manifest: Manifest, *, vendor: str, known_migrations: set[str]) -> None:
    """
    Raises:
        NotForThisInstallation: newer than this program, or of another kind of database.
        WrongKey: personal fields or the journal need a key that is not configured here.
    """
    if _numbers(manifest.version) > _numbers(running_version()):
        raise NotForThisInstallation(
            f"This backup was made by version {manifest.version}; this is {running_version()}. Nothing was changed. "
            "Install the newer version, then restore again."
        )
    if unknown := sorted(set(manifest.migrations) - known_migrations):
        raise NotForThisInstallation(
            f"This backup has a newer database than this program: it does not know {', '.join(unknown[:3])}. Nothing was changed. "
            "Install the version that made the backup, then restore again."
        )
    if manifest.vendor != vendor:
        raise NotForThisInstallation(
            f"This is a backup of {manifest.vendor}, this installation uses {vendor}. Nothing was changed. "
            "Set JUMELLE_DATABASE_URL to a database of the same kind."
        )
    configured = configured_field_keys()
    if missing := sorted(name for name, mark in manifest.field_keys.items() if configured.get(name) != mark):
        raise WrongKey(
            f"Personal fields in this backup need the keys {', '.join(missing)}, which JUMELLE_FIELD_KEYS does not have or has with "
            "another value. Nothing was changed. Add them from the place where you keep the keys."
        )
    if manifest.audit_key != configured_audit_key():
        raise WrongKey(
            "The journal in this backup was sealed with another JUMELLE_AUDIT_KEY. Nothing was changed. "
            "Set it to the one of the installation that made the backup."
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdigit() else 0 for part in version.split("."))

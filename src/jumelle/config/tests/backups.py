"""Backups for tests: rightly made ones, and such as an enemy would make."""

import gzip
import hashlib
import io
import sqlite3
import tarfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from jumelle.accounts.models import User
from jumelle.common.encryption import decrypt
from jumelle.config.backup import archive, manifest, operations

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
ONLY_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="swaps a file of SQLite")


def make(tmp_path: Path, key: bytes | None = KEY) -> Path:
    file, _ = operations.make_backup(target=tmp_path / "kept.backup", key=key, now=NOW)
    return file


def restored_name(folder: Path, user: User) -> str:
    """Read the encrypted name out of a restored data folder, with the keys that are configured."""
    with closing(sqlite3.connect(folder / "jumelle.sqlite3")) as restored:
        (stored,) = restored.execute("SELECT name FROM accounts_user WHERE email = ?", [user.email]).fetchone()
    return decrypt(stored, f"accounts_user:name:{user.pk}")


def live_state(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, to the byte: what must not change when a backup is refused."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def small_manifest(files: dict[str, bytes], **other) -> manifest.Manifest:
    said = {
        "made_at": NOW.isoformat(),
        "version": "0.1.0",
        "vendor": "sqlite",
        "tables": {},
        "left_out": (),
        "migrations": (),
        "field_keys": manifest.configured_field_keys(),
        "audit_key": manifest.configured_audit_key(),
    }
    listed = tuple(manifest.File(name, len(text), hashlib.sha256(text).hexdigest()) for name, text in files.items())
    return manifest.Manifest(**{**said, **other}, files=listed)


def crafted(path: Path, said: bytes, members: list[tuple[tarfile.TarInfo, bytes]]) -> Path:
    """A backup that an enemy wrote: a valid checksum around whatever content."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(said)
        tar.addfile(entry, io.BytesIO(said))
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    path.write_bytes(packed.getvalue() + archive.trailer(hashlib.sha256(packed.getvalue()).hexdigest()))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, link
    return entry

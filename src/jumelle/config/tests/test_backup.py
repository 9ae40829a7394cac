"""Backup and restore: what went in comes out."""

import base64
import shutil
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from jumelle.accounts.models import User
from jumelle.audit.models import Event
from jumelle.audit.operations import verify_chain
from jumelle.config.backup import database, manifest, operations
from jumelle.config.backup.refusals import BackupRefused, InUse
from jumelle.config.tests.backups import KEY, NOW, ONLY_SQLITE, live_state, make, restored_name

# --- round trip --------------------------------------------------------------------------------------------------------


@ONLY_SQLITE
@pytest.mark.parametrize("key", [KEY, None], ids=["sealed", "open"])
def test_restore_brings_back_rows_uploads_and_encrypted_fields(filled, uploads, tmp_path, key):
    file = make(tmp_path, key)
    kept = live_state(uploads)
    into = tmp_path / "new"

    told = operations.restore_backup(file=file, key=key, target=operations.folder_target(into))

    assert live_state(into / "uploads") == kept
    assert restored_name(into, filled) == "Amina, name in the clear"
    assert told.tables["accounts_user"] == 1
    assert told.tables["audit_event"] == 1
    with sqlite3.connect(into / "jumelle.sqlite3") as restored:
        assert database.count_rows(restored) == told.tables


def test_backup_holds_neither_keys_nor_names_nor_sessions(filled, tmp_path):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, %s)",
            ["canary-session-key", "canary-session-data", NOW],
        )
    file = make(tmp_path, key=None)

    with tarfile.open(file) as tar:
        content = b"".join(tar.extractfile(member).read() for member in tar if member.isfile())

    secrets = [settings.SECRET_KEY, settings.AUDIT_KEY, settings.FIELD_KEYS[0].partition(":")[2]]
    for hidden in [*secrets, "Amina, name in the clear", "canary-session-key", "canary-session-data"]:
        assert hidden.encode() not in content


def test_sealed_backup_shows_nothing(filled, tmp_path):
    content = make(tmp_path).read_bytes()

    assert b"amina@example.org" not in content
    assert b"SQLite" not in content
    assert b"evidence" not in content


def test_open_backup_can_be_read_with_tar(filled, tmp_path):
    file = make(tmp_path, key=None)

    listed = subprocess.run(["tar", "tzf", file], capture_output=True, text=True, check=True).stdout

    assert listed.splitlines()[:2] == ["manifest.json", database_file()]


def database_file() -> str:
    return manifest.DATABASE_FILES[connection.vendor]


def test_manifest_names_keys_by_fingerprint_and_counts_rows(filled, tmp_path):
    _, said = operations.make_backup(target=tmp_path, key=KEY, now=NOW)

    assert said.field_keys == {"t1": manifest.fingerprint_of(base64.b64decode(settings.FIELD_KEYS[0].partition(":")[2]))}
    assert said.tables["accounts_user"] == 1
    assert [file.path for file in said.uploads] == ["uploads/evidence/3f2a.pdf", "uploads/evidence/été.txt"]
    assert said.version == "0.1.0"


def test_backup_is_for_its_owner_only_and_leaves_no_part_behind(filled, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()

    file, _ = operations.make_backup(target=folder, key=KEY, now=NOW)

    assert [path.name for path in folder.iterdir()] == ["jumelle-20260301T090000Z.sealed"]
    assert file.stat().st_mode & 0o777 == 0o600


def test_backup_of_real_data_must_be_encrypted(filled, tmp_path, settings):
    settings.DEMO = False

    with pytest.raises(BackupRefused, match="JUMELLE_BACKUP_KEY"):
        make(tmp_path, key=None)


def test_backup_does_not_write_over_another(filled, tmp_path):
    make(tmp_path)

    with pytest.raises(BackupRefused, match="exists already"):
        make(tmp_path)


@ONLY_SQLITE
def test_restore_over_live_data_keeps_what_was_there(filled, uploads, tmp_path):
    live = operations.folder_target(uploads.parent)
    file = make(tmp_path)
    operations.restore_backup(file=file, key=KEY, target=live)
    (uploads / "evidence" / "later.txt").write_bytes(b"added after the backup")
    with sqlite3.connect(live.database) as changed:
        changed.execute("UPDATE accounts_user SET language = 'xx'")
    changed.close()
    (uploads.parent / "settings.env").write_text("JUMELLE_DEMO=true\n")
    (uploads.parent / "prepared").write_text("stamp")

    operations.restore_backup(file=file, key=KEY, target=live)

    before = sorted(uploads.parent.glob("before-restore-*"))[-1]
    with sqlite3.connect(live.database) as now, sqlite3.connect(before / "jumelle.sqlite3") as then:
        assert now.execute("SELECT language FROM accounts_user").fetchall() == [("fr",)]
        assert then.execute("SELECT language FROM accounts_user").fetchall() == [("xx",)]
    assert not (uploads / "evidence" / "later.txt").exists()
    assert (before / "uploads" / "evidence" / "later.txt").read_bytes() == b"added after the backup"
    assert (uploads.parent / "settings.env").exists()
    assert not (uploads.parent / "prepared").exists()


@ONLY_SQLITE
def test_restore_replaces_a_database_that_is_beyond_repair(filled, uploads, tmp_path):
    live = operations.folder_target(tmp_path / "broken")
    live.folder.mkdir()
    live.database.write_bytes(b"this was a database once" * 100)
    live.database.with_name("jumelle.sqlite3-wal").write_bytes(b"left over")

    operations.restore_backup(file=make(tmp_path), key=KEY, target=live)

    assert restored_name(live.folder, filled) == "Amina, name in the clear"
    assert not live.database.with_name("jumelle.sqlite3-wal").exists()


@ONLY_SQLITE
def test_restore_waits_until_the_server_is_stopped(filled, uploads, tmp_path):
    live = operations.folder_target(tmp_path / "running")
    file = make(tmp_path)
    operations.restore_backup(file=file, key=KEY, target=live)
    server = sqlite3.connect(live.database)
    server.execute("PRAGMA journal_mode=WAL")
    server.execute("SELECT count(*) FROM accounts_user").fetchone()
    before = live.database.read_bytes()

    with pytest.raises(InUse, match="Stop them"):
        operations.restore_backup(file=file, key=KEY, target=live)

    assert live.database.read_bytes() == before
    server.close()


@ONLY_SQLITE
def test_journal_is_whole_after_the_way_there_and_back(filled, uploads, tmp_path):
    into = tmp_path / "new"
    operations.restore_backup(file=make(tmp_path), key=KEY, target=operations.folder_target(into))

    with closing(sqlite3.connect(into / "jumelle.sqlite3")) as restored:
        seals = restored.execute("SELECT chain, number, seal FROM audit_event").fetchall()
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            restored.execute("DELETE FROM audit_event")
    assert verify_chain("system") == []
    assert seals == list(Event.objects.values_list("chain", "number", "seal"))


# --- commands ------------------------------------------------------------------------------------------------------------


def test_commands_make_check_and_record(filled, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("JUMELLE_BACKUP_KEY", base64.b64encode(KEY).decode())

    call_command("backup", str(tmp_path))
    file = next(tmp_path.glob("*.sealed"))
    call_command("restore", str(file), "--check")

    said = capsys.readouterr().out
    assert "It was read back and is whole" in said
    assert f"{file} is whole" in said
    assert verify_chain("system") == []


def test_journal_in_the_backup_tells_of_the_backup(filled, tmp_path):
    call_command("backup", str(tmp_path / "kept"))

    assert list(Event.objects.order_by("number").values_list("action", flat=True)) == ["tested", "backup_begun"]
    assert operations.verify_backup(file=tmp_path / "kept", key=None).tables["audit_event"] == 2


def test_configured_folder_that_cannot_be_made_is_told_in_a_sentence(filled, tmp_path, settings):
    (tmp_path / "file").write_text("in the way")
    settings.BACKUP_TARGET = str(tmp_path / "file" / "folder")

    with pytest.raises(CommandError, match="cannot be made"):
        call_command("backup")


def test_command_says_in_a_sentence_why_a_backup_is_refused(filled, tmp_path):
    (tmp_path / "bad").write_bytes(b"nothing")

    with pytest.raises(CommandError, match="not a backup of Jumelle"):
        call_command("restore", str(tmp_path / "bad"), "--check")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("restore", str(tmp_path / "none"), "--check")
    with pytest.raises(CommandError, match="JUMELLE_BACKUP_TARGET"):
        call_command("backup")


@ONLY_SQLITE
def test_restore_into_a_folder_needs_sqlite_and_says_so(filled, tmp_path, monkeypatch):
    file = make(tmp_path)
    monkeypatch.setattr(database, "vendor", lambda: "postgresql")

    with pytest.raises(BackupRefused, match="without --into"):
        operations.restore_backup(file=file, key=KEY, target=operations.folder_target(tmp_path / "new"))


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="pg_dump is not installed")
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_postgresql_comes_back_as_it_was(filled, uploads, tmp_path):
    file = make(tmp_path)
    User.objects.update(email="changed@example.org")
    User.objects.create_user("later@example.org")

    operations.restore_backup(file=file, key=KEY, target=operations.installation())

    assert [(user.email, user.name) for user in User.objects.all()] == [("amina@example.org", "Amina, name in the clear")]
    assert verify_chain("system") == []


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="pg_dump is not installed")
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_postgresql_stays_as_it_was_when_the_feed_breaks(filled, uploads, tmp_path, monkeypatch):
    """psql would take the end of its input for the end of the dump, and commit an empty database."""
    file = make(tmp_path)

    def broken(pg_restore: str, dump: Path):
        yield b"DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
        raise OSError("pg_restore went away")

    monkeypatch.setattr(database, "_statements", broken)
    with pytest.raises(BackupRefused):
        operations.restore_backup(file=file, key=KEY, target=operations.installation())

    assert [user.email for user in User.objects.all()] == ["amina@example.org"]


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="pg_dump is not installed")
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
def test_postgresql_stays_as_it_was_when_the_dump_breaks_in_the_middle(filled, uploads, tmp_path, monkeypatch):
    file = make(tmp_path)
    whole = database._statements

    def broken(pg_restore: str, dump: Path):
        blocks = b"".join(whole(pg_restore, dump))
        yield blocks[: len(blocks) // 2]
        yield b"\nSELECT broken_on_purpose();\n"

    monkeypatch.setattr(database, "_statements", broken)
    with pytest.raises(BackupRefused, match="psql stopped"):
        operations.restore_backup(file=file, key=KEY, target=operations.installation())

    assert [user.email for user in User.objects.all()] == ["amina@example.org"]

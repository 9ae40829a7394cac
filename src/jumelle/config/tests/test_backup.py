"""Backup and restore: what went in comes out, and nothing else is ever taken back."""

import base64
import gzip
import hashlib
import io
import json
import random
import shutil
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from jumelle.accounts.models import User
from jumelle.audit.models import Event
from jumelle.audit.operations import record, verify_chain
from jumelle.common.encryption import decrypt
from jumelle.config.backup import archive, cipher, database, manifest, operations
from jumelle.config.backup.refusals import BackupRefused, Damaged, InUse, NotForThisInstallation, WrongKey

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
ONLY_SQLITE = pytest.mark.skipif(connection.vendor != "sqlite", reason="swaps a file of SQLite")


@pytest.fixture
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "live" / "uploads"
    (settings.MEDIA_ROOT / "evidence").mkdir(parents=True)
    (settings.MEDIA_ROOT / "evidence" / "3f2a.pdf").write_bytes(random.Random(1).randbytes(300_000))
    (settings.MEDIA_ROOT / "evidence" / "été.txt").write_bytes(b"")
    return settings.MEDIA_ROOT


@pytest.fixture
def filled(transactional_db, uploads):
    user = User.objects.create_user("amina@example.org", name="Amina, name in the clear")
    record(chain="system", action="tested", now=NOW)
    return user


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


# --- bad backups -------------------------------------------------------------------------------------------------------


def flipped(content: bytes, position: int) -> bytes:
    return content[:position] + bytes([content[position] ^ 0x01]) + content[position + 1 :]


def damages(content: bytes) -> dict[str, bytes]:
    """One way of damage each: name -> what is left of the file."""
    size = len(content)
    places = {0, 3, 9, 16, 18, 30, 40, 41, 60, size // 7, size // 3, size // 2, 2 * size // 3, size - 93, size - 60, size - 9, size - 1}
    cut = [0, 1, 17, 40, 41, 100, size // 2, size - 92, size - 17, size - 1]
    return {
        **{f"flip at {place}": flipped(content, place) for place in sorted(places)},
        **{f"cut after {length}": content[:length] for length in cut},
        "a byte more": content + b"\0",
        "many bytes more": content + content,
        "a hole": content[: size // 2] + content[size // 2 + 4096 :],
        "zeros inside": content[: size // 3] + bytes(4096) + content[size // 3 + 4096 :],
        "turned round": content[::-1],
    }


@pytest.mark.parametrize("key", [KEY, None], ids=["sealed", "open"])
def test_every_damaged_backup_is_refused_and_nothing_changes(filled, uploads, tmp_path, key, capsys):
    good = make(tmp_path, key).read_bytes()
    live = operations.installation() if connection.vendor == "postgresql" else operations.folder_target(uploads.parent)
    if connection.vendor == "sqlite":
        live.database.write_bytes(b"live data")
    before = live_state(uploads.parent)
    cases = damages(good)

    refused = []
    for name, content in cases.items():
        (tmp_path / "bad.backup").write_bytes(content)
        with pytest.raises((Damaged, WrongKey), match="Nothing was changed"):
            operations.restore_backup(file=tmp_path / "bad.backup", key=key, target=live)
        refused.append(name)

    with capsys.disabled():
        print(f"\n{len(cases)} damaged backups, {len(refused)} refused")
    assert len(refused) >= 30
    assert live_state(uploads.parent) == before


@ONLY_SQLITE
def test_flip_anywhere_in_a_small_open_backup_is_refused(tmp_path):
    """The whole file, byte by byte: an open backup has no key to protect it, only its checksum."""
    said = small_manifest({"database.sqlite3": b"x" * 50})
    (tmp_path / "x").write_bytes(b"x" * 50)
    file = tmp_path / "small.tar.gz"
    with file.open("wb") as stream:
        archive.write_archive(stream, said, lambda _: tmp_path / "x", None)
    good = file.read_bytes()

    for place in range(len(good)):
        file.write_bytes(flipped(good, place))
        target = tmp_path / f"out{place}"
        with pytest.raises(Damaged):
            archive.unpack(file, None, target, lambda _: None)


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


DATABASE = ("database.sqlite3", b"database")
EVIL_NAMES = [
    "uploads/../../../etc/cron.d/evil",
    "/etc/passwd",
    "../settings.env",
    "uploads/..",
    "uploads//x",
    "uploads/./x",
    "uploads\\..\\x",
    "uploads/c:evil",
    "settings.env",
    "uploads",
    "uploads/a\nb",
    "uploads/a\0b",
]


@pytest.mark.parametrize("name", EVIL_NAMES, ids=repr)
def test_path_that_leads_elsewhere_is_refused(tmp_path, name):
    said = small_manifest(dict([DATABASE, (name, b"evil")]))
    file = crafted(tmp_path / "evil", said.as_json(), [(member(DATABASE[0]), DATABASE[1]), (member(name.replace("\0", "")), b"evil")])

    with pytest.raises(Damaged):
        archive.unpack(file, None, tmp_path / "out", lambda _: None)

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("kind", "link"),
    [
        (tarfile.SYMTYPE, "/etc/passwd"),
        (tarfile.LNKTYPE, "database.sqlite3"),
        (tarfile.FIFOTYPE, ""),
        (tarfile.CHRTYPE, ""),
        (tarfile.DIRTYPE, ""),
    ],
    ids=["symbolic link", "hard link", "pipe", "device", "folder"],
)
def test_only_plain_files_are_unpacked(tmp_path, kind, link):
    said = small_manifest(dict([DATABASE, ("uploads/x", b"")]))
    file = crafted(tmp_path / "evil", said.as_json(), [(member(DATABASE[0]), DATABASE[1]), (member("uploads/x", kind, link), b"")])

    with pytest.raises(Damaged):
        archive.unpack(file, None, tmp_path / "out", lambda _: None)


def test_missing_and_additional_and_reordered_files_are_refused(tmp_path):
    said = small_manifest(dict([DATABASE, ("uploads/a", b"a"), ("uploads/b", b"b")])).as_json()
    data, a, b = (member(DATABASE[0]), DATABASE[1]), (member("uploads/a"), b"a"), (member("uploads/b"), b"b")

    for number, members in enumerate([[data, a], [data, b, a], [data, a, a], [a, b], [data, a, b, (member("uploads/c"), b"c")], []]):
        file = crafted(tmp_path / f"evil{number}", said, members)
        with pytest.raises(Damaged):
            archive.unpack(file, None, tmp_path / f"out{number}", lambda _: None)


def test_file_with_other_content_than_its_list_says_is_refused(tmp_path):
    said = small_manifest(dict([DATABASE, ("uploads/x", b"right")])).as_json()
    file = crafted(tmp_path / "evil", said, [(member(DATABASE[0]), DATABASE[1]), (member("uploads/x"), b"wrong")])

    with pytest.raises(Damaged, match="uploads/x was changed"):
        archive.unpack(file, None, tmp_path / "out", lambda _: None)


def test_bomb_is_stopped_before_it_fills_the_disk(tmp_path):
    """200 MB of zeros pack to 200 kB; the list of contents says that they are 8 bytes."""
    said = small_manifest(dict([DATABASE, ("uploads/x", b"12345678")]))
    file = crafted(tmp_path / "bomb", said.as_json(), [(member(DATABASE[0]), DATABASE[1]), (member("uploads/x"), bytes(200_000_000))])

    with pytest.raises(Damaged):
        archive.unpack(file, None, tmp_path / "out", lambda _: None)

    assert sum(len(content) for content in live_state(tmp_path / "out").values()) < 1_000_000


def test_bomb_in_a_header_is_stopped(tmp_path):
    said = small_manifest(dict([DATABASE]))
    long_name = member(DATABASE[0])
    long_name.pax_headers = {"comment": "0" * 90_000_000}
    file = crafted(tmp_path / "bomb", said.as_json(), [(long_name, DATABASE[1])])

    with pytest.raises(Damaged):
        archive.unpack(file, None, tmp_path / "out", lambda _: None)


def test_bomb_in_the_first_header_is_stopped(tmp_path):
    """Digits without an end: reading such a header takes tar longer than anybody waits."""
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        entry = member("manifest.json")
        entry.pax_headers = {"comment": "0" * 5_000_000}
        tar.addfile(entry, io.BytesIO(b""))
    (tmp_path / "bomb").write_bytes(packed.getvalue() + archive.trailer(hashlib.sha256(packed.getvalue()).hexdigest()))

    with pytest.raises(Damaged):
        archive.unpack(tmp_path / "bomb", None, tmp_path / "out", lambda _: None)


def test_many_small_and_one_large_upload_come_back(tmp_path):
    """More than one block of everything: tar's, ours, the envelope's."""
    chance = random.Random(3)
    files = {
        "database.sqlite3": chance.randbytes(3_000_000),
        **{f"uploads/{'long-name-' * 12}{n}": chance.randbytes(n) for n in range(400)},
    }
    for name, content in files.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(content)
    for key in (KEY, None):
        with (tmp_path / "kept").open("wb") as stream:
            archive.write_archive(stream, small_manifest(files), lambda entry: tmp_path / "in" / entry.path, key)
        out = tmp_path / f"out{bool(key)}"

        archive.unpack(tmp_path / "kept", key, out, lambda _: None)

        assert live_state(out) == live_state(tmp_path / "in")


@pytest.mark.django_db
def test_backup_that_says_it_is_huge_is_refused_before_unpacking(tmp_path, monkeypatch):
    said = small_manifest({})
    huge = manifest.Manifest(
        **{name: getattr(said, name) for name in said.__slots__ if name != "files"}, files=(manifest.File("database.sqlite3", 10**15, ""),)
    )
    monkeypatch.setattr(database, "vendor", lambda: "sqlite")

    with pytest.raises(BackupRefused, match="Make room first"):
        operations._accept(huge, beside=tmp_path)


@pytest.mark.parametrize(
    "text",
    [b"", b"null", b"[]", b"{", b"{}", b'{"format": "x"}', b'{"format": 1}', b"[" * 100_000, b"\xff\xfe", b'{"format": 1, "files": 3}'],
    ids=lambda text: repr(text[:20]),
)
def test_senseless_list_of_contents_is_refused(text):
    with pytest.raises(Damaged):
        manifest.read_manifest(text)


def test_list_of_contents_of_a_later_format_is_refused():
    with pytest.raises(NotForThisInstallation, match="newer version"):
        manifest.read_manifest(json.dumps({"format": 2}).encode())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("other", "refusal", "says"),
    [
        ({"version": "0.2.0"}, NotForThisInstallation, "version 0.2.0"),
        ({"version": "1.0"}, NotForThisInstallation, "version 1.0"),
        ({"migrations": ("accounts.9999_from_the_future",)}, NotForThisInstallation, "9999_from_the_future"),
        ({"vendor": "other"}, NotForThisInstallation, "same kind"),
        ({"field_keys": {"t1": "0" * 16}}, WrongKey, "t1"),
        ({"field_keys": {"t0": "0" * 16}}, WrongKey, "t0"),
        ({"audit_key": "0" * 16}, WrongKey, "JUMELLE_AUDIT_KEY"),
    ],
    ids=["version", "major version", "migration", "kind of database", "field key changed", "field key missing", "journal key"],
)
def test_backup_that_does_not_fit_is_refused_with_the_reason(other, refusal, says):
    said = small_manifest(dict([DATABASE]), **other)

    with pytest.raises(refusal, match=says) as caught:
        manifest.check_taken_here(said, vendor="sqlite", known_migrations=database.known_migrations())

    assert "Nothing was changed" in str(caught.value)


def test_wrong_key_is_told_apart_from_damage(filled, tmp_path):
    file = make(tmp_path)

    with pytest.raises(WrongKey, match=cipher.fingerprint(KEY).hex()):
        operations.verify_backup(file=file, key=OTHER_KEY)
    with pytest.raises(WrongKey, match="is encrypted"):
        operations.verify_backup(file=file, key=None)


@pytest.mark.parametrize("text", ["short", "not base64 !", base64.b64encode(b"31 bytes" * 3).decode()])
def test_key_that_is_none_is_refused(text):
    with pytest.raises(WrongKey, match="32 random bytes"):
        cipher.read_key(text)


# --- the envelope --------------------------------------------------------------------------------------------------------


def sealed(plain: bytes) -> bytes:
    target = io.BytesIO()
    writer = cipher.SealingWriter(target, KEY)
    writer.write(plain)
    writer.close()
    return target.getvalue()


def opened(content: bytes) -> bytes:
    return io.BufferedReader(cipher.OpeningReader(io.BytesIO(content), KEY)).read()


CHUNK = cipher.CHUNK_SIZE + cipher.TAG_SIZE


@pytest.mark.parametrize("size", [0, 1, cipher.CHUNK_SIZE - 1, cipher.CHUNK_SIZE, cipher.CHUNK_SIZE + 1, 3 * cipher.CHUNK_SIZE])
def test_envelope_gives_back_what_was_put_in(size):
    plain = random.Random(size).randbytes(size)

    assert opened(sealed(plain)) == plain


def test_chunks_cannot_be_swapped_doubled_dropped_or_cut():
    content = sealed(random.Random(2).randbytes(3 * cipher.CHUNK_SIZE + 10))
    head, body = content[: cipher.HEADER_SIZE], content[cipher.HEADER_SIZE :]
    one, two, three, end = (body[start : start + CHUNK] for start in range(0, len(body), CHUNK))

    for order in ([two, one, three, end], [one, one, two, three, end], [one, three, end], [one, two, three], [end], []):
        with pytest.raises(Damaged):
            opened(head + b"".join(order))


def test_chunk_of_another_backup_does_not_fit():
    first, second = sealed(b"a" * 100), sealed(b"b" * 100)

    with pytest.raises(Damaged):
        opened(first[: cipher.HEADER_SIZE] + second[cipher.HEADER_SIZE :])


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

"""A backup that is damaged, forged, newer or sealed with another key is never taken back."""

import base64
import gzip
import hashlib
import io
import json
import random
import tarfile

import pytest
from django.db import connection

from jumelle.config.backup import archive, cipher, database, manifest, operations
from jumelle.config.backup.refusals import BackupRefused, Damaged, NotForThisInstallation, WrongKey
from jumelle.config.tests.backups import KEY, ONLY_SQLITE, OTHER_KEY, crafted, live_state, make, member, small_manifest

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

"""
The tar.gz inside the envelope: the manifest first, then the files in the manifest's order, then a checksum of every byte before.

The checksum is the comment of a last, empty gzip member: `tar xzf` reads an unsealed backup as it is, and no byte of it can change unseen.
"""

import hashlib
import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gzip import GzipFile
from pathlib import Path
from typing import Any, BinaryIO, cast

from jumelle.config.backup import cipher
from jumelle.config.backup.manifest import NAME, File, Manifest, read_manifest
from jumelle.config.backup.refusals import BackupRefused, Damaged, WrongKey

BLOCK = 256 * 1024
MANIFEST_LIMIT = 64 * 1024 * 1024
HEADER_LIMIT = 64 * 1024
HEADER_LIMIT = 24 * 1024  # header, padding, a second header for a long name, and what tar reads ahead
_GZIP_HEAD = b"\x1f\x8b\x08\x10" + b"\0" * 4 + b"\0\xff"
_GZIP_END = b"\0\x03\0" + b"\0" * 8
TRAILER_SIZE = len(_GZIP_HEAD) + 64 + len(_GZIP_END)


def trailer(sha256: str) -> bytes:
    """An empty gzip member whose comment is the checksum."""
    return _GZIP_HEAD + sha256.encode() + _GZIP_END


# --- writing ---------------------------------------------------------------------------------------------------------


class _Hashing(io.RawIOBase):
    def __init__(self, target: BinaryIO) -> None:
        self._target, self.digest = target, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.digest.update(data)
        self._target.write(data)
        return memoryview(data).nbytes


def write_archive(target: BinaryIO, manifest: Manifest, source_of: Callable[[File], Path], key: bytes | None) -> None:
    """
    Write a backup into an open file; the caller gives it its name once it is whole.

    Raises:
        BackupRefused: a file changed while it was read.
    """
    sealed = cipher.SealingWriter(target, key) if key else None
    hashing = _Hashing(cast(BinaryIO, sealed or target))
    with (
        GzipFile(filename="", mode="wb", fileobj=cast(BinaryIO, hashing), compresslevel=6, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        said = manifest.as_json()
        tar.addfile(_entry(NAME, len(said)), io.BytesIO(said))
        for file in manifest.files:
            _add(tar, file, source_of(file))
    cast(BinaryIO, sealed or target).write(trailer(hashing.digest.hexdigest()))
    if sealed:
        sealed.close()


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _add(tar: tarfile.TarFile, file: File, source: Path) -> None:
    digest = hashlib.sha256()

    class Watched(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            block = stream.read(size)
            digest.update(block)
            return block

    try:
        with source.open("rb") as stream:
            tar.addfile(_entry(file.path, file.size), Watched())
    except (OSError, tarfile.TarError) as error:
        raise BackupRefused(f"{file.path} changed or went away during the backup. Start the backup again.") from error
    if digest.hexdigest() != file.sha256:
        raise BackupRefused(f"{file.path} changed during the backup. Start the backup again.")


# --- reading ---------------------------------------------------------------------------------------------------------


class _Inflating(io.RawIOBase):
    """Unpacks gzip without ever giving out more than was allowed, and checks the last checksum when it reaches the end."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._unzip, self._digest = source, zlib.decompressobj(31), hashlib.sha256()
        self._held, self._packed, self._source_ended = b"", b"", False
        self.allowed, self.given = HEADER_LIMIT, 0

    def readable(self) -> bool:
        return True

    def allow(self, size: int) -> None:
        """Give out so many bytes from here on, and the headers around them."""
        self.allowed = self.given + size + HEADER_LIMIT

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            raise ValueError("a backup is read in blocks")
        while True:
            plain = self._unpack(size)
            if plain or (self._source_ended and not self._packed) or self._unzip.eof:
                break
        self.given += len(plain)
        if self.given > self.allowed:
            raise Damaged("it unpacks to more than its list of contents says")
        return plain

    def _unpack(self, size: int) -> bytes:
        if not self._packed and not self._source_ended:
            self._packed = self._fetch()
        try:
            plain = self._unzip.decompress(self._packed, max(size, 1))
        except zlib.error as error:
            raise Damaged("it cannot be unpacked") from error
        self._packed = self._unzip.unconsumed_tail
        return plain

    def _fetch(self) -> bytes:
        """The next packed bytes, never the last ones: those are the checksum."""
        block = self._source.read(BLOCK) or b""
        self._source_ended = not block
        together = self._held + block
        ready, self._held = together[:-TRAILER_SIZE], together[-TRAILER_SIZE:]
        self._digest.update(ready)
        return ready

    def finish(self) -> None:
        """Read what is left, which must be padding, and compare the checksum."""
        while rest := self.read(BLOCK):
            if rest.strip(b"\0"):
                raise Damaged("something follows its last file")
        while not self._source_ended:
            if self._fetch():
                raise Damaged("something follows its end")
        if not self._unzip.eof or self._unzip.unused_data or self._packed or self._held != trailer(self._digest.hexdigest()):
            raise Damaged("the checksum at its end does not fit: it was changed or cut off")


@contextmanager
def _opened(path: Path, key: bytes | None) -> Iterator[_Inflating]:
    try:
        stream = path.open("rb")
    except OSError as error:
        raise BackupRefused(f"{path} cannot be read: {error.strerror}. Check the name and the rights.") from error
    with stream:
        start = stream.read(len(cipher.MAGIC))
        stream.seek(0)
        if not cipher.is_sealed(start):
            if not start.startswith(b"\x1f\x8b"):
                raise Damaged("it is not a backup of Jumelle, or its beginning was changed")
            yield _Inflating(stream)
            return
        if key is None:
            raise WrongKey(f"This backup is encrypted. Nothing was changed. Set {cipher.KEY_VARIABLE} to the key that it was made with.")
        yield _Inflating(cast(BinaryIO, io.BufferedReader(cipher.OpeningReader(stream, key), BLOCK)))


class _Member(tarfile.TarInfo):
    """An entry whose extended header is short: tarfile searches a long one over and over, for minutes."""

    def _proc_pax(self, tar: tarfile.TarFile) -> tarfile.TarInfo:
        if self.size > HEADER_LIMIT:
            raise tarfile.ReadError("an extended header is too long")
        return cast(tarfile.TarInfo, super()._proc_pax(tar))  # type: ignore[misc]  # typeshed leaves this hook out


def unpack(path: Path, key: bytes | None, target: Path, accept: Callable[[Manifest], None]) -> Manifest:
    """
    Unpack a backup into an empty folder and check it to the last byte.

    Args:
        accept: called with the manifest before any file is unpacked; raises when this installation cannot take the backup.
    Raises:
        BackupRefused: with what is wrong; the folder may then hold part of the files.
    """
    with _opened(path, key) as source:
        try:
            with tarfile.open(fileobj=cast(BinaryIO, source), mode="r|", bufsize=tarfile.RECORDSIZE, tarinfo=_Member) as tar:
                manifest = read_manifest(_manifest_text(tar, source))
                accept(manifest)
                for file in manifest.files:
                    _extract(tar, source, file, target)
                source.allow(0)
                if tar.next() is not None:
                    raise Damaged("it holds a file that its list of contents does not name")
        except (tarfile.TarError, EOFError, ValueError, OverflowError, RecursionError) as error:
            raise Damaged("it cannot be unpacked") from error
        source.finish()
    return manifest


def _manifest_text(tar: tarfile.TarFile, source: _Inflating) -> bytes:
    entry = tar.next()
    stream = tar.extractfile(entry) if entry and entry.isreg() and entry.name == NAME else None
    if entry is None or stream is None or entry.size > MANIFEST_LIMIT:
        raise Damaged("it does not begin with its list of contents")
    source.allow(entry.size)
    text = stream.read()
    if len(text) != entry.size:
        raise Damaged("its list of contents is cut off")
    return text


def _extract(tar: tarfile.TarFile, source: _Inflating, file: File, folder: Path) -> None:
    source.allow(0)
    entry = tar.next()
    if entry is None:
        raise Damaged(f"{file.path} is missing")
    stream = tar.extractfile(entry) if entry.isreg() else None
    if stream is None or entry.name != file.path or entry.size != file.size:
        raise Damaged(f"{file.path} is missing, or another file stands in its place")
    source.allow(file.size)
    digest, target = hashlib.sha256(), folder / file.path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("xb") as out:
        while block := stream.read(BLOCK):
            digest.update(block)
            out.write(block)
    target.chmod(0o600)
    if digest.hexdigest() != file.sha256:
        raise Damaged(f"{file.path} was changed")

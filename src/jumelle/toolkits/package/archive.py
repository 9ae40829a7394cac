"""
Unpacking of a ZIP from a stranger: everything is looked at before anything is unpacked, and nothing is written to disk.

Python never unpacks more of an entry than its declared size, so limits on declared sizes limit what is unpacked.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath

from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.problems import refused

MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 1_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)


class Archive:
    """A ZIP whose entries are few, small, plainly named and not encrypted."""

    def __init__(self, data: bytes) -> None:
        """
        Raises:
            PackageRefused: not a ZIP, or not a harmless one.
        """
        _check_outside(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN:
            raise refused(_("The file is damaged or cut off: it cannot be opened. Save or download it again.")) from None
        entries = [entry for entry in self._zip.infolist() if not entry.is_dir()]
        _check_entries(entries, len(data))
        self.names = tuple(entry.filename for entry in entries)

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        """
        Raises:
            PackageRefused: the entry is missing or damaged.
        """
        try:
            return self._zip.read(name)
        except (*_BROKEN, KeyError):
            raise refused(_("The part %(name)s of the file is missing or damaged. Save it again."), name=name) from None


def _check_outside(data: bytes) -> None:
    if not data:
        raise refused(_("The file is empty."))
    if len(data) > MAX_UPLOAD_BYTES:
        raise refused(_("The file is larger than %(limit)s MB."), limit=MAX_UPLOAD_BYTES // 2**20)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise refused(_("The workbook is protected by a password. Remove the password and save it again."))
        raise refused(_("This is a workbook in the old format .xls. Save it as .xlsx."))
    if not data.startswith(b"PK"):
        raise refused(_("This is neither an XLSX workbook nor a ZIP of YAML files. Save it in one of these formats."))


def _check_entries(entries: Iterable[zipfile.ZipInfo], packed_bytes: int) -> None:
    entries = list(entries)
    if not entries:
        raise refused(_("The file is empty."))
    if len(entries) > MAX_ENTRIES:
        raise refused(_("The file has more than %(limit)s parts. This is not a package."), limit=MAX_ENTRIES)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * packed_bytes:
        raise refused(_("The file would become far too large when it is unpacked. This is not a package."))
    seen: set[str] = set()
    for entry in entries:
        _check_entry(entry)
        if entry.filename.lower() in seen:
            raise refused(_("The part %(name)s stands twice in the file."), name=entry.filename[:80])
        seen.add(entry.filename.lower())


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.orig_filename or ":" in name or "\x00" in entry.orig_filename:
        raise refused(_("The part %(name)s has a name that leads out of the file."), name=name[:80])
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise refused(_("The part %(name)s is a link, not a file."), name=name[:80])
    if entry.flag_bits & 0x1:
        raise refused(_("The file is protected by a password. Remove the password and save it again."))
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refused(_("The part %(name)s is packed in an unusual way. Pack the files again as an ordinary ZIP."), name=name[:80])

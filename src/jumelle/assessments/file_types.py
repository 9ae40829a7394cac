"""
What a file is, told by its content and never by its name.

Only these kinds are taken as evidence: a document, a picture or a plain text that every office can open, and none with macros.
"""

import io
import zipfile
from dataclasses import dataclass

_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_MICROSOFT = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class FileType:
    extension: str
    media_type: str


PDF = FileType("pdf", "application/pdf")
PNG = FileType("png", "image/png")
JPG = FileType("jpg", "image/jpeg")
DOCX = FileType("docx", f"{_MICROSOFT}wordprocessingml.document")
XLSX = FileType("xlsx", f"{_MICROSOFT}spreadsheetml.sheet")
ODT = FileType("odt", f"{_OPEN_DOCUMENT}text")
ODS = FileType("ods", f"{_OPEN_DOCUMENT}spreadsheet")
TXT = FileType("txt", "text/plain; charset=utf-8")

ALLOWED = (PDF, PNG, JPG, DOCX, XLSX, ODT, ODS, TXT)
_BY_EXTENSION = {kind.extension: kind for kind in ALLOWED}
_MAX_PARTS = 5000
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13}


def type_of_name(name: str) -> FileType | None:
    """The kind that a stored name tells; stored names were given by us after `sniff`."""
    return _BY_EXTENSION.get(name.rpartition(".")[2].lower())


def sniff(data: bytes) -> FileType | None:
    """Return the kind of a file, or None if it is none of the allowed ones."""
    if data.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPG
    if data.startswith(b"PK\x03\x04"):
        return _sniff_zip(data)
    return TXT if _is_plain_text(data) else None


def _sniff_zip(data: bytes) -> FileType | None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return None
    names = set(archive.namelist())
    if len(names) > _MAX_PARTS or any("vbaproject" in name.lower() or name.lower().endswith(".bin") for name in names):
        return None
    if "[Content_Types].xml" in names:
        return DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else None
    return _sniff_open_document(archive)


def _sniff_open_document(archive: zipfile.ZipFile) -> FileType | None:
    """An OpenDocument file says what it is in its first part, unpacked; scripts stand in folders of their own."""
    first = archive.infolist()[0] if archive.infolist() else None
    if first is None or first.filename != "mimetype" or first.file_size > 100 or first.compress_type:
        return None
    if any(name.startswith(("Basic/", "Scripts/")) for name in archive.namelist()):
        return None
    try:
        declared = archive.read(first).decode("ascii", "replace")
    except (zipfile.BadZipFile, OSError, RuntimeError):
        return None
    return {ODT.media_type: ODT, ODS.media_type: ODS}.get(declared)


def _is_plain_text(data: bytes) -> bool:
    """UTF-8 without control characters, and nothing that a browser could take for a page."""
    if not data.strip() or not _CONTROLS.isdisjoint(data[:100_000]):
        return False
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not text.lstrip().startswith("<")

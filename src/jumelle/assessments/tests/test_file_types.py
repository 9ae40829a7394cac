import io
import zipfile

import pytest

from jumelle.assessments.file_types import ALLOWED, sniff, type_of_name


def zip_of(*parts: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return target.getvalue()


OPEN_TEXT = b"application/vnd.oasis.opendocument.text"
TYPES = ("[Content_Types].xml", b"<Types/>")

GOOD = {
    "pdf": b"%PDF-1.7\n%...",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00",
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "docx": zip_of(TYPES, ("word/document.xml", b"<w/>")),
    "xlsx": zip_of(TYPES, ("xl/workbook.xml", b"<w/>")),
    "odt": zip_of(("mimetype", OPEN_TEXT), ("content.xml", b"<o/>")),
    "ods": zip_of(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<o/>")),
    "txt": "Café de langue : 12 personnes.\r\n\t• mardi\n".encode(),
}
BAD = {
    "empty": b"",
    "blank": b" \n\t ",
    "web page": b"<!doctype html><script>1</script>",
    "web page after a mark": b"\xef\xbb\xbf  <html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "gif": b"GIF89a\x01\x00",
    "program": b"MZ\x90\x00\x03",
    "elf": b"\x7fELF\x02\x01\x01\x00",
    "old office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "not utf-8": b"caf\xe9 de langue",
    "control characters": b"text\x00more",
    "plain zip": zip_of(("readme.txt", b"hello")),
    "empty zip": zip_of(),
    "broken zip": zip_of(TYPES, ("word/document.xml", b"<w/>"))[:40],
    "macros": zip_of(TYPES, ("word/document.xml", b"<w/>"), ("word/vbaProject.bin", b"x")),
    "programs inside": zip_of(TYPES, ("xl/workbook.xml", b"<w/>"), ("xl/activeX/a.bin", b"x")),
    "content types only": zip_of(TYPES),
    "open document with scripts": zip_of(("mimetype", OPEN_TEXT), ("Basic/script-lc.xml", b"x")),
    "open document of another kind": zip_of(("mimetype", b"application/vnd.oasis.opendocument.graphics")),
    "mime type not first": zip_of(("content.xml", b"x"), ("mimetype", OPEN_TEXT)),
    "packed mime type": zip_of(("mimetype", OPEN_TEXT), compression=zipfile.ZIP_DEFLATED),
    "mime type too long": zip_of(("mimetype", OPEN_TEXT + b" " * 200)),
}


@pytest.mark.parametrize("extension", GOOD)
def test_allowed_kinds_are_told_by_content(extension):
    kind = sniff(GOOD[extension])

    assert kind is not None
    assert kind.extension == extension
    assert type_of_name(f"0123abcd.{extension}") is kind


@pytest.mark.parametrize("name", BAD)
def test_everything_else_is_refused(name):
    assert sniff(BAD[name]) is None


def test_no_allowed_kind_can_run_in_a_browser():
    assert not {kind.media_type.partition(";")[0] for kind in ALLOWED} & {
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
        "text/xml",
    }

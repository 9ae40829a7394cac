# ruff: noqa: E501  (a table: one case on a line)
"""
Malformed files of every sort, for `test_bad_packages`.

A case makes a folder (a dictionary of files) or a file (bytes), and says where its problem must be found.
"""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook

from jumelle.toolkits.package.workbook import write_workbook
from jumelle.toolkits.tests.factories import (
    files_of,
    make_package,
    parts_of,
    sheets,
    text,
    workbook_with,
    zip_of,
)


@dataclass(frozen=True)
class Bad:
    """
    make: gives the files of a folder, or the bytes of one file.
    sheet, row, column: where the problem must be.
    words: part of the sentence.
    """

    id: str
    make: Callable[[], dict[str, bytes] | bytes]
    sheet: str
    row: int | None
    column: str
    words: str
    name: str = "package.xlsx"


def records(sheet: str, position: int, **values: Any) -> Callable[[], dict[str, bytes]]:
    """The small package as a folder, with values of one record changed; None takes the value away."""

    def make() -> dict[str, bytes]:
        made = sheets()
        record = made[sheet] if sheet == "package" else made[sheet][position]
        record.update(values)
        for key in [key for key, value in values.items() if value is None]:
            del record[key]
        return files_of(made)

    return make


def added(sheet: str, **record: Any) -> Callable[[], dict[str, bytes]]:
    """The small package with one more record at the end of a sheet; `for_` stands for `for`."""

    def make() -> dict[str, bytes]:
        made = sheets()
        made.setdefault(sheet, []).append({key.rstrip("_"): value for key, value in record.items()})
        return files_of(made)

    return make


def file(name: str, content: bytes | str | None) -> Callable[[], dict[str, bytes]]:
    """The small package with one file replaced, added, or taken away."""

    def make() -> dict[str, bytes]:
        files = files_of(sheets())
        files.pop(name, None)
        return files if content is None else {**files, name: content.encode() if isinstance(content, str) else content}

    return make


def book(change: Callable[[Workbook], object], **changes: Any) -> Callable[[], bytes]:
    return lambda: workbook_with(change, **changes)


def cell(sheet: str, reference: str, value: Any) -> Callable[[], bytes]:
    def change(workbook: Workbook) -> None:
        workbook[sheet][reference].value = value
        if isinstance(value, date):
            workbook[sheet][reference].number_format = "dd/mm/yyyy"

    return book(change)


def part(name: str, old: bytes, new: bytes) -> Callable[[], bytes]:
    """The small workbook with some bytes of one of its parts replaced."""

    def make() -> bytes:
        parts = parts_of(write_workbook(make_package()))
        assert old in parts[name]
        return zip_of({**parts, name: parts[name].replace(old, new, 1)})

    return make


def bomb() -> bytes:
    return zip_of({**files_of(sheets()), "items.yaml": b"a" * (60 * 1024 * 1024)})


def lying_bomb() -> bytes:
    """An entry that says it is small and is not: what is beyond the declared size must not be unpacked."""
    packed = bytearray(zip_of({"items.yaml": b"- code: A\n" * 300_000}))
    size = struct.pack("<I", 3_000_000)
    return bytes(packed.replace(size, struct.pack("<I", 100)))


def many_entries() -> bytes:
    return zip_of({f"{number}.yaml": b"x" for number in range(1_001)}, zipfile.ZIP_STORED)


def link() -> bytes:
    target = io.BytesIO()
    entry = zipfile.ZipInfo("items.yaml")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, "/etc/hostname")
    return target.getvalue()


def encrypted_zip() -> bytes:
    packed = bytearray(zip_of(files_of(sheets())))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = packed.find(signature)
        while at >= 0:
            packed[at + offset] |= 1
            at = packed.find(signature, at + 4)
    return bytes(packed)


def two_same_names() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("items.yaml", "- code: A")
        archive.writestr("ITEMS.yaml", "- code: B")
    return target.getvalue()


def rename_header(workbook: Workbook) -> None:
    workbook["items"]["A1"].value = "kode"


def two_header_rows(workbook: Workbook) -> None:
    items = workbook["items"]
    items.insert_rows(2)
    for column in range(1, items.max_column + 1):
        items.cell(2, column).value = items.cell(1, column).value


def hidden_copy(workbook: Workbook) -> None:
    copy = workbook.copy_worksheet(workbook["items"])
    copy.title = "Items "
    copy.sheet_state = "hidden"


def hide_items(workbook: Workbook) -> None:
    workbook["items"].sheet_state = "hidden"


def swap_head(workbook: Workbook) -> None:
    workbook["package"]["A1"].value, workbook["package"]["B1"].value = "value", "key"


def many_rows() -> dict[str, bytes]:
    made = sheets()
    one = made["items"][0]
    made["items"] += [{**one, "code": f"A.X{number}"} for number in range(5_000)]
    return {**files_of({**made, "items": []}), "items.yaml": json.dumps(made["items"]).encode()}


LAUGHS = "- &a [x, x]\n" + "".join(f"- &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20))
DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
ITEM = {"section": "A", "kind": "question", "answer": "text", "text": text("Q", "Q")}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 2_000

CASES = [
    # --- rows and what is between them
    Bad("code-small-letters", records("items", 1, code="a.q2"), "items", 2, "code", "is not a code"),
    Bad("code-twice-in-a-sheet", added("items", code="A.Q1", **ITEM), "items", 6, "code", "already used in the sheet items"),
    Bad("code-reused-in-another-sheet", records("glossary", 0, code="A.Q1"), "glossary", 1, "code", "already used"),
    Bad("code-missing", records("items", 0, code=None), "items", 1, "code", "must be filled"),
    Bad("code-too-long", records("items", 1, code="A" * 41), "items", 2, "code", "is not a code"),
    Bad("code-ended-and-used-again", added("changes", from_version="0.9.0", code="A.Q1", change="removed"),
        "changes", 1, "code", "never used again"),
    Bad("section-unknown", records("items", 0, section="B"), "items", 1, "section", "no section with the code B"),
    Bad("section-circle", records("sections", 0, parent="A1"), "sections", 1, "parent", "Break the circle"),
    Bad("item-circle", records("items", 1, parent="A.Q2.P1"), "items", 2, "parent", "Break the circle"),
    Bad("item-its-own-parent", records("items", 0, parent="A.Q1"), "items", 1, "parent", "Break the circle"),
    Bad("item-parent-unknown", records("items", 0, parent="NO"), "items", 1, "parent", "no item"),
    Bad("item-parent-in-another-section", records("items", 3, parent="A.Q2"), "items", 4, "parent", "same section"),
    Bad("replaced-by-circle", records("items", 0, replaced_by="A.Q1"), "items", 1, "replaced_by", "circle"),
    Bad("scale-unknown", records("items", 0, answer="degree"), "items", 1, "answer", "no scale named degree"),
    Bad("criterion-unknown", records("items", 0, criteria=["A.S9"]), "items", 1, "criteria", "no criterion"),
    Bad("criterion-is-a-tip", records("items", 0, criteria=["A.T1"]), "items", 1, "criteria", "not a criterion"),
    Bad("support-for-nothing", records("support", 1, **{"for": "ZZ"}), "support", 2, "for", "no section or item"),
    Bad("reference-for-an-item", records("references", 0, **{"for": "A.Q1"}), "references", 1, "for", "no section"),
    Bad("organisation-type-unknown", records("items", 0, applies_to=["bank"]), "items", 1, "applies_to", "Write one of: local_auth"),
    Bad("kind-unknown", records("items", 0, kind="riddle"), "items", 1, "kind", "“riddle” is not known"),
    Bad("level-twice", added("scales", scale="in_place", value="yes", label=text("O", "Y"), meaning="met", rubric=text("a", "a")),
        "scales", 3, "value", "twice"),
    Bad("level-without-meaning", records("scales", 0, meaning=None), "scales", 1, "meaning", "must be filled"),
    Bad("scale-that-meets-nothing", records("scales", 0, meaning="partly"), "scales", 1, "meaning", "no level that means met"),
    Bad("scale-named-as-built-in", records("scales", 0, scale="text"), "scales", 1, "scale", "exists already"),
    Bad("verdict-case-missing", lambda: files_of(sheets(verdicts=sheets()["verdicts"][:2])), "verdicts", None, "when", "missing"),
    Bad("verdict-case-twice", records("verdicts", 1, when="all"), "verdicts", 2, "when", "already the verdict"),
    Bad("changes-lead-nowhere", added("changes", from_version="0.9.0", code="OLD", change="replaced", to=["NEW"]),
        "changes", 1, "to", "no row with the code NEW"),
    Bad("changes-split-into-one", added("changes", from_version="0.9.0", code="OLD", change="split", to=["A.Q1"]),
        "changes", 1, "to", "names 2 codes or more"),
    Bad("changes-from-a-later-version", added("changes", from_version="3.0.0", code="OLD", change="removed"),
        "changes", 1, "from_version", "not lower"),
    Bad("no-sections", lambda: files_of(sheets(sections=[])), "sections", None, "", "at least one"),
    Bad("no-items", lambda: files_of(sheets(items=[])), "items", None, "", "at least one"),
    Bad("too-many-rows", many_rows, "", None, "", "the limit is 5000"),
    # --- values
    Bad("version-not-semantic", records("package", 0, version="1.0"), "package", None, "version", "is not a version"),
    Bad("version-a-decimal-number", records("package", 0, version=1.5), "package", None, "version", "1.5 is a number"),
    Bad("version-before-is-higher", records("package", 0, supersedes="1.2.0"), "package", None, "supersedes", "lower"),
    Bad("id-with-spaces", records("package", 0, id="My toolkit"), "package", None, "id", "lower-case words"),
    Bad("key-unknown", records("package", 0, autor="x"), "package", None, "autor", "no column of this name"),
    Bad("language-missing", records("items", 1, text={"fr": "Q"}), "items", 2, "text::en", "text in en is missing"),
    Bad("language-not-declared", records("items", 1, text={**text("Q", "Q"), "de": "F"}), "items", 2, "text::de", "not in the sheet"),
    Bad("language-tag-wrong", records("languages", 0, code="french"), "languages", 1, "code", "BCP 47"),
    Bad("language-twice", added("languages", code="fr", state="draft"), "languages", 3, "code", "twice"),
    Bad("no-original-language", records("languages", 0, state="reviewed"), "languages", 1, "state", "original"),
    Bad("text-without-languages", records("items", 1, text="Which?"), "items", 2, "text", "once per language"),
    Bad("text-huge", records("items", 1, text=text("a" * 10_001, "b")), "items", 2, "text::fr", "10001 characters"),
    Bad("text-with-control-character", records("items", 1, text=text("a\x07b", "b")), "items", 2, "text::fr", "U+0007"),
    Bad("text-with-spreadsheet-escape", records("items", 1, text=text("a_x000D_b", "b")), "items", 2, "text::fr", "_x000D_"),
    Bad("line-break-in-a-line", records("package", 0, publisher="a\nb"), "package", None, "publisher", "line break"),
    Bad("number-instead-of-text", records("items", 1, text={"fr": 5, "en": "b"}), "items", 2, "text::fr", "5 is a number"),
    Bad("decimal-number-of-a-section", records("sections", 0, number=5.4), "sections", 1, "number", "5.4 is a number"),
    Bad("true-instead-of-a-value", file("scales.yaml", "- {scale: s, value: yes, label: {fr: a, en: b}, meaning: met, rubric: {fr: a, en: b}}"),
        "scales", 1, "value", "true or false"),
    Bad("date-instead-of-text", file("languages.yaml", "- {code: 2026-03-01, state: original}"), "languages", 1, "code", "is a date"),
    Bad("url-of-a-script", records("references", 0, url="javascript:alert(1)"), "references", 1, "url", "not a web address"),
    Bad("list-with-an-empty-part", records("items", 0, criteria="A.S1 | "), "items", 1, "criteria", "empty"),
    Bad("list-part-with-a-bar", records("items", 0, criteria=["A.S1 | A.S1"]), "items", 1, "criteria", "is not a code"),
    Bad("list-part-twice", records("items", 0, applies_to=["ngo", "ngo"]), "items", 1, "applies_to", "twice"),
    Bad("record-nested-in-a-cell", records("items", 0, section={"a": "b"}), "items", 1, "section", "one value"),
    # --- YAML
    Bad("yaml-aliases", file("items.yaml", LAUGHS), "items", None, "", "marks a value"),
    Bad("yaml-alias-alone", file("items.yaml", "- *x\n"), "items", None, "", ""),
    Bad("yaml-python-tag", file("items.yaml", "- !!python/object/apply:os.system ['true']\n"), "items", None, "", "gives a value a type"),
    Bad("yaml-tab", file("items.yaml", "- code: A.Q1\n\tsection: A\n"), "items", None, "", "not valid YAML"),
    Bad("yaml-cut-off", file("items.yaml", '- code: A.Q1\n  section: "A'), "items", None, "", "not valid YAML"),
    Bad("yaml-not-utf8", file("items.yaml", "- code: é\n".encode("latin-1")), "items", None, "", "not in UTF-8"),
    Bad("yaml-byte-order-mark", file("items.yaml", b"\xef\xbb\xbf- code: A\n"), "items", None, "", "byte-order mark"),
    Bad("yaml-utf16", file("items.yaml", "- code: A\n".encode("utf-16")), "items", None, "", "byte-order mark"),
    Bad("yaml-nul", file("items.yaml", b"- code: A\x00\n"), "items", None, "", "NUL"),
    Bad("yaml-two-documents", file("items.yaml", "- code: A\n---\n- code: B\n"), "items", None, "", "second document"),
    Bad("yaml-deep", file("items.yaml", "[" * 500 + "]" * 500), "items", None, "", "nested too deeply"),
    Bad("yaml-mapping-instead-of-list", file("items.yaml", "code: A\n"), "items", None, "", "holds a list"),
    Bad("yaml-text-instead-of-record", file("items.yaml", "- hello\n"), "items", 1, "", "record was expected"),
    Bad("yaml-key-twice", file("items.yaml", "- code: A.Q1\n  code: A.Q2\n"), "items", 1, "code", "twice"),
    Bad("yaml-list-instead-of-head", file("package.yaml", "- id: x\n"), "package", None, "", "one record"),
    Bad("yaml-head-missing", file("package.yaml", None), "package", None, "", "missing"),
    Bad("yaml-file-unknown", file("item.yaml", "[]"), "", None, "", "item.yaml is not a file"),
    Bad("yaml-file-of-code", file("items.py", "print(1)"), "", None, "", "items.py is not a file"),
    # --- ZIP
    Bad("zip-slip", lambda: zip_of({"../items.yaml": b"[]"}), "", None, "", "leads out", "p.zip"),
    Bad("zip-absolute", lambda: zip_of({"/etc/items.yaml": b"[]"}), "", None, "", "leads out", "p.zip"),
    Bad("zip-backslash", lambda: zip_of({"..\\items.yaml": b"[]"}), "", None, "", "leads out", "p.zip"),
    Bad("zip-bomb", bomb, "", None, "", "far too large", "p.zip"),
    Bad("zip-bomb-that-lies", lying_bomb, "", None, "", "damaged", "p.zip"),
    Bad("zip-of-too-many", many_entries, "", None, "", "more than 1000 parts", "p.zip"),
    Bad("zip-with-a-link", link, "", None, "", "is a link", "p.zip"),
    Bad("zip-with-a-password", encrypted_zip, "", None, "", "password", "p.zip"),
    Bad("zip-with-a-name-twice", two_same_names, "", None, "", "twice", "p.zip"),
    Bad("zip-of-several-folders", lambda: zip_of({"a/items.yaml": b"[]", "b/items.yaml": b"[]"}), "", None, "", "several", "p.zip"),
    Bad("zip-cut-off", lambda: zip_of(files_of(sheets()))[:-30], "", None, "", "damaged", "p.zip"),
    Bad("zip-empty", lambda: zip_of({}), "", None, "", "empty", "p.zip"),
    # --- not a workbook
    Bad("file-empty", lambda: b"", "", None, "", "empty"),
    Bad("file-of-text-renamed", lambda: b"code;section\nA.Q1;A\n", "", None, "", "neither"),
    Bad("file-pdf-renamed", lambda: b"%PDF-1.7\n", "", None, "", "neither"),
    Bad("xls-old-format", lambda: OLE, "", None, "", "old format"),
    Bad("xlsx-with-a-password", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "", None, "", "password"),
    Bad("xlsm-with-macros", part("[Content_Types].xml", b"sheet.main+xml", b"sheet.macroEnabled.main+xml"), "", None, "", "macros"),
    Bad("xlsx-cut-off", lambda: write_workbook(make_package())[:-400], "", None, "", "damaged"),
    Bad("xlsx-without-workbook", lambda: zip_of({"[Content_Types].xml": b"<Types/>"}), "", None, "", "not an XLSX"),
    Bad("xlsx-damaged-xml", part("xl/worksheets/sheet5.xml", b"</sheetData>", b"</sheetDat>"), "", None, "", "damaged"),
    Bad("xlsx-entities", part("xl/worksheets/sheet5.xml", b"<worksheet", DOCTYPE + b"<worksheet"), "", None, "", "damaged"),
    Bad("xlsx-sheet-lost", part("xl/_rels/workbook.xml.rels", b"sheet5.xml", b"sheet99.xml"), "", None, "", "missing from the file"),
    Bad("xlsx-cell-astray", part("xl/worksheets/sheet5.xml", b'r="A2"', b'r="A9"'), "", None, "", "damaged"),
    # --- workbooks that open
    Bad("sheet-misnamed", book(lambda workbook: setattr(workbook["items"], "title", "questions")), "questions", None, "", "no sheet of this name"),
    Bad("sheet-twice-one-hidden", book(hidden_copy), "Items ", None, "", "twice"),
    Bad("sheet-hidden", book(hide_items), "items", None, "", "hidden"),
    Bad("sheet-missing", book(lambda workbook: workbook.remove(workbook["sections"])), "sections", None, "", "missing"),
    Bad("column-unknown", book(rename_header), "items", 1, "A", "no column “kode”"),
    Bad("column-of-text-without-language", cell("items", "E1", "text"), "items", 1, "E", "no column “text”"),
    Bad("column-twice", cell("items", "F1", "text::fr"), "items", 1, "text::fr", "twice"),
    Bad("column-without-a-name", cell("items", "Z3", "note to self"), "items", 3, "Z", "without a name"),
    Bad("header-not-in-row-1", book(lambda workbook: workbook["items"].insert_rows(1)), "items", 1, "", "Row 1 is empty"),
    Bad("header-twice", book(two_header_rows), "items", 2, "", "repeats the header"),
    Bad("cells-merged", book(lambda workbook: workbook["items"].merge_cells("B2:B4")), "items", None, "B2:B4", "merged"),
    Bad("cells-merged-all", part("xl/worksheets/sheet5.xml", b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        "items", None, "A1:XFD1048576", "merged"),
    Bad("cell-with-formula", cell("items", "E2", "=1+1"), "items", 2, "text::fr", "formula"),
    Bad("cell-with-number", cell("items", "E2", 12), "items", 2, "text::fr", "12 is a number"),
    Bad("cell-with-decimal-number", cell("sections", "D2", 5.4), "sections", 2, "number", "5.4 is a number"),
    Bad("cell-with-date", cell("sections", "D2", date(2026, 4, 5)), "sections", 2, "number", "2026-04-05 is a date"),
    Bad("cell-with-true", cell("items", "E2", True), "items", 2, "text::fr", "true or false"),
    Bad("cell-with-error", cell("items", "E2", "#REF!"), "items", 2, "text::fr", "#REF!"),
    Bad("cell-with-an-unknown-code", cell("items", "B3", "ZZ"), "items", 3, "section", "no section with the code ZZ"),
    Bad("cell-far-to-the-right", cell("items", "XFD2", "x"), "", None, "", "beyond column"),
    Bad("translation-missing", cell("items", "F4", None), "items", 4, "text::en", "missing"),
    Bad("head-columns-swapped", book(swap_head), "package", 1, "", "“key” in column A"),
    Bad("head-key-unknown", cell("package", "A5", "langage"), "package", 5, "key", "no key “langage”"),
    Bad("head-key-twice", cell("package", "A3", "id"), "package", 3, "id", "twice"),
    Bad("head-value-wrong", cell("package", "B4", "one"), "package", 4, "version", "is not a version"),
]  # fmt: skip

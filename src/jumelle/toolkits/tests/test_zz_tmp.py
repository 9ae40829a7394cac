"""Folder → workbook → folder and workbook → folder → workbook: nothing changes, whatever the texts are."""

import io
import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from jumelle.toolkits.package.build import package_from_content
from jumelle.toolkits.package.fields import tidy
from jumelle.toolkits.package.reading import read_bytes
from jumelle.toolkits.package.workbook import write_workbook
from jumelle.toolkits.package.yaml_folder import read_files, read_folder, write_files, write_folder
from jumelle.toolkits.tests.factories import make_package, sheets, zip_of

SHIPPED = sorted(path for path in (settings.CONTENT_DIR / "toolkits").glob("*/*") if path.is_dir())


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_shipped_package_survives_both_forms(folder: Path):
    package = read_folder(folder)
    files = write_files(package)

    from_workbook = read_bytes(write_workbook(package))

    assert (from_workbook, write_files(from_workbook)) == (package, files)
    assert write_files(read_files(files)) == files
    assert read_bytes(write_workbook(read_files(files))) == from_workbook


def test_folder_written_is_read_again(tmp_path: Path):
    package = make_package()

    write_folder(package, tmp_path / "small" / "1.0.0")

    assert read_folder(tmp_path / "small" / "1.0.0") == package


def test_zip_of_a_folder_is_read_whatever_it_is_packed_in():
    files = write_files(make_package())
    packed = zip_of({**{f"small/1.0.0/{name}": content for name, content in files.items()}, "__MACOSX/._items.yaml": b"?"})

    assert read_bytes(packed) == make_package()


def test_workbook_saved_by_another_program_is_read_the_same():
    package = make_package()
    workbook = load_workbook(io.BytesIO(write_workbook(package)))
    target = io.BytesIO()
    workbook.save(target)

    assert read_bytes(target.getvalue()) == package


# What a text may hold: any letter of any script, line breaks, what looks like a formula, a number, a date, YAML or a list.
TRICKY = [
    "=SUM(A1:A9)", "+33 1", "-1", "@home", "'quoted", "1.0", "007", "1e3", "2026-03-01", "yes", "no", "null",
    "~", "TRUE", "a | b", "|", "- item", "key: value", "# no comment", "%(name)s", "{x}", "100 %", "a\n\nb", "  spaces  ",
    "a  \nb", "“quotes”", "it’s", "&amp; <b>", "]]>", "_x", "x000D", "😀 🇧🇪", "نص عربي", "ትግርኛ", "Ελληνικά",
    "e\u0301 ≠ é", "\u00a0no-break\u00a0", "a\u200bb", "\u202etrick\u202c", "a" * 9_000,
]  # fmt: skip
LETTERS = st.characters(
    codec="utf-8",
    exclude_categories=["Cs", "Cc", "Zl", "Zp"],
    exclude_characters="\ufeff\ufffe\uffff",
    include_characters="\n",
)
ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_|x005F_")  # refused: see test_bad_packages
TEXT = (st.sampled_from(TRICKY) | st.text(LETTERS, min_size=1, max_size=60)).filter(lambda text: tidy(text) and not ESCAPE.search(text))
LINE = TEXT.filter(lambda text: "\n" not in text and len(text) < 900)
LANGUAGES = st.lists(st.sampled_from(["fr", "en", "ar", "ti", "uk", "pt-BR", "zh-Hant"]), min_size=1, max_size=3, unique=True)


@st.composite
def contents(draw):
    """The small package with other languages, texts, lines and lists."""
    languages = draw(LANGUAGES)
    made = sheets(languages=[{"code": code, "state": "original"} for code in languages])
    for sheet in list(made):
        rows = made[sheet] if isinstance(made[sheet], list) else [made[sheet]]
        for row in rows:
            for column, value in row.items():
                if isinstance(value, dict):
                    row[column] = {code: draw(TEXT) for code in languages}
            if "source" not in row and sheet in ("sections", "items", "support", "glossary") and draw(st.booleans()):
                row["source"] = draw(LINE)
        if sheet not in ("package", "languages", "sections", "items", "scales", "support") and draw(st.booleans()):
            del made[sheet]
    made["package"]["publisher"] = draw(LINE)
    made["items"][1]["applies_to"] = draw(st.lists(st.sampled_from(["ngo", "faith", "private"]), unique=True))
    return made


@hypothesis_settings(max_examples=700, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(contents())
def test_any_package_survives_both_forms(made):
    package = package_from_content(made)
    files = write_files(package)

    from_files = read_files(files)
    from_workbook = read_bytes(write_workbook(from_files))

    assert (from_files, write_files(from_files)) == (package, files)
    assert (from_workbook, from_workbook.sha256) == (package, package.sha256)

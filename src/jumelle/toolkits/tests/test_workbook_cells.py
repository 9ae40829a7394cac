"""Cells as they stand in a file, undone to what the author sees."""

import io

import pytest
from openpyxl import Workbook

from jumelle.toolkits.package.archive import Archive
from jumelle.toolkits.package.workbook_cells import read_sheets


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        ("one_x000D_\ntwo", "one\ntwo"),
        ("_x005F_x0041_", "_x0041_"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x005F_x005F_", "_x005F_"),
        ("a_x005F_x000D__x000D_b", "a_x000D_b"),
    ],
)
def test_escapes_are_undone_once_from_the_left(stored: str, seen: str):
    workbook = Workbook()
    workbook.worksheets[0]["A1"] = stored
    data = io.BytesIO()
    workbook.save(data)

    (sheet,) = read_sheets(Archive(data.getvalue()))

    assert sheet.rows == {1: {1: seen}}

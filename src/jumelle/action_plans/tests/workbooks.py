"""Workbooks of lines made cell by cell, so that each test says what stands in them."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from openpyxl import Workbook, load_workbook

from jumelle.action_plans.importing.read import Known
from jumelle.action_plans.workbook_columns import (
    FIRST_ROW,
    FORMAT,
    KEY_ROW,
    LABEL_ROW,
    LINES_SHEET,
    MARK,
    MEASURES_SHEET,
    ORIGINS_SHEET,
    PLAN_FIELDS,
    PLAN_SHEET,
    TABLES,
    position_of,
)

Cells = Mapping[str, Any]
PLAN_ID = str(uuid4())


def make_workbook(
    lines: Iterable[Cells] = (), *, measures: Iterable[Cells] = (), origins: Iterable[Cells] = (), plan_id: str = PLAN_ID, **header: Any
) -> bytes:
    """Rows by the keys of their columns; lines are numbered from 1 unless they say otherwise."""
    workbook = Workbook()
    page = workbook.worksheets[0]
    page.title = PLAN_SHEET
    page.append([MARK, "Action plan", FORMAT])
    for column in PLAN_FIELDS:
        page.append([column.key, str(column.label), {"plan_id": plan_id, **header}.get(column.key)])
    rows = {LINES_SHEET: [{"line": number, **cells} for number, cells in enumerate(lines, start=1)]}
    rows |= {MEASURES_SHEET: list(measures), ORIGINS_SHEET: list(origins)}
    for name, columns in TABLES.items():
        page = workbook.create_sheet(name)
        for number, column in enumerate(columns, start=1):
            page.cell(KEY_ROW, number).value = column.key
            page.cell(LABEL_ROW, number).value = str(column.label)
        for at, cells in enumerate(rows[name], start=FIRST_ROW):
            for key, value in cells.items():
                page.cell(at, position_of(name, key)).value = value
    return saved(workbook)


def known(**fields: Any) -> Known:
    """An empty plan in a city without organisations."""
    return Known(**{"plan_id": PLAN_ID, "lines": {}, "removed": frozenset(), "organisations": frozenset(), **fields})


def changed(data: bytes, change: Any) -> bytes:
    """The workbook after a change made with a general spreadsheet library, as a person's own program would do."""
    workbook = load_workbook(io.BytesIO(data))
    change(workbook)
    return saved(workbook)


def saved(workbook: Workbook) -> bytes:
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


def with_replaced(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            content = source.read(name)
            copy.writestr(name, content.replace(old, new) if name == part else content)
    return target.getvalue()

"""A table as plain data, so that a page, a chart and a document show the same figures. Drawn by `{% data_table %}`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """
    A column and, if one may sort by it, the address that does so.

    `sorted` is "ascending", "descending" or "" and becomes `aria-sort`.
    """

    label: str
    numeric: bool = False
    sort_url: str = ""
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """
    Rows of cells; the first cell of each row names it. Cells are text, numbers or safe HTML.

    `total`, if given, has one cell per column and stands in the foot of the table.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    total: Sequence[Any] = field(default=())

    def __post_init__(self) -> None:
        for row in [*self.rows, *([self.total] if self.total else [])]:
            if len(row) != len(self.columns):
                raise ValueError(f"a row of {len(row)} cells under {len(self.columns)} columns: {row!r}")

    def labelled_rows(self) -> Iterator[list[tuple[Column, Any]]]:
        return (list(zip(self.columns, row, strict=True)) for row in self.rows)

    def labelled_total(self) -> list[tuple[Column, Any]]:
        return list(zip(self.columns, self.total, strict=True)) if self.total else []

"""
A comparison item by item as SVG text: at which level each side stands. No total, no order of merit.

Sides are told apart by a letter and a shape. What has no level (not known, not answered, does not apply) stands in a
column apart and is said in words. Drawn for a page or, with `width` (px), for a document: see `charts.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jumelle.common.chart_canvas import EM, Canvas, wrapped
from jumelle.common.charts import LABEL_EM, NO_BREAK
from jumelle.common.tables import Column, Table

LEVELS = ("missing", "partly", "done")
APART = ("unknown", "unanswered", "na")
LETTERS = "ABCDEF"
SHAPES = (  # 16 units around the middle of the letter; every second one is drawn hollow
    "M0 -7A7 7 0 1 1 0 7A7 7 0 1 1 0 -7z",
    "M-7 -7H7V7H-7z",
    "M0 -10L9 7H-9z",
    "M0 -9L9 0L0 9L-9 0z",
    "M-4 -7H4L8 0L4 7H-4L-8 0z",
    "M-9 -7H9L0 10z",
)
LETTER_DOWN = {2: 5.4, 5: 1.8}  # units from the middle to the foot of the letter: a triangle has its mass at one side
SHARE, APART_START, APART_SHARE = 0.235, 0.75, 0.25  # of the width: each level, and the column apart
MARK_EM, MARK_ROOM_EM = 1.15, 1.9
ROWS_BETWEEN_HEADS = 8


@dataclass(frozen=True, slots=True)
class DotRow:
    """One item. `at` has a value among LEVELS or APART for each side, in the order of the sides."""

    code: str
    label: str
    at: Sequence[str]

    @property
    def words(self) -> str:
        return f"{self.code} {self.label}".strip()


def dots(
    rows: Sequence[DotRow],
    *,
    sides: Sequence[str],
    title: str,
    description: str,
    words: Mapping[str, str] | None = None,
    rtl: bool = False,
    width: int | None = None,
) -> SafeString:
    """
    Return the rows in the order given, each with a mark per side at its level.

    Args:
        sides: two to six names, such as "Pont-sur-Lys, March 2026"; they become A to F.
        words: names of the levels on this page, such as {"done": "in place"}, and of "apart"; ours where missing.
    Raises:
        ValueError: fewer than two sides or more than six, or a row that does not fit them.
    """
    check(rows, sides)
    drawing = Drawing(Canvas(title, description, rtl=rtl, width=width), {**level_names(), **(words or {})})
    drawing.key(sides)
    for place, row in enumerate(rows):
        if place % ROWS_BETWEEN_HEADS == 0:
            drawing.head()
        drawing.row(row)
    if not rows:
        drawing.canvas.text(_("Nothing to show yet."), drawing.reach_em, "chart-words")
    return drawing.canvas.drawn()


def dots_table(
    rows: Sequence[DotRow],
    *,
    sides: Sequence[str],
    caption: str,
    label: str,
    words: Mapping[str, str] | None = None,
) -> Table:
    """The same as a table: item, then a column for each side."""
    check(rows, sides)
    names = {**level_names(), **(words or {})}
    columns = [Column(label), *(Column(f"{letter} {side}") for letter, side in zip(LETTERS, sides, strict=False))]
    return Table(caption, columns, [[row.words, *(names[value] for value in row.at)] for row in rows])


def check(rows: Sequence[DotRow], sides: Sequence[str]) -> None:
    if not 2 <= len(sides) <= len(LETTERS):
        raise ValueError(f"a comparison has two to six sides, not {len(sides)}")
    for row in rows:
        if len(row.at) != len(sides) or not set(row.at) <= {*LEVELS, *APART}:
            raise ValueError(f"a row that does not fit {len(sides)} sides: {row!r}")


def level_names() -> dict[str, str]:
    return {
        "missing": _("missing"),
        "partly": _("partly"),
        "done": _("in place"),
        "unknown": _("not known"),
        "unanswered": _("not answered"),
        "na": _("does not apply"),
        "apart": _("no level"),
    }


@dataclass(slots=True)
class Drawing:
    canvas: Canvas
    names: Mapping[str, str]

    @property
    def reach_em(self) -> float:
        return LABEL_EM if self.canvas.width is None else self.canvas.width / EM - 1

    def key(self, sides: Sequence[str]) -> None:
        """Which shape and letter stands for whom."""
        for place, side in enumerate(sides):
            self.canvas.down(0.25)
            self.canvas.mark(side_mark(place), 0, down_em=0.78, size_em=MARK_EM, indent_em=0.7)
            self.canvas.text(side, self.reach_em - 1.9, "chart-line", indent_em=1.9)
        self.canvas.down(0.6)

    def head(self) -> None:
        """The levels in reading direction, least first; then the column apart."""
        places = [(level, n * SHARE, SHARE) for n, level in enumerate(LEVELS)] + [("apart", APART_START, APART_SHARE)]
        lines = {look: wrapped(self.names[look], share * self.reach_em) for look, _start, share in places}
        for n in range(max(map(len, lines.values()))):
            self.canvas.down(1.35)
            for look, start, share in places:
                if n < len(lines[look]):
                    self.canvas.put(self.canvas.words(lines[look][n]), start + share / 2, look="quiet", anchor="middle")
        self.canvas.down(0.4)

    def row(self, row: DotRow) -> None:
        for n, line in enumerate(wrapped(row.words, self.reach_em)):
            code = row.code if n == 0 and line.startswith(row.code) else ""
            self.canvas.line(format_html("{}{}", self.canvas.strong(code), self.canvas.words(line[len(code) :])))
        self.canvas.down(0.3)
        groups = [[n for n, value in enumerate(row.at) if value == level] for level in LEVELS]
        loose = [n for n, value in enumerate(row.at) if value in APART]
        columns = [(group, n * SHARE, SHARE) for n, group in enumerate(groups)] + [(loose, APART_START, APART_SHARE)]
        height = max(1, *(-(-len(group) // self.per_line(share)) for group, _start, share in columns)) * MARK_ROOM_EM
        self.canvas.box("track", 0, len(LEVELS) * SHARE, height)
        for n in range(1, len(LEVELS)):
            self.canvas.rule("track", n * SHARE, 0, height, stroke="#bbb", thick=1)
        for group, start, share in columns:
            self.marks(group, start, share)
        self.canvas.down(height + 0.1)
        if loose:
            self.canvas.text(self.loose_words(row, loose), self.reach_em, "chart-words")
        self.canvas.down(0.9)

    def per_line(self, share: float) -> int:
        return max(int(share * self.reach_em / MARK_ROOM_EM), 1)

    def marks(self, group: Sequence[int], start: float, share: float) -> None:
        """The sides that stand at one level, side by side around the middle, in further lines where there are many."""
        per_line = self.per_line(share)
        for line, first in enumerate(range(0, len(group), per_line)):
            places = group[first : first + per_line]
            for n, place in enumerate(places):
                aside = (n - (len(places) - 1) / 2) * MARK_ROOM_EM
                middle = (line + 0.5) * MARK_ROOM_EM
                self.canvas.mark(side_mark(place), start + share / 2, down_em=middle, size_em=MARK_EM, indent_em=aside)

    def loose_words(self, row: DotRow, loose: Sequence[int]) -> str:
        """Why sides have no level: "not known: B · does not apply: C, D"."""
        letters = {reason: ", ".join(LETTERS[n] for n in loose if row.at[n] == reason) for reason in APART}
        return " · ".join(f"{self.names[reason]}: {who}".replace(" ", NO_BREAK) for reason, who in letters.items() if who)


def side_mark(place: int) -> SafeString:
    """The shape of a side with its letter inside: full and hollow in turn, so that no two neighbours look alike in grey."""
    shape = (
        '<path class="hollow" fill="#fff" stroke="#222" stroke-width="2" d="{}"/>'
        if place % 2
        else '<path class="dot" fill="#333" d="{}"/>'
    )
    look, ink = ("letter", "#222") if place % 2 else ("on-dot", "#fff")
    letter = '<text class="{}" fill="{}" text-anchor="middle" font-size="10" font-weight="700" y="{}">{}</text>'
    return format_html(shape, SHAPES[place]) + format_html(letter, look, ink, LETTER_DOWN.get(place, 3.6), LETTERS[place])

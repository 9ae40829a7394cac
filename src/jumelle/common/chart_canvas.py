"""The paper that charts draw on: percent and em for a page, px for a document; lines of text; patterns."""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from unicodedata import east_asian_width

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

EM = 16  # px of one em where a chart stands alone
FONTS = "Noto Sans, Noto Sans Arabic, Noto Sans Ethiopic, sans-serif"
GREYS = {"track": "#eeeeee", "bar": "#444444", "done": "#444444", "missing": "#ffffff"}
TILE = 8  # px, side of a pattern's square


def text_em(text: str) -> float:
    """About how wide the text is, in em: enough to break lines, not to align."""
    return sum(
        0.75 if "\u1200" <= letter <= "\u137f" else 1.0 if east_asian_width(letter) in "WF" else 0.62 if letter.isupper() else 0.5
        for letter in text
    )


def wrapped(text: str, width_em: float) -> list[str]:
    """The text in lines no wider than `width_em`; a longer word keeps a line of its own."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and text_em(f"{lines[-1]} {word}") <= width_em:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines or [""]


def mark_of(title: str) -> str:
    """What the ids of a chart begin with, so that several charts stand on one page; the same for the same title."""
    return f"chart-{zlib.crc32(title.encode()):08x}"


def group(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


@dataclass(slots=True)
class Canvas:
    """Draws from top to bottom; `y` is where the next thing goes, in em."""

    title: str
    description: str
    rtl: bool = False
    width: int | None = None
    y: float = 0.0
    parts: list[SafeString] = field(default_factory=list)

    def across(self, share: float) -> str:
        return f"{share * 100:.2f}%" if self.width is None else f"{share * self.width:.1f}"

    def tall(self, em: float) -> str:
        return f"{em:.2f}em" if self.width is None else f"{em * EM:.1f}"

    def down(self, em: float) -> None:
        self.y += em

    def box(self, look: str, start: float, share: float, height_em: float) -> None:
        x = 1 - start - share if self.rtl else start
        self.parts.append(
            format_html(
                '<rect class="{}" fill="{}" x="{}" y="{}" width="{}" height="{}"/>',
                look,
                GREYS.get(look, "#ffffff"),
                self.across(x),
                self.tall(self.y),
                self.across(share),
                self.tall(height_em),
            )
        )

    def segment(self, state: str, start: float, share: float, height_em: float) -> None:
        x = 1 - start - share if self.rtl else start
        fill = GREYS.get(state, f"url(#{mark_of(self.title)}-{state})")
        self.parts.append(
            format_html(
                '<rect class="seg seg--{}" fill="{}" stroke="#222" x="{}" y="{}" width="{}" height="{}"/>',
                state,
                fill,
                self.across(x),
                self.tall(self.y),
                self.across(share),
                self.tall(height_em),
            )
        )

    def label(self, label: str, figure: str, width_em: float) -> None:
        """The label in lines, its figure in bold after the last one."""
        lines = wrapped(label, width_em)
        if text_em(f"{lines[-1]}  {figure}") > width_em + 2:
            lines.append("")
        for line in lines[:-1]:
            self.line(format_html("{}", line))
        self.line(format_html('{} <tspan class="strong" font-weight="700">{}</tspan>', lines[-1], figure))
        self.down(0.35)

    def text(self, words: str, width_em: float, look: str) -> None:
        for line in wrapped(words, width_em):
            self.line(format_html("{}", line.removesuffix(" ·")), look)

    def line(self, content: SafeString, look: str = "chart-line") -> None:
        self.down(1.35)
        edge = self.across(1 if self.rtl else 0)
        self.parts.append(format_html('<text class="{}" x="{}" y="{}">{}</text>', look, edge, self.tall(self.y - 0.3), content))

    def drawn(self) -> SafeString:
        return picture(
            group(self.parts),
            self.title,
            self.description,
            classes="chart",
            rtl=self.rtl,
            width=self.width,
            height_em=self.y,
        )


def picture(
    inside: SafeString,
    title: str,
    description: str,
    *,
    classes: str,
    rtl: bool,
    width: int | None,
    box: str = "",
    height_em: float = 0,
) -> SafeString:
    """The svg element around a drawing: named for screen readers, sized for its place, with the patterns it uses."""
    mark = mark_of(title)
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="{}" role="img" aria-labelledby="{}-t {}-d" {} direction="{}">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}{}</svg>',
        classes,
        mark,
        mark,
        size_of(box, height_em, width),
        "rtl" if rtl else "ltr",
        mark,
        title,
        mark,
        description,
        patterns(mark) if f"url(#{mark}" in inside else "",
        inside,
    )


def size_of(box: str, height_em: float, width: int | None) -> SafeString:
    if width is None and box:
        return format_html('viewBox="{}"', box)
    if width is None:
        return format_html('width="100%" height="{}em"', f"{height_em:.2f}")
    height = f"{height_em * EM:.1f}"
    whole = format_html('viewBox="{}"', box) if box else format_html('height="{}" viewBox="0 0 {} {}"', height, width, height)
    return format_html('width="{}" {} font-family="{}" font-size="{}"', width, whole, FONTS, EM)


def patterns(mark: str) -> SafeString:
    """Stripes for partly, dots for not known, a hatch for "no figure": told apart in grey."""
    tile = format_html('patternUnits="userSpaceOnUse" width="{}" height="{}"', TILE, TILE)
    ground = format_html('<rect class="pat-ground" fill="#fff" width="{}" height="{}"/>', TILE, TILE)
    stroke = '<path class="pat" fill="none" stroke="{}" stroke-width="{}" d="{}"/>'
    drawn = {
        "partly": format_html(stroke, "#222", "1.5", "M-2 2l4-4M0 8l8-8M6 10l4-4"),
        "unknown": format_html('<circle class="pat-dot" fill="#222" cx="{}" cy="{}" r="1.2"/>', TILE // 2, TILE // 2),
        "hatch": format_html(stroke, "#777", "0.8", "M-2 6l4 4M0 0l8 8M6-2l4 4"),
    }
    return format_html(
        "<defs>{}</defs>",
        group(format_html('<pattern id="{}-{}" {}>{}{}</pattern>', mark, name, tile, ground, look) for name, look in drawn.items()),
    )

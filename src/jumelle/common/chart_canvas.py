"""The paper that charts draw on: percent and em for a page, px for a document; lines of text; patterns."""

import re
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
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # letters that XML 1.0 has no place for
ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
ETHIOPIC = "\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f"
SCRIPTS = re.compile(f"(?P<Arabic>[{ARABIC}]+(?: +[{ARABIC}]+)*)|(?P<Ethiopic>[{ETHIOPIC}]+(?: +[{ETHIOPIC}]+)*)")
EMBED, END = {True: "\u202b", False: "\u202a"}, "\u202c"  # marks that begin and end a reading direction (UAX 9)
OTHER_SIDE = {"start": "end", "middle": "middle", "end": "start"}


def text_em(text: str) -> float:
    """About how wide the text is, in em: enough to break lines, not to align."""
    return sum(
        0.75 if "\u1200" <= letter <= "\u137f" else 1.0 if east_asian_width(letter) in "WF" else 0.62 if letter.isupper() else 0.5
        for letter in text
    )


def wrapped(text: str, width_em: float) -> list[str]:
    """The text in lines no wider than `width_em`; a word that is longer than a line is cut."""
    lines: list[str] = []
    for word in re.split("[ \t\r\n]+", text):
        if lines and text_em(f"{lines[-1]} {word}") <= width_em:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines += cut(word, width_em)
    return lines


def cut(word: str, width_em: float) -> list[str]:
    """The word in pieces no wider than `width_em`; a single letter stays whole."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and text_em(pieces[-1] + letter) > width_em:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def in_xml(words: str) -> str:
    return FORBIDDEN.sub("", words)


def in_fonts(words: str) -> SafeString:
    """Each script with its font named: the reader of SVG in typst does not look for the letters of one text in several fonts."""
    parts, at = [], 0
    for run in SCRIPTS.finditer(words):
        parts.append(format_html('{}<tspan font-family="Noto Sans {}">{}</tspan>', words[at : run.start()], run.lastgroup, run[0]))
        at = run.end()
    return group([*parts, format_html("{}", words[at:])])


def in_direction(content: SafeString, rtl: bool) -> SafeString:
    """
    A text between marks of its reading direction, the first one in the Arabic font.

    The reader of SVG in typst knows no `direction`, and loses dots of Arabic letters where the text begins in another font.
    """
    return format_html('<tspan font-family="Noto Sans Arabic">{}</tspan>{}{}', EMBED[rtl], content, END)


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

    def x(self, share: float) -> str:
        """Where a point lies that is `share` of the width away from the side at which one begins to read."""
        return self.across(1 - share if self.rtl else share)

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
            self.line(self.words(line))
        self.line(format_html("{} {}", self.words(lines[-1]), self.strong(figure)))
        self.down(0.35)

    def text(self, words: str, width_em: float, look: str, indent_em: float = 0) -> None:
        for line in wrapped(words, width_em):
            self.line(self.words(line.removesuffix(" ·")), look, indent_em)

    def line(self, content: SafeString, look: str = "chart-line", indent_em: float = 0, *, bold: bool = False) -> None:
        self.down(1.35)
        self.put(content, 0, look=look, indent_em=indent_em, bold=bold)

    def words(self, words: str) -> SafeString:
        return format_html("{}", in_xml(words)) if self.width is None else in_fonts(in_xml(words))

    def strong(self, words: str) -> SafeString:
        return format_html('<tspan class="strong" font-weight="700">{}</tspan>', self.words(words))

    def put(
        self,
        content: SafeString,
        share: float,
        *,
        look: str = "chart-line",
        anchor: str = "start",
        indent_em: float = 0,
        bold: bool = False,
    ) -> None:
        """A text on the line just begun; `anchor` is the side of the text that stands at `share`, in reading direction."""
        if self.width is not None and (self.rtl or "Noto Sans Arabic" in content):
            content = in_direction(content, self.rtl)
        if self.width is not None and self.rtl:
            anchor = OTHER_SIDE[anchor]
        more = [("text-anchor", anchor)] if anchor != "start" else []
        if indent_em:
            more.append(("dx", self.tall(-indent_em if self.rtl else indent_em)))
        if bold:
            more.append(("font-weight", "700"))
        at = (self.x(share), self.tall(self.y - 0.3))
        self.parts.append(
            format_html('<text class="{}" x="{}" y="{}"{}>{}</text>', look, *at, format_html_join("", ' {}="{}"', more), content)
        )

    def rule(self, look: str, share: float, top_em: float, bottom_em: float, *, stroke: str, thick: float) -> None:
        """An upright line, from `top_em` to `bottom_em` beneath `y`."""
        line = '<line class="{}" stroke="{}" stroke-width="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        x, ends = self.x(share), (self.tall(self.y + top_em), self.tall(self.y + bottom_em))
        self.parts.append(format_html(line, look, stroke, thick, x, x, *ends))

    def mark(
        self, drawing: SafeString, share: float, *, down_em: float, size_em: float = 1, indent_em: float = 0, turns: bool = False
    ) -> None:
        """
        A drawing of 16 units around its own middle, `size_em` large, with its middle at `share` and `down_em` beneath `y`.

        indent_em: how far it is moved in reading direction.
        turns: it shows a direction, and is mirrored where one reads from right to left.
        """
        x, y, size = self.x(share), self.tall(self.y + down_em), self.tall(size_em)
        units = indent_em / size_em * 16
        moved = f"translate({-units if self.rtl else units:.1f} 0){' scale(-1 1)' if turns and self.rtl else ''}"
        inside = format_html('<g transform="{}">{}</g>', moved, drawing)
        box = '<svg x="{}" y="{}" width="{}" height="{}" viewBox="0 0 16 16" overflow="visible">{}</svg>'
        self.parts.append(format_html(box, x, y, size, size, inside))

    def drawn(self) -> SafeString:
        return picture(
            group(self.parts),
            self.title,
            self.description,
            classes="chart",
            rtl=self.rtl and self.width is None,  # in a document each text says its own
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
        in_xml(title),
        mark,
        in_xml(description),
        patterns(mark, inside) if f"url(#{mark}" in inside else "",
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


def patterns(mark: str, inside: str) -> SafeString:
    """Stripes for partly, dots for not known, bars for stalled, a hatch for "no figure": told apart in grey. Only those that are used."""
    tile = format_html('patternUnits="userSpaceOnUse" width="{}" height="{}"', TILE, TILE)
    ground = format_html('<rect class="pat-ground" fill="#fff" width="{}" height="{}"/>', TILE, TILE)
    stroke = '<path class="pat" fill="none" stroke="{}" stroke-width="{}" d="{}"/>'
    drawn = {
        "partly": format_html(stroke, "#222", "1.5", "M-2 2l4-4M0 8l8-8M6 10l4-4"),
        "unknown": format_html('<circle class="pat-dot" fill="#222" cx="{}" cy="{}" r="1.2"/>', TILE // 2, TILE // 2),
        "stalled": format_html(stroke, "#222", "2.5", "M2.5 0v8"),
        "hatch": format_html(stroke, "#777", "0.8", "M-2 6l4 4M0 0l8 8M6-2l4 4"),
    }
    used = ((name, look) for name, look in drawn.items() if f"#{mark}-{name})" in inside)
    return format_html(
        "<defs>{}</defs>",
        group(format_html('<pattern id="{}-{}" {}>{}{}</pattern>', mark, name, tile, ground, look) for name, look in used),
    )

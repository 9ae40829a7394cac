"""A DOCX file whose every run says its language and direction; what python-docx has no word for is in the second half."""

import io
from collections.abc import Sequence
from datetime import datetime

import docx
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Length, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from jumelle.publishing.summary_words import Words
from jumelle.publishing.writing import language_direction

_INK, _QUIET, _LINK = RGBColor(0x1F, 0x24, 0x30), RGBColor(0x56, 0x5C, 0x68), RGBColor(0x1D, 0x4E, 0x94)
_SIZES = {"Normal": 10.5, "Title": 22, "Heading 1": 15, "Heading 2": 12.5, "Heading 3": 11}  # points


class DocxWriter:
    """
    Args:
        language: of the reader; texts without a direction of their own follow it.
        title: for the properties of the file.
        across: the page lies on its long side, with narrow margins.
    """

    def __init__(self, *, language: str, direction: str, title: str, now: datetime, across: bool = False) -> None:
        self.language = language
        self.direction = direction
        self.file: Docx = docx.Document()
        core = self.file.core_properties
        core.title, core.language, core.author, core.comments = title[:255], language, "Jumelle", ""
        core.created = core.modified = now.replace(tzinfo=None)
        self._page(across=across)
        self._styles()

    def written(self) -> bytes:
        target = io.BytesIO()
        self.file.save(target)
        return target.getvalue()

    def own(self, text: str) -> Words:
        return Words(text, self.language, self.direction)

    # --- words --------------------------------------------------------------------------------------------------------

    def add(self, paragraph: Paragraph, words: Words, *, bold: bool = False, quiet: bool = False) -> None:
        """Add words to a paragraph; a line break in them stays one."""
        run = paragraph.add_run(words.text)
        if bold:
            run.font.bold = run.font.cs_bold = True
        if quiet:
            run.font.color.rgb = _QUIET
        if words.direction == "rtl":
            run.font.rtl = True
        _mark_language(run._r.get_or_add_rPr(), words.language)
        if words.tag:
            self.add(paragraph, self.own(f" ({words.tag})"), quiet=True)

    def paragraph(self, words: Words, cell: _Cell | None = None, *, bold: bool = False, quiet: bool = False) -> Paragraph:
        """A paragraph that starts at the side where its language starts."""
        paragraph = self.blank(cell, direction=words.direction)
        self.add(paragraph, words, bold=bold, quiet=quiet)
        return paragraph

    def paragraphs(self, words: Words, cell: _Cell | None = None) -> None:
        for part in words.text.split("\n\n"):
            self.paragraph(Words(part, words.language, words.direction), cell)
        if words.tag:
            self.paragraph(self.own(f"({words.tag})"), cell, quiet=True)

    def blank(self, cell: _Cell | None = None, *, direction: str = "", style: str = "") -> Paragraph:
        """A paragraph to add words to. A new cell has one already, which is used first."""
        if cell is None:
            paragraph = self.file.add_paragraph(style=style or None)
        else:
            first = cell.paragraphs[0]
            paragraph = cell.add_paragraph() if first.runs else first
        if (direction or self.direction) == "rtl":
            properties = paragraph._p.get_or_add_pPr()
            properties.insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)
        return paragraph

    def heading(self, words: Words, level: int) -> None:
        """Level 0 is the title."""
        self.add(self.blank(style="Title" if level == 0 else f"Heading {level}"), words)

    def bullet(self) -> Paragraph:
        return self.blank(style="List Bullet")

    def link(self, paragraph: Paragraph, address: str) -> None:
        """A link that one can follow, with the address as its words."""
        relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), relation)
        run = paragraph.add_run(address)
        run.font.underline, run.font.color.rgb = True, _LINK
        link.append(run._r)
        paragraph._p.append(link)

    # --- tables -------------------------------------------------------------------------------------------------------

    def table(self, headers: Sequence[str], *, title: str, widths: Sequence[Length]) -> Table:
        """A table whose first row is repeated on each page and read as its header."""
        table = self.file.add_table(rows=1, cols=len(headers), style="Table Grid")
        table.autofit = False
        properties = table._tbl.tblPr
        if self.direction == "rtl":
            properties.insert_element_before(OxmlElement("w:bidiVisual"), *_AFTER_BIDI_VISUAL)
        properties.append(_element("w:tblCaption", val=title))
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        row = table.rows[0]
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell, header, width in zip(row.cells, headers, widths, strict=True):
            cell.width = width
            self.paragraph(self.own(header), cell, bold=True)
        return table

    def row(self, table: Table, *, whole: bool = True) -> tuple[_Cell, ...]:
        """Add a row; `whole`: it is not parted by the end of a page."""
        row = table.add_row()
        if whole:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        return row.cells

    # --- page and styles ----------------------------------------------------------------------------------------------

    def foot(self, text: str) -> None:
        """The foot of each page. `{page}` and `{pages}` in the text become fields."""
        paragraph = self.file.sections[0].footer.paragraphs[0]
        before, _, rest = text.partition("{page}")
        between, _, after = rest.partition("{pages}")
        for words, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
            self.add(paragraph, self.own(words), quiet=True)
            if field:
                paragraph._p.append(_field(field))
        if self.direction == "rtl":
            paragraph._p.get_or_add_pPr().insert_element_before(OxmlElement("w:bidi"), *_AFTER_BIDI)

    def _page(self, *, across: bool) -> None:
        section = self.file.sections[0]
        section.page_width, section.page_height = (Cm(29.7), Cm(21)) if across else (Cm(21), Cm(29.7))
        section.orientation = WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT
        section.left_margin = section.right_margin = Cm(1.5 if across else 2.2)
        section.top_margin = section.bottom_margin = Cm(2.3)
        if self.direction == "rtl":
            section._sectPr.insert_element_before(OxmlElement("w:bidi"), "w:rtlGutter", "w:docGrid")

    def _styles(self) -> None:
        styles = self.file.styles
        for name, size in _SIZES.items():
            font = styles[name].font
            font.name, font.size, font.color.rgb = "Calibri", Pt(size), _INK
            properties = styles[name].element.get_or_add_rPr()
            fonts = properties.rFonts
            for theme in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            fonts.set(qn("w:cs"), "Arial")
            for old in properties.findall(qn("w:szCs")):
                properties.remove(old)
            properties.insert_element_before(_element("w:szCs", val=str(int(size * 2))), *_AFTER_SIZE)
        styles["Normal"].paragraph_format.space_after = Pt(4)
        defaults = styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        _mark_language(defaults, self.language)


# --- what python-docx has no word for: the order of elements is that of the schema -----------------------------------------

_AFTER_BIDI = (
    "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:mirrorIndents", "w:suppressOverlap",
    "w:jc", "w:textDirection", "w:textAlignment", "w:textboxTightWrap", "w:outlineLvl", "w:divId", "w:cnfStyle", "w:rPr",
    "w:sectPr", "w:pPrChange",
)  # fmt: skip
_AFTER_BIDI_VISUAL = (
    "w:tblStyleRowBandSize", "w:tblStyleColBandSize", "w:tblW", "w:jc", "w:tblCellSpacing", "w:tblInd", "w:tblBorders",
    "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription",
)  # fmt: skip
_AFTER_SIZE = (
    "w:highlight", "w:u", "w:effect", "w:bdr", "w:shd", "w:fitText", "w:vertAlign", "w:rtl", "w:cs", "w:em", "w:lang",
    "w:eastAsianLayout", "w:specVanish", "w:oMath",
)  # fmt: skip


def _element(name: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _mark_language(properties: BaseOxmlElement, language: str) -> None:
    """Word keeps two languages per run: `val` for most scripts, `bidi` for those written from right to left."""
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    key = "bidi" if language_direction(language) == "rtl" else "val"
    properties.insert_element_before(_element("w:lang", **{key: language}), "w:eastAsianLayout", "w:specVanish", "w:oMath")


def _field(instruction: str) -> BaseOxmlElement:
    field = _element("w:fldSimple", instr=instruction)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    return field

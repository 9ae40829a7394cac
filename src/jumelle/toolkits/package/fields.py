"""
The kinds of value that a cell may hold, each with its rule and the sentence that is said when the rule is broken.

An empty cell is "", {} or (): a package knows no null. Texts lose spaces at both ends and at the ends of lines when
they are read; a line break is one `\\n` whatever the file had. What a spreadsheet, XML or YAML cannot hold is refused.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, NoReturn

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from jumelle.toolkits.package.problems import mark as _

MAX_TEXT = 10_000
MAX_LINE = 1_000
MAX_ROWS = 5_000

CODE_PATTERN = r"^[A-Z][A-Z0-9]*(\.[A-Z0-9]+)*$"
SLUG_PATTERN = r"^[a-z0-9]+(-[a-z0-9]+)*$"
NAME_PATTERN = r"^[a-z][a-z0-9_]*$"
VALUE_PATTERN = r"^[a-z0-9][a-z0-9_]*$"
TAG_PATTERN = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
VERSION_PATTERN = r"^(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})(-[0-9A-Za-z]+(\.[0-9A-Za-z]+)*)?$"
YEAR_PATTERN = r"^(1[89]|20)[0-9]{2}([–-](1[89]|20)[0-9]{2})?$"

# Controls, line separators that are not \n, byte-order marks, lone halves of characters: no two formats agree on them.
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_SPREADSHEET_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_|x005F_")


class Shape(StrEnum):
    """How a value is written in a cell: once, once per language, or as parts joined by ` | `."""

    LINE = "line"
    TEXT = "text"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class NotText:
    """
    A value that the file holds as something else than text.

    kind: integer, decimal, boolean, date, error, formula or structure.
    shown: what the author sees.
    """

    kind: str
    shown: str


_NOT_TEXT = {
    "integer": _("%(shown)s is a number, not text. Format the cell as text and type it again; in YAML, put it in quotes."),
    "decimal": _("%(shown)s is a number: 5.40 would become 5.4. Format the cell as text and type it again; in YAML, quote it."),
    "boolean": _("%(shown)s was read as true or false. Format the cell as text and type it again; in YAML, put it in quotes."),
    "date": _("%(shown)s is a date, not text. Format the cell as text and type it again; in YAML, put it in quotes."),
    "error": _("The cell holds the error %(shown)s. Type the text itself."),
    "formula": _("The cell holds a formula. Type the result as text: packages hold no formulas."),
    "structure": _("Expected one value here, found %(shown)s. Write a single text."),
}


def refuse(template: str, **params: Any) -> NoReturn:
    """Refuse a value inside a validator; `build` turns it into a Problem at the right place."""
    raise PydanticCustomError("jumelle", "refused", {"template": template, "params": params})


def tidy(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def read_text(value: Any) -> str:
    if isinstance(value, NotText):
        refuse(_NOT_TEXT[value.kind], shown=value.shown)
    if not isinstance(value, str):
        refuse(_NOT_TEXT["structure"], shown=type(value).__name__)
    unified = value.replace("\r\n", "\n").replace("\r", "\n")
    if found := _FORBIDDEN.search(unified):
        refuse(
            _("An invisible character (U+%(hex)s) stands after “%(before)s”. Delete it; use a space, not a tab."),
            hex=f"{ord(found.group()):04X}",
            before=unified[max(0, found.start() - 20) : found.start()],
        )
    if found := _SPREADSHEET_ESCAPE.search(unified):
        refuse(
            _("“%(found)s” has a meaning of its own in spreadsheets and would be lost. Write it differently."),
            found=found.group(),
        )
    text = tidy(unified)
    if len(text) > MAX_TEXT:
        refuse(
            _("The text has %(length)s characters, the limit is %(limit)s. Shorten it or split it."),
            length=len(text),
            limit=MAX_TEXT,
        )
    return text


def read_line(value: Any) -> str:
    text = read_text(value)
    if "\n" in text:
        refuse(_("This column holds one line. Remove the line break."))
    if len(text) > MAX_LINE:
        refuse(
            _("The text has %(length)s characters, the limit is %(limit)s. Shorten it or split it."),
            length=len(text),
            limit=MAX_LINE,
        )
    return text


def read_line_or_integer(value: Any) -> str:
    """A whole number is as good as its digits: nothing is lost when a spreadsheet stores 8 or 2022 as a number."""
    return value.shown if isinstance(value, NotText) and value.kind == "integer" else read_line(value)


def read_list(value: Any) -> Any:
    if isinstance(value, NotText):
        refuse(_NOT_TEXT[value.kind], shown=value.shown)
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split("|")) if value.strip() else ()
    return tuple(value) if isinstance(value, list | tuple) else refuse(_("Write a list here: in a cell, parts joined by “ | ”."))


def read_text_map(value: Any) -> Any:
    if isinstance(value, dict):
        return {language: text for language, text in value.items() if not (isinstance(text, str) and not text.strip())}
    return refuse(_("Write this text once per language: text::fr, text::en in a spreadsheet; fr: and en: beneath it in YAML."))


@dataclass(frozen=True, slots=True)
class Matching:
    """
    A rule for one-line values, also published in the JSON Schema. The empty value passes: it means "nothing here".

    template: may use %(value)s and %(limit)s.
    """

    pattern: str
    template: str
    limit: int = MAX_LINE

    def fits(self, value: str) -> bool:
        return not value or (len(value) <= self.limit and re.match(self.pattern, value) is not None)

    def check(self, value: str) -> str:
        if not self.fits(value):
            refuse(self.template, value=value[:80], limit=self.limit)
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": self.pattern, "maxLength": self.limit}


def no_twice(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not value:
            refuse(_("A part of the list is empty. Join the parts by one “ | ”, without one at the start or the end."))
        if values.count(value) > 1:
            refuse(_("%(value)s stands twice in this list. Keep it once."), value=value)
    return values


_INTEGER_TOO = WithJsonSchema({"type": ["string", "integer"]})

Line = Annotated[str, BeforeValidator(read_line), WithJsonSchema({"type": "string", "maxLength": MAX_LINE})]
LineOrInteger = Annotated[str, BeforeValidator(read_line_or_integer), _INTEGER_TOO]
Paragraphs = Annotated[str, BeforeValidator(read_text), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_TEXT})]
Code = Annotated[
    Line,
    Matching(
        CODE_PATTERN,
        _("“%(value)s” is not a code. Use capitals and digits, parts joined by full stops: KF8.Q2 (up to %(limit)s)."),
        40,
    ),
]
Slug = Annotated[
    Line,
    Matching(SLUG_PATTERN, _("“%(value)s” is not a name of this kind. Use lower-case words joined by hyphens."), 80),
]
ScaleName = Annotated[
    Line,
    Matching(NAME_PATTERN, _("“%(value)s” is not the name of a scale. Use lower-case letters, digits and underscores."), 40),
]
LevelValue = Annotated[
    LineOrInteger,
    Matching(VALUE_PATTERN, _("“%(value)s” is not a value. Use lower-case letters, digits and underscores: partly."), 40),
]
LanguageTag = Annotated[Line, Matching(TAG_PATTERN, _("“%(value)s” is not a language tag. Write it as in BCP 47: fr, en, pt-BR."), 35)]
Version = Annotated[
    LineOrInteger,
    Matching(VERSION_PATTERN, _("“%(value)s” is not a version. Write three numbers joined by full stops: 1.0.0."), 60),
]
Year = Annotated[LineOrInteger, Matching(YEAR_PATTERN, _("“%(value)s” is not a year. Write four digits: 2022."))]
Country = Annotated[
    Line,
    Matching(r"^[A-Z]{2}$", _("“%(value)s” is not a country code. Write the two capital letters of ISO 3166: BE.")),
]
Url = Annotated[
    Line,
    Matching(r"^https?://[^\s/?#]+[^\s]*$", _("“%(value)s” is not a web address. It starts with https:// and has no spaces.")),
]
Licence = Annotated[
    Line,
    Matching(r"^[A-Za-z0-9][A-Za-z0-9.+-]*$", _("“%(value)s” is not a licence name. Write the SPDX name, or LicenseRef-….")),
]
Text = Annotated[dict[LanguageTag, Paragraphs], BeforeValidator(read_text_map), Shape.TEXT]
CodeList = Annotated[tuple[Code, ...], BeforeValidator(read_list), AfterValidator(no_twice), Shape.LIST]

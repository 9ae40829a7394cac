"""
One frozen model per sheet. The order of the fields is the order of the columns; a description is what the manual says.

A field without a default must be filled. The names of sheets and columns are those that authors write
(docs/reference/toolkit-package.md); `for` and `from` are Python's words, so their fields end in an underscore.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from jumelle.toolkits.package.fields import (
    Code,
    CodeList,
    Country,
    LanguageTag,
    LevelValue,
    Licence,
    Line,
    LineOrInteger,
    NotText,
    ScaleName,
    Shape,
    Slug,
    Text,
    Url,
    Version,
    Year,
    no_twice,
    read_line,
    read_list,
)
from jumelle.toolkits.package.problems import mark as _

BUILT_IN_ANSWERS = ("text", "number", "money", "date", "table", "none")

Kind = Literal["benchmark", "checklist", "grid", "form"]
State = Literal["original", "reviewed", "draft"]
SectionKind = Literal["theme", "key_factor", "dimension", "block", "annex", "part"]
ItemKind = Literal["question", "check", "indicator", "context_factor", "field", "column", "point"]
Meaning = Literal["met", "partly", "unmet", "na", "unknown"]
SupportKind = Literal["tip", "example", "benefit", "criterion", "action_hint", "warning"]
Scope = Literal["section", "package", "both"]
When = Literal["all", "some", "none"]
Change = Literal["wording", "meaning", "added", "removed", "split", "merged", "moved", "replaced"]
OrganisationType = Literal[
    "local_authority",
    "regional_authority",
    "national_authority",
    "ngo",
    "refugee_led",
    "faith",
    "education",
    "private",
    "health",
    "association_of_local_governments",
]


def _read_choice(value: Any) -> str:
    """YAML reads a bare yes, no, on or off as true or false; the author's word is kept."""
    if isinstance(value, NotText) and value.kind == "boolean":
        return value.shown.lower()
    return read_line(value)


def _read_ours(value: Any) -> str:
    word = _read_choice(value)
    return {"true": "yes", "on": "yes", "no": "", "false": "", "off": ""}.get(word.lower(), word)


Organisations = Annotated[tuple[OrganisationType, ...], BeforeValidator(read_list), AfterValidator(no_twice), Shape.LIST]
Choice = BeforeValidator(_read_choice)


class Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False)


class Head(Row):
    id: Slug = Field(description=_("Name of the package: lower-case words joined by hyphens. Never changes once published."))
    kind: Annotated[Kind, Choice] = Field(description=_("What sort of toolkit this is."))
    version: Version = Field(description=_("Three numbers joined by full stops, such as 1.0.0. Higher at each publication."))
    source_language: LanguageTag = Field(description=_("Language of the source document."))
    title: Text = Field(description=_("Title of the toolkit."))
    summary: Text = Field(description=_("One or two sentences: what it is for and what it holds."))
    introduction: Text = Field({}, description=_("Why this toolkit, and how to use it. An empty line starts a new paragraph."))
    publisher: Line = Field(description=_("Who publishes this package."))
    source_title: Line = Field(description=_("Title of the document that this package restates."))
    source_url: Url = Field("", description=_("Where that document can be found."))
    source_publisher: Line = Field(description=_("Who published that document."))
    source_year: Year = Field(description=_("Year of that document."))
    licence: Licence = Field(description=_("Licence of your wording: an SPDX name such as CC-BY-4.0, or LicenseRef-…."))
    permission_note: Text = Field(description=_("What is taken from the source and what is not, and by what right."))
    attribution: Text = Field(description=_("Credit line, printed on every export."))
    funding_note: Text = Field({}, description=_("Who paid for the source."))
    supersedes: Version = Field("", description=_("The version before this one."))


class Language(Row):
    code: LanguageTag = Field(description=_("Language tag: fr, en, pt-BR."))
    state: Annotated[State, Choice] = Field(description=_("original: written in it; reviewed: translation checked; draft: may have gaps."))


class Section(Row):
    code: Code = Field(description=_("Your code: capital letters and digits, parts joined by full stops. Unique in the whole package."))
    parent: Code = Field("", description=_("Code of the section that holds this one."))
    kind: Annotated[SectionKind, Choice] = Field(description=_("What sort of part this is."))
    number: LineOrInteger = Field("", description=_("Number as printed, such as 8 or 5.4."))
    title: Text = Field(description=_("Heading."))
    summary: Text = Field({}, description=_("One or two sentences: what this part is about."))
    why: Text = Field({}, description=_("The reasons, in paragraphs parted by an empty line."))
    applies_to: Organisations = Field((), description=_("Types of organisation that this part is for; empty: all."))
    source: Line = Field("", description=_("Where it stands in the source document: Key factor 8, p. 12."))


class Item(Row):
    code: Code = Field(description=_("Your code. It stays when the wording changes; a new meaning takes a new code."))
    section: Code = Field(description=_("Code of the section that it stands in."))
    parent: Code = Field("", description=_("Code of the item that this one details."))
    kind: Annotated[ItemKind, Choice] = Field(description=_("What sort of item this is."))
    text: Text = Field(description=_("The question, the check or the statement."))
    help: Text = Field({}, description=_("An explanation, the source's own example, a condition."))
    answer: Line = Field(description=_("Name of a scale of this package, or text, number, money, date, table, none."))
    criteria: CodeList = Field((), description=_("Codes of the success criteria that it serves (sheet support)."))
    applies_to: Organisations = Field((), description=_("Types of organisation that answer this; empty: all."))
    replaced_by: Code = Field("", description=_("Code of the item that took its place: this one is no longer asked."))
    source: Line = Field("", description=_("Where it stands in the source document."))

    @property
    def is_open(self) -> bool:
        """Answered in one's own words."""
        return self.answer == "text"

    @property
    def has_scale(self) -> bool:
        return self.answer not in BUILT_IN_ANSWERS

    @property
    def is_answerable(self) -> bool:
        """Asked of those who assess: context factors stand beside the result, replaced items are for old answers."""
        return self.answer != "none" and self.kind != "context_factor" and not self.replaced_by


class Level(Row):
    scale: ScaleName = Field(description=_("Name of the scale; its levels stand in the order in which they are shown."))
    value: LevelValue = Field(description=_("Short name of the level, as it is stored: yes, partly, no."))
    label: Text = Field(description=_("What the person who answers sees."))
    meaning: Annotated[Meaning, Choice] = Field(description=_("What the level means for the result."))
    rubric: Text = Field(description=_("When to choose this level."))
    ours: Annotated[Literal["", "yes"], BeforeValidator(_read_ours)] = Field(
        "", description=_("yes when the scale is not in the source document.")
    )

    @property
    def is_ours(self) -> bool:
        return self.ours == "yes"


class Support(Row):
    code: Code = Field(description=_("Your code."))
    for_: Code = Field(alias="for", description=_("Code of the section or item that it stands beside."))
    kind: Annotated[SupportKind, Choice] = Field(description=_("What sort of help this is."))
    title: Text = Field({}, description=_("Heading."))
    text: Text = Field(description=_("The text itself."))
    country: Country = Field("", description=_("Country of an example: two capital letters of ISO 3166."))
    place: Line = Field("", description=_("Town or region of an example."))
    organisation: Line = Field("", description=_("Body behind an example; never a person."))
    url: Url = Field("", description=_("Web address for more."))
    source: Line = Field("", description=_("Where it stands in the source document."))


class Verdict(Row):
    code: Code = Field(description=_("Your code."))
    scope: Annotated[Scope, Choice] = Field(description=_("Said of each section, of the whole package, or of both."))
    when: Annotated[When, Choice] = Field(description=_("Said when all, some or none of the items are met."))
    label: Text = Field(description=_("The verdict in a few words."))
    advice: Text = Field(description=_("What the source advises then."))
    source: Line = Field("", description=_("Where it stands in the source document."))


class Reference(Row):
    code: Code = Field(description=_("Your code."))
    for_: Code = Field(alias="for", description=_("Code of the section that cites it."))
    work: Slug = Field(description=_("Short name of the work; the same work cited twice has the same one."))
    title: Line = Field(description=_("Title as published."))
    publisher: Line = Field(description=_("The publishing body; never a person."))
    year: Year = Field("", description=_("Year of publication."))
    language: LanguageTag = Field("", description=_("Language of the work."))
    url: Url = Field("", description=_("Web address."))
    note: Text = Field({}, description=_("What the work is good for."))
    source: Line = Field("", description=_("Where it stands in the source document."))


class Term(Row):
    code: Code = Field(description=_("Your code."))
    term: Text = Field(description=_("The word."))
    definition: Text = Field(description=_("What it means here."))
    synonyms: Text = Field({}, description=_("Other words for the same."))
    source: Line = Field("", description=_("Where it stands in the source document."))


class ChangeRow(Row):
    from_version: Version = Field(description=_("The older version."))
    code: Code = Field(description=_("The code in the older version; for added, the new code."))
    change: Annotated[Change, Choice] = Field(description=_("What happened to it."))
    to: CodeList = Field((), description=_("The codes in this version that take its place."))
    note: Text = Field({}, description=_("What a person should know before an answer is carried over."))


# Name of the sheet → the model of its rows, in the order in which they are written and checked.
SHEETS: dict[str, type[Row]] = {
    "package": Head,
    "languages": Language,
    "sections": Section,
    "items": Item,
    "scales": Level,
    "support": Support,
    "verdicts": Verdict,
    "references": Reference,
    "glossary": Term,
    "changes": ChangeRow,
}

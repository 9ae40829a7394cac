"""What a page shows of an item: texts in the reader's language, what is stored, what was just typed, and what went wrong."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from jumelle.assessments.models import Assessment, Evidence, Respondent
from jumelle.assessments.operations import AnsweredMeanwhile, AnswerRefused, Given
from jumelle.assessments.queries import Entry, Group, Stored, Theme
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.sheets import Item, Reference, Section, Support
from jumelle.toolkits.queries import package_of

NO_HTML = SafeString("")
ANY_CODE = "~"  # stands for the code where something is made once for all items; no code, slug or id can hold it
SUPPORT_HEADINGS: dict[str, Promise] = {
    "benefit": _("What it brings"),
    "criterion": _("What makes it succeed"),
    "tip": _("Tips"),
    "example": _("Examples"),
    "action_hint": _("What you can do"),
    "warning": _("Mind"),
}


class Words(NamedTuple):
    """A text of a toolkit; attrs: its language and direction, when they are not those of the page."""

    text: str
    attrs: SafeString = NO_HTML

    def __str__(self) -> str:
        return self.text


class Option(NamedTuple):
    value: str
    label: Words
    rubric: Words


class SupportScreen(NamedTuple):
    title: Words
    text: Words
    where: str
    url: str


class ReferenceScreen(NamedTuple):
    reference: Reference
    note: Words


@dataclass(frozen=True, slots=True)
class Help:
    """What stands beside: lists of support by heading, in a fixed order, and references."""

    lists: tuple[tuple[Promise, tuple[SupportScreen, ...]], ...]
    references: tuple[ReferenceScreen, ...] = ()


class Addresses:
    """Addresses of one assessment, for templates by name: `urls.overview`."""

    space = "assessments"

    def __init__(self, assessment: Assessment, city: str) -> None:
        self._kwargs: dict[str, object] = {"city": city, "pk": assessment.pk}
        self._city = {"city": city}
        self._patterns: dict[str, str] = {}

    def _of(self, name: str, **more: object) -> str:
        return reverse(f"{self.space}:{name}", kwargs={**self._kwargs, **more})

    def __getitem__(self, name: str) -> str:
        return reverse("assessments:list", kwargs=self._city) if name == "list" else self._of(name)

    def for_code(self, name: str, code: str) -> str:
        """Of a theme or an item."""
        return self._any(name).replace(f"/{ANY_CODE}/", f"/{code}/")

    def for_respondent(self, name: str, respondent: UUID) -> str:
        return self._of(name, respondent=respondent)

    def _any(self, name: str) -> str:
        """Addresses of items differ by the code alone: they are reversed once, and not once for each of 93 items."""
        if name not in self._patterns:
            self._patterns[name] = self._of(name, code=ANY_CODE)
        return self._patterns[name]


class AskedAddresses(Addresses):
    """Addresses of one questionnaire: `urls.overview`. Those of a guest hold neither the city nor an id."""

    def __init__(self, respondent: Respondent, city: str = "") -> None:
        super().__init__(respondent.round.assessment, city)
        self.space = "assessments:asked" if city else "answering"
        self._kwargs = {"city": city, "pk": respondent.pk} if city else {}

    def for_code(self, name: str, code: str) -> str:
        """Of a theme or an item; "" for the pages that only the team has."""
        return "" if name in ("evidence", "history") else super().for_code(name, code)


@dataclass(frozen=True, slots=True)
class StoredScreen:
    """Another state of an answer, of somebody else or from another window, shown above what was typed."""

    answer: Words
    text: str
    note: str
    private_note: str
    come_back: bool
    at: datetime | None
    revision: int


@dataclass(slots=True)
class ItemScreen:
    """
    value … revision: what the fields hold: what was typed if it was refused, else what is stored.
    answer: the label of what is stored, for pages that are only read.
    question_html, options_html: for the page of all items only, where they are drawn once and not for every request.
    """

    code: str
    question: Words
    help: Words
    depth: int
    is_open: bool
    options: Sequence[Option]
    points: tuple[Words, ...]
    beside: Help | None
    value: str
    text: str
    note: str
    private_note: str
    come_back: bool
    revision: int
    state: str
    answer: Words
    proposed: bool
    to_confirm: bool
    answered_wording: Words
    not_applicable: str
    evidence: Sequence[Evidence]
    answer_url: str
    evidence_url: str
    history_url: str
    question_html: SafeString = NO_HTML
    options_html: SafeString = NO_HTML
    error: str | Promise = ""
    stored: StoredScreen | None = None

    @property
    def picture(self) -> str:
        """The state as components/state.html draws it; "" where there is no level to show."""
        return {"met": "done", "partly": "partly", "unmet": "missing", "unknown": "unknown", "na": "na"}.get(self.state, "")

    @property
    def come_back_name(self) -> str:
        return f"{self.code}-come_back"

    @property
    def is_unfolded(self) -> bool:
        """Open the fold if there is something in it to read or to mend."""
        return bool(self.note or self.private_note or self.evidence)


class Reader:
    """Texts of one package for one language. It holds nothing that anybody answered: one serves all requests."""

    def __init__(self, package: Package, language: str) -> None:
        self.package = package
        self.language = language
        self._options: dict[str, tuple[Option, ...]] = {}
        self._questions: dict[str, SafeString] = {}
        self._choices: dict[tuple[str, str], str] = {}

    def words(self, mapping: Mapping[str, str]) -> Words:
        text, language = self.package.text(mapping, self.language)
        return Words(text, attributes(language, self.language))

    def options(self, item: Item) -> tuple[Option, ...]:
        if not item.has_scale:
            return ()
        if item.answer not in self._options:
            levels = self.package.scale(item.answer).levels
            self._options[item.answer] = tuple(Option(level.value, self.words(level.label), self.words(level.rubric)) for level in levels)
        return self._options[item.answer]

    def question_html(self, item: Item) -> SafeString:
        """The question with its help and points, as a row shows it; drawn once."""
        if item.code not in self._questions:
            context = {
                "code": item.code,
                "question": self.words(item.text),
                "help": self.words(item.help),
                "points": self.points(item),
            }
            self._questions[item.code] = render_to_string("assessments/fragments/row_question.html", context)
        return self._questions[item.code]

    def options_html(self, item: Item, value: str) -> SafeString:
        """The choices as a row shows them; drawn once for a scale and a value, then named for the item."""
        if not item.has_scale:
            return NO_HTML
        key = (item.answer, value)
        if key not in self._choices:
            context = {"code": ANY_CODE, "options": self.options(item), "value": value}
            self._choices[key] = render_to_string("assessments/fragments/row_options.html", context)
        # Codes are capital letters, digits and full stops: safe in any attribute.
        return SafeString(self._choices[key].replace(f'name="{ANY_CODE}-', f'name="{item.code}-'))

    def points(self, item: Item) -> tuple[Words, ...]:
        """What stands beneath an item to be read, not answered."""
        children = (child for child in self.package.children(item.code) if isinstance(child, Item))
        return tuple(self.words(child.text) for child in children if child.answer == "none")

    def label(self, entry: Entry, value: str) -> Words:
        """The words for a value; of "not applicable" without a level in the scale, ours."""
        for option in self.options(entry.item):
            if option.value == value:
                return option.label
        return Words(str(_("Does not apply"))) if value == entry.not_applicable else Words("")

    def support(self, rows: Iterable[Support]) -> tuple[tuple[Promise, tuple[SupportScreen, ...]], ...]:
        by_kind: dict[str, list[SupportScreen]] = {}
        for row in rows:
            where = ", ".join(filter(None, [row.organisation, row.place, row.country]))
            screen = SupportScreen(self.words(row.title), self.words(row.text), where, row.url)
            by_kind.setdefault(row.kind, []).append(screen)
        return tuple((heading, tuple(by_kind[kind])) for kind, heading in SUPPORT_HEADINGS.items() if kind in by_kind)

    def help_for_section(self, section: Section) -> Help | None:
        references = tuple(
            ReferenceScreen(reference, self.words(reference.note)) for reference in self.package.references_for(section.code)
        )
        lists = self.support(self.package.support_for(section.code))
        return Help(lists, references) if lists or references else None

    def help_for_item(self, item: Item) -> Help | None:
        lists = self.support((*self.package.support_for(item.code), *self.package.criteria_of(item)))
        return Help(lists) if lists else None

    def stored(self, entry: Entry, answer: Stored | None) -> StoredScreen:
        now = replace(entry, answer=answer)
        at = answer.answered_at if answer else None
        return StoredScreen(self.label(now, now.value), now.text, now.note, now.private_note, now.come_back, at, now.revision)

    def item(
        self,
        entry: Entry,
        *,
        urls: Addresses,
        evidence: Sequence[Evidence] = (),
        as_row: bool = False,
        refused: AnswerRefused | None = None,
    ) -> ItemScreen:
        item = entry.item
        stored = Given(entry.value, entry.text, entry.note, entry.come_back, entry.revision, entry.private_note)
        typed = refused.given if refused and refused.given else stored
        return ItemScreen(
            code=item.code,
            question=self.words(entry.wording),
            help=self.words(item.help),
            depth=1 if item.parent else 0,
            is_open=not entry.levels,
            options=self.options(item),
            points=self.points(item),
            beside=None if as_row else self.help_for_item(item),
            question_html=self.question_html(item) if as_row else NO_HTML,
            options_html=self.options_html(item, typed.value) if as_row else NO_HTML,
            value=typed.value,
            text=typed.text,
            note=typed.note,
            private_note=typed.private_note,
            come_back=typed.come_back,
            revision=typed.revision,
            state=entry.state.value,
            answer=self.label(entry, entry.value),
            proposed=entry.proposed,
            to_confirm=entry.to_confirm,
            answered_wording=self.words(entry.answer.wording) if entry.to_confirm and entry.answer else Words(""),
            not_applicable="" if entry.levels or entry.applies else entry.not_applicable,
            evidence=evidence,
            answer_url=urls.for_code("answer", item.code),
            evidence_url=urls.for_code("evidence", item.code),
            history_url=urls.for_code("history", item.code),
            error=refused.sentence if refused and not isinstance(refused, AnsweredMeanwhile) else "",
            stored=self.stored(entry, refused.stored) if isinstance(refused, AnsweredMeanwhile) else None,
        )


@dataclass(frozen=True, slots=True)
class GroupScreen:
    section: Section
    title: Words
    summary: Words
    items: tuple[ItemScreen, ...]


def groups_of(
    reader: Reader,
    groups: Iterable[Group],
    evidence: Iterable[Evidence],
    refused: Mapping[str, AnswerRefused],
    urls: Addresses,
    *,
    as_rows: bool = False,
) -> list[GroupScreen]:
    """What was refused is shown with what was typed; everything else as it is stored."""
    by_item: dict[str, list[Evidence]] = {}
    for piece in evidence:
        by_item.setdefault(piece.item_code, []).append(piece)

    def item(entry: Entry) -> ItemScreen:
        pieces, refusal = by_item.get(entry.code, ()), refused.get(entry.code)
        return reader.item(entry, urls=urls, evidence=pieces, as_row=as_rows, refused=refusal)

    return [
        GroupScreen(
            section=group.section,
            title=reader.words(group.section.title),
            summary=reader.words(group.section.summary),
            items=tuple(item(entry) for entry in group.entries),
        )
        for group in groups
    ]


@lru_cache(maxsize=64)
def reader_for(version: ToolkitVersion, language: str) -> Reader:
    return Reader(package_of(version), language)


def attributes(language: str, page_language: str) -> SafeString:
    """`lang` and `dir` for a fragment in another language than the page; nothing for one in the page's own."""
    if not language or language == page_language:
        return NO_HTML
    return format_html(' lang="{}" dir="{}"', language, direction(language))


def direction(language: str) -> str:
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "auto"


def theme_label(reader: Reader, theme: Theme) -> str:
    """`5.4 Work with refugees, not only for them`."""
    number = f"{theme.section.number} " if theme.section.number else ""
    return number + reader.words(theme.section.title).text

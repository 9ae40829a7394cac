"""What the pages of a plan show: its lines in six columns, with the words of the toolkits that they come from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils import formats
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from jumelle.action_plans.content import LineContent, OriginContent, PlanContent
from jumelle.action_plans.enums import LineStatus, OriginKind, VersionName
from jumelle.action_plans.models import LineOrigin, Plan
from jumelle.action_plans.operations import OWN_ORIGINS
from jumelle.action_plans.queries import Source, Sources, missing_in, sources_of, to_reword
from jumelle.action_plans.workbook_columns import LINE_COLUMNS, MEASURE_COLUMNS, PLAN_FIELDS
from jumelle.assessments.queries import assessments_visible_to
from jumelle.cities.access import Place
from jumelle.toolkits.package.model import Package

NO_HTML = SafeString("")
PLAN_LABELS: Mapping[str, str | Promise] = {column.key: column.label for column in PLAN_FIELDS}
LINE_LABELS: Mapping[str, str | Promise] = {column.key: column.label for column in LINE_COLUMNS}
MEASURE_LABELS: Mapping[str, str | Promise] = {column.key: column.label for column in MEASURE_COLUMNS}
RESOURCES = ("staff", "partners", "funding")


class Words(NamedTuple):
    """A text with its language and direction, when they are not those of the page."""

    text: str
    attrs: SafeString = NO_HTML


@dataclass(frozen=True, slots=True)
class OriginScreen:
    """id: of an origin that somebody typed and may take out again; None for others."""

    kind: str
    code: str
    words: Words
    url: str
    dated_on: date | None
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LineScreen:
    """
    period: the two dates in words. resources: label and text of what is filled in.

    to_reword: the action is still nothing but the words of its gap.
    """

    content: LineContent
    status: str
    period: str
    resources: tuple[tuple[str | Promise, str], ...]
    origins: tuple[OriginScreen, ...]
    to_reword: bool

    @property
    def id(self) -> str:
        return self.content.line_id

    @property
    def number(self) -> int:
        return self.content.position


class MissingScreen(NamedTuple):
    sentence: str
    lines: Sequence[LineContent]


class Reader:
    """Draws the lines of one plan, or of one of its versions, for one reader; four queries, whatever the number of lines."""

    def __init__(self, place: Place, content: PlanContent, origins: Iterable[LineOrigin] = ()) -> None:
        """
        Args:
            origins: the rows behind the content, so that gaps lead to the assessment and own ones can be taken out.
        """
        self.place, self.content = place, content
        self.language = get_language() or "en"
        self.sources: Sources = sources_of(content.lines)
        self.unworded = to_reword(content, self.sources)
        self.rows: dict[str, list[LineOrigin]] = {}
        for origin in origins:
            self.rows.setdefault(str(origin.line_id), []).append(origin)
        self.assessments = self._assessments()

    def _assessments(self) -> dict[UUID, tuple[str, str]]:
        """Those that this person may open: id → toolkit and version that it is answered with now."""
        ids = {origin.assessment_id for rows in self.rows.values() for origin in rows if origin.assessment_id}
        if not ids or not self.place.opens("assessments:theme"):
            return {}
        found = assessments_visible_to(self.place).filter(pk__in=ids)
        return {each.pk: (each.toolkit_version.toolkit.slug, each.toolkit_version.version) for each in found}

    def lines(self) -> tuple[LineScreen, ...]:
        return tuple(self.line(content) for content in self.content.lines)

    def line(self, content: LineContent) -> LineScreen:
        rows = self.rows.get(content.line_id)
        return LineScreen(
            content=content,
            status=str(LineStatus(content.status).label),
            period=period_words(content.starts_on, content.ends_on),
            resources=resources_of(content),
            origins=tuple(map(self.row, rows)) if rows else tuple(map(self.origin, content.origins)),
            to_reword=content.line_id in self.unworded,
        )

    def row(self, origin: LineOrigin) -> OriginScreen:
        plain = OriginContent(origin.kind, origin.toolkit, origin.version, origin.code, origin.label, origin.url, origin.dated_on)
        shown = self.origin(plain, origin.assessment_id)
        own = origin.pk if origin.kind in OWN_ORIGINS else None
        return OriginScreen(shown.kind, shown.code, shown.words, shown.url, shown.dated_on, own)

    def origin(self, origin: OriginContent, assessment: UUID | None = None) -> OriginScreen:
        source = self.sources.get((origin.toolkit, origin.version))
        url = origin.url or (self._address(origin, source, assessment) if source else "")
        return OriginScreen(str(OriginKind(origin.kind).label), origin.code, self._words(origin, source), url, origin.dated_on)

    def _words(self, origin: OriginContent, source: Source | None) -> Words:
        if origin.label or source is None:
            return Words(origin.label, attributes(self.content.language))
        shown = source.package.text(source.texts(origin.code), self.language)
        return Words(shown.text, attributes(shown.language))

    def _address(self, origin: OriginContent, source: Source, assessment: UUID | None) -> str:
        """A gap leads to its question in the assessment, if this person may open it; any code to the public guide."""
        package = source.package
        if assessment and self.assessments.get(assessment) == (package.id, package.version) and package.has_item(origin.code):
            return self._question(package, origin.code, assessment)
        if source.is_public and origin.code in package.codes():
            return reverse("toolkits:item", kwargs={"toolkit": package.id, "version": package.version, "code": origin.code})
        return ""

    def _question(self, package: Package, code: str, assessment: UUID) -> str:
        theme = package.top_section_of(package.item(code).section).code
        page = reverse("assessments:theme", kwargs={"city": self.place.here.slug, "pk": assessment, "code": theme})
        return f"{page}#{code}"

    def missing(self) -> list[MissingScreen]:
        """What is not filled in, and what has only the words of its gap."""
        found = [MissingScreen(missing_sentence(each.what), each.lines) for each in missing_in(self.content)]
        unworded = [line for line in self.content.lines if line.line_id in self.unworded]
        return [*found, MissingScreen(missing_sentence("words"), unworded)] if unworded else found


def missing_sentence(what: str) -> str:
    return {
        "lead": _("Without a lead"),
        "dates": _("Without a start or an end"),
        "measures": _("Without a measure of success"),
        "results": _("Without expected results"),
        "words": _("To be reworded: the action is still the question of the gap"),
    }[what]


def resources_of(content: LineContent) -> tuple[tuple[str | Promise, str], ...]:
    """Label and text of the parts of the fifth column that are filled in."""
    return tuple((LINE_LABELS[name], getattr(content, name)) for name in RESOURCES if getattr(content, name))


def period_words(starts_on: date | None, ends_on: date | None) -> str:
    """Such as "1 April 2026 – 31 December 2026"; "" without a date."""
    start, end = (formats.date_format(day, "DATE_FORMAT") if day else "" for day in (starts_on, ends_on))
    if start and end:
        return _("%(start)s to %(end)s") % {"start": start, "end": end}
    if start:
        return _("from %(start)s") % {"start": start}
    return _("until %(end)s") % {"end": end} if end else ""


def attributes(language: str) -> SafeString:
    """`lang` and `dir` for what is written in another language than the page; nothing for the page's own."""
    if not language or language == get_language():
        return NO_HTML
    return format_html(' lang="{}" dir="{}"', language, direction(language))


def direction(language: str) -> str:
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "auto"


def language_name(language: str) -> str:
    try:
        return str(get_language_info(language)["name_local"])
    except KeyError:
        return language


def short(text: str, limit: int = 80) -> str:
    """The first line of a text, cut at a word: to name an action in a list or a button."""
    first = text.strip().partition("\n")[0]
    return first if len(first) <= limit else f"{first[:limit].rpartition(' ')[0] or first[:limit]}…"


def version_words(name: str, own_name: str) -> str:
    labels = dict(VersionName.choices)
    return own_name or str(labels.get(name, ""))


def plan_label(plan: Plan) -> Words:
    return Words(plan.title, attributes(plan.language))

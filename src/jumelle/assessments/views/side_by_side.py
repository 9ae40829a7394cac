"""One item of an opened round as a page shows it: what was said, by whom as far as that may be told, and what was agreed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jumelle.assessments.models import AgreedAnswer, Round
from jumelle.assessments.queries import Entry
from jumelle.assessments.queries.divergence import NamedReply, Point, Voice
from jumelle.assessments.views.distribution import Scale, bar, facts, group_table, role_labels, said, scale_of
from jumelle.assessments.views.screens import NO_HTML, Addresses, Reader, Words, theme_label
from jumelle.common.templatetags.look import icon

MOST_UNFOLDED = 6  # notes; more of them are folded


class RoundAddresses(Addresses):
    """Of one round and of its assessment: `urls.divergence`, `urls.overview`."""

    of_round = frozenset({"divergence", "agree", "agree_as_said", "sheet", "project"})

    def __init__(self, round: Round, city: str) -> None:
        super().__init__(round.assessment, city)
        self.round = round.pk

    def _of(self, name: str, **more: object) -> str:
        return super()._of(name, **more, **({"round": self.round} if name in self.of_round else {}))


@dataclass(frozen=True, slots=True)
class AgreedScreen:
    """held_on, present: of the meeting; None and "" without one."""

    answer: Words
    text: str
    reason: str
    minority_note: str
    held_on: date | None
    present: str


@dataclass(frozen=True, slots=True)
class SaidScreen:
    """
    bar, words: the counts, twice; facts: what stands out. written: answers in words.
    table: the groups, to unfold; empty where there is only one.
    notes: notes to unfold, or in a round that shows names what each person said.
    """

    bar: SafeString
    words: SafeString
    facts: SafeString
    written: SafeString
    table: SafeString
    notes: SafeString


@dataclass(frozen=True, slots=True)
class PointScreen:
    """
    said: None where nothing may be shown. theme_url: "" for a theme that the assessment no longer has.
    options: what one can tick; none for an open question.
    """

    code: str
    question: Words
    theme: Words
    theme_url: str
    url: str
    project_url: str
    options: tuple[Words, ...]
    said: SaidScreen | None
    agreed: AgreedScreen | None


class Painter:
    """
    Draws the points of one page: some hundred, so that what is the same for all is looked up once.

    themes: of the assessment as it is now. unfolded: show everything at once, on the page of one point.
    """

    def __init__(self, reader: Reader, urls: RoundAddresses, themes: Collection[str], *, unfolded: bool = False) -> None:
        self.reader = reader
        self.urls = urls
        self.themes = themes
        self.unfolded = unfolded
        self.roles = role_labels()
        self.words = {"table": _("Who said what"), "notes": _("Notes"), "names": _("Name by name")}
        self.fold = format_html('<span class="icon--fold">{}</span>', icon("down"))
        self._themes: dict[str, Words] = {}

    def point(self, point: Point) -> PointScreen:
        code = point.theme.code
        if code not in self._themes:
            self._themes[code] = Words(theme_label(self.reader, point.theme), self.reader.words(point.theme.section.title).attrs)
        return PointScreen(
            code=point.code,
            question=self.reader.words(point.entry.item.text),
            theme=self._themes[code],
            theme_url=self.urls.for_code("theme", code) if code in self.themes else "",
            url=self.urls.for_code("agree", point.code),
            project_url=self.urls.for_code("project", point.code),
            options=tuple(option.label for option in self.reader.options(point.entry.item)),
            said=self.said(point),
            agreed=agreed_screen(point.agreed, point.entry, self.reader) if point.agreed else None,
        )

    def said(self, point: Point) -> SaidScreen | None:
        found, scale = point.divergence, scale_of(self.reader, point.entry)
        if found is None:
            return None
        counts, names = scale.counts(found.overall), bool(point.replies)
        table = group_table(scale, found.by_group, self.roles) if len(found.by_group) > 1 else NO_HTML
        return SaidScreen(
            bar=bar(scale, counts),
            words=said(scale, counts),
            facts=facts(found, scale),
            written=NO_HTML if names else self.voices(point.written),
            table=self.more("table", point.code, table, 0) if table else NO_HTML,
            notes=self.named(point.replies, scale, point.code) if names else self.notes(point.notes, point.code),
        )

    def notes(self, found: Sequence[Voice], code: str) -> SafeString:
        is_open = len(found) <= MOST_UNFOLDED
        return self.more("notes", code, self.voices(found), len(found), is_open=is_open) if found else NO_HTML

    def voices(self, found: Sequence[Voice]) -> SafeString:
        """Side by side, each with the role where it may be told."""
        parts = (
            f'<li>{self.role(voice.role)}<blockquote class="typed" dir="auto">{escape(voice.text)}</blockquote></li>' for voice in found
        )
        return SafeString(f'<ul class="voices" role="list">{"".join(parts)}</ul>') if found else NO_HTML

    def role(self, role: str) -> str:
        return f'<p class="small">{self.roles[role]}</p>' if role else ""

    def named(self, replies: Sequence[NamedReply], scale: Scale, code: str) -> SafeString:
        """Only where the group chose to show who said what."""
        parts = (
            f'<li><p><b dir="auto">{escape(reply.name)}</b> <span class="small">{self.roles[reply.role]}</span></p>'
            f"<p>{scale.words[reply.state, reply.value if (reply.state, reply.value) in scale.words else '']}</p>{quotes(reply)}</li>"
            for reply in replies
        )
        return self.more("names", code, SafeString(f'<ul class="voices" role="list">{"".join(parts)}</ul>'), len(replies))

    def more(self, what: str, code: str, body: SafeString, count: int, *, is_open: bool = False) -> SafeString:
        """What one may unfold; named for screen readers by the item, too."""
        number = f" ({count})" if count else ""
        return SafeString(
            f'<details class="more more--wide"{" open" if is_open or self.unfolded else ""}><summary>{self.fold} '
            f'{escape(self.words[what])}{number}<span class="only-read">: {escape(code)}</span></summary>'
            f'<div class="more__body">{body}</div></details>'
        )


def quotes(reply: NamedReply) -> str:
    return "".join(f'<blockquote class="typed" dir="auto">{escape(text)}</blockquote>' for text in (reply.text, reply.note) if text)


def agreed_screen(agreed: AgreedAnswer, entry: Entry, reader: Reader) -> AgreedScreen:
    meeting = agreed.meeting
    return AgreedScreen(
        answer=reader.label(entry, agreed.value) if agreed.value else Words(""),
        text=agreed.text,
        reason=agreed.reason,
        minority_note=agreed.minority_note,
        held_on=meeting.held_on if meeting else None,
        present=meeting.present if meeting else "",
    )

"""
How many people said what on one item: as a bar, in words, and by group as a table.

With 30 people and 93 items this is drawn some thousand times. So whatever depends on the scale and the language alone is drawn once and
kept, and the counts are all that is put in.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.queries import Entry
from jumelle.assessments.views.screens import NO_HTML, Reader, Words
from jumelle.common.templatetags.look import icon
from jumelle.engines.consensus.divergence import Divergence
from jumelle.engines.consensus.replies import JUDGED, Distribution, GroupDistribution
from jumelle.engines.scoring.tally import State

ICONS = {State.MET: "done", State.PARTLY: "partly", State.UNMET: "missing", State.UNKNOWN: "unknown", State.NA: "na", State.WRITTEN: "note"}
PATTERNS = {State.PARTLY: "side-partly", State.UNKNOWN: "side-unknown", State.NA: "side-na"}  # fragments/patterns.html
_ROOM = "\0"  # where a count goes; no text of a toolkit holds it


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that can be said. value: of the level, for those that judge; else ""."""

    state: State
    value: str
    label: Words

    def html(self) -> SafeString:
        """A shape, where there is one, and the word."""
        shape = icon(ICONS[self.state]) if self.state in ICONS else NO_HTML
        return format_html("{} <span{}>{}</span>", shape, self.label.attrs, self.label.text)

    def count(self, found: Distribution, levels: Mapping[str, int]) -> int:
        if self.value:
            return levels[self.value]
        others = {State.NA: found.na, State.UNKNOWN: found.unknown, State.WRITTEN: found.written}
        return others.get(self.state, found.unanswered)


@dataclass(frozen=True, slots=True)
class Scale:
    """
    Everything that can be said on items of one kind, in the order of the page: levels first, "no answer" last.

    words: state and value → what one person said, in words.
    said, head, row: HTML with room for what is counted; facts: sentences with room for figures.
    """

    columns: tuple[Column, ...]
    words: Mapping[tuple[State, str], SafeString]
    said: tuple[str, ...]
    head: str
    row: str
    facts: "FactWords"

    def counts(self, found: Distribution) -> tuple[int, ...]:
        levels = dict(found.levels)
        return tuple(column.count(found, levels) for column in self.columns)


@dataclass(frozen=True, slots=True)
class FactWords:
    """HTML with room for figures, looked up once: 93 items ask for the same sentences."""

    disagreement: str
    spread: str
    unknown: str
    answered: str
    labels: Mapping[str, SafeString]


def scale_of(reader: Reader, entry: Entry) -> Scale:
    """In the language of the page, which is the reader's."""
    return _scale(reader, entry.item.answer if entry.levels else "")


@lru_cache(maxsize=256)
def _scale(reader: Reader, name: str) -> Scale:
    """Kept for each toolkit and language, as the reader itself is; it holds nothing that anybody said."""
    columns = tuple(_columns(reader, name))
    labels = [*(column.label for column in columns), Words(_("in all"))]
    cells = format_html_join("", '<td role="cell" class="number" data-label="{}">{}</td>', ((label, _ROOM) for label in labels))
    return Scale(
        columns=columns,
        words={(column.state, column.value): format_html("<span{}>{}</span>", column.label.attrs, column.label.text) for column in columns},
        said=tuple(_with_room(format_html('<li class="said__part">{} <b>{}</b></li>', column.html(), _ROOM)) for column in columns),
        head=_head(labels),
        row=_with_room(format_html('<tr role="row"><th scope="row" role="rowheader">{}</th>{}</tr>', _ROOM, cells)),
        facts=FactWords(
            disagreement=escape(_("Disagreement %(percent)s %%")),
            spread=escape(_("from “%(lowest)s” to “%(highest)s”")),
            unknown=escape(_("%(percent)s %% don’t know")),
            answered=escape(_("%(count)s of %(of)s answered")),
            labels={column.value: format_html("<bdi>{}</bdi>", column.label.text) for column in columns},
        ),
    )


def _head(labels: Iterable[Words]) -> SafeString:
    cells = format_html_join(
        "", '<th scope="col" role="columnheader" class="number"{}>{}</th>', ((label.attrs, label.text) for label in labels)
    )
    return format_html(
        '<table class="table" role="table"><caption>{}</caption><thead role="rowgroup"><tr role="row">'
        '<th scope="col" role="columnheader">{}</th>{}</tr></thead><tbody role="rowgroup">',
        _("Who said what"),
        _("As whom"),
        cells,
    )


def _with_room(html: str) -> str:
    """For `str.format`, whatever braces the author of a toolkit typed."""
    return html.replace("{", "{{").replace("}", "}}").replace(_ROOM, "{}")


def _columns(reader: Reader, name: str) -> Iterator[Column]:
    if not name:
        yield Column(State.WRITTEN, "", Words(_("in words")))
        yield Column(State.NA, "", Words(_("does not apply")))
    others: dict[State, Column] = {}
    for level in reader.package.scale(name).levels if name else ():
        state, label = State(level.meaning), reader.words(level.label)
        if state in JUDGED:
            yield Column(state, level.value, label)
        else:
            others.setdefault(state, Column(state, "", label))
    yield from others.values()
    yield Column(State.UNANSWERED, "", Words(_("no answer")))


# --- one item ---------------------------------------------------------------------------------------------------------


def said(scale: Scale, counts: Sequence[int]) -> SafeString:
    """The counts in words. A level that nobody chose is said, too: that is news."""
    shown = zip(scale.columns, scale.said, counts, strict=True)
    parts = (part.format(count) for column, part, count in shown if count or column.value)
    return SafeString(f'<ul class="said" role="list">{"".join(parts)}</ul>')


def bar(scale: Scale, counts: Sequence[int]) -> SafeString:
    """The counts as one bar, from the highest level on; hidden from screen readers, because the words say the same."""
    return _bar(tuple((column.state, count) for column, count in zip(scale.columns, counts, strict=True) if count))


@lru_cache(maxsize=4096)
def _bar(parts: tuple[tuple[State, int], ...]) -> SafeString:
    whole, start, drawn = sum(count for _state, count in parts) or 1, 0, []
    for state, count in parts:
        look = format_html(' fill="url(#{})"', PATTERNS[state]) if state in PATTERNS else NO_HTML
        drawn.append((state.value, look, f"{start * 100 / whole:.2f}%", f"{count * 100 / whole:.2f}%"))
        start += count
    shapes = format_html_join("", '<rect class="is-{}"{} x="{}" width="{}" height="100%"/>', drawn)
    return format_html('<svg class="chart said-bar" aria-hidden="{}" focusable="false">{}</svg>', "true", shapes)


def facts(found: Divergence, scale: Scale) -> SafeString:
    """What stands out, in words; each fact in its own direction, because figures and two scripts meet here."""
    words = scale.facts
    parts = []
    if found.percent is not None:
        parts.append(words.disagreement % {"percent": found.percent})
    if found.lowest and found.highest and found.lowest != found.highest:
        parts.append(words.spread % {"lowest": words.labels[found.lowest], "highest": words.labels[found.highest]})
    if found.overall.unknown:
        parts.append(words.unknown % {"percent": int(found.unknown_share * 100 + 0.5)})
    parts.append(words.answered % {"count": found.answered, "of": found.asked})
    return SafeString(" · ".join(f"<bdi>{part}</bdi>" for part in parts))


def group_table(scale: Scale, groups: Sequence[GroupDistribution], roles: Mapping[str, str]) -> SafeString:
    """
    Who said what: one row for each group that may be shown. Becomes cards on a narrow screen, as every table.

    Args:
        roles: `role_labels()`.
    """
    rows = []
    for group in groups:
        label = " + ".join(roles[key] for key in group.keys)
        rows.append(scale.row.format(label, *scale.counts(group.distribution), group.distribution.asked))
    return SafeString(f"{scale.head}{''.join(rows)}</tbody></table>")


def role_labels() -> dict[str, str]:
    """Role → its label, ready for a page."""
    return {role: escape(str(label)) for role, label in RespondentRole.choices}

"""What a comparison shows: the overlap, one chart per theme, counts by state, the context beside, and what was left out."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, get_language_bidi, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from jumelle.assessments.queries.comparison import Compared, LeftOut, Line, Reason, Side
from jumelle.assessments.queries.sheet import CONTEXT
from jumelle.assessments.views.screens import Reader, Words, reader_for
from jumelle.common.chart_dots import LETTERS, DotRow, dots, level_names
from jumelle.common.tables import Column, Table
from jumelle.engines.scoring.movement import likeness_of, movement_of
from jumelle.engines.scoring.tally import Mark, State
from jumelle.toolkits.package.sheets import Section
from jumelle.toolkits.queries import package_of

AT = {
    State.MET: "done",
    State.PARTLY: "partly",
    State.UNMET: "missing",
    State.UNKNOWN: "unknown",
    State.UNANSWERED: "unanswered",
    State.NA: "na",
}
REASON_HEADINGS: dict[Reason, Promise] = {
    Reason.NEW: gettext_lazy("New in a later version"),
    Reason.REMOVED: gettext_lazy("No longer asked in a later version"),
    Reason.MEANING: gettext_lazy("The meaning has changed"),
    Reason.SPLIT: gettext_lazy("Split into several questions"),
    Reason.MERGED: gettext_lazy("Put together with others"),
    Reason.CHOICES: gettext_lazy("Same question, other choices"),
    Reason.UNEXPLAINED: gettext_lazy("Different in the versions, and none says whether it means the same"),
    Reason.NOT_ASKED: gettext_lazy("Not asked on every side"),
    Reason.IN_WORDS: gettext_lazy("Answered in words, without levels"),
}


def compared_screen(found: Compared, names: Sequence[str], *, over_time: bool) -> dict[str, Any]:
    """
    Args:
        names: of the sides, without their letters.
        over_time: the sides stand in the order of time; so it is told what moved, and else what stands alike.
    """
    of_theme = moved_sentence if over_time else alike_sentence
    reader = reader_for(found.version, get_language() or "en")
    return {
        "sentence": movement_sentence(found, names) if over_time else likeness_sentence(found),
        "overlap": overlap_sentence(found),
        "reworded": found.reworded,
        "charts": [theme_chart(section, lines, names, of_theme(lines), reader) for section, lines in found.by_theme],
        "counts": counts_table(found, names) if found.lines else None,
        "context": context_screen(found, names),
        "left_out": [reason_screen(reason, items) for reason, items in found.by_reason],
        "left_out_count": len(found.left_out),
        "attribution": reader.words(found.package.package.attribution),
    }


def lettered(names: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(LETTERS, names, strict=False))


def period_words(side: Side) -> str:
    """By months: "March 2025 – February 2026"."""
    months = [date_format(day, "YEAR_MONTH_FORMAT") for day in (side.period_start_on, side.period_end_on)]
    return months[0] if months[0] == months[1] else f"{months[0]} – {months[1]}"


def overlap_sentence(found: Compared) -> str:
    return ngettext(
        "%(compared)s of %(count)s question is compared: one that means the same and was asked on every side.",
        "%(compared)s of %(count)s questions are compared: those that mean the same and were asked on every side.",
        found.all_items,
    ) % {"compared": len(found.lines), "count": found.all_items}


# --- sentences --------------------------------------------------------------------------------------------------------


def movement_sentence(found: Compared, names: Sequence[str]) -> str:
    movement = found.movement
    return ngettext(
        "From %(first)s to %(last)s: of %(count)s question, %(up)s moved up, %(down)s moved down and %(same)s stayed; "
        "%(open)s cannot be told, because it is not known, not answered or does not apply.",
        "From %(first)s to %(last)s: of %(count)s questions, %(up)s moved up, %(down)s moved down and %(same)s stayed; "
        "%(open)s cannot be told, because they are not known, not answered or do not apply.",
        movement.of,
    ) % {
        "first": f"A ({names[0]})",
        "last": f"{LETTERS[len(names) - 1]} ({names[-1]})",
        "count": movement.of,
        "up": movement.up,
        "down": movement.down,
        "same": movement.same,
        "open": movement.open,
    }


def likeness_sentence(found: Compared) -> str:
    likeness = found.likeness
    return ngettext(
        "Of %(count)s question, %(alike)s stands at the same level on all sides and %(differ)s at different ones; "
        "%(open)s cannot be told, because it is not known, not answered or does not apply somewhere.",
        "Of %(count)s questions, %(alike)s stand at the same level on all sides and %(differ)s at different ones; "
        "%(open)s cannot be told, because they are not known, not answered or do not apply somewhere.",
        likeness.of,
    ) % {"count": likeness.of, "alike": likeness.alike, "differ": likeness.differ, "open": likeness.open}


def moved_sentence(lines: Sequence[Line]) -> str:
    """What moved in a theme between the first side and the last; the marks and the table say which."""
    movement = movement_of((line.heights[0], line.heights[-1]) for line in lines)
    return ngettext(
        "Of %(count)s question, %(up)s moved up and %(down)s moved down.",
        "Of %(count)s questions, %(up)s moved up and %(down)s moved down.",
        movement.of,
    ) % {"count": movement.of, "up": movement.up, "down": movement.down}


def alike_sentence(lines: Sequence[Line]) -> str:
    """How many questions of a theme stand alike; the marks and the table say which."""
    likeness = likeness_of(line.heights for line in lines)
    return ngettext(
        "%(alike)s of %(count)s question stands at the same level on all sides.",
        "%(alike)s of %(count)s questions stand at the same level on all sides.",
        likeness.of,
    ) % {"alike": likeness.alike, "count": likeness.of}


# --- charts and tables ------------------------------------------------------------------------------------------------


def theme_chart(section: Section, lines: Sequence[Line], names: Sequence[str], sentence: str, reader: Reader) -> dict[str, Any]:
    title = f"{section.number} {reader.words(section.title).text}".strip()
    rows = [DotRow(line.item.code, reader.words(line.item.text).text, [AT[mark.state] for mark in line.marks]) for line in lines]
    return {
        "title": title,
        "sentence": sentence,
        "svg": dots(rows, sides=names, title=title, description=sentence, rtl=get_language_bidi()),
        "table": theme_table(title, lines, rows, names, reader),
    }


def theme_table(title: str, lines: Sequence[Line], rows: Sequence[DotRow], names: Sequence[str], reader: Reader) -> Table:
    columns = [Column(_("Question")), *(Column(f"{letter} {name}") for letter, name in lettered(names))]
    cells = [[row.words, *(level_words(line, mark, reader) for mark in line.marks)] for line, row in zip(lines, rows, strict=True)]
    return Table(title, columns, cells)


def level_words(line: Line, mark: Mark, reader: Reader) -> str:
    """In place, partly …; where a scale has several levels of one meaning, with the words of the one that was chosen."""
    word = level_names()[AT[mark.state]]
    levels = reader.package.scale(line.item.answer).levels
    alike = [level for level in levels if level.meaning == mark.state]
    chosen = next((level for level in alike if level.value == mark.level), None)
    return f"{word} ({reader.words(chosen.label).text})" if chosen and len(alike) > 1 else word


def counts_table(found: Compared, names: Sequence[str]) -> Table:
    """States as rows and sides as columns, in the order of the sides: nothing to sort, nothing to add up."""
    words = level_names()
    of = len(found.lines)
    states = ("done", "met"), ("partly", "partly"), ("missing", "unmet"), ("unknown", "unknown"), ("unanswered", "unanswered"), ("na", "na")
    columns = [Column(_("State")), *(Column(f"{letter} {name}", numeric=True) for letter, name in lettered(names))]
    rows = [
        [words[word], *(_("%(count)s of %(of)s") % {"count": getattr(tally, name), "of": of} for tally in found.tallies)]
        for word, name in states
    ]
    return Table(_("Questions by state"), columns, rows)


# --- beside -----------------------------------------------------------------------------------------------------------


def context_screen(found: Compared, names: Sequence[str]) -> list[dict[str, Any]]:
    """Each context factor with what every side wrote; one that nobody wrote anything about is left out."""
    questions: dict[str, Words] = {}
    for side in sorted(found.sides, key=lambda side: side.version.sort_key):
        reader = reader_for(side.version, get_language() or "en")
        questions |= {item.code: reader.words(item.text) for item in package_of(side.version).items if item.kind == CONTEXT}
    return [
        {"question": question, "sides": [context_of(side, code, *name) for side, name in zip(found.sides, lettered(names), strict=True)]}
        for code, question in questions.items()
        if any(side.context and side.context.get(code) for side in found.sides)
    ]


def context_of(side: Side, code: str, letter: str, name: str) -> dict[str, Any]:
    return {"letter": letter, "name": name, "is_shown": side.context is not None, "text": (side.context or {}).get(code, "")}


def reason_screen(reason: Reason, items: Sequence[LeftOut]) -> dict[str, Any]:
    return {"heading": REASON_HEADINGS[reason], "items": [left_out_screen(each) for each in items]}


def left_out_screen(each: LeftOut) -> dict[str, Any]:
    reader = reader_for(each.version, get_language() or "en")
    return {
        "code": each.item.code,
        "question": reader.words(each.item.text),
        "version": each.version.version,
        "missing": ", ".join(LETTERS[place] for place in each.missing),
    }

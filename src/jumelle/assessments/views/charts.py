"""Charts of the results: ours, and labelled so. Each brings a sentence that says what one sees, and its table."""

from textwrap import shorten
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jumelle.assessments.queries import Results, ThemeResult
from jumelle.assessments.views.screens import Reader, theme_label
from jumelle.common.charts import Axis, Bar, Stack, bar_chart, radar, stacked_bar
from jumelle.common.tables import Column, Table
from jumelle.engines.scoring.share import MINIMUM_COVERAGE, share_of
from jumelle.engines.scoring.tally import Tally

AXIS_LETTERS = 30


def states_chart(found: Results, reader: Reader, is_rtl: bool) -> dict[str, Any]:
    """How many items of each theme are in place, partly, missing, not known; the table tells unanswered ones apart."""
    stacks = [
        Stack(
            theme_label(reader, result.theme),
            {
                "done": result.tally.met,
                "partly": result.tally.partly,
                "missing": result.tally.unmet,
                "unknown": result.tally.scaled - result.tally.judged,
            },
        )
        for result in found.themes
        if result.tally.scaled
    ]
    title = _("What is in place, theme by theme")
    sentence = states_sentence(found)
    words = {
        "done": _("in place"),
        "partly": _("partly"),
        "missing": _("missing"),
        "unknown": _("not known or not answered"),
    }
    return {
        "title": title,
        "sentence": sentence,
        "svg": stacked_bar(stacks, title=title, description=sentence, words=words, rtl=is_rtl),
        "table": states_table(found, reader),
        "kind": "",
        "note": _("The counts are yours. “Does not apply” and open questions are left out."),
    }


def states_sentence(found: Results) -> str:
    tally = found.tally
    return ngettext(
        "%(met)s of %(count)s point is in place, %(partly)s partly, %(unmet)s missing; %(open)s not known or not answered.",
        "%(met)s of %(count)s points are in place, %(partly)s partly, %(unmet)s missing; %(open)s not known or not answered.",
        tally.scaled,
    ) % {
        "met": tally.met,
        "count": tally.scaled,
        "partly": tally.partly,
        "unmet": tally.unmet,
        "open": tally.scaled - tally.judged,
    }


def states_table(found: Results, reader: Reader) -> Table:
    words = (_("in place"), _("partly"), _("missing"), _("not known"), _("not answered"), _("in all"))
    columns = [Column(_("Theme")), *(Column(word, numeric=True) for word in words)]
    rows = [[theme_label(reader, result.theme), *figures(result.tally)] for result in found.themes]
    return Table(_("Points by state"), columns, rows, total=[_("All"), *figures(found.tally)] if len(rows) > 1 else ())


def figures(tally: Tally) -> list[int]:
    unanswered = tally.unanswered - tally.unwritten
    return [tally.met, tally.partly, tally.unmet, tally.unknown, unanswered, tally.scaled]


def share_chart(found: Results, reader: Reader, is_rtl: bool) -> dict[str, Any] | None:
    """The share in place per theme: a radar from three themes on, bars below that; nothing without a single share."""
    rows = [result for result in found.themes if result.tally.scaled]
    if all(result.share.value is None for result in rows):
        return None
    title, sentence = _("Share in place"), share_sentence(rows)
    note = _(
        "This percentage is ours, not the source's: in place counts 1, partly a half. It is shown from %(percent)s%% of "
        "judged points on, with n of N in brackets; a theme below that is marked as not known."
    ) % {"percent": round(MINIMUM_COVERAGE * 100)}
    chart = {"title": title, "sentence": sentence, "table": share_table(rows, reader, title), "note": note}
    if len(rows) < 3:
        bars = [Bar(theme_label(reader, row.theme), row.share.percent or 0, share_words(row)) for row in rows]
        return {**chart, "kind": "", "svg": bar_chart(bars, title=title, description=sentence, maximum=100, rtl=is_rtl)}
    axes = [Axis(row.theme.code, axis_name(row, reader), row.share.value, share_words(row)) for row in rows]
    return {**chart, "kind": "radar", "svg": radar(axes, title=title, description=sentence, rtl=is_rtl)}


def share_table(rows: list[ThemeResult], reader: Reader, caption: str) -> Table:
    return Table(
        caption,
        [Column(_("Theme")), Column(_("Share in place"), numeric=True), Column(_("Judged"), numeric=True)],
        [[f"{row.theme.code} {reader.words(row.theme.section.title)}", percent_words(row), judged_words(row)] for row in rows],
    )


def share_sentence(rows: list[ThemeResult]) -> str:
    known = [row for row in rows if row.share.value is not None]
    total = share_of(sum((row.tally for row in known[1:]), known[0].tally))
    return _("%(known)s of %(themes)s themes are known well enough for a share; taken together, their share in place is %(percent)s%%.") % {
        "percent": total.percent,
        "known": len(known),
        "themes": len(rows),
    }


def axis_name(row: ThemeResult, reader: Reader) -> str:
    """Short enough that eleven names do not run into each other; the table has them whole."""
    return shorten(reader.words(row.theme.section.title).text, AXIS_LETTERS, placeholder="…")


def share_words(row: ThemeResult) -> str:
    if row.share.percent is None:
        return _("not known (%(judged)s of %(of)s)") % counts(row)
    return _("%(percent)s%% (%(judged)s of %(of)s)") % {"percent": row.share.percent, **counts(row)}


def percent_words(row: ThemeResult) -> str:
    return "–" if row.share.percent is None else _("%(percent)s%%") % {"percent": row.share.percent}


def judged_words(row: ThemeResult) -> str:
    return _("%(judged)s of %(of)s") % counts(row)


def counts(row: ThemeResult) -> dict[str, int]:
    return {"judged": row.share.judged, "of": row.share.of}


def degrees_chart(found: Results, reader: Reader, is_rtl: bool) -> dict[str, Any] | None:
    """Of a grid: how many points of each dimension stand at the highest degree. Never added up to one mark."""
    rows = [result for result in found.themes if result.dimension and result.tally.scaled]
    if not rows:
        return None
    title = _("Points at the highest degree")
    names = [theme_label(reader, row.theme) for row in rows if row.dimension and row.dimension.exemplary]
    sentence = (
        _("Exemplary in: %(dimensions)s.") % {"dimensions": ", ".join(names)}
        if names
        else _("In no dimension do all points stand at the highest degree yet.")
    )
    bars = [
        Bar(
            theme_label(reader, row.theme),
            row.tally.met / row.tally.scaled,
            _("%(judged)s of %(of)s") % {"judged": row.tally.met, "of": row.tally.scaled},
        )
        for row in rows
    ]
    return {
        "title": title,
        "sentence": sentence,
        "svg": bar_chart(bars, title=title, description=sentence, maximum=1, rtl=is_rtl),
        "table": degrees_table(rows, reader),
        "kind": "",
        "note": _("The degrees are ours: the source gives none. The grid has no overall mark."),
    }


def degrees_table(rows: list[ThemeResult], reader: Reader) -> Table:
    """The degree scale of the first dimension gives the columns; dimensions with another scale show their own counts as 0."""
    levels = [value for value, _count in rows[0].dimension.degrees] if rows[0].dimension else []
    labels = level_labels(rows[0], reader)
    columns = [Column(_("Dimension")), *(Column(labels.get(value, value), numeric=True) for value in levels)]
    cells = []
    for row in rows:
        counted = dict(row.dimension.degrees) if row.dimension else {}
        cells.append([theme_label(reader, row.theme), *(counted.get(value, 0) for value in levels)])
    return Table(_("Points by degree"), columns, cells)


def level_labels(row: ThemeResult, reader: Reader) -> dict[str, str]:
    labels: dict[str, str] = {}
    for entry in row.theme.entries:
        labels |= {option.value: option.label.text for option in reader.options(entry.item)}
    return labels

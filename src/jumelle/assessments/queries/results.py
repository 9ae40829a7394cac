"""Results: the engine's figures, put together with the toolkit's own words."""

from dataclasses import dataclass

from jumelle.assessments.models import Assessment, ChosenFactor
from jumelle.assessments.queries.sheet import Entry, Sheet, Theme, sheet_of
from jumelle.assessments.queries.visible import chosen_factors_of
from jumelle.engines.scoring.findings import Findings, Standing, findings_of, standing_of
from jumelle.engines.scoring.grid import Dimension, dimension_of
from jumelle.engines.scoring.share import Share, share_of
from jumelle.engines.scoring.tally import Tally
from jumelle.engines.scoring.verdict import Verdict, verdict_of
from jumelle.toolkits.package import sheets
from jumelle.toolkits.package.model import Package


@dataclass(frozen=True, slots=True)
class SourceVerdict:
    """The band, and the source's words for it in the package."""

    verdict: Verdict
    words: sheets.Verdict


@dataclass(frozen=True, slots=True)
class ThemeResult:
    """
    verdict: for checklists; None when there is none to give.
    dimension: for evaluation grids only.
    chosen: why the city will work on this theme; None if it was not chosen.
    """

    theme: Theme
    tally: Tally
    share: Share
    standing: Standing | None
    findings: Findings
    verdict: SourceVerdict | None
    dimension: Dimension | None
    chosen: ChosenFactor | None


@dataclass(frozen=True, slots=True)
class Results:
    """
    themes: those with something to count, in the toolkit's order.
    context: context factors, beside the result and never inside.
    """

    sheet: Sheet
    themes: tuple[ThemeResult, ...]
    tally: Tally
    share: Share
    verdict: SourceVerdict | None
    context: tuple[Entry, ...]

    @property
    def assessment(self) -> Assessment:
        return self.sheet.assessment

    @property
    def package(self) -> Package:
        return self.sheet.package

    @property
    def exemplary(self) -> tuple[ThemeResult, ...]:
        return tuple(result for result in self.themes if result.dimension and result.dimension.exemplary)

    @property
    def chosen(self) -> tuple[ThemeResult, ...]:
        return tuple(result for result in self.themes if result.chosen)

    def entries(self, codes: tuple[str, ...]) -> tuple[Entry, ...]:
        return tuple(self.sheet.all_entries[code] for code in codes)


def results_of(assessment: Assessment) -> Results:
    return results_with(sheet_of(assessment), chosen_factors_of(assessment))


def results_with(sheet: Sheet, chosen: dict[str, ChosenFactor]) -> Results:
    package = sheet.package
    themes = tuple(_theme_result(package, theme, chosen.get(theme.code)) for theme in sheet.themes if theme.entries)
    return Results(
        sheet=sheet,
        themes=themes,
        tally=sheet.tally,
        share=share_of(sheet.tally),
        verdict=_source_verdict(package, sheet.tally, "package"),
        context=sheet.context,
    )


def _theme_result(package: Package, theme: Theme, chosen: ChosenFactor | None) -> ThemeResult:
    return ThemeResult(
        theme=theme,
        tally=theme.tally,
        share=share_of(theme.tally),
        standing=standing_of(theme.tally),
        findings=findings_of(theme.marks),
        verdict=_source_verdict(package, theme.tally, "section"),
        dimension=dimension_of(theme.marks, degrees_of(theme)) if package.kind == "grid" else None,
        chosen=chosen,
    )


def _source_verdict(package: Package, tally: Tally, scope: str) -> SourceVerdict | None:
    """None where the toolkit has no verdicts: only a source that gives them is quoted."""
    verdict = verdict_of(tally)
    words = package.verdict(verdict.band.value, scope) if verdict else None
    return SourceVerdict(verdict, words) if verdict and words else None


def degrees_of(theme: Theme) -> tuple[str, ...]:
    """Values of the scale that most indicators of a dimension use, from the highest to the lowest, without "na" and "unknown"."""
    scales: dict[str, list[Entry]] = {}
    for entry in theme.entries:
        if entry.levels:
            scales.setdefault(entry.item.answer, []).append(entry)
    if not scales:
        return ()
    most = max(scales.values(), key=len)
    return tuple(level.value for level in most[0].levels if level.meaning in ("met", "partly", "unmet"))

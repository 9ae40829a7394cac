"""
Counts what the shipped packages hold, under the keys of the inventory of the source documents.

Every figure is counted from the packages; none is written here. `tests/expected_counts.json` holds what they must be.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from jumelle.toolkits.mapping.model import Relation, ToolkitMapping
from jumelle.toolkits.mappings import MappingsRead
from jumelle.toolkits.operations import shipped_folders
from jumelle.toolkits.package.lineage import dead_codes
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.problems import PackageRefused, Problem
from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.versions import sort_key
from jumelle.toolkits.package.yaml_folder import read_folder

THEMES = {f"t{number}": f"UT{number}" for number in range(1, 7)}
_ANNEX = re.compile(r"Annex [0-9]+")
_NUMBER_WORDS = {"eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}


@dataclass(frozen=True, slots=True)
class Shipped:
    """
    packages: by id and version.
    problems: by folder (`id/version`), for those that are refused.
    """

    packages: Mapping[tuple[str, str], Package]
    problems: Mapping[str, tuple[Problem, ...]]

    def package(self, slug: str, version: str) -> Package | None:
        """None when no sound package has this id and version."""
        return self.packages.get((slug, version))

    def latest(self, slug: str) -> Package:
        """
        Raises:
            KeyError: no sound package has this id.
        """
        versions = sorted((version for known, version in self.packages if known == slug), key=sort_key)
        if not versions:
            raise KeyError(slug)
        return self.packages[slug, versions[-1]]


def read_shipped(folder: Path) -> Shipped:
    packages: dict[tuple[str, str], Package] = {}
    problems: dict[str, tuple[Problem, ...]] = {}
    for path in shipped_folders(folder):
        name = f"{path.parent.name}/{path.name}"
        try:
            package = read_folder(path)
        except PackageRefused as refusal:
            problems[name] = refusal.problems
            continue
        packages[package.id, package.version] = package
        if f"{package.id}/{package.version}" != name:
            message = _("The folder %(folder)s holds the package %(id)s %(version)s. Rename the folder.")
            params = {"folder": name, "id": package.id, "version": package.version}
            problems[name] = (Problem("package", None, "id", message, params),)
    return Shipped(packages, problems)


def check_shipped(shipped: Shipped, mappings: MappingsRead) -> dict[str, Any]:
    """Return the counts per source document and per mapping, and everything that is wrong with packages and mappings."""
    return {
        **counts_of(shipped),
        "languages": {_name(package): package.completeness() for package in shipped.packages.values()},
        "missing_translations": _missing(shipped),
        "dead_codes": _dead(shipped),
        "problems": [{"package": name, **problem.as_dict()} for name, found in shipped.problems.items() for problem in found],
        "mappings": {mapping.name: _mapping(mapping) for mapping in mappings.mappings},
        "mapping_problems": [{"mapping": name, **problem.as_dict()} for name, found in mappings.problems.items() for problem in found],
    }


def counts_of(shipped: Shipped) -> dict[str, Any]:
    """
    Raises:
        KeyError: a package that the counts need is missing.
    """
    return {
        "doc000_benchmark_language": _benchmark(shipped.latest("language-learning-support")),
        "doc002_key_factor_8_earlier": _earlier_factor(shipped.packages["language-learning-support", "0.9.0"]),
        "doc002_mentoring": _mentoring(shipped),
        "doc003_unhcr_mpg": _inclusion(shipped.latest("refugee-inclusion"), shipped.latest("practice-evaluation-grid")),
    }


def _name(package: Package) -> str:
    return f"{package.id}/{package.version}"


def _mapping(mapping: ToolkitMapping) -> dict[str, int]:
    relations = {relation: sum(row.relation == relation for row in mapping.rows) for relation in get_args(Relation)}
    return {"rows": len(mapping.rows), **relations, "mapped": len({row.from_ for row in mapping.rows}), "unmapped": len(mapping.unmapped)}


def _missing(shipped: Shipped) -> list[dict[str, str]]:
    return [
        {
            "package": _name(package),
            "sheet": gap.sheet,
            "code": gap.code,
            "column": gap.column,
            "language": gap.language,
        }
        for package in shipped.packages.values()
        for gap in package.missing
    ]


def _dead(shipped: Shipped) -> list[dict[str, str]]:
    found = []
    for slug in sorted({slug for slug, _version in shipped.packages}):
        versions = sorted((version for known, version in shipped.packages if known == slug), key=sort_key)
        for old, new in pairwise(versions):
            older, newer = shipped.packages[slug, old], shipped.packages[slug, new]
            found += [
                {"package": _name(newer), "code": code.code, "message": code.as_problem(old).message} for code in dead_codes(older, newer)
            ]
    return found


# --- the counts -------------------------------------------------------------------------------------------------------


def _items(package: Package, kind: str, section: str = "") -> int:
    return sum(item.kind == kind and section in ("", item.section) for item in package.items)


def _support(package: Package, kind: str, target: str = "") -> int:
    return sum(row.kind == kind and target in ("", row.for_) for row in package.support)


def _main_items(package: Package, section: str) -> int:
    """The items of a section that do not detail another one."""
    return sum(not item.parent for item in package.items_of(section))


def _with_total(counts: dict[str, int]) -> dict[str, int]:
    return {**counts, "total": sum(counts.values())}


def _benchmark(package: Package) -> dict[str, int]:
    factors = [section for section in package.sections if section.kind == "key_factor"]
    return {
        "key_factors": len(factors),
        "guiding_questions": _items(package, "question"),
        "guiding_questions_open": sum(item.kind == "question" and item.is_open for item in package.items),
        "practical_tips": _support(package, "tip"),
        "good_practice_examples": _support(package, "example"),
        "context_factors": _items(package, "context_factor"),
        "rationale_sections": sum(bool(section.why) for section in factors),
    }


def _earlier_factor(package: Package) -> dict[str, int]:
    return {
        "questions": _items(package, "question"),
        "tips": _support(package, "tip"),
        "examples": _support(package, "example"),
        "actions": _support(package, "action_hint"),
    }


def _mentoring(shipped: Shipped) -> dict[str, Any]:
    method = shipped.latest("mentoring-method")
    visits = [section.code for section in method.sections if section.code.startswith("VISIT")]
    return {
        "actor_types": _main_items(method, "ACTORS"),
        "mentoring_schemes_in_pilot": _main_items(method, "SCHEMES"),
        "preparation_steps": _main_items(method, "STEPS"),
        "visits": len(visits),
        "visit_agenda_items": [_main_items(method, code) for code in visits],
        "training_questions": _main_items(method, "TRAINING"),
        "benchmark_helps_define_questions": _main_items(method, "BENCHMARK"),
        "adaptations": _main_items(method, "ADAPTATIONS"),
        "annexes": _annexes(shipped),
        "annex1": _key_points(shipped.latest("mentoring-key-points")),
        "annex2_needs_questions": _questionnaire(shipped.latest("needs-analysis"), "mentee"),
        "annex3_strengths_questions": _questionnaire(shipped.latest("mentor-strengths"), "mentor"),
        "annex4_practice_template": _practice_sheet(shipped.latest("good-practice-sheet")),
        "annex5_local_support": _support_network(shipped.latest("local-support-network")),
        "annex6_action_plan": _action_plan(shipped.latest("action-plan")),
    }


def _annexes(shipped: Shipped) -> int:
    """How many annexes of the mentoring guide the packages say they restate."""
    sources = (section.source for package in shipped.packages.values() for section in package.sections)
    return len({found[0] for source in sources if (found := _ANNEX.match(source))})


def _key_points(package: Package) -> dict[str, int]:
    sections = {
        "mentoring_offers": "OFFERS",
        "mentor_does_not": "NOT",
        "mentor_does": "DOES",
        "option_prompts": "OPTIONS",
        "help_words": "HELP",
        "decide_words": "DECIDE",
    }
    return {key: _main_items(package, code) for key, code in sections.items()}


def _questionnaire(package: Package, who: str) -> dict[str, int]:
    sections = {who: who.upper(), "local_context": "LOCAL", "national_context": "NATIONAL"}
    return _with_total({key: _main_items(package, code) for key, code in sections.items()})


def _practice_sheet(package: Package) -> dict[str, int]:
    blocks = [section for section in package.sections if section.kind == "block"]
    return {"blocks": len(blocks), "prompts_incl_title": sum(_main_items(package, block.code) for block in blocks)}


def _support_network(package: Package) -> dict[str, int]:
    return {
        "max_members": _number_in(package.text(package.item("SIZE.S1").text, "en").text),
        "member_types": _main_items(package, "MEMBERS"),
        "roles": _main_items(package, "ROLES"),
        "benefits": _main_items(package, "BENEFITS"),
    }


def _number_in(sentence: str) -> int:
    """The first number in an English sentence, in digits or as a word; 0 when there is none."""
    for word in sentence.lower().replace(".", " ").split():
        if word.isdigit() or word in _NUMBER_WORDS:
            return _NUMBER_WORDS.get(word) or int(word)
    return 0


def _action_plan(package: Package) -> dict[str, int]:
    return {"header_fields": _items(package, "field"), "columns": _items(package, "column")}


def _inclusion(toolkit: Package, grid: Package) -> dict[str, Any]:
    themes = {key: _items(toolkit, "check", code) for key, code in THEMES.items()}
    return {
        "themes": sum(section.kind == "theme" for section in toolkit.sections),
        "benefits": _with_total({key: _support(toolkit, "benefit", code) for key, code in THEMES.items()}),
        "success_criteria": _with_total({key: _support(toolkit, "criterion", code) for key, code in THEMES.items()}),
        "checklist_items": {
            **themes,
            "themes_total": sum(themes.values()),
            "t4_local_authorities": _items(toolkit, "check", "UT4LA"),
            "general_section6": _items(toolkit, "check", "UTG"),
            "grand_total": _items(toolkit, "check"),
        },
        "references": {
            **_with_total({key: len(toolkit.references_for(code)) for key, code in THEMES.items()}),
            "unique": len({reference.work for reference in toolkit.references}),
        },
        "grid": _grid(grid),
        "glossary_terms": len(toolkit.glossary),
        "verdict_bands": len({verdict.when for verdict in toolkit.verdicts}),
    }


def _grid(grid: Package) -> dict[str, Any]:
    dimensions = [section.code for section in grid.sections if section.kind == "dimension"]
    questions = [_items(grid, "question", code) for code in dimensions]
    indicators = [_items(grid, "indicator", code) for code in dimensions]
    return {
        "dimensions": len(dimensions),
        "questions": questions,
        "questions_total": sum(questions),
        "indicators": indicators,
        "indicators_total": sum(indicators),
        "sub_bullets": _items(grid, "point"),
    }


def differences(expected: Any, found: Any, path: str = "") -> Iterable[str]:
    """Yield a sentence for each figure that is not as expected; figures that are not expected are left alone."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            inner = found.get(key) if isinstance(found, dict) else None
            yield from differences(value, inner, f"{path}.{key}" if path else key)
    elif expected != found:
        yield f"{path}: expected {expected}, counted {found}"

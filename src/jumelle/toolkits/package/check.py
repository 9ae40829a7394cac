"""What must be true between the rows of a package: unique codes, references that lead somewhere, no circles."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jumelle.toolkits.package.problems import Findings
from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.records import Built, RawPackage
from jumelle.toolkits.package.sheets import BUILT_IN_ANSWERS
from jumelle.toolkits.package.versions import sort_key

CODED_SHEETS = ("sections", "items", "support", "verdicts", "references", "glossary")
SHEETS_WITH_ROWS = ("package", "languages", "sections", "items")


class Checker:
    """
    The rows that could be read, and the codes of all rows that the file has.

    A reference to a row that is itself refused is not a second problem, so codes are taken from the raw records too.
    """

    def __init__(self, raw: RawPackage, built: Mapping[str, list[Built]], findings: Findings) -> None:
        self.raw, self.built, self.findings = raw, built, findings
        self.sections = self._raw_codes("sections")
        self.items = self._raw_codes("items")
        self.support = self._raw_codes("support")
        self.codes = frozenset().union(*(self._raw_codes(sheet) for sheet in CODED_SHEETS))

    def _raw_codes(self, sheet: str) -> frozenset[str]:
        values = (record.values.get("code") for record in self.raw.get(sheet, []))
        return frozenset(value.strip() for value in values if isinstance(value, str))

    def add(self, sheet: str, entry: Built, column: str, template: str, **params: Any) -> None:
        self.findings.add(template, sheet=sheet, at=entry.record.place_of(column), column=column, **params)

    def require(self, sheet: str, column: str, codes: Iterable[str], known: frozenset[str], entry: Built, what: str) -> None:
        for code in codes:
            if code and code not in known:
                self.add(sheet, entry, column, what, code=code)


def check_package(raw: RawPackage, built: Mapping[str, list[Built]], findings: Findings) -> None:
    """Add everything that is wrong between the rows to the findings."""
    checker = Checker(raw, built, findings)
    for check in CHECKS:
        check(checker)


def _check_presence(checker: Checker) -> None:
    for sheet in SHEETS_WITH_ROWS:
        count = len(checker.raw.get(sheet, []))
        if count == 0:
            checker.findings.add(_("This sheet is missing or has no rows. A package needs at least one."), sheet=sheet)
        if sheet == "package" and count > 1:
            checker.findings.add(_("A file holds one package: this sheet describes several."), sheet=sheet)


def _check_codes(checker: Checker) -> None:
    first: dict[str, str] = {}
    for sheet in CODED_SHEETS:
        for entry in checker.built[sheet]:
            code = entry.row.code
            if code in first:
                message = _("The code %(code)s is already used in the sheet %(other)s. Give this row a code of its own.")
                checker.add(sheet, entry, "code", message, code=code, other=first[code])
            else:
                first[code] = sheet


def _check_languages(checker: Checker) -> None:
    seen: set[str] = set()
    for entry in checker.built["languages"]:
        if entry.row.code in seen:
            checker.add("languages", entry, "code", _("This language stands here twice. Keep one row."))
        seen.add(entry.row.code)
    entries = checker.built["languages"]
    if entries and all(entry.row.state != "original" for entry in entries):
        message = _("No language has the state original. Give it to the language that the texts were written in.")
        checker.add("languages", entries[0], "state", message)


_NO_SECTION = _("There is no section with the code %(code)s. Correct the code, or add the section.")
_NO_ITEM = _("There is no item with the code %(code)s. Correct the code, or add the item.")
_NO_CRITERION = _("There is no criterion with the code %(code)s in the sheet support. Correct the code, or add it there.")
_NO_TARGET = _("There is no section or item with the code %(code)s. Correct the code, or add the row.")
_NO_CODE = _("There is no row with the code %(code)s in this package. Correct the code, or delete it here.")
_NO_SCALE = _("There is no scale named %(code)s. Write a scale of this package, or one of: %(choices)s.")
_ANOTHER_SECTION = _("The item %(code)s stands in the section %(section)s. Put both items in the same section.")


def _check_references(checker: Checker) -> None:
    for entry in checker.built["sections"]:
        checker.require("sections", "parent", [entry.row.parent], checker.sections, entry, _NO_SECTION)
    for entry in checker.built["support"]:
        checker.require("support", "for", [entry.row.for_], checker.sections | checker.items, entry, _NO_TARGET)
    for entry in checker.built["references"]:
        checker.require("references", "for", [entry.row.for_], checker.sections, entry, _NO_SECTION)
    for entry in checker.built["items"]:
        checker.require("items", "section", [entry.row.section], checker.sections, entry, _NO_SECTION)
        checker.require("items", "parent", [entry.row.parent], checker.items, entry, _NO_ITEM)
        checker.require("items", "replaced_by", [entry.row.replaced_by], checker.items, entry, _NO_ITEM)
        checker.require("items", "criteria", entry.row.criteria, checker.support, entry, _NO_CRITERION)


def _check_criteria(checker: Checker) -> None:
    kinds = {entry.row.code: entry.row.kind for entry in checker.built["support"]}
    for entry in checker.built["items"]:
        for code in entry.row.criteria:
            if kinds.get(code, "criterion") != "criterion":
                message = _("%(code)s is of the kind %(kind)s, not a criterion. Name a row of the kind criterion.")
                checker.add("items", entry, "criteria", message, code=code, kind=kinds[code])


def _check_answers(checker: Checker) -> None:
    scales = {str(record.values.get("scale", "")).strip() for record in checker.raw.get("scales", [])}
    for entry in checker.built["items"]:
        if entry.row.answer not in scales and entry.row.answer not in BUILT_IN_ANSWERS:
            choices = ", ".join(sorted(scales | set(BUILT_IN_ANSWERS)))
            checker.add("items", entry, "answer", _NO_SCALE, code=entry.row.answer, choices=choices)


def _check_scales(checker: Checker) -> None:
    seen: set[tuple[str, str]] = set()
    for entry in checker.built["scales"]:
        level = entry.row
        if level.scale in BUILT_IN_ANSWERS:
            message = _("%(name)s is a kind of answer that exists already. Give your scale another name.")
            checker.add("scales", entry, "scale", message, name=level.scale)
        if (level.scale, level.value) in seen:
            message = _("The scale %(scale)s has the value %(value)s twice. Keep one row.")
            checker.add("scales", entry, "value", message, scale=level.scale, value=level.value)
        seen.add((level.scale, level.value))
    for name in {level for level, _value in seen}:
        levels = [entry for entry in checker.built["scales"] if entry.row.scale == name]
        if not any(entry.row.meaning == "met" for entry in levels):
            message = _("The scale %(scale)s has no level that means met. Without one nothing can ever be in place.")
            checker.add("scales", levels[0], "meaning", message, scale=name)


def _check_parents(checker: Checker) -> None:
    for sheet, column in (("sections", "parent"), ("items", "parent"), ("items", "replaced_by")):
        next_code = {entry.row.code: getattr(entry.row, column) for entry in checker.built[sheet]}
        for entry in checker.built[sheet]:
            if _leads_back(entry.row.code, next_code):
                message = _("Following this column from %(code)s leads back to %(code)s. Break the circle.")
                checker.add(sheet, entry, column, message, code=entry.row.code)
    section_of = {entry.row.code: entry.row.section for entry in checker.built["items"]}
    for entry in checker.built["items"]:
        if entry.row.parent and section_of.get(entry.row.parent, entry.row.section) != entry.row.section:
            section = section_of[entry.row.parent]
            checker.add("items", entry, "parent", _ANOTHER_SECTION, code=entry.row.parent, section=section)


def _leads_back(start: str, next_code: Mapping[str, str]) -> bool:
    seen, code = set(), next_code.get(start, "")
    while code and code not in seen:
        if code == start:
            return True
        seen.add(code)
        code = next_code.get(code, "")
    return False


def _check_verdicts(checker: Checker) -> None:
    """One verdict for each case, and each case has one: whoever finishes is told something."""
    cases: dict[tuple[str, str], str] = {}
    for entry in checker.built["verdicts"]:
        for scope in ("section", "package") if entry.row.scope == "both" else (entry.row.scope,):
            if other := cases.get((scope, entry.row.when)):
                message = _("%(other)s is already the verdict for this case. Keep one of the two.")
                checker.add("verdicts", entry, "when", message, other=other)
            cases[scope, entry.row.when] = entry.row.code
    for scope in sorted({scope for scope, _when in cases}):
        for when in ("all", "some", "none"):
            if (scope, when) not in cases:
                message = _("The verdict for “%(when)s” is missing (scope %(scope)s). Add a row for it.")
                checker.findings.add(message, sheet="verdicts", column="when", when=when, scope=scope)


def _check_versions(checker: Checker) -> None:
    for entry in checker.built["package"]:
        head = entry.row
        if head.supersedes and sort_key(head.supersedes) >= sort_key(head.version):
            message = _("The version before this one (%(before)s) must be lower than %(version)s.")
            checker.add("package", entry, "supersedes", message, before=head.supersedes, version=head.version)
        for change in checker.built["changes"]:
            if sort_key(change.row.from_version) >= sort_key(head.version):
                message = _("Changes are from an older version: %(before)s is not lower than %(version)s.")
                params = {"before": change.row.from_version, "version": head.version}
                checker.add("changes", change, "from_version", message, **params)


# How many codes of this version each kind of change names: at least, at most (None: any number).
_TARGETS: dict[str, tuple[int, int | None]] = {
    "wording": (0, 1),
    "moved": (0, 1),
    "added": (0, 1),
    "removed": (0, 0),
    "meaning": (1, None),
    "split": (2, None),
    "merged": (1, 1),
    "replaced": (1, None),
}
_ENDED = ("meaning", "removed", "replaced")


def _check_changes(checker: Checker) -> None:
    seen: set[tuple[str, str]] = set()
    for entry in checker.built["changes"]:
        row = entry.row
        _check_targets(checker, entry)
        if (row.from_version, row.code) in seen:
            checker.add("changes", entry, "code", _("This code stands here twice for one version. Join the two rows."))
        seen.add((row.from_version, row.code))
        if row.change in _ENDED and row.code in checker.codes:
            message = _("%(code)s ended here, but this version uses it. A code is never used again: take a new one.")
            checker.add("changes", entry, "code", message, code=row.code)
        if row.change in ("wording", "moved", "added") and row.code not in checker.codes and not row.to:
            checker.add("changes", entry, "code", _NO_CODE, code=row.code)


def _check_targets(checker: Checker, entry: Built) -> None:
    row = entry.row
    least, most = _TARGETS[row.change]
    if len(row.to) < least or (most is not None and len(row.to) > most):
        message = _("A change of the kind %(change)s names %(least)s codes or more, and %(most)s at most.")
        checker.add("changes", entry, "to", message, change=row.change, least=least, most="∞" if most is None else most)
    checker.require("changes", "to", row.to, checker.codes, entry, _NO_CODE)


CHECKS: tuple[Callable[[Checker], None], ...] = (
    _check_presence,
    _check_codes,
    _check_languages,
    _check_references,
    _check_criteria,
    _check_answers,
    _check_scales,
    _check_parents,
    _check_verdicts,
    _check_versions,
    _check_changes,
)

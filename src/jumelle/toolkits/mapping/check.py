"""What must be true between a mapping and the two packages that it names: codes that are there, pairs said once, reasons given."""

from collections.abc import Callable, Mapping

from jumelle.toolkits.mapping.model import MappingRow, Side, ToolkitMapping, has_scale
from jumelle.toolkits.mapping.notes import Key, Notes
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.problems import mark as _

# The package of a version of a toolkit, by id and version; None when there is none.
PackageOf = Callable[[str, str], Package | None]


def check_mapping(mapping: ToolkitMapping, package_of: PackageOf, notes: Notes) -> None:
    """Add everything that is wrong to the notes."""
    _check_languages(mapping, notes)
    _check_texts(mapping, notes)
    _check_pairs(mapping, notes)
    _check_unmapped(mapping, notes)
    source = _package("from", mapping.from_, package_of, notes)
    target = _package("to", mapping.to, package_of, notes)
    if source and target:
        _check_codes(mapping, source, target, notes)
        _check_coverage(mapping, source, notes)


# --- languages and texts ----------------------------------------------------------------------------------------------


def _check_languages(mapping: ToolkitMapping, notes: Notes) -> None:
    codes = mapping.language_codes
    for number, code in enumerate(codes):
        if code in codes[:number]:
            notes.add(_("This language stands here twice. Keep one row."), "languages", number, "code")
    if all(language.state != "original" for language in mapping.languages):
        notes.add(_("No language has the state original. Give it to the language that the texts were written in."), "languages")


def _check_texts(mapping: ToolkitMapping, notes: Notes) -> None:
    for name in ("title", "summary", "attribution"):
        _check_text(getattr(mapping, name), (name,), mapping, notes)
    for number, row in enumerate(mapping.rows):
        _check_text(row.why, ("rows", number, "why"), mapping, notes)
    for number, item in enumerate(mapping.unmapped):
        _check_text(item.why, ("unmapped", number, "why"), mapping, notes)


def _check_text(text: Mapping[str, str], key: Key, mapping: ToolkitMapping, notes: Notes) -> None:
    for code in text:
        if code not in mapping.language_codes:
            message = _("The language %(language)s is not in the list languages. Add it there, or delete this text.")
            notes.add(message, *key, code, language=code)
    for language in mapping.languages:
        if language.code not in text and language.state != "draft":
            message = _("The text in %(language)s is missing. Write it, or give this language the state draft.")
            notes.add(message, *key, language.code, language=language.code)


# --- within the mapping -----------------------------------------------------------------------------------------------


def _check_pairs(mapping: ToolkitMapping, notes: Notes) -> None:
    if not mapping.rows:
        notes.add(_("A mapping needs at least one row. Write what is to what, and why."), "rows")
    first: dict[tuple[str, str], int] = {}
    same_package = (mapping.from_.toolkit, mapping.from_.version) == (mapping.to.toolkit, mapping.to.version)
    for number, row in enumerate(mapping.rows):
        if (earlier := first.setdefault((row.from_, row.to), number)) != number:
            message = _("The pair %(from_code)s and %(to_code)s stands in row %(row)s already. Keep one of the two rows.")
            notes.add(message, "rows", number, "to", from_code=row.from_, to_code=row.to, row=earlier + 1)
        if same_package and row.from_ == row.to:
            notes.add(_("%(code)s is mapped to itself. Name another item, or delete the row."), "rows", number, "to", code=row.to)


def _check_unmapped(mapping: ToolkitMapping, notes: Notes) -> None:
    mapped, seen = {row.from_ for row in mapping.rows}, set()
    for number, item in enumerate(mapping.unmapped):
        if item.code in seen:
            notes.add(_("%(code)s stands twice in this list. Keep it once."), "unmapped", number, "code", code=item.code)
        if item.code in mapped:
            message = _("%(code)s has a row, so it is not without a counterpart. Delete it here, or delete its rows.")
            notes.add(message, "unmapped", number, "code", code=item.code)
        seen.add(item.code)


# --- against the packages ---------------------------------------------------------------------------------------------


def _package(name: str, side: Side, package_of: PackageOf, notes: Notes) -> Package | None:
    package = package_of(side.toolkit, side.version)
    if package is None:
        message = _("There is no version %(version)s of a toolkit %(toolkit)s here. Correct the id or the version.")
        notes.add(message, name, "toolkit", version=side.version, toolkit=side.toolkit)
        return None
    for code in side.sections:
        if not package.has_section(code):
            message = _("%(toolkit)s %(version)s has no section with the code %(code)s. Correct the code, or delete it here.")
            notes.add(message, name, "sections", toolkit=side.toolkit, version=side.version, code=code)
    return package


def _check_codes(mapping: ToolkitMapping, source: Package, target: Package, notes: Notes) -> None:
    for number, row in enumerate(mapping.rows):
        known = _check_code(row.from_, mapping.from_, source, ("rows", number, "from"), notes)
        known &= _check_code(row.to, mapping.to, target, ("rows", number, "to"), notes)
        if known:
            _check_relation(row, source, target, ("rows", number, "relation"), notes)
    for number, item in enumerate(mapping.unmapped):
        _check_code(item.code, mapping.from_, source, ("unmapped", number, "code"), notes)


def _check_code(code: str, side: Side, package: Package, key: Key, notes: Notes) -> bool:
    params = {"toolkit": side.toolkit, "version": side.version, "code": code}
    if not package.has_section(code) and not package.has_item(code):
        message = _("%(toolkit)s %(version)s has no item or section with the code %(code)s. Correct the code, or delete the row.")
        notes.add(message, *key, **params)
        return False
    if package.has_item(code) and (instead := package.item(code).replaced_by):
        message = _("%(code)s is no longer asked: %(instead)s has taken its place. Map that item.")
        notes.add(message, *key, code=code, instead=instead)
    section = package.item(code).section if package.has_item(code) else code
    if side.sections and section not in side.sections:
        message = _("%(code)s stands in the section %(section)s, which this mapping is not about. Add the section, or delete the row.")
        notes.add(message, *key, code=code, section=section)
    return True


def _check_relation(row: MappingRow, source: Package, target: Package, key: Key, notes: Notes) -> None:
    if row.relation in ("equal", "wider") and not (has_scale(source, row.from_) and has_scale(target, row.to)):
        message = _(
            "“%(relation)s” says that a yes to one is a yes to the other, but one of the two has no yes. Write part_of or overlaps."
        )
        notes.add(message, *key, relation=row.relation)


def _check_coverage(mapping: ToolkitMapping, source: Package, notes: Notes) -> None:
    said = {row.from_ for row in mapping.rows} | {item.code for item in mapping.unmapped}
    for item in source.answerable():
        if mapping.from_.covers(item) and item.code not in said:
            message = _("%(code)s stands neither in rows nor in unmapped. Give it a row, or say there why it has none.")
            notes.add(message, "unmapped", code=item.code)

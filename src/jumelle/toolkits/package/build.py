"""From the raw records of a file to a package, or to the list of everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from jumelle.toolkits.package import check
from jumelle.toolkits.package.columns import LANGUAGE_JOINER, Column, columns_of
from jumelle.toolkits.package.fields import MAX_ROWS, Shape
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.problems import Findings
from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.records import Built, RawPackage, Record
from jumelle.toolkits.package.sheets import SHEETS, Row


def build(raw: RawPackage, findings: Findings) -> Package:
    """
    Check everything and return the package.

    Args:
        raw: the records of each sheet; sheets may be left out.
        findings: what the reader found already; the package is refused with these too.
    Raises:
        PackageRefused: with every problem, ordered by sheet and row.
    """
    _check_size(raw, findings)
    findings.refuse_if_any()
    built = {sheet: list(_validated(sheet, raw.get(sheet, []), findings)) for sheet in SHEETS}
    _check_texts(built, findings)
    check.check_package(raw, built, findings)
    order = {sheet: position for position, sheet in enumerate(SHEETS)}
    findings.problems.sort(key=lambda problem: (order.get(problem.sheet, -1), problem.row or 0))
    findings.refuse_if_any()
    rows = {sheet: tuple(entry.row for entry in entries) for sheet, entries in built.items()}
    return Package.model_construct(**{**rows, "package": rows["package"][0]})


def package_from_content(content: Mapping[str, Any]) -> Package:
    """
    Return the package of canonical content that was checked when it was stored.

    Raises:
        pydantic.ValidationError: it was not.
    """
    return Package.model_validate(content)


def _check_size(raw: RawPackage, findings: Findings) -> None:
    count = sum(len(records) for records in raw.values())
    if count > MAX_ROWS:
        findings.add(
            _("The package has %(count)s rows, the limit is %(limit)s. Split it into several packages."),
            count=count,
            limit=MAX_ROWS,
        )


# --- single rows ------------------------------------------------------------------------------------------------------

_SENTENCES = {
    "missing": _("This must be filled in."),
    "extra_forbidden": _("There is no column of this name. Delete it, or look up the right name in the manual."),
    "literal_error": _("“%(value)s” is not known here. Write one of: %(choices)s."),
}
_OTHERWISE = _("“%(value)s” cannot be read here (%(detail)s). Look up this column in the manual.")


def _validated(sheet: str, records: list[Record], findings: Findings) -> Iterator[Built]:
    model = SHEETS[sheet]
    for record in records:
        values = {name: value for name, value in record.values.items() if value not in ("", None)}
        try:
            row = model.model_validate(values)
        except ValidationError as refusal:
            for error in refusal.errors(include_url=False):
                _add_error(findings, sheet, record, error)
        else:
            _check_filled(sheet, row, record, findings)
            yield Built(row, record)


def _add_error(findings: Findings, sheet: str, record: Record, error: ErrorDetails) -> None:
    column = _column_of(sheet, error["loc"])
    place = record.place_of(column)
    context = error.get("ctx", {})
    if error["type"] == "jumelle":
        findings.add(context["template"], sheet=sheet, at=place, column=column, **context["params"])
        return
    template = _SENTENCES.get(error["type"], _OTHERWISE)
    value = str(error["input"])[:80]
    choices = ", ".join(_choices(sheet, column))
    findings.add(template, sheet=sheet, at=place, column=column, value=value, choices=choices, detail=error["type"])


def _column_of(sheet: str, location: tuple[int | str, ...]) -> str:
    name = str(location[0])
    column = next((column for column in columns_of(sheet) if column.name == name), None)
    if column and column.shape is Shape.TEXT and len(location) > 1:
        return f"{name}{LANGUAGE_JOINER}{location[1]}"
    return name


def _choices(sheet: str, name: str) -> tuple[str, ...]:
    return next((column.choices for column in columns_of(sheet) if column.name == name), ())


def _check_filled(sheet: str, row: Row, record: Record, findings: Findings) -> None:
    for column in columns_of(sheet):
        if column.required and not getattr(row, column.attribute):
            findings.add(_SENTENCES["missing"], sheet=sheet, at=record.place_of(column.name), column=column.name)


# --- languages --------------------------------------------------------------------------------------------------------


def _check_texts(built: Mapping[str, list[Built]], findings: Findings) -> None:
    """Every text in every language that is original or reviewed; no text in a language that is not declared."""
    states = {entry.row.code: entry.row.state for entry in built["languages"]}
    if not states:
        return
    for sheet, entries in built.items():
        texts = [column for column in columns_of(sheet) if column.shape is Shape.TEXT]
        for entry in entries:
            for column in texts:
                _check_text(sheet, entry, column, states, findings)


def _check_text(sheet: str, entry: Built, column: Column, states: Mapping[str, str], findings: Findings) -> None:
    text = getattr(entry.row, column.attribute)
    for language in text:
        if language not in states:
            header = f"{column.name}{LANGUAGE_JOINER}{language}"
            findings.add(
                _("The language %(language)s is not in the sheet languages. Add it there, or delete this text."),
                sheet=sheet,
                at=entry.record.place_of(header),
                column=header,
                language=language,
            )
    for language, state in states.items():
        if text and language not in text and state != "draft":
            header = f"{column.name}{LANGUAGE_JOINER}{language}"
            findings.add(
                _("The text in %(language)s is missing. Write it, or give this language the state draft."),
                sheet=sheet,
                at=entry.record.place_of(header),
                column=header,
                language=language,
            )

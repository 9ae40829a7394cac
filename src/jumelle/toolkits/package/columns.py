"""Which columns a sheet has: read off the models, so that both written forms and the manual can never differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args

from jumelle.toolkits.package.fields import Shape
from jumelle.toolkits.package.sheets import SHEETS, Row

LIST_JOINER = " | "
LANGUAGE_JOINER = "::"


@dataclass(frozen=True, slots=True)
class Column:
    """
    name: as authors write it, without the language.
    choices: the only values allowed; () when any value of the right kind is.
    """

    name: str
    attribute: str
    shape: Shape
    required: bool
    description: str
    choices: tuple[str, ...]

    def headers(self, languages: Iterable[str]) -> list[str]:
        if self.shape is Shape.TEXT:
            return [f"{self.name}{LANGUAGE_JOINER}{language}" for language in languages]
        return [self.name]


@cache
def columns_of(sheet: str) -> tuple[Column, ...]:
    found = []
    for attribute, field in SHEETS[sheet].model_fields.items():
        shape = next((mark for mark in field.metadata if isinstance(mark, Shape)), Shape.LINE)
        found.append(
            Column(
                name=field.alias or attribute,
                attribute=attribute,
                shape=shape,
                required=field.is_required(),
                description=field.description or "",
                choices=_choices(field.annotation, shape),
            )
        )
    return tuple(found)


def _choices(annotation: Any, shape: Shape) -> tuple[str, ...]:
    inner = get_args(annotation)[0] if shape is Shape.LIST else annotation
    return tuple(value for value in get_args(inner) if isinstance(value, str) and value)


@cache
def column_names(sheet: str) -> Mapping[str, Column]:
    return {column.name: column for column in columns_of(sheet)}


def record_of(sheet: str, row: Row, languages: Iterable[str]) -> dict[str, Any]:
    """
    Return the row as it is written: columns in their order, languages in the package's order, nothing that is empty.

    Texts are dictionaries per language, lists are lists.
    """
    record: dict[str, Any] = {}
    for column in columns_of(sheet):
        value = getattr(row, column.attribute)
        if not value:
            continue
        if column.shape is Shape.TEXT:
            record[column.name] = {language: value[language] for language in languages if language in value}
        else:
            record[column.name] = list(value) if column.shape is Shape.LIST else value
    return record

"""From the bytes of a `mapping.yaml` to a mapping, or to the list of everything that is wrong with it."""

import re
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from jumelle.toolkits.mapping.check import PackageOf, check_mapping
from jumelle.toolkits.mapping.model import MappingRow, Side, ToolkitMapping, Unmapped
from jumelle.toolkits.mapping.notes import Key, Notes, place_of
from jumelle.toolkits.package.plain_yaml import compose, line_of, pairs, value_of
from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.sheets import Language


def read_mapping(content: bytes, package_of: PackageOf) -> ToolkitMapping:
    """
    Return the mapping in a file.

    Args:
        content: of the file.
        package_of: gives the packages that the mapping names, so that its codes can be checked.
    Raises:
        PackageRefused: with every problem; its `sheet` is the list or the side that it stands in.
    """
    notes = Notes()
    values = _read(content, notes)
    notes.refuse_if_any()
    try:
        mapping = ToolkitMapping.model_validate(values)
    except ValidationError as refusal:
        for error in refusal.errors(include_url=False):
            _add_error(error, notes)
        notes.refuse_if_any()
        raise
    check_mapping(mapping, package_of, notes)
    notes.refuse_if_any()
    return mapping


# --- from nodes to values ---------------------------------------------------------------------------------------------


def _read(content: bytes, notes: Notes) -> Any:
    node = compose("", content, notes.findings)
    if notes.findings:
        return None
    if not isinstance(node, yaml.MappingNode):
        notes.add(_("This file holds one record: key: value on each line, without a list."))
        return None
    return _value(node, (), notes)


def _value(node: yaml.Node, key: Key, notes: Notes) -> Any:
    """Return plain values, with the line of each noted; what is empty is left out, as in a package."""
    notes.lines[key] = line_of(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(entry, (*key, number), notes) for number, entry in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        sheet, row, _column = place_of(key)
        found = {name: _value(inner, (*key, name), notes) for name, inner in pairs(sheet, node, row, notes.findings)}
        return {name: value for name, value in found.items() if not _is_blank(value)}
    return value_of(node)


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


# --- from refusals to sentences ---------------------------------------------------------------------------------------

_SENTENCES = {
    "missing": _("This must be filled in."),
    "extra_forbidden": _("There is no key of this name here. Delete it, or write one of: %(choices)s."),
    "literal_error": _("“%(value)s” is not known here. Write one of: %(choices)s."),
    "model_type": _("A record was expected here: one “key: value” on each line."),
    "tuple_type": _("A list was expected here: each of its records starts with “- ”."),
}
_OTHERWISE = _("“%(value)s” cannot be read here (%(detail)s). Look it up in the description of the format.")
_RECORDS: dict[str, type[BaseModel]] = {"rows": MappingRow, "unmapped": Unmapped, "languages": Language, "from": Side, "to": Side}


def _add_error(error: ErrorDetails, notes: Notes) -> None:
    key, context = error["loc"], error.get("ctx", {})
    if error["type"] == "jumelle":
        notes.add(context["template"], *key, **context["params"])
        return
    template = _SENTENCES.get(error["type"], _OTHERWISE)
    choices = _keys_at(key) if error["type"] == "extra_forbidden" else re.findall(r"'([^']+)'", str(context.get("expected", "")))
    notes.add(template, *key, value=str(error["input"])[:80], choices=", ".join(choices), detail=error["type"])


def _keys_at(key: Key) -> list[str]:
    model = _RECORDS.get(str(key[0]), ToolkitMapping) if len(key) > 1 else ToolkitMapping
    return [field.alias or name for name, field in model.model_fields.items()]

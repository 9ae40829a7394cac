"""
YAML read with places and without anything that it offers beyond plain values: no anchors, no tags, no second document.

Packages and mappings are read from here, so that a problem can name its line.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from jumelle.toolkits.package.fields import NotText
from jumelle.toolkits.package.problems import Findings, Place
from jumelle.toolkits.package.problems import mark as _

MAX_DEPTH = 6

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = {
    "tag:yaml.org,2002:int": "integer",
    "tag:yaml.org,2002:float": "decimal",
    "tag:yaml.org,2002:bool": "boolean",
    "tag:yaml.org,2002:timestamp": "date",
}


def compose(sheet: str, content: bytes, findings: Findings) -> yaml.Node | None:
    """Return the nodes of a file; None when it is empty, or when it holds more than plain values and this was noted."""
    try:
        return _compose(sheet, content, findings)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        message = _("This is not valid YAML: %(detail)s. Indent with spaces, and put texts with “: ” or “#” in quotes.")
        findings.add(message, sheet=sheet, at=Place(None, line), detail=getattr(error, "problem", None) or "?")
        return None


def _compose(sheet: str, content: bytes, findings: Findings) -> yaml.Node | None:
    text = _decode(sheet, content, findings)
    if text is None or not _is_plain(sheet, text, findings):
        return None
    node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    return node


def _decode(sheet: str, content: bytes, findings: Findings) -> str | None:
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        findings.add(
            _("The file starts with a byte-order mark. Save it as UTF-8 without one (“UTF-8”, not “UTF-8 BOM”)."),
            sheet=sheet,
        )
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        findings.add(_("The file is not in UTF-8 here. Save it again as UTF-8."), sheet=sheet, at=Place(None, line))
        return None
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        findings.add(_("The file holds a NUL character here. Delete it."), sheet=sheet, at=Place(None, line))
        return None
    return text


_FEATURES = {
    "alias": _("“*name” repeats another value. Packages hold plain values only: write the value itself."),
    "anchor": _("“&name” marks a value for repetition. Packages hold plain values only: delete the mark."),
    "tag": _("“!name” gives a value a type. Packages hold plain values only: delete it."),
    "depth": _("The values are nested too deeply. A package has records, and texts per language."),
    "document": _("“---” starts a second document. Keep one per file."),
}


def _is_plain(sheet: str, text: str, findings: Findings) -> bool:
    """Look at the events before anything is built from them: a repetition of repetitions costs nothing yet."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        documents += isinstance(event, yaml.DocumentStartEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if feature := _feature(event, depth, documents):
            findings.add(_FEATURES[feature], sheet=sheet, at=Place(None, line_of(event)))
            return False
    return True


def _feature(event: yaml.Event, depth: int, documents: int) -> str:
    if isinstance(event, yaml.AliasEvent):
        return "alias"
    if getattr(event, "anchor", None):
        return "anchor"
    if getattr(event, "tag", None):
        return "tag"
    if depth > MAX_DEPTH:
        return "depth"
    return "document" if documents > 1 else ""


def line_of(node: yaml.Node | yaml.Event) -> int:
    return node.start_mark.line + 1 if node.start_mark else 1


def pairs(sheet: str, node: yaml.MappingNode, number: int | None, findings: Findings) -> Iterator[tuple[str, yaml.Node]]:
    """Yield the keys of a record with their nodes; what is no key, or stands twice, is noted."""
    seen: set[str] = set()
    for key_node, value_node in node.value:
        place = Place(number, line_of(key_node))
        if not isinstance(key_node, yaml.ScalarNode):
            findings.add(_("The name of a column was expected here."), sheet=sheet, at=place)
        elif key_node.value in seen:
            message = _("%(key)s stands twice in this record. Keep one.")
            findings.add(message, sheet=sheet, at=place, column=key_node.value, key=key_node.value)
        else:
            seen.add(key_node.value)
            yield key_node.value, value_node


def value_of(node: yaml.Node) -> Any:
    """Return the value as the author wrote it; what YAML takes for something else than text is a `NotText`."""
    if isinstance(node, yaml.SequenceNode):
        return [value_of(entry) for entry in node.value]
    if isinstance(node, yaml.MappingNode):
        return NotText("structure", "{…}")
    if node.tag == "tag:yaml.org,2002:null":
        return ""
    kind = _KINDS.get(node.tag)
    return NotText(kind, node.value) if kind else node.value

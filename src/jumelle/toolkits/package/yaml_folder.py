"""
The YAML form: one file per sheet, a list of records in each, and `package.yaml` with one record.

Read with places, so that a problem can name its line, and without anything that YAML offers beyond plain values: no
anchors, no tags, no second document. Written in one way only: writing what was read gives the same bytes again.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from jumelle.toolkits.package.build import build
from jumelle.toolkits.package.columns import LANGUAGE_JOINER, column_names
from jumelle.toolkits.package.fields import NotText, Shape
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.problems import Findings, Place, refused
from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.records import Record
from jumelle.toolkits.package.sheets import SHEETS

MAX_DEPTH = 6
MAX_FILE_BYTES = 20 * 1024 * 1024
IGNORED = ("README.md", "LICENSE", "LICENCE")

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = {
    "tag:yaml.org,2002:int": "integer",
    "tag:yaml.org,2002:float": "decimal",
    "tag:yaml.org,2002:bool": "boolean",
    "tag:yaml.org,2002:timestamp": "date",
}


# --- reading ----------------------------------------------------------------------------------------------------------


def read_folder(path: Path) -> Package:
    """
    Return the package in a folder.

    Raises:
        PackageRefused: with everything that is wrong.
    """
    if not path.is_dir():
        raise refused(_("There is no folder of this name."))
    files = {}
    for entry in sorted(path.iterdir()):
        if entry.is_symlink() or not entry.is_file():
            raise refused(_("%(name)s is not a plain file. A package folder holds YAML files only."), name=entry.name)
        if entry.stat().st_size > MAX_FILE_BYTES:
            raise refused(_("%(name)s is too large for a package."), name=entry.name)
        files[entry.name] = entry.read_bytes()
    return read_files(files)


def read_files(files: Mapping[str, bytes]) -> Package:
    """
    Return the package in these files.

    Args:
        files: content per file name, `items.yaml` and so on.
    Raises:
        PackageRefused: with everything that is wrong.
    """
    findings = Findings()
    raw: dict[str, list[Record]] = {}
    for name, content in files.items():
        if name in IGNORED or name.startswith("."):
            continue
        sheet, _dot, suffix = name.rpartition(".")
        if suffix != "yaml" or sheet not in SHEETS:
            message = _("%(name)s is not a file of a package. Its files are: %(known)s.")
            findings.add(message, name=name, known=", ".join(f"{known}.yaml" for known in SHEETS))
            continue
        raw[sheet] = list(_read_sheet(sheet, content, findings))
    return build(raw, findings)


def _read_sheet(sheet: str, content: bytes, findings: Findings) -> Iterator[Record]:
    try:
        node = _compose(sheet, content, findings)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        message = _("This is not valid YAML: %(detail)s. Indent with spaces, and put texts with “: ” or “#” in quotes.")
        findings.add(message, sheet=sheet, at=Place(None, line), detail=getattr(error, "problem", None) or "?")
        return
    if node is None:
        return
    if sheet == "package":
        if not isinstance(node, yaml.MappingNode):
            findings.add(_("This file holds one record: key: value on each line, without a list."), sheet=sheet)
            return
        yield _record(sheet, node, None, findings)
        return
    if not isinstance(node, yaml.SequenceNode):
        findings.add(_("This file holds a list of records, each starting with “- ”."), sheet=sheet)
        return
    for number, entry in enumerate(node.value, start=1):
        if isinstance(entry, yaml.MappingNode):
            yield _record(sheet, entry, number, findings)
        else:
            message = _("A record was expected here: “- code: …” with its columns beneath.")
            findings.add(message, sheet=sheet, at=Place(number, _line(entry)))


def _compose(sheet: str, content: bytes, findings: Findings) -> yaml.Node | None:
    """Parse a file to nodes; None, with a problem noted, when it holds more than plain values."""
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
            findings.add(_FEATURES[feature], sheet=sheet, at=Place(None, _line(event)))
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


def _line(node: yaml.Node | yaml.Event) -> int:
    return node.start_mark.line + 1 if node.start_mark else 1


def _record(sheet: str, node: yaml.MappingNode, number: int | None, findings: Findings) -> Record:
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    columns = column_names(sheet)
    for key, value_node in _pairs(sheet, node, number, findings):
        place = Place(number, _line(value_node))
        places[key] = place
        if isinstance(value_node, yaml.MappingNode) and key in columns and columns[key].shape is Shape.TEXT:
            values[key] = {}
            for language, text_node in _pairs(sheet, value_node, number, findings):
                places[f"{key}{LANGUAGE_JOINER}{language}"] = Place(number, _line(text_node))
                values[key][language] = _value(text_node)
        else:
            values[key] = _value(value_node)
    return Record(values, Place(number, _line(node)), places)


def _pairs(sheet: str, node: yaml.MappingNode, number: int | None, findings: Findings) -> Iterator[tuple[str, yaml.Node]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        place = Place(number, _line(key_node))
        if not isinstance(key_node, yaml.ScalarNode):
            findings.add(_("The name of a column was expected here."), sheet=sheet, at=place)
        elif key_node.value in seen:
            message = _("%(key)s stands twice in this record. Keep one.")
            findings.add(message, sheet=sheet, at=place, column=key_node.value, key=key_node.value)
        else:
            seen.add(key_node.value)
            yield key_node.value, value_node


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_value(entry) for entry in node.value]
    if isinstance(node, yaml.MappingNode):
        return NotText("structure", "{…}")
    if node.tag == "tag:yaml.org,2002:null":
        return ""
    kind = _KINDS.get(node.tag)
    return NotText(kind, node.value) if kind else node.value


# --- writing ----------------------------------------------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    """Block style throughout; a text of several lines as a literal block, any other on one line however long."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)


def write_files(package: Package) -> dict[str, bytes]:
    """Return the files of a package, by name, in their one canonical form; sheets without rows have no file."""
    files = {}
    for sheet, records in package.content.items():
        text = yaml.dump(records, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=2**31, default_flow_style=False)
        files[f"{sheet}.yaml"] = text.encode()
    return files


def write_folder(package: Package, path: Path) -> None:
    """Write the files of a package into a folder that is made if need be; other files in it are left alone."""
    path.mkdir(parents=True, exist_ok=True)
    for name, content in write_files(package).items():
        (path / name).write_bytes(content)

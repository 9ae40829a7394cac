"""
The YAML form: one file per sheet, a list of records in each, and `package.yaml` with one record.

Written in one way only: writing what was read gives the same bytes again.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from jumelle.toolkits.package.build import build
from jumelle.toolkits.package.columns import LANGUAGE_JOINER, column_names
from jumelle.toolkits.package.fields import Shape
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.plain_yaml import compose, line_of, pairs, value_of
from jumelle.toolkits.package.problems import Findings, Place, refused
from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.records import Record
from jumelle.toolkits.package.sheets import SHEETS

MAX_FILE_BYTES = 20 * 1024 * 1024
IGNORED = ("README.md", "LICENSE", "LICENCE")


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
    node = compose(sheet, content, findings)
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
            findings.add(message, sheet=sheet, at=Place(number, line_of(entry)))


def _record(sheet: str, node: yaml.MappingNode, number: int | None, findings: Findings) -> Record:
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    columns = column_names(sheet)
    for key, value_node in pairs(sheet, node, number, findings):
        place = Place(number, line_of(value_node))
        places[key] = place
        if isinstance(value_node, yaml.MappingNode) and key in columns and columns[key].shape is Shape.TEXT:
            values[key] = {}
            for language, text_node in pairs(sheet, value_node, number, findings):
                places[f"{key}{LANGUAGE_JOINER}{language}"] = Place(number, line_of(text_node))
                values[key][language] = value_of(text_node)
        else:
            values[key] = value_of(value_node)
    return Record(values, Place(number, line_of(node)), places)


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

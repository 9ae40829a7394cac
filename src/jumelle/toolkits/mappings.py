"""The mappings that come with Jumelle: read once per process, looked up by toolkit, version and code."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy

from jumelle.toolkits.mapping.check import PackageOf
from jumelle.toolkits.mapping.model import MappingRow, ToolkitMapping
from jumelle.toolkits.mapping.read import read_mapping
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.problems import PackageRefused, Problem, refused
from jumelle.toolkits.package.problems import mark as _
from jumelle.toolkits.package.versions import sort_key
from jumelle.toolkits.package.yaml_folder import read_folder

FILE = "mapping.yaml"

# What the item `from` is to the item `to`; for screens that show a row.
RELATION_WORDS = {
    "equal": gettext_lazy("means the same"),
    "part_of": gettext_lazy("is a part of it"),
    "wider": gettext_lazy("is wider"),
    "overlaps": gettext_lazy("overlaps with it"),
}

# Said beside a suggestion, or in its place; the keys are those of `suggest.Reason`.
REASON_SENTENCES = {
    "same": gettext_lazy("The other question means the same, so its answer should hold here too."),
    "included": gettext_lazy("The other question is wider and its answer is a full yes. What is asked here is a part of it."),
    "at_most_partly": gettext_lazy("A part of what is asked here is not in place in full. So the answer here can be “partly” at most."),
    "not_in_full": gettext_lazy("A part of what is asked here is not in place in full. So a full yes would not be right here."),
    "nothing_follows": gettext_lazy("Nothing follows from the other answer for this one. Please answer it by itself."),
    "for_information": gettext_lazy("The two questions only overlap. The other answer is shown for information."),
    "no_such_level": gettext_lazy("The choices here do not include the other answer. Please choose the one that fits."),
    "several_levels": gettext_lazy("Several choices here could fit the other answer. Please choose one."),
    "no_scale": gettext_lazy("There is nothing to choose here. The other answer is shown for information."),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A row together with the mapping it stands in: who wrote it, between which versions, in which languages."""

    mapping: ToolkitMapping
    row: MappingRow


@dataclass(frozen=True, slots=True)
class MappingsRead:
    """
    problems: by folder (`id/version`), for mappings that are refused.
    """

    mappings: tuple[ToolkitMapping, ...]
    problems: Mapping[str, tuple[Problem, ...]]


class MappingRefused(ValueError):
    """A mapping that comes with Jumelle cannot be taken; the sentence names the file, the place and what to do."""

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"mappings/{name}/{FILE}: {problem}" for problem in problems))


# --- reading ----------------------------------------------------------------------------------------------------------


def read_mappings(folder: Path, package_of: PackageOf) -> MappingsRead:
    """
    Return the mappings in `<id>/<version>/mapping.yaml` below a folder, by name and version; none when it is not there.

    Args:
        folder: holds the mappings.
        package_of: gives the packages that they name.
    """
    mappings, problems = [], {}
    for path in sorted(path for path in folder.glob("*/*") if path.is_dir()):
        name = f"{path.parent.name}/{path.name}"
        try:
            mappings.append(_read_folder(path, name, package_of))
        except PackageRefused as refusal:
            problems[name] = refusal.problems
    mappings.sort(key=lambda mapping: (mapping.id, sort_key(mapping.version)))
    return MappingsRead(tuple(mappings), problems)


def _read_folder(path: Path, name: str, package_of: PackageOf) -> ToolkitMapping:
    if not (path / FILE).is_file():
        raise refused(_("The folder has no file mapping.yaml. Add it, or delete the folder."))
    mapping = read_mapping((path / FILE).read_bytes(), package_of)
    if mapping.name != name:
        message = _("The folder %(folder)s holds the mapping %(id)s %(version)s. Rename the folder.")
        raise refused(message, folder=name, id=mapping.id, version=mapping.version)
    return mapping


@lru_cache(maxsize=1)
def shipped_mappings() -> tuple[ToolkitMapping, ...]:
    """
    Every mapping in the content folder.

    Raises:
        MappingRefused: a file is wrong; `jumelle toolkits check` tells all of them.
    """
    read = read_mappings(Path(settings.CONTENT_DIR) / "mappings", _shipped_package)
    for name, problems in read.problems.items():
        raise MappingRefused(name, problems)
    return read.mappings


@lru_cache(maxsize=16)
def _shipped_package(toolkit: str, version: str) -> Package | None:
    path = Path(settings.CONTENT_DIR) / "toolkits" / toolkit / version
    return read_folder(path) if path.is_dir() else None


# --- looking up -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _current() -> tuple[ToolkitMapping, ...]:
    """Of each mapping the newest version for each pair of versions: an assessment may still be on an older one."""
    newest: dict[tuple[str, ...], ToolkitMapping] = {}
    for mapping in shipped_mappings():
        source, target = mapping.from_, mapping.to
        newest[mapping.id, source.toolkit, source.version, target.toolkit, target.version] = mapping
    return tuple(newest.values())


def mappings_between(from_toolkit: str, to_toolkit: str) -> tuple[ToolkitMapping, ...]:
    """The mappings from one toolkit to another (or within one), by their ids; of each the newest for each pair of versions."""
    return tuple(mapping for mapping in _current() if (mapping.from_.toolkit, mapping.to.toolkit) == (from_toolkit, to_toolkit))


def rows_to(toolkit: str, version: str, code: str) -> tuple[Link, ...]:
    """What is mapped to an item or a section of this version; () when nothing is."""
    return _links("to").get((toolkit, version, code), ())


def rows_from(toolkit: str, version: str, code: str) -> tuple[Link, ...]:
    """What an item or a section of this version is mapped to; () when nothing."""
    return _links("from_").get((toolkit, version, code), ())


@lru_cache(maxsize=2)
def _links(side: str) -> dict[tuple[str, str, str], tuple[Link, ...]]:
    found: dict[tuple[str, str, str], tuple[Link, ...]] = {}
    for mapping in _current():
        pinned = getattr(mapping, side)
        for row in mapping.rows:
            key = (pinned.toolkit, pinned.version, getattr(row, side))
            found[key] = (*found.get(key, ()), Link(mapping, row))
    return found

"""Packages for tests: a small sound one, and the ways to write it down."""

import copy
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import yaml
from openpyxl import Workbook, load_workbook

from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.operations import load_package
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.workbook import write_workbook
from jumelle.toolkits.package.yaml_folder import read_files

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def text(fr: str, en: str) -> dict[str, str]:
    return {"fr": fr, "en": en}


SHEETS: dict[str, Any] = {
    "package": {
        "id": "small-toolkit",
        "kind": "benchmark",
        "version": "1.0.0",
        "source_language": "fr",
        "title": text("Petite boîte", "Small toolkit"),
        "summary": text("Pour essayer.", "For trying out."),
        "publisher": "Jumelle",
        "source_title": "Un document",
        "source_publisher": "Une ville",
        "source_year": "2022",
        "licence": "CC-BY-4.0",
        "permission_note": text("Nos mots.", "Our words."),
        "attribution": text("D’après une ville.", "After a city."),
    },
    "languages": [{"code": "fr", "state": "original"}, {"code": "en", "state": "reviewed"}],
    "sections": [
        {"code": "A", "kind": "theme", "number": "1", "title": text("Été", "Summer"), "why": text("Car.", "Because.")},
        {"code": "A1", "parent": "A", "kind": "part", "title": text("Dedans", "Inside")},
        {"code": "CTX", "kind": "part", "title": text("Contexte", "Context")},
    ],
    "items": [
        {
            "code": "A.Q1",
            "section": "A",
            "kind": "question",
            "text": text("Avez-vous un élève ?", "Do you have a pupil?"),
            "answer": "in_place",
            "criteria": ["A.S1"],
            "applies_to": ["ngo", "health"],
        },
        {
            "code": "A.Q2",
            "section": "A",
            "kind": "question",
            "text": text("Lesquels ?", "Which ones?"),
            "answer": "text",
        },
        {
            "code": "A.Q2.P1",
            "section": "A",
            "parent": "A.Q2",
            "kind": "point",
            "text": text("Leur nom", "Their name"),
            "answer": "none",
        },
        {
            "code": "A1.Q1",
            "section": "A1",
            "kind": "question",
            "text": text("Et là ?", "And there?"),
            "answer": "in_place",
        },
        {"code": "CTX.F1", "section": "CTX", "kind": "context_factor", "text": text("Loi", "Law"), "answer": "text"},
    ],
    "scales": [
        {
            "scale": "in_place",
            "value": "yes",
            "label": text("Oui", "Yes"),
            "meaning": "met",
            "rubric": text("Tout.", "All."),
        },
        {
            "scale": "in_place",
            "value": "no",
            "label": text("Non", "No"),
            "meaning": "unmet",
            "rubric": text("Rien.", "None."),
        },
    ],
    "support": [
        {"code": "A.S1", "for": "A", "kind": "criterion", "text": text("Un critère", "A criterion")},
        {"code": "A.T1", "for": "A.Q1", "kind": "tip", "text": text("Un conseil", "A tip")},
        {"code": "A.E1", "for": "A", "kind": "example", "text": text("Un exemple", "An example"), "country": "BE"},
    ],
    "verdicts": [
        {
            "code": "V1",
            "scope": "both",
            "when": "all",
            "label": text("Tout", "All"),
            "advice": text("Bravo.", "Well done."),
        },
        {
            "code": "V2",
            "scope": "both",
            "when": "some",
            "label": text("Un peu", "Some"),
            "advice": text("Suite.", "Go on."),
        },
        {
            "code": "V3",
            "scope": "both",
            "when": "none",
            "label": text("Rien", "None"),
            "advice": text("Début.", "Start."),
        },
    ],
    "references": [
        {
            "code": "R1",
            "for": "A",
            "work": "a-guide",
            "title": "A guide",
            "publisher": "A body",
            "url": "https://example.org/a",
        }
    ],
    "glossary": [{"code": "G1", "term": text("Élève", "Pupil"), "definition": text("Qui apprend.", "Who learns.")}],
}


def sheets(**changes: Any) -> dict[str, Any]:
    """A copy of the small package; `package__version="2.0.0"` changes a key of its head, `items=[…]` a whole sheet."""
    made = copy.deepcopy(SHEETS)
    for name, value in changes.items():
        sheet, _, key = name.partition("__")
        if key:
            made[sheet][key] = value
        else:
            made[sheet] = value
    return made


def without(records: list[dict[str, Any]], code: str) -> list[dict[str, Any]]:
    return [record for record in records if record["code"] != code]


def files_of(made: Mapping[str, Any]) -> dict[str, bytes]:
    return {f"{name}.yaml": yaml.safe_dump(rows, allow_unicode=True).encode() for name, rows in made.items()}


def make_package(**changes: Any) -> Package:
    return read_files(files_of(sheets(**changes)))


def zip_of(files: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def workbook_with(change: Callable[[Workbook], object], **changes: Any) -> bytes:
    """The small package as a workbook, after a change made to it with a general spreadsheet library."""
    workbook = load_workbook(io.BytesIO(write_workbook(make_package(**changes))))
    change(workbook)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def parts_of(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def make_version(*, association: Any = None, status: VersionStatus = VersionStatus.PUBLISHED, **changes: Any) -> ToolkitVersion:
    loaded = load_package(package=make_package(**changes), association=association, status=status, now=NOW)
    return loaded.version

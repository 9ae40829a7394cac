"""
Why each field of each table is kept, on which legal basis, until when, and who reads it (GDPR, articles 5, 6 and 30).

The map is data: `settings.DATA_MAP` holds `vocabulary.yaml` (the words that the map may use: legal bases, retentions, readers,
processing activities, in French and English) and one file per app. In such a file each table names its activity, and its
fields stand in groups; what a group does not say it takes from its table. A field that no group names is not classified.
The record of processing is made from the same files, so that it cannot say anything else than the code does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import models
from django.utils.translation import get_language

Text = Mapping[str, str]  # language -> sentence; French and English are always there

CLASSES = ("none", "technical", "personal", "sensitive", "free_text", "secret")
ABOUT_PEOPLE = frozenset({"personal", "sensitive", "free_text", "secret"})
LANGUAGES = ("fr", "en")
SETTINGS_OF_A_GROUP = ("class", "purpose", "what", "legal_basis", "retention", "readers")
# Nothing of this is ever asked (design, rule 5.2). Parts of names, compared with the words of a field's name.
FORBIDDEN_WORDS = frozenset(
    """
    nationality nationalities citizenship religion faith health disability ethnicity ethnic race birthdate birthday photo
    portrait avatar picture passport visa biometric fingerprint political orientation gender sex asylum iban ssn street
    """.split()  # noqa: SIM905 (one word per line would hide them)
)
FORBIDDEN_NAMES = frozenset(
    """
    birth_date date_of_birth country_of_birth place_of_birth residence_permit residence_status migration_status
    legal_status refugee_status protection_status file_number national_id id_number ip_address phone_number
    marital_status address_line
    """.split()  # noqa: SIM905
)


class DataMapWrong(ValueError):
    """The map cannot be used; `problems` says what is wrong, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """
    table: label of the model, such as "cities.Membership".
    what: what the field holds, for people; empty unless it is about people.
    """

    table: str
    name: str
    data_class: str
    purpose: Text
    what: Text
    legal_basis: str
    retention: str
    readers: tuple[str, ...]
    activity: str

    @property
    def is_about_people(self) -> bool:
        return self.data_class in ABOUT_PEOPLE


@dataclass(frozen=True, slots=True)
class DataMap:
    """`words` holds the vocabulary: kind of word -> key -> texts."""

    words: Mapping[str, Mapping[str, Any]]
    entries: Mapping[tuple[str, str], FieldEntry]
    other_tables: Mapping[str, Text] = field(default_factory=dict)

    def tables(self) -> set[str]:
        return {table for table, _ in self.entries}


@dataclass(frozen=True, slots=True)
class ProcessingActivity:
    """One line of the record of processing (GDPR, article 30), in one language."""

    code: str
    name: str
    purpose: str
    legal_bases: tuple[str, ...]
    people: str
    data: tuple[str, ...]
    recipients: tuple[str, ...]
    retention: tuple[str, ...]
    transfers: str
    security: str


# --- reading ---------------------------------------------------------------------------------------------------------


def read_data_map(folder: Path | None = None) -> DataMap:
    """
    Read the folder of the map, by default `settings.DATA_MAP`.

    Raises:
        DataMapWrong: a file is not YAML, uses a word that the vocabulary does not have, or leaves something out.
    """
    return _read_folder(Path(folder or settings.DATA_MAP))


@lru_cache(maxsize=4)
def _read_folder(folder: Path) -> DataMap:
    problems: list[str] = []
    words = _load(folder / "vocabulary.yaml", problems)
    entries: dict[tuple[str, str], FieldEntry] = {}
    problems += _problems_of_vocabulary(words)
    for path in sorted(folder.glob("*.yaml")):
        if path.name != "vocabulary.yaml":
            for label, table in _load(path, problems).items():
                _read_table(path.name, label, table, words, entries, problems)
    if problems:
        raise DataMapWrong(problems)
    return DataMap(words, entries, words.get("other_tables", {}))


def _load(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path.name} cannot be read: {error}.")
        return {}
    except yaml.YAMLError as error:
        problems.append(f"{path.name} is not YAML: {' '.join(str(error).split())}.")
        return {}
    if not isinstance(loaded, dict):
        problems.append(f"{path.name} must hold names with their contents, not {type(loaded).__name__}.")
        return {}
    return loaded


def _problems_of_vocabulary(words: dict[str, Any]) -> list[str]:
    problems = []
    for kind in ("legal_bases", "retentions", "readers", "activities"):
        for key, entry in (words.get(kind) or {}).items():
            texts = entry.values() if kind == "activities" and isinstance(entry, dict) else [entry]
            problems += [f"vocabulary.yaml, {kind}, {key}: French and English texts are needed." for text in texts if not _is_text(text)]
        if not words.get(kind):
            problems.append(f"vocabulary.yaml: {kind} is missing.")
    for key, entry in (words.get("activities") or {}).items():
        missing = {"name", "purpose", "people", "recipients", "transfers", "security"} - set(entry or {})
        if missing:
            problems.append(f"vocabulary.yaml, activities, {key}: {', '.join(sorted(missing))} is missing.")
    return problems


def _is_text(text: object) -> bool:
    return isinstance(text, dict) and all(isinstance(text.get(code), str) and text[code].strip() for code in LANGUAGES)


def _read_table(
    file: str, label: str, table: Any, words: dict[str, Any], entries: dict[tuple[str, str], FieldEntry], problems: list[str]
) -> None:
    if not isinstance(table, dict) or not isinstance(table.get("fields"), list):
        problems.append(f"{file}, {label}: a list of groups is needed under `fields`.")
        return
    activity = table.get("activity")
    if activity not in (words.get("activities") or {}):
        problems.append(f"{file}, {label}: the vocabulary has no activity {activity!r}.")
    for number, group in enumerate(table["fields"], start=1):
        place = f"{file}, {label}, group {number}"
        names = group.get("names") if isinstance(group, dict) else None
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or not names:
            problems.append(f"{place}: `names` must list the fields of the group.")
            continue
        said = {key: group.get(key, table.get(key)) for key in SETTINGS_OF_A_GROUP}
        problems += _problems_of_group(place, said, words)
        for name in names:
            if (label, name) in entries:
                problems.append(f"{place}: the field {name} stands in the map twice.")
            readers = tuple(said["readers"]) if isinstance(said["readers"], list) else ()
            entries[label, name] = FieldEntry(
                table=label,
                name=name,
                data_class=str(said["class"]),
                purpose=said["purpose"] or {},
                what=said["what"] or {},
                legal_basis=str(said["legal_basis"]),
                retention=str(said["retention"]),
                readers=readers,
                activity=str(activity),
            )


def _problems_of_group(place: str, said: dict[str, Any], words: dict[str, Any]) -> list[str]:
    problems = []
    if said["class"] not in CLASSES:
        problems.append(f"{place}: the class {said['class']!r} is not one of {', '.join(CLASSES)}.")
    if not _is_text(said["purpose"]):
        problems.append(f"{place}: the purpose is missing in French or English.")
    if said["class"] in ABOUT_PEOPLE and not _is_text(said["what"]):
        problems.append(f"{place}: `what` must say in French and English what is kept about people.")
    if said["class"] in ABOUT_PEOPLE and said["legal_basis"] == "no_personal_data":
        problems.append(f"{place}: what is about people needs a legal basis.")
    for key, kind in (("legal_basis", "legal_bases"), ("retention", "retentions")):
        if said[key] not in (words.get(kind) or {}):
            problems.append(f"{place}: the vocabulary has no {key} {said[key]!r}.")
    readers = said["readers"]
    if not isinstance(readers, list) or not readers:
        problems.append(f"{place}: `readers` must say who reads it; `nobody` is an answer.")
    else:
        problems += [
            f"{place}: the vocabulary has no reader {reader!r}." for reader in readers if reader not in (words.get("readers") or {})
        ]
    return problems


# --- checking against the models ---------------------------------------------------------------------------------------


def problems_with_models(data_map: DataMap, installed: Iterable[type[models.Model]]) -> list[str]:
    """Compare the map with the models, in sentences: what is not classified, what is no longer there, what must never be asked."""
    problems, seen = [], set()
    for model in installed:
        label = model._meta.label
        for column in model._meta.concrete_fields:
            seen.add((label, column.name))
            if (label, column.name) not in data_map.entries:
                problems.append(f"{label}.{column.name} is not in the data map: say why it is kept, until when, and who reads it.")
            if word := forbidden_word(column.name):
                problems.append(f"{label}.{column.name}: {word!r} is never asked of anybody (design, rule 5.2).")
    gone = sorted(set(data_map.entries) - seen)
    return problems + [f"{label}.{name} is in the data map, but there is no such field." for label, name in gone]


def forbidden_word(name: str) -> str | None:
    """The part of a field's name that stands for something we never ask; None for an innocent name."""
    lower = name.lower()
    whole = next((part for part in sorted(FORBIDDEN_NAMES) if part in lower), None)
    return whole or next((word for word in lower.split("_") if word in FORBIDDEN_WORDS), None)


# --- the record of processing ----------------------------------------------------------------------------------------


def pick(text: Text, language: str) -> str:
    """The text in a language; in English, then in French, where it has none."""
    return text.get(language) or text.get("en") or text.get("fr") or ""


def processing_activities(language: str | None = None, data_map: DataMap | None = None) -> list[ProcessingActivity]:
    """The record of processing in a language (by default the one of the page), in the order of the vocabulary."""
    code = (language or get_language() or settings.LANGUAGE_CODE).partition("-")[0]
    known = data_map or read_data_map()
    with_people = {entry.activity for entry in known.entries.values() if entry.is_about_people}
    return [_activity(key, code, known) for key in known.words["activities"] if key in with_people]


def _activity(key: str, code: str, known: DataMap) -> ProcessingActivity:
    said = known.words["activities"][key]
    entries = [entry for entry in known.entries.values() if entry.activity == key and entry.is_about_people]
    readers = [known.words["readers"][reader] for entry in entries for reader in entry.readers if reader != "nobody"]
    return ProcessingActivity(
        code=key,
        name=pick(said["name"], code),
        purpose=pick(said["purpose"], code),
        legal_bases=_once(pick(known.words["legal_bases"][entry.legal_basis], code) for entry in entries),
        people=pick(said["people"], code),
        data=_once(pick(entry.what, code) for entry in entries),
        recipients=_once([*(pick(reader, code) for reader in readers), pick(said["recipients"], code)]),
        retention=_once(pick(known.words["retentions"][entry.retention], code) for entry in entries),
        transfers=pick(said["transfers"], code),
        security=pick(said["security"], code),
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))

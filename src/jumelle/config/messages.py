"""
Interface texts without the gettext tools: collect msgids into `locale/<lang>/LC_MESSAGES/django.po` per domain, compile, check.

    python -m jumelle.config.messages collect | compile | check

French must be complete; English msgids are the English texts; other languages are drafts and may have gaps, which are counted.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from babel.messages.extract import extract_python
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fr", "ar", "uk", "ti")
COMPLETE = ("fr",)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_STRING = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_TEMPLATE_CALLS = (
    (re.compile(rf"\b(?:_|gettext)\(\s*{_STRING}\s*\)"), ("id",)),
    (re.compile(rf"\bngettext\(\s*{_STRING},\s*{_STRING},\s*count\)"), ("id", "plural")),
    (re.compile(rf"\bpgettext\(\s*{_STRING},\s*{_STRING}\s*\)"), ("context", "id")),
    (re.compile(rf"\bnpgettext\(\s*{_STRING},\s*{_STRING},\s*{_STRING},\s*count\)"), ("context", "id", "plural")),
)


@dataclass(slots=True)
class Message:
    id: str
    plural: str = ""
    context: str | None = None
    places: list[str] = field(default_factory=list)


def domains() -> list[Path]:
    return sorted(path for path in ROOT.iterdir() if path.is_dir() and (path / "__init__.py").exists() and path.name != "engines")


def messages_of(domain: Path) -> list[Message]:
    found: dict[tuple[str | None, str], Message] = {}
    for message in (*_in_python(domain), *_in_templates(domain)):
        known = found.setdefault((message.context, message.id), message)
        known.plural = known.plural or message.plural
        known.places = sorted({*known.places, *message.places})
    return sorted(found.values(), key=lambda message: (message.places[0], message.id))


def _in_python(domain: Path) -> Iterator[Message]:
    for path in sorted(domain.rglob("*.py")):
        if {"tests", "migrations"} & set(path.parts):
            continue
        with path.open("rb") as file:
            for _line, name, texts, _notes in extract_python(file, dict(KEYWORDS), [], {}):
                parts = [texts] if isinstance(texts, str) else list(texts or ())
                if not parts or parts[0] is None:
                    continue
                yield _message(str(name), [str(part) for part in parts if part is not None], _place(path))


def _message(name: str, parts: list[str], place: str) -> Message:
    if "np" in name:
        return Message(parts[1], parts[2], parts[0], [place])
    if name.startswith("pgettext"):
        return Message(parts[1], "", parts[0], [place])
    if name.startswith("ngettext"):
        return Message(parts[0], parts[1], None, [place])
    return Message(parts[0], "", None, [place])


def _in_templates(domain: Path) -> Iterator[Message]:
    for path in sorted((domain / "templates").rglob("*")):
        if path.suffix not in {".html", ".txt"}:
            continue
        text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for pattern, names in _TEMPLATE_CALLS:
            for match in pattern.finditer(text):
                parts = dict(zip(names, map(ast.literal_eval, match.groups()), strict=True))
                parts = {key: value.replace("%%", "%") if "%(" not in value else value for key, value in parts.items()}
                yield Message(parts["id"], parts.get("plural", ""), parts.get("context"), [_place(path)])


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def catalogue_path(domain: Path, language: str) -> Path:
    return domain / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalogue(domain: Path, language: str) -> polib.POFile:
    path = catalogue_path(domain, language)
    catalogue = polib.pofile(str(path), wrapwidth=0) if path.exists() else polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Project-Id-Version": "jumelle",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    return catalogue


PLURALS = {
    "fr": "nplurals=2; plural=(n > 1);",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5;",
    "uk": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);",
    "ti": "nplurals=2; plural=(n > 1);",
}


def collect() -> None:
    """Write every msgid of the code into the catalogues; keep translations, drop what is no longer used."""
    for domain in domains():
        messages = messages_of(domain)
        if not messages:
            continue
        for language in LANGUAGES:
            _update(domain, language, messages)


def _update(domain: Path, language: str, messages: list[Message]) -> None:
    old = {(entry.msgctxt, entry.msgid): entry for entry in read_catalogue(domain, language)}
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = read_catalogue(domain, language).metadata
    for message in messages:
        entry = polib.POEntry(msgid=message.id, msgctxt=message.context, occurrences=[(place, "") for place in message.places])
        before = old.get((message.context, message.id))
        if message.plural:
            entry.msgid_plural = message.plural
            forms = int(PLURALS[language].split("nplurals=")[1].split(";")[0])
            entry.msgstr_plural = dict.fromkeys(range(forms), "")
            if before and before.msgid_plural:
                entry.msgstr_plural.update(before.msgstr_plural)
        elif before:
            entry.msgstr = before.msgstr
        if "%(" in message.id:
            entry.flags.append("python-format")
        catalogue.append(entry)
    path = catalogue_path(domain, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(path))


def compile_catalogues() -> int:
    """Write a `.mo` beside each `.po` that is newer; a language without one would not be selectable. Returns how many were written."""
    written = 0
    for path in sorted(ROOT.rglob("django.po")):
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            polib.pofile(str(path)).save_as_mofile(str(target))
            written += 1
    return written


def gaps(domain: Path, language: str) -> list[str]:
    """What is wrong with a catalogue: a msgid that is missing, empty, or whose placeholders differ from the translation's."""
    entries = {(entry.msgctxt, entry.msgid): entry for entry in read_catalogue(domain, language)}
    problems = []
    for message in messages_of(domain):
        entry = entries.get((message.context, message.id))
        texts = list(entry.msgstr_plural.values()) if entry and entry.msgid_plural else [entry.msgstr if entry else ""]
        if not all(texts):
            problems.append(f"{domain.name}, {language}: not translated: {message.id[:70]!r}")
        elif any(_placeholders(text) - _placeholders(message.id + message.plural) for text in texts):
            problems.append(f"{domain.name}, {language}: other placeholders than the original: {message.id[:70]!r}")
        elif not message.plural and _placeholders(message.id) - _placeholders(texts[0]):
            problems.append(f"{domain.name}, {language}: a placeholder is lost: {message.id[:70]!r}")
    return problems


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)[sd]", text))


def check() -> int:
    counts = {language: [gap for domain in domains() for gap in gaps(domain, language)] for language in LANGUAGES}
    wrong = [gap for language in LANGUAGES for gap in counts[language] if language in COMPLETE or "not translated" not in gap]
    for gap in wrong:
        print(gap)  # noqa: T201 (this is a command's output)
    total = sum(len(messages_of(domain)) for domain in domains())
    print(f"{total} texts; without translation: {json.dumps({language: len(found) for language, found in counts.items()})}")  # noqa: T201
    return 1 if wrong else 0


def export_gaps(language: str, target: Path) -> None:
    """Write what is not translated yet as JSON, for a translator: a list of {domain, context, id, plural, texts}."""
    rows = []
    for domain in domains():
        entries = {(entry.msgctxt, entry.msgid): entry for entry in read_catalogue(domain, language)}
        for message in messages_of(domain):
            entry = entries.get((message.context, message.id))
            texts = list(entry.msgstr_plural.values()) if entry and entry.msgid_plural else [entry.msgstr if entry else ""]
            if not all(texts):
                row = {"domain": domain.name, "context": message.context, "id": message.id, "plural": message.plural}
                rows.append({**row, "places": message.places, "texts": [""] * len(texts)})
    target.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def import_texts(language: str, source: Path) -> None:
    """Take a translator's JSON (see `export_gaps`) into the catalogues."""
    rows = json.loads(source.read_text(encoding="utf-8"))
    for domain in domains():
        catalogue = read_catalogue(domain, language)
        given = {(row["context"], row["id"]): row["texts"] for row in rows if row["domain"] == domain.name}
        for entry in catalogue:
            texts = given.get((entry.msgctxt, entry.msgid))
            if texts and entry.msgid_plural:
                entry.msgstr_plural = dict(enumerate(texts))
            elif texts:
                entry.msgstr = texts[0]
        if given:
            catalogue.save(str(catalogue_path(domain, language)))


def main(arguments: list[str]) -> int:
    if not settings.configured:
        settings.configure(USE_I18N=True)
    match arguments:
        case ["collect"]:
            collect()
            compile_catalogues()
        case ["compile"]:
            compile_catalogues()
        case ["check"]:
            return check()
        case ["export", language, target]:
            export_gaps(language, Path(target))
        case ["import", language, source]:
            import_texts(language, Path(source))
        case _:
            sys.exit("Say what to do: collect, compile, check, export LANGUAGE FILE or import LANGUAGE FILE.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Rules that nobody remembers: no dead template, every setting explained, nothing in the texts that does not belong there."""

import ast
import fnmatch
import re
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.architecture import no_secrets

ROOT, SOURCE = settings.PROJECT_DIR, settings.SOURCE_DIR
NAMED_BY_PACKAGES = {"429.html"}  # allauth shows it when a limit is reached


# --- templates -----------------------------------------------------------------------------------------------------------


def our_templates() -> dict[str, Path]:
    folders = sorted(SOURCE.glob("*/templates"))
    return {path.relative_to(folder).as_posix(): path for folder in folders for path in folder.rglob("*") if path.is_file()}


def templates_of_packages() -> set[str]:
    folders = [Path(config.path) / "templates" for config in apps.get_app_configs() if SOURCE not in Path(config.path).parents]
    return {path.relative_to(folder).as_posix() for folder in folders for path in folder.rglob("*") if path.is_file()}


def literals_of_python(text: str) -> set[str]:
    """String literals; an f-string that begins with a folder counts as a pattern with * for each hole."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "*" not in node.value:
            found.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            pattern = "".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)
            found |= {pattern} if "/" in pattern.partition("*")[0] else set()
    return found


def names_used() -> set[str]:
    """Every template name in our code, with * where a part of it is computed. Tests do not count: they would keep a dead page alive."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        if not {"migrations", "tests"} & set(path.parts):
            literals = literals_of_python(path.read_text(encoding="utf-8"))
            found |= {text.partition("#")[0] for text in literals if ".html" in text or ".txt" in text}
    for path in our_templates().values():
        text = path.read_text(encoding="utf-8")
        found |= {name.partition("#")[0] for name in re.findall(r"""["']([\w./#-]+\.(?:html|txt))[#"']""", text)}
        found |= {f"{start}*{end}" for start, end in re.findall(r"""["']([\w/-]+/)["']\|add:[\w.]+\|add:["']([\w./-]+)["']""", text)}
    return found


def test_no_template_is_left_over():
    used, foreign = names_used(), templates_of_packages() | NAMED_BY_PACKAGES
    patterns = [name for name in used if "*" in name]

    unused = {
        name
        for name in our_templates()
        if name not in used and name not in foreign and not any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
    }

    assert unused == set()


# --- settings ------------------------------------------------------------------------------------------------------------

READS = re.compile(r"""env(?:\.\w+)+\(\s*["']([A-Z_]+)["']|["'](JUMELLE_[A-Z_]+)["']""")


def settings_read() -> set[str]:
    """Names of variables that the code reads, without what tests set for themselves."""
    files = [path for path in SOURCE.rglob("*.py") if "tests" not in path.parts] + [ROOT / "dev.py", *sorted(ROOT.glob("tests/*.py"))]
    found = set()
    for path in files:
        for short, full in READS.findall(path.read_text(encoding="utf-8")):
            found.add(full or f"JUMELLE_{short}")
    return found


def settings_explained() -> dict[str, str]:
    """Variable -> the comment line above it."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return {line.split("=")[0]: above for above, line in pairwise(lines) if re.match(r"JUMELLE_\w+=", line)}


def test_every_setting_is_explained_and_every_explained_setting_is_read():
    assert set(settings_explained()) == settings_read()


def test_each_setting_has_its_own_line_of_explanation():
    assert {name for name, above in settings_explained().items() if not above.startswith("# ") or len(above) < 15} == set()


def test_example_holds_no_secret():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()

    assert [line for line in lines if re.match(r"JUMELLE_\w*KEYS?=.", line)] == []


# --- what must not stand in any text -------------------------------------------------------------------------------------


def test_no_text_holds_a_secret_or_a_place_of_this_machine():
    assert no_secrets.findings() == []


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN " + "RSA PRIVATE KEY-----",
        "JUMELLE_SECRET_KEY=" + "x7Kp2mQ9vL4nR8tB3wZ6yH1cJ5dF0gS",
        "token = 'ghp_" + "a" * 36 + "'",
        "AKIA" + "ABCDEFGHIJKLMNOP",
        "index-url = https://" + "pypi" + ".org/simple",
        "see /" + "work/main/dev.py",
        "postgres://jumelle:" + "hunter2hunter2@db.city.eu/jumelle",
    ],
)
def test_scan_sees_what_it_is_for(line):
    assert no_secrets.problems_of_line(line) != []


@pytest.mark.parametrize("line", ["JUMELLE_SECRET_KEY=", "postgres://user:password@host:5432/name", "the working day", "a framework"])
def test_scan_leaves_harmless_lines_alone(line):
    assert no_secrets.problems_of_line(line) == []

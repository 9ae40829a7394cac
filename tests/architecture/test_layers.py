"""The order of the house: who may import whom, and who may point to whom in the database."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = settings.PROJECT_DIR
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


def test_every_import_keeps_the_contracts():
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]

    linted = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"})

    assert linted.returncode == 0, linted.stdout[-3000:]


def floors() -> dict[str, int]:
    """Domain -> floor, 0 at the top; domains on one floor do not know each other."""
    layers = next(contract["layers"] for contract in CONTRACTS if contract.get("exhaustive"))
    return {domain: floor for floor, layer in enumerate(layers) for domain in re.findall(r"\w+", layer)}


def domain_of(model: type[models.Model]) -> str | None:
    name = model.__module__.split(".")
    return name[1] if name[0] == "jumelle" else None


def references() -> list[tuple[str, str, str]]:
    """Foreign keys between our domains, those written as strings included: (field, from domain, to domain)."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields(include_parents=False):
            target = field.related_model if isinstance(field, models.ForeignKey | models.ManyToManyField) else None
            if isinstance(target, type) and (source := domain_of(model)) and (goal := domain_of(target)):
                found.append((f"{model._meta.label}.{field.name}", source, goal))
    return found


@pytest.mark.parametrize(("field", "source", "target"), references(), ids=[row[0] for row in references()])
def test_foreign_keys_point_downwards(field, source, target):
    floor = floors()

    assert source == target or floor[source] < floor[target]


def test_every_domain_has_a_floor():
    domains = {path.name for path in settings.SOURCE_DIR.iterdir() if (path / "__init__.py").exists()}

    assert domains - set(floors()) == set()


def test_foreign_keys_of_packages_do_not_point_at_us_except_at_the_person():
    aims = {
        f"{model._meta.label}.{field.name}": field.related_model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if domain_of(model) is None
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and domain_of(field.related_model)
    }

    assert set(aims.values()) <= {"accounts.User"}


# --- the places that may look over the wall -----------------------------------------------------------------------------

EVERY_CITY = {
    "cities/queries.py:memberships_of": "a person sees the own roles, in whatever city; the query names the person",
    "cities/queries.py:running_break_glass": "an operator sees the own emergency accesses; the query names the operator",
    "cities/operations/membership.py:accept_invitation": "an invitation is found by the hash of its link, before its city is known",
    "cities/guests.py:_by_token": "a guest's link is found by its hash, before its city is known",
    "cities/operations/emergency.py:close_break_glass": "an operator closes an own emergency access; the query names the operator",
    "config/backup/database.py:_dump_postgresql": "a backup holds all cities; it only counts rows",
    "config/demo/load.py:clear_demo": "the invented cities go, with all that was entered into them",
    "config/installing.py:nightly": "retention: it deletes invitations and guests' passes that nobody can use any more, and reads none",
    "config/installing.py:renew_field_keys": "a change of keys writes every encrypted field anew and shows none",
}
OTHER_DOORS = {
    "cities/middleware.py:__call__": "closes the scope around each request",
    "cities/middleware.py:let_guest_in": "opens the scope of the city of the guest's pass, once the pass is known to run",
    "cities/middleware.py:process_view": "opens the scope of the city of the address, once the roles in it are known",
    "cities/apps.py:ready": "migrations run without a scope",
}
DOORS = {"open_scope", "begin_migration", "_migrating"}


def source_files() -> list[Path]:
    files = sorted(settings.SOURCE_DIR.rglob("*.py"))
    return [
        path for path in files if not {"tests", "migrations"} & set(path.parts) and path != settings.SOURCE_DIR / "cities" / "tenancy.py"
    ]


def uses_of(names: set[str]) -> set[str]:
    """Places, as "file:function", where one of the names is used otherwise than in an import."""
    found = set()
    for path in source_files():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        for node in ast.walk(tree):
            used = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else None
            if used in names:
                around = [function for function in functions if function.lineno <= node.lineno <= (function.end_lineno or 0)]
                name = max(around, key=lambda function: function.lineno).name if around else "(file)"
                found.add(f"{path.relative_to(settings.SOURCE_DIR).as_posix()}:{name}")
    return found


def test_only_listed_places_see_every_city():
    assert uses_of({"every_city"}) == set(EVERY_CITY)


def test_only_listed_places_open_a_scope_by_hand():
    assert uses_of(DOORS) == set(OTHER_DOORS)


def test_each_listed_place_says_why():
    assert all(len(reason) > 20 for reason in {**EVERY_CITY, **OTHER_DOORS}.values())


def test_no_code_reaches_past_the_execute_wrapper():
    """A driver's own connection or cursor would not pass the guard; only the backup copies the file as a whole."""
    allowed = {"config/backup/database.py", "config/backup/operations.py"}
    pattern = re.compile(r"^\s*(?:import|from) (?:sqlite3|psycopg)\b|connection\.connection\b|execute_wrappers")

    found = {
        path.relative_to(settings.SOURCE_DIR).as_posix()
        for path in source_files()
        if any(pattern.search(line.split("#")[0]) for line in path.read_text(encoding="utf-8").splitlines())
    }

    assert found - allowed == set()

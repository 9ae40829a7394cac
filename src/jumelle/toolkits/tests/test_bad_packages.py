"""Malformed files of every sort: each is refused with the place of the error, and nothing of it is loaded."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from jumelle.audit.models import Event
from jumelle.toolkits.models import Toolkit, ToolkitVersion
from jumelle.toolkits.package.problems import PackageRefused, Problem
from jumelle.toolkits.package.reading import read_path
from jumelle.toolkits.tests.bad_packages import CASES, Bad
from jumelle.toolkits.tests.factories import files_of, sheets, without


def written(case: Bad, folder: Path) -> Path:
    made = case.make()
    if isinstance(made, bytes):
        path = folder / case.name
        path.write_bytes(made)
        return path
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return folder


def problems_of(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(PackageRefused) as refusal:
        read_path(path)
    return refusal.value.problems


def test_there_are_enough_cases_and_each_has_its_own_name():
    assert len({case.id for case in CASES}) == len(CASES) >= 45


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_malformed_package_is_refused_with_its_place_and_leaves_nothing(case: Bad, tmp_path: Path, capsys: Any):
    path = written(case, tmp_path)

    found = [(problem.sheet, problem.row, problem.column, problem.message) for problem in problems_of(path)]

    here = [message for sheet, row, column, message in found if (sheet, row, column) == (case.sheet, case.row, case.column)]
    assert [message for message in here if case.words in message], found
    with pytest.raises(CommandError, match="Nothing was loaded"):
        call_command("toolkits_import", path)
    assert str(problems_of(path)[0]) in capsys.readouterr().err
    assert (Toolkit.objects.count(), ToolkitVersion.objects.count(), Event.objects.count()) == (0, 0, 0)


def test_all_problems_are_told_at_once_with_their_lines(tmp_path: Path):
    made = sheets(items=without(sheets()["items"], "A.Q2"))
    made["items"][0]["kind"] = "riddle"
    made["glossary"][0]["definition"] = {"fr": "Qui apprend."}
    for name, content in files_of(made).items():
        (tmp_path / name).write_bytes(content)

    found = [(problem.sheet, problem.row, problem.column) for problem in problems_of(tmp_path)]

    assert found == [("items", 1, "kind"), ("items", 2, "parent"), ("glossary", 1, "definition::en")]
    kind = problems_of(tmp_path)[0]
    assert (tmp_path / "items.yaml").read_text().splitlines()[kind.line - 1].strip() == "kind: riddle"


def test_missing_file_is_told(tmp_path: Path):
    assert [problem.message for problem in problems_of(tmp_path / "none.xlsx")] == ["There is no file or folder of this name."]

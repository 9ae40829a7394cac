import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from jumelle.cities.models import Association
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.package.reading import read_path
from jumelle.toolkits.package.workbook import write_workbook
from jumelle.toolkits.package.yaml_folder import write_folder
from jumelle.toolkits.tests.factories import make_package, make_version

pytestmark = pytest.mark.django_db


def output(capsys, *command: object, **options: object) -> str:
    call_command(*command, **options)
    return capsys.readouterr().out


def test_import_loads_a_workbook_and_a_folder(tmp_path: Path, capsys):
    workbook = tmp_path / "small.xlsx"
    workbook.write_bytes(write_workbook(make_package()))
    write_folder(make_package(), tmp_path / "folder")

    assert output(capsys, "toolkits_import", workbook) == "small-toolkit 1.0.0: loaded, published\n"
    assert output(capsys, "toolkits_import", tmp_path / "folder") == "small-toolkit 1.0.0: already there, published\n"


def test_import_for_an_association_as_a_draft(tmp_path: Path, capsys):
    Association.objects.create(slug="north", name="North", country="BE")
    write_folder(make_package(), tmp_path / "folder")

    output(capsys, "toolkits_import", tmp_path / "folder", association="north", draft=True)

    version = ToolkitVersion.objects.select_related("toolkit__association").get()
    assert (version.toolkit.association.slug, version.status) == ("north", "draft")


def test_import_says_why_nothing_was_loaded(tmp_path: Path):
    make_version(package__version="2.0.0")
    write_folder(make_package(), tmp_path / "folder")

    with pytest.raises(CommandError, match=r"Nothing was loaded\. A higher version is already published"):
        call_command("toolkits_import", tmp_path / "folder")
    with pytest.raises(CommandError, match="no association"):
        call_command("toolkits_import", tmp_path / "folder", association="nobody")
    with pytest.raises(CommandError, match="Name a file or folder"):
        call_command("toolkits_import")


def test_import_shipped_loads_all_packages_and_list_shows_them(capsys):
    call_command("toolkits_import", shipped=True)
    capsys.readouterr()

    rows = json.loads(output(capsys, "toolkits_list", "--json"))

    assert {(row["id"], row["version"], row["items"]) for row in rows} >= {
        ("language-learning-support", "1.0.0", 35),
        ("language-learning-support", "0.9.0", 4),
        ("refugee-inclusion", "1.0.0", 93),
    }
    assert "refugee-inclusion" in output(capsys, "toolkits_list")


def test_list_without_toolkits_says_what_to_do(capsys):
    assert output(capsys, "toolkits_list") == "No toolkit is loaded yet: run `jumelle toolkits import --shipped`.\n"


def test_check_prints_json_only(capsys):
    found = json.loads(output(capsys, "toolkits_check", "--json"))

    assert (found["problems"], found["doc003_unhcr_mpg"]["checklist_items"]["grand_total"]) == ([], 93)


def test_check_ends_with_an_error_when_a_package_is_broken(tmp_path: Path, capsys):
    write_folder(make_package(), tmp_path / "small-toolkit" / "1.0.0")
    (tmp_path / "small-toolkit" / "1.0.0" / "items.yaml").write_text("- {code: a}")

    with pytest.raises(CommandError, match="missing or refused"):
        call_command("toolkits_check", "--json", folder=tmp_path)
    assert "small-toolkit/1.0.0: items, row 1, line 1, column code" in capsys.readouterr().err


def test_check_counts_mappings_and_ends_with_an_error_when_one_is_broken(tmp_path: Path, capsys):
    counted = json.loads(output(capsys, "toolkits_check", "--json"))["mappings"]
    (tmp_path / "a-to-b" / "1.0.0").mkdir(parents=True)
    (tmp_path / "a-to-b" / "1.0.0" / "mapping.yaml").write_text("- id: a-to-b")

    with pytest.raises(CommandError, match="The packages or mappings have problems"):
        call_command("toolkits_check", mappings=tmp_path)

    told = capsys.readouterr()
    assert {name: counts["rows"] for name, counts in counted.items()} == {"general-to-themes/1.0.0": 68, "language-to-inclusion/1.0.0": 40}
    assert told.out.splitlines()[-1] == "0 mappings, 1 problems"
    assert told.err.splitlines()[-1] == (
        "mappings/a-to-b/1.0.0/mapping.yaml: the file: This file holds one record: key: value on each line, without a list."
    )


def test_export_writes_what_import_reads(tmp_path: Path, capsys):
    make_version()

    output(capsys, "toolkits_export", "small-toolkit", "1.0.0", xlsx=tmp_path / "x.xlsx", folder=tmp_path / "folder")

    assert read_path(tmp_path / "x.xlsx") == read_path(tmp_path / "folder") == make_package()
    with pytest.raises(CommandError, match="no published toolkit"):
        call_command("toolkits_export", "small-toolkit", "3.0.0", xlsx=tmp_path / "y.xlsx")
    with pytest.raises(CommandError, match="Say where"):
        call_command("toolkits_export", "small-toolkit", "1.0.0")


def test_schema_is_printed_as_json(capsys):
    assert json.loads(output(capsys, "toolkits_schema"))["title"] == "Jumelle toolkit package"

"""The mappings that come with Jumelle, and how they are looked up."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings

from jumelle.toolkits import mappings
from jumelle.toolkits.suggest import suggest
from jumelle.toolkits.tests.mapping_files import GOOD, package_of

INCLUSION, LANGUAGE = "refugee-inclusion", "language-learning-support"


@pytest.fixture
def own_content(tmp_path: Path, settings):
    """An empty content folder in place of the shipped one, and nothing remembered before or after."""
    settings.CONTENT_DIR = tmp_path
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    for function in (mappings.shipped_mappings, mappings._shipped_package, mappings._current, mappings._links):
        function.cache_clear()


def put(folder: Path, name: str, content: str) -> None:
    path = folder / name
    path.mkdir(parents=True)
    (path / mappings.FILE).write_text(content)


# --- reading folders --------------------------------------------------------------------------------------------------


def test_folders_are_read_by_name_and_version(tmp_path: Path):
    put(tmp_path, "small-to-other/1.10.0", GOOD.replace('version: "1.0.0"', 'version: "1.10.0"', 1))
    put(tmp_path, "small-to-other/1.9.0", GOOD.replace('version: "1.0.0"', 'version: "1.9.0"', 1))

    read = mappings.read_mappings(tmp_path, package_of)

    assert ([mapping.name for mapping in read.mappings], read.problems) == (["small-to-other/1.9.0", "small-to-other/1.10.0"], {})


def test_no_folder_holds_no_mappings(tmp_path: Path):
    assert mappings.read_mappings(tmp_path / "none", package_of) == mappings.MappingsRead((), {})


def test_folder_that_is_misnamed_or_empty_is_told(tmp_path: Path):
    put(tmp_path, "small-to-other/2.0.0", GOOD)
    (tmp_path / "empty" / "1.0.0").mkdir(parents=True)

    read = mappings.read_mappings(tmp_path, package_of)

    assert {name: [str(problem) for problem in problems] for name, problems in read.problems.items()} == {
        "empty/1.0.0": ["the file: The folder has no file mapping.yaml. Add it, or delete the folder."],
        "small-to-other/2.0.0": ["the file: The folder small-to-other/2.0.0 holds the mapping small-to-other 1.0.0. Rename the folder."],
    }
    assert read.mappings == ()


def test_broken_shipped_mapping_names_its_file_and_row(own_content: Path):
    shutil.copytree(settings.PROJECT_DIR / "content" / "toolkits" / INCLUSION, own_content / "toolkits" / INCLUSION)
    name = "general-to-themes/1.0.0"
    content = (settings.PROJECT_DIR / "content" / "mappings" / name / mappings.FILE).read_text().replace("to: UT1.C01", "to: UT1.C99", 1)
    put(own_content / "mappings", name, content)

    with pytest.raises(
        mappings.MappingRefused,
        match=r"^mappings/general-to-themes/1\.0\.0/mapping\.yaml: rows, row 2, line 35, column to: "
        r"refugee-inclusion 1\.0\.0 has no item or section with the code UT1\.C99\. Correct the code, or delete the row\.$",
    ):
        mappings.rows_to(INCLUSION, "1.0.0", "UT1.C01")


# --- looking up -------------------------------------------------------------------------------------------------------


def test_mappings_between_two_toolkits_are_found_in_their_direction():
    assert [mapping.name for mapping in mappings.mappings_between(LANGUAGE, INCLUSION)] == ["language-to-inclusion/1.0.0"]
    assert [mapping.name for mapping in mappings.mappings_between(INCLUSION, INCLUSION)] == ["general-to-themes/1.0.0"]
    assert mappings.mappings_between(INCLUSION, LANGUAGE) == ()


def test_rows_to_an_item_come_from_every_mapping():
    links = mappings.rows_to(INCLUSION, "1.0.0", "UT1.C02")

    assert [(link.mapping.id, link.row.from_, link.row.relation) for link in links] == [
        ("general-to-themes", "UTG.C01", "overlaps"),
        ("language-to-inclusion", "KF2.Q1", "overlaps"),
        ("language-to-inclusion", "KF11.Q1", "part_of"),
    ]
    assert mappings.rows_to(INCLUSION, "0.9.0", "UT1.C02") == ()


def test_rows_from_an_item_lead_to_items_and_themes():
    links = mappings.rows_from(LANGUAGE, "1.0.0", "KF4.Q1")

    assert [(link.row.to, link.row.relation) for link in links] == [("UT6", "part_of"), ("UT6.C03", "overlaps")]


def test_newest_version_of_a_mapping_counts_for_each_pair_of_versions(own_content: Path):
    for slug in (INCLUSION, LANGUAGE):
        shutil.copytree(settings.PROJECT_DIR / "content" / "toolkits" / slug, own_content / "toolkits" / slug)
    content = (settings.PROJECT_DIR / "content" / "mappings" / "language-to-inclusion" / "1.0.0" / mappings.FILE).read_text()
    for version in ("1.0.0", "1.2.0", "1.10.0"):
        put(own_content / "mappings", f"language-to-inclusion/{version}", content.replace('version: "1.0.0"', f'version: "{version}"', 1))

    found = mappings.mappings_between(LANGUAGE, INCLUSION)

    assert [mapping.version for mapping in found] == ["1.10.0"]
    assert len(mappings.rows_to(INCLUSION, "1.0.0", "UT1.C07")) == 1


def test_mappings_are_read_once(own_content: Path):
    assert mappings.shipped_mappings() is mappings.shipped_mappings() == ()


def test_shipped_mapping_suggests_what_follows_from_a_full_yes():
    scale = mappings._shipped_package(INCLUSION, "1.0.0").scale("tick")
    met = {
        (link.row.from_, link.row.to): suggest(relation=link.row.relation, meaning="met", scale=scale).value
        for code in ("UTG.C02", "UTG.C09")
        for link in mappings.rows_from(INCLUSION, "1.0.0", code)
    }

    assert {pair for pair, value in met.items() if value} == {("UTG.C02", "UT1.C09"), ("UTG.C09", "UT4.C09")}
    assert set(met.values()) == {None, "ticked"}

"""What the shipped packages hold is what the sources hold."""

import json
import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from jumelle.toolkits.inventory import check_shipped, differences, read_shipped
from jumelle.toolkits.mappings import read_mappings
from jumelle.toolkits.package.yaml_folder import read_folder

EXPECTED = json.loads((Path(__file__).parent / "expected_counts.json").read_text(encoding="utf-8"))
INVENTORY = settings.PROJECT_DIR / ".." / "shared" / "sources" / "inventory.md"


@pytest.fixture(scope="module")
def found():
    shipped = read_shipped(settings.CONTENT_DIR / "toolkits")
    return check_shipped(shipped, read_mappings(settings.CONTENT_DIR / "mappings", shipped.package))


def test_shipped_packages_hold_what_is_expected(found):
    assert {key: value for key, value in found.items() if key.startswith("doc")} == EXPECTED


def test_shipped_packages_have_no_problem_and_are_complete_in_french_and_english(found):
    assert (found["problems"], found["dead_codes"], found["missing_translations"]) == ([], [], [])
    assert {tuple(languages.items()) for languages in found["languages"].values()} == {(("fr", 100), ("en", 100))}


def test_shipped_mappings_are_sound_and_leave_no_item_unsaid(found):
    assert found["mapping_problems"] == []
    assert {name: (counts["mapped"], counts["unmapped"]) for name, counts in found["mappings"].items()} == {
        "general-to-themes/1.0.0": (EXPECTED["doc003_unhcr_mpg"]["checklist_items"]["general_section6"], 0),
        "language-to-inclusion/1.0.0": (EXPECTED["doc000_benchmark_language"]["guiding_questions"] - 2, 2),
    }


def test_checklist_of_the_support_group_is_short_ours_and_draws_no_conclusion():
    package = read_folder(settings.CONTENT_DIR / "toolkits" / "support-group-check" / "1.0.0")

    assert [(section.code, len(package.items_of(section.code))) for section in package.sections] == [("WHO", 4), ("HOW", 3), ("OUT", 3)]
    assert {item.answer for item in package.items} == {"yes_partly_no"}
    assert [(level.meaning, level.is_ours) for level in package.scale("yes_partly_no").levels] == [
        (meaning, True) for meaning in ("met", "partly", "unmet", "na", "unknown")
    ]
    assert package.verdicts == ()


def test_expected_counts_are_those_of_the_inventory_of_the_sources():
    if not INVENTORY.exists():
        pytest.skip("the inventory of the sources is not beside this copy of the project")
    block = re.search(r"```yaml\n(.*?)```", INVENTORY.read_text(encoding="utf-8"), re.DOTALL)
    inventory = yaml.safe_load(block[1])
    counted = {key: value for key, value in EXPECTED.items() if key != "doc002_key_factor_8_earlier"}

    assert list(differences(counted, inventory)) == []


def test_differences_name_the_figure():
    assert list(differences({"a": {"b": 1, "c": [2]}}, {"a": {"b": 3, "c": [2], "d": 4}})) == ["a.b: expected 1, counted 3"]

"""The mapping format: a sound file is read whole, a malformed one is refused with its place and what to do."""

import pytest

from jumelle.toolkits.mapping.read import read_mapping
from jumelle.toolkits.package.model import Shown
from jumelle.toolkits.package.problems import PackageRefused, Problem
from jumelle.toolkits.tests.factories import text
from jumelle.toolkits.tests.mapping_files import CASES, GOOD, Bad, package_of


def problems_of(content: bytes) -> tuple[Problem, ...]:
    with pytest.raises(PackageRefused) as refusal:
        read_mapping(content, package_of)
    return refusal.value.problems


def test_sound_file_is_read_whole():
    mapping = read_mapping(GOOD.encode(), package_of)

    assert (mapping.name, mapping.licence, mapping.language_codes) == ("small-to-other/1.0.0", "CC-BY-4.0", ("fr", "en", "de"))
    assert (mapping.from_.toolkit, mapping.from_.sections, mapping.to.version) == ("small-toolkit", ("A", "A1"), "2.0.0")
    assert [(row.from_, row.to, row.relation) for row in mapping.rows] == [
        ("A.Q1", "A.Q1", "equal"),
        ("A.Q1", "A.Q2", "overlaps"),
        ("A1.Q1", "A", "part_of"),
    ]
    assert [(item.code, item.why) for item in mapping.unmapped] == [("A.Q2", text("Rien de semblable.", "Nothing like it."))]


def test_rows_are_found_from_both_ends():
    mapping = read_mapping(GOOD.encode(), package_of)

    assert [row.to for row in mapping.rows_from("A.Q1")] == ["A.Q1", "A.Q2"]
    assert [row.from_ for row in mapping.rows_to("A")] == ["A1.Q1"]
    assert (mapping.rows_from("A.Q2"), mapping.rows_to("A1.Q1")) == ((), ())


def test_text_that_a_draft_language_lacks_is_shown_in_the_original():
    mapping = read_mapping(GOOD.encode(), package_of)

    assert mapping.text(mapping.rows[1].why, "en-GB") == Shown("Nearly.", "en")
    assert mapping.text(mapping.rows[1].why, "de") == Shown("Presque.", "fr")


def test_there_are_enough_cases_and_each_has_its_own_name():
    assert len({case.id for case in CASES}) == len(CASES) >= 45


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_malformed_file_is_refused_with_its_place_and_what_to_do(case: Bad):
    found = problems_of(case.content)

    assert ((*case.place, case.line), case.sentence) in [
        ((problem.sheet, problem.row, problem.column, problem.line), problem.message) for problem in found
    ], [str(problem) for problem in found]


def test_all_problems_are_told_at_once_in_the_order_of_the_file():
    content = GOOD.replace("to: A.Q2", "to: A.Q9").replace('fr: "Un bout du thème.", ', "").replace("sections: [A]", "sections: [B]")

    places = [str(problem).partition(": ")[0] for problem in problems_of(content.encode())]

    assert places == [
        "to, line 19, column sections",
        "rows, row 1, line 22, column to",
        "rows, row 2, line 26, column to",
        "rows, row 3, line 30, column to",
        "rows, row 3, line 32, column why::fr",
    ]


def test_item_mapped_to_itself_is_refused():
    content = GOOD.replace("toolkit: other-toolkit", "toolkit: small-toolkit").replace('version: "2.0.0"', 'version: "1.0.0"')

    assert [str(problem) for problem in problems_of(content.encode())] == [
        "rows, row 1, line 22, column to: A.Q1 is mapped to itself. Name another item, or delete the row."
    ]

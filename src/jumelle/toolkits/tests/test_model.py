import pytest

from jumelle.toolkits.package.build import package_from_content
from jumelle.toolkits.package.model import Missing, Shown
from jumelle.toolkits.tests.factories import make_package, sheets, text


def codes(rows):
    return [row.code for row in rows]


def test_look_ups_by_code_and_place():
    package = make_package()

    assert codes(package.top_sections()) == ["A", "CTX"]
    assert codes(package.children("A")) == ["A1"]
    assert codes(package.items_of("A")) == ["A.Q1", "A.Q2", "A.Q2.P1"]
    assert codes(package.children("A.Q2")) == ["A.Q2.P1"]
    assert package.children("A1.Q1") == ()
    assert package.top_section_of("A1").code == "A"
    assert package.section("A1").parent == "A"
    assert package.item("A.Q1").applies_to == ("ngo", "health")


def test_unknown_code_raises_key_error():
    with pytest.raises(KeyError):
        make_package().item("NO")


def test_answerable_leaves_out_points_context_and_replaced_items():
    made = sheets()
    made["items"].append(
        {
            "code": "A.Q9",
            "section": "A",
            "kind": "question",
            "text": text("Q", "Q"),
            "answer": "text",
            "replaced_by": "A.Q2",
        }
    )

    package = make_package(items=made["items"])

    assert codes(package.answerable()) == ["A.Q1", "A.Q2", "A1.Q1"]
    assert [item.is_open for item in package.answerable()] == [False, True, False]


def test_support_and_references_stand_beside_what_they_belong_to():
    package = make_package()

    assert codes(package.support_for("A")) == ["A.S1", "A.E1"]
    assert codes(package.support_for("A", "example")) == ["A.E1"]
    assert codes(package.support_for("A.Q1", "tip")) == ["A.T1"]
    assert codes(package.criteria_of(package.item("A.Q1"))) == ["A.S1"]
    assert codes(package.references_for("A")) == ["R1"]


def test_scale_has_its_levels_in_order():
    scale = make_package().scale("in_place")

    assert [level.value for level in scale.levels] == ["yes", "no"]
    assert (scale.level("yes").meaning, scale.is_ours) == ("met", False)


def test_verdict_by_case_and_scope():
    package = make_package()

    assert (package.verdict("all", "section").code, package.verdict("none", "package").code) == ("V1", "V3")
    assert make_package(verdicts=[]).verdict("all", "section") is None


def test_text_falls_back_visibly():
    package = make_package()

    assert package.text(package.title, "en") == Shown("Small toolkit", "en")
    assert package.text(package.title, "en-IE") == Shown("Small toolkit", "en")
    assert package.text(package.title, "ti") == Shown("Petite boîte", "fr")
    assert package.text({}, "fr") == Shown("", "")


def test_draft_language_may_have_gaps_and_they_are_counted():
    languages = [*sheets()["languages"], {"code": "ar", "state": "draft"}]
    title = {**text("Petite boîte", "Small toolkit"), "ar": "عدة صغيرة"}

    package = make_package(languages=languages, package__title=title)

    assert Missing("package", "", "summary", "ar") in package.missing
    assert not [gap for gap in package.missing if gap.language != "ar" or (gap.sheet, gap.column) == ("package", "title")]
    assert package.completeness() == {"fr": 100, "en": 100, "ar": 3}


def test_content_gives_the_same_package_and_seal_again():
    package = make_package()

    again = package_from_content(package.content)

    assert (again, again.sha256, again.content) == (package, package.sha256, package.content)


def test_package_is_frozen():
    package = make_package()

    with pytest.raises(ValueError, match="frozen"):
        package.items = ()
    with pytest.raises(ValueError, match="frozen"):
        package.items[0].answer = "text"

import pytest
from django.conf import settings

from jumelle.toolkits.package.overlap import same_meaning
from jumelle.toolkits.package.yaml_folder import read_folder
from jumelle.toolkits.tests.factories import make_package, sheets, text, without

REWORDED = {"from_version": "1.0.0", "code": "A.Q1", "change": "wording", "to": ["A.Q9"]}
RESCALED = {"from_version": "1.0.0", "code": "A1.Q1", "change": "wording"}


def newer():
    """The first question has another code, the last another kind of answer, and one is new."""
    made = sheets()
    made["items"][0] |= {"code": "A.Q9", "criteria": []}
    made["items"][3] |= {"answer": "text"}
    made["items"].append({"code": "N.Q1", "section": "A", "kind": "question", "text": text("N ?", "N?"), "answer": "text"})
    return make_package(
        package__version="1.1.0", items=made["items"], support=without(made["support"], "A.T1"), changes=[REWORDED, RESCALED]
    )


def test_items_that_mean_the_same_are_paired_and_their_share_is_told():
    overlap = same_meaning(make_package(), newer())

    assert overlap.codes == {"A.Q1": "A.Q9", "A.Q2": "A.Q2"}
    assert (len(overlap.codes), overlap.all_items, overlap.share) == (2, 5, 0.4)


def test_share_of_a_part_counts_only_that_part():
    overlap = same_meaning(make_package(), newer()).within({"A.Q1", "A1.Q1", "CTX.F1"}, {"A.Q9", "A.Q2"})

    assert (overlap.codes, overlap.older, overlap.newer) == ({"A.Q1": "A.Q9"}, {"A.Q1", "A1.Q1"}, {"A.Q9", "A.Q2"})
    assert overlap.share == pytest.approx(1 / 3)


def test_version_alone_has_everything_in_common_with_itself():
    overlap = same_meaning(make_package())

    assert (overlap.codes, overlap.share) == ({"A.Q1": "A.Q1", "A.Q2": "A.Q2", "A1.Q1": "A1.Q1"}, 1.0)


def test_nothing_in_common_is_no_share():
    assert same_meaning(make_package()).within((), ()).share == 0.0


def test_two_questions_of_key_factor_8_can_be_compared_over_time():
    folder = settings.CONTENT_DIR / "toolkits" / "language-learning-support"

    overlap = same_meaning(read_folder(folder / "0.9.0"), read_folder(folder / "1.0.0"))

    key_factor_8 = overlap.within(overlap.older, {"KF8.Q1", "KF8.Q2", "KF8.Q3"})
    assert overlap.codes == {"KF8.Q2": "KF8.Q2", "KF8.Q3": "KF8.Q3"}
    assert (key_factor_8.all_items, key_factor_8.share) == (5, 0.4)
    assert (overlap.all_items, round(overlap.share, 3)) == (30, 0.067)

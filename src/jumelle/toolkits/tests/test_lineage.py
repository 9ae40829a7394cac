from jumelle.toolkits.package.lineage import dead_codes
from jumelle.toolkits.tests.factories import make_package, sheets, without


def newer(changes):
    made = sheets()
    return make_package(package__version="1.1.0", items=without(made["items"], "A1.Q1"), changes=changes)


def test_code_that_is_gone_without_a_word_is_dead():
    [dead] = dead_codes(make_package(), newer([]))

    assert (dead.code, dead.row) == ("A1.Q1", None)
    assert str(dead.as_problem("1.0.0")) == (
        "changes, column code: The code A1.Q1 of version 1.0.0 is gone. Say in the sheet changes what became of it."
    )


def test_explained_code_is_not_dead():
    changes = [{"from_version": "1.0.0", "code": "A1.Q1", "change": "merged", "to": ["A.Q1"]}]

    assert dead_codes(make_package(), newer(changes)) == ()


def test_change_of_a_code_that_never_was_is_dead():
    changes = [
        {"from_version": "1.0.0", "code": "A1.Q1", "change": "removed"},
        {"from_version": "1.0.0", "code": "B.Q1", "change": "removed"},
        {"from_version": "1.0.0", "code": "A.Q1", "change": "added"},
    ]

    assert [(dead.code, dead.row) for dead in dead_codes(make_package(), newer(changes))] == [("B.Q1", 2), ("A.Q1", 3)]

"""What becomes of each question: one small case per rule, and the two real versions of key factor 8."""

import pytest
from django.conf import settings

from jumelle.toolkits.package.comparison import Part
from jumelle.toolkits.package.links import Block, Fate
from jumelle.toolkits.package.upgrade import plan_upgrade
from jumelle.toolkits.package.wording import Mark
from jumelle.toolkits.package.yaml_folder import read_folder
from jumelle.toolkits.tests.factories import make_package, sheets, text, without

OTHER_TEXT = text("Y a-t-il un élève ?", "Is there a pupil?")
IN_ONE_LANGUAGE = text("Avez-vous un élève ?", "Is there a pupil?")
LEVELS = sheets()["scales"]
PARTLY = {
    "scale": "in_place",
    "value": "partly",
    "label": text("Un peu", "Partly"),
    "meaning": "partly",
    "rubric": text("Un peu.", "Some."),
}
VALUES = frozenset({"", "yes", "no", "na"})


def items(*, without_code="", **changes):
    """The items of the small package; `A_Q1={…}` changes one of them, `new=[…]` adds some."""
    made = sheets()["items"]
    new = changes.pop("new", [])
    for item in made:
        item.update(changes.get(item["code"].replace(".", "_"), {}))
    return without([*made, *new], without_code)


def question(code, answer="in_place", section="A", **columns):
    return {"code": code, "section": section, "kind": "question", "text": text(f"{code} ?", f"{code}?"), "answer": answer, **columns}


def row(code, change, *to, note=None, from_version="1.0.0"):
    made = {"from_version": from_version, "code": code, "change": change, "to": list(to)}
    return made | ({"note": note} if note else {})


def later(version="1.1.0", supersedes="1.0.0", changes=(), **made):
    return make_package(package__version=version, package__supersedes=supersedes, changes=list(changes), **made)


def step_of(code, **made):
    return plan_upgrade([make_package(), later(**made)]).by_code[code]


RENAMED = {
    "items": items(A_Q1={"code": "A.Q9"}),
    "support": [tip | {"for": "A.Q9"} if tip["for"] == "A.Q1" else tip for tip in sheets()["support"]],
    "changes": [row("A.Q1", "moved", "A.Q9")],
}


# --- one version further ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ({}, (Fate.UNCHANGED, ("A.Q1",), (), None)),
        ({"changes": [row("A.Q1", "wording")]}, (Fate.UNCHANGED, ("A.Q1",), (), None)),
        ({"items": items(A_Q1={"source": "p. 2", "applies_to": []})}, (Fate.UNCHANGED, ("A.Q1",), (), None)),
        ({"items": items(A_Q1={"help": text("Aide", "Help")})}, (Fate.REWORDED, ("A.Q1",), (Part.HELP,), None)),
        ({"items": items(A_Q1={"section": "A1"})}, (Fate.REWORDED, ("A.Q1",), (Part.PLACE,), None)),
        ({"items": items(A_Q1={"kind": "check"})}, (Fate.REWORDED, ("A.Q1",), (Part.KIND,), None)),
        ({"items": items(A_Q1={"criteria": []})}, (Fate.REWORDED, ("A.Q1",), (Part.SUPPORT,), None)),
        ({"support": without(sheets()["support"], "A.T1")}, (Fate.REWORDED, ("A.Q1",), (Part.SUPPORT,), None)),
        ({"items": items(A_Q1={"text": OTHER_TEXT}), "changes": [row("A.Q1", "wording")]}, (Fate.REWORDED, ("A.Q1",), (Part.TEXT,), None)),
        ({"items": items(A_Q1={"text": OTHER_TEXT})}, (Fate.BLOCKED, (), (Part.TEXT,), Block.TEXT)),
        ({"items": items(A_Q1={"text": IN_ONE_LANGUAGE})}, (Fate.BLOCKED, (), (Part.TEXT,), Block.TEXT)),
        (RENAMED, (Fate.REWORDED, ("A.Q9",), (Part.CODE,), None)),
        ({"items": items(A_Q1={"answer": "text"}), "changes": [row("A.Q1", "wording")]}, (Fate.RESCALED, ("A.Q1",), (Part.ANSWER,), None)),
        ({"items": items(A_Q1={"answer": "text"})}, (Fate.BLOCKED, (), (Part.ANSWER,), Block.SCALE)),
        ({"scales": [*LEVELS, PARTLY], "changes": [row("A.Q1", "wording")]}, (Fate.RESCALED, ("A.Q1",), (Part.ANSWER,), None)),
        ({"scales": [*LEVELS, PARTLY]}, (Fate.BLOCKED, (), (Part.ANSWER,), Block.SCALE)),
        ({"scales": LEVELS[::-1]}, (Fate.UNCHANGED, ("A.Q1",), (), None)),
        ({"scales": [LEVELS[0] | {"rubric": text("Presque tout.", "All.")}, LEVELS[1]]}, (Fate.BLOCKED, (), (Part.RUBRIC,), Block.SCALE)),
        (
            {"scales": [LEVELS[0] | {"label": text("Oui !", "Yes!")}, LEVELS[1]], "changes": [row("A.Q1", "wording")]},
            (Fate.REWORDED, ("A.Q1",), (Part.LABEL,), None),
        ),
        ({"items": items(A_Q1={"answer": "none"})}, (Fate.BLOCKED, (), (Part.ANSWER,), Block.NOT_ASKED)),
        ({"items": items(A_Q1={"answer": "none"}), "changes": [row("A.Q1", "wording")]}, (Fate.REMOVED, (), (), None)),
        ({"items": items(A_Q1={"replaced_by": "A.Q2"})}, (Fate.REPLACED, ("A.Q2",), (), None)),
    ],
    ids=[
        "same", "a row, but the same", "source and organisations", "help", "section", "kind", "criteria", "tip", "text by rule",
        "text in silence", "one language in silence", "renamed", "answer by rule", "answer in silence", "new level by rule",
        "new level in silence", "order of levels", "rubric in silence", "label by rule", "not asked in silence",
        "not asked by rule", "replaced item",
    ],
)  # fmt: skip
def test_what_becomes_of_a_question_that_stands_in_both_versions(made, expected):
    step = step_of("A.Q1", **made)

    assert (step.fate, step.to, step.parts, step.block) == expected


def gone(*changes, new=()):
    return {"items": items(without_code="A1.Q1", new=list(new)), "changes": list(changes)}


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (gone(), (Fate.BLOCKED, (), Block.GONE)),
        (gone(row("A1.Q1", "removed")), (Fate.REMOVED, (), None)),
        (gone(row("A1.Q1", "meaning", "N.Q1"), new=[question("N.Q1")]), (Fate.REPLACED, ("N.Q1",), None)),
        (gone(row("A1.Q1", "replaced", "N.Q1", "N.Q2"), new=[question("N.Q1"), question("N.Q2")]), (Fate.REPLACED, ("N.Q1", "N.Q2"), None)),
        (gone(row("A1.Q1", "split", "N.Q1", "N.Q2"), new=[question("N.Q1"), question("N.Q2")]), (Fate.SPLIT, ("N.Q1", "N.Q2"), None)),
        (gone(row("A1.Q1", "split", "N.Q1", "A.T1"), new=[question("N.Q1")]), (Fate.SPLIT, ("N.Q1",), None)),
        (gone(row("A1.Q1", "merged", "A.Q1")), (Fate.MERGED, ("A.Q1",), None)),
        (gone(row("A1.Q1", "replaced", "A.T1")), (Fate.REMOVED, (), None)),
        (gone(row("A1.Q1", "wording", "A.Q1")), (Fate.BLOCKED, (), Block.SAME_TARGET)),
        (gone(row("A1.Q1", "added", "A.Q1")), (Fate.BLOCKED, (), Block.GONE)),
        (gone(row("A1.Q1", "removed", from_version="0.9.0")), (Fate.BLOCKED, (), Block.GONE)),
    ],
    ids=["silence", "removed", "meaning", "replaced", "split", "split off a tip", "merged", "became a tip", "claim", "added", "older rule"],
)
def test_what_becomes_of_a_question_that_is_gone(made, expected):
    step = step_of("A1.Q1", **made)

    assert (step.fate, step.to, step.block) == expected


def test_claim_stands_against_a_code_that_is_blocked_itself():
    made = items(without_code="A1.Q1", A_Q1={"text": OTHER_TEXT})

    plan = plan_upgrade([make_package(), later(items=made, changes=[row("A1.Q1", "wording", "A.Q1")])])

    assert {step.code: step.block for step in plan.blocked} == {"A.Q1": Block.TEXT, "A1.Q1": Block.SAME_TARGET}


def test_two_codes_that_claim_one_new_code_are_both_blocked():
    made = without(items(without_code="A1.Q1", new=[question("N.Q1")]), "A.Q2.P1")
    changes = [row("A1.Q1", "wording", "N.Q1"), row("A.Q2", "wording", "N.Q1"), row("A.Q2.P1", "removed")]

    plan = plan_upgrade([make_package(), later(items=without(made, "A.Q2"), changes=changes)])

    assert {step.code: step.block for step in plan.blocked} == {"A.Q2": Block.SAME_TARGET, "A1.Q1": Block.SAME_TARGET}


def test_text_without_a_language_in_common_is_not_the_same():
    german = make_package(languages=[{"code": "fr", "state": "original"}, {"code": "en", "state": "draft"}])
    stripped = german.model_copy(update={"items": tuple(item.model_copy(update={"text": {"de": "Was?"}}) for item in german.items)})
    newer = stripped.model_copy(update={"package": german.package.model_copy(update={"version": "1.1.0"})})

    plan = plan_upgrade([german, newer])

    assert {step.block for step in plan.steps} == {Block.TEXT}


def test_draft_language_that_gains_a_text_changes_nothing():
    draft = [{"code": "fr", "state": "original"}, {"code": "en", "state": "draft"}]
    older = make_package(languages=draft, items=items(A_Q1={"text": {"fr": "Avez-vous un élève ?"}}))

    plan = plan_upgrade([older, later(languages=draft)])

    assert plan.by_code["A.Q1"].fate is Fate.UNCHANGED


def test_question_in_a_section_that_was_renamed_stays_where_it_was():
    made = sheets()["sections"]
    made[1]["code"] = "B1"
    changes = [row("A1", "moved", "B1")]

    plan = plan_upgrade([make_package(), later(sections=made, items=items(A1_Q1={"section": "B1"}), changes=changes)])

    assert plan.by_code["A1.Q1"].fate is Fate.UNCHANGED
    assert plan.sections == {"A": ("A",), "A1": ("B1",), "CTX": ("CTX",)}


def test_detail_of_another_question_is_in_another_place():
    detail = question("A.Q3", parent="A.Q1")
    older = make_package(items=items(new=[detail]))

    plan = plan_upgrade([older, later(items=items(new=[detail | {"parent": "A.Q2"}]))])

    assert (plan.by_code["A.Q3"].fate, plan.by_code["A.Q3"].parts) == (Fate.REWORDED, (Part.PLACE,))


def test_context_factors_have_steps_too_and_points_stand_beside():
    plan = plan_upgrade([make_package(), later()])

    assert [step.code for step in plan.steps] == ["A.Q1", "A.Q2", "A1.Q1", "CTX.F1"]
    assert [step.code for step in plan.beside] == ["A", "A1", "CTX", "A.Q2.P1", "A.S1", "A.T1", "A.E1", "V1", "V2", "V3", "R1", "G1"]
    assert {step.fate for step in plan.beside} == {Fate.UNCHANGED}


def test_theme_leads_to_every_theme_that_takes_its_questions():
    made = items(A1_Q1={"section": "CTX"})

    plan = plan_upgrade([make_package(), later(items=made)])

    assert plan.themes == {"A": ("A", "CTX"), "CTX": ("CTX",)}


def test_new_question_brings_its_note():
    note = text("Nouvelle.", "New.")

    plan = plan_upgrade([make_package(), later(items=items(new=[question("N.Q1")]), changes=[row("N.Q1", "added", note=note)])])

    assert [(step.code, step.fate, step.to, step.notes) for step in plan.new] == [("N.Q1", Fate.NEW, ("N.Q1",), (note,))]
    assert plan.new[0].new_items == (plan.newer.item("N.Q1"),)


def test_values_that_still_mean_the_same_are_told_per_target():
    levels = [LEVELS[0], LEVELS[1] | {"meaning": "partly"}, PARTLY]

    step = step_of("A.Q1", scales=levels, changes=[row("A.Q1", "wording"), row("A1.Q1", "wording")])

    assert step.value_fits == {"A.Q1": frozenset({"", "yes", "na"})}


def test_answer_in_words_fits_no_scale():
    step = step_of("A.Q2", items=items(A_Q2={"answer": "in_place"}), changes=[row("A.Q2", "wording")])

    assert (step.fate, step.value_fits) == (Fate.RESCALED, {"A.Q2": frozenset()})


# --- over several versions ----------------------------------------------------------------------------------------------


def reworded(code, **made):
    return items(**{code.replace(".", "_"): {"text": OTHER_TEXT}}, **made)


def test_chain_takes_the_strongest_fate_and_every_note():
    first, second = text("D’abord.", "First."), text("Ensuite.", "Then.")
    middle = later(items=reworded("A.Q1"), changes=[row("A.Q1", "wording", note=first)])
    made = without(items(new=[question("N.Q1"), question("N.Q2")], A_Q1={"criteria": []}), "A.Q1")
    changes = [row("A.Q1", "split", "N.Q1", "N.Q2", note=second, from_version="1.1.0"), row("A.T1", "removed", from_version="1.1.0")]
    last = later("1.2.0", "1.1.0", changes, items=made, support=without(sheets()["support"], "A.T1"))

    step = plan_upgrade([make_package(), middle, last]).by_code["A.Q1"]

    assert (step.fate, step.to, step.notes) == (Fate.SPLIT, ("N.Q1", "N.Q2"), (first, second))


def test_chain_goes_on_under_the_codes_in_between():
    middle = later(items=items(without_code="A1.Q1", new=[question("N.Q1", section="A1")]), changes=[row("A1.Q1", "replaced", "N.Q1")])
    last = later("1.2.0", "1.1.0", [row("N.Q1", "removed", from_version="1.1.0")], items=items(without_code="A1.Q1"))

    plan = plan_upgrade([make_package(), middle, last])

    assert (plan.via, plan.by_code["A1.Q1"].fate) == (("1.0.0", "1.1.0", "1.2.0"), Fate.REMOVED)


def test_part_of_a_split_that_is_removed_later_is_left_out():
    parts = [question("N.Q1", section="A1"), question("N.Q2", section="A1")]
    middle = later(items=items(without_code="A1.Q1", new=parts), changes=[row("A1.Q1", "split", "N.Q1", "N.Q2")])
    last = later("1.2.0", "1.1.0", [row("N.Q1", "removed", from_version="1.1.0")], items=items(without_code="A1.Q1", new=parts[1:]))

    step = plan_upgrade([make_package(), middle, last]).by_code["A1.Q1"]

    assert (step.fate, step.to) == (Fate.SPLIT, ("N.Q2",))


def test_value_that_was_missing_in_between_does_not_fit():
    rows = [row("A.Q1", "wording"), row("A1.Q1", "wording")]
    yes_only = later(scales=LEVELS[:1], changes=rows)
    back = later("1.2.0", "1.1.0", [each | {"from_version": "1.1.0"} for each in rows])

    step = plan_upgrade([make_package(), yes_only, back]).by_code["A.Q1"]

    assert (step.fate, step.parts, step.value_fits) == (Fate.RESCALED, (), {"A.Q1": frozenset({"", "yes", "na"})})


def test_blocked_on_the_way_is_blocked_in_the_end_even_if_the_words_come_back():
    middle = later(items=reworded("A.Q1"))
    last = later("1.2.0", "1.1.0", [row("A.Q1", "wording", from_version="1.1.0")])

    plan = plan_upgrade([make_package(), middle, last])

    assert [(step.code, step.block) for step in plan.blocked] == [("A.Q1", Block.TEXT)]


def test_what_the_newest_version_says_about_an_old_one_goes_before_the_way():
    middle = later(items=reworded("A.Q1"))
    shortcut = text("La même question.", "The same question.")
    last = later("1.2.0", "1.1.0", [row("A.Q1", "wording", note=shortcut)], items=reworded("A.Q1"))

    step = plan_upgrade([make_package(), middle, last]).by_code["A.Q1"]

    assert (step.fate, step.to, step.notes) == (Fate.REWORDED, ("A.Q1",), (shortcut,))


def test_shortcut_serves_the_code_it_names_and_no_other():
    middle = later(items=items(without_code="A1.Q1"), changes=[row("A1.Q1", "removed")])
    last = later("1.2.0", "1.1.0", [row("A.Q1", "wording")], items=items(without_code="A1.Q1", A_Q1={"text": OTHER_TEXT}))

    plan = plan_upgrade([make_package(), middle, last])

    assert {step.code: step.fate for step in plan.steps} == {
        "A.Q1": Fate.REWORDED,
        "A.Q2": Fate.UNCHANGED,
        "A1.Q1": Fate.REMOVED,
        "CTX.F1": Fate.UNCHANGED,
    }


# --- the two real versions of key factor 8 ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def key_factor_8():
    folder = settings.CONTENT_DIR / "toolkits" / "language-learning-support"
    return plan_upgrade([read_folder(folder / "0.9.0"), read_folder(folder / "1.0.0")])


def test_four_questions_of_key_factor_8_become_three(key_factor_8):
    plan = key_factor_8

    values = frozenset({"", "yes", "partly", "no", "na", "unknown"})
    assert [(step.code, step.fate, step.to, step.parts, step.value_fits) for step in plan.steps] == [
        ("KF8.Q5", Fate.REPLACED, ("KF8.Q1",), (), {"KF8.Q1": values}),
        ("KF8.Q2", Fate.UNCHANGED, ("KF8.Q2",), (), {"KF8.Q2": values}),
        ("KF8.Q4", Fate.REMOVED, (), (), {}),
        ("KF8.Q3", Fate.REWORDED, ("KF8.Q3",), (Part.TEXT,), {"KF8.Q3": values}),
    ]
    assert plan.blocked == ()
    assert [len(step.notes) for step in plan.steps] == [1, 0, 1, 1]
    assert (plan.sections, plan.themes) == ({"KF8": ("KF8",)}, {"KF8": ("KF8",)})


def test_tips_and_examples_of_key_factor_8_are_told_beside(key_factor_8):
    old = [(step.sheet, step.code, step.fate, step.to) for step in key_factor_8.beside if step.fate is not Fate.NEW]
    new = [step.code for step in key_factor_8.beside if step.fate is Fate.NEW and step.code.startswith("KF8")]

    assert old == [
        ("sections", "KF8", Fate.REWORDED, ("KF8",)),
        ("support", "KF8.A1", Fate.MERGED, ("KF8.T1",)),
        ("support", "KF8.A2", Fate.REMOVED, ()),
        ("support", "KF8.A3", Fate.MERGED, ("KF8.T1",)),
        ("support", "KF8.A4", Fate.REMOVED, ()),
        ("support", "KF8.A5", Fate.REMOVED, ()),
        ("support", "KF8.T2", Fate.REMOVED, ()),
        ("support", "KF8.E2", Fate.REMOVED, ()),
        ("support", "KF8.E3", Fate.REPLACED, ("KF8.E1",)),
    ]
    assert new == []


def test_new_version_asks_25_more_questions_and_7_context_factors(key_factor_8):
    new = [step.new_items[0].kind for step in key_factor_8.new]

    assert (new.count("question"), new.count("context_factor"), len(new)) == (25, 7, 32)


def test_one_verb_of_key_factor_8_differs_in_each_language(key_factor_8):
    changes = key_factor_8.by_code["KF8.Q3"].words

    changed = {change.language: [segment.text for segment in change.segments if segment.mark is not Mark.EQUAL] for change in changes}
    assert changed == {"fr": ["pouvez", "pourriez"], "en": ["can", "could"]}

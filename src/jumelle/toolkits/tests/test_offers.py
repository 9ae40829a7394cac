"""What may be decided for an answer: the table at the head of `offers`, case by case."""

from types import SimpleNamespace

import pytest

from jumelle.toolkits.package.links import Fate
from jumelle.toolkits.package.offers import (
    Carry,
    Choice,
    ChoiceNotOffered,
    Outcome,
    UpgradeBlocked,
    blocking,
    choices,
    offers,
    outcome,
)
from jumelle.toolkits.package.upgrade import plan_upgrade
from jumelle.toolkits.tests.factories import make_package, sheets, text, without

KEEP, CONFIRM, ARCHIVE = Choice.KEEP, Choice.CONFIRM, Choice.ARCHIVE
OTHER_TEXT = text("Autrement ?", "In other words?")
LEVELS = sheets()["scales"]


def answer(value="", text=""):
    return SimpleNamespace(value=value, text=text)


def question(code, kind_of_answer="in_place"):
    return {"code": code, "section": "A", "kind": "question", "text": text(f"{code} ?", f"{code}?"), "answer": kind_of_answer}


def row(code, change, *to):
    return {"from_version": "1.0.0", "code": code, "change": change, "to": list(to)}


def plan_with(*changes, gone=(), new=(), scales=None, **texts):
    """From the small package to one with these changes; `A_Q1=…` gives an item another text."""
    made = sheets()["items"]
    for item in made:
        item["text"] = texts.get(item["code"].replace(".", "_"), item["text"])
    for code in gone:
        made = without(made, code)
    later = {"package__version": "1.1.0", "items": [*made, *new], "changes": list(changes)}
    return plan_upgrade([make_package(), make_package(**later, **({"scales": scales} if scales else {}))])


REWORDED = plan_with(row("A.Q1", "wording"), A_Q1=OTHER_TEXT)
RESCALED = plan_with(row("A.Q1", "wording"), row("A1.Q1", "wording"), scales=[LEVELS[0], LEVELS[1] | {"meaning": "unknown"}])
TO_WORDS = plan_with(row("A1.Q1", "split", "N.Q1", "N.Q2"), gone=["A1.Q1"], new=[question("N.Q1", "text"), question("N.Q2", "number")])
SPLIT = plan_with(row("A1.Q1", "split", "N.Q1", "N.Q2"), gone=["A1.Q1"], new=[question("N.Q1"), question("N.Q2", "text")])
MERGED = plan_with(row("A.Q1", "merged", "A.Q1"), row("A1.Q1", "merged", "A.Q1"), gone=["A1.Q1"], A_Q1=OTHER_TEXT)
JOINED = plan_with(row("A1.Q1", "merged", "A.Q1"), gone=["A1.Q1"])
REPLACED = plan_with(row("A1.Q1", "replaced", "N.Q1"), gone=["A1.Q1"], new=[question("N.Q1")])
OUSTED = plan_with(row("A1.Q1", "replaced", "A.Q1"), gone=["A1.Q1"])
REMOVED = plan_with(row("A1.Q1", "removed"), gone=["A1.Q1"])
BLOCKED = plan_with(A1_Q1=OTHER_TEXT)


@pytest.mark.parametrize(
    ("plan", "code", "expected"),
    [
        (REMOVED, "A.Q1", (Fate.UNCHANGED, (KEEP,))),
        (REWORDED, "A.Q1", (Fate.REWORDED, (CONFIRM, KEEP, ARCHIVE))),
        (RESCALED, "A.Q1", (Fate.RESCALED, (CONFIRM, ARCHIVE))),
        (SPLIT, "A1.Q1", (Fate.SPLIT, (CONFIRM, ARCHIVE))),
        (TO_WORDS, "A1.Q1", (Fate.SPLIT, (ARCHIVE,))),
        (MERGED, "A1.Q1", (Fate.MERGED, (CONFIRM, ARCHIVE))),
        (REPLACED, "A1.Q1", (Fate.REPLACED, (ARCHIVE, CONFIRM))),
        (REMOVED, "A1.Q1", (Fate.REMOVED, (ARCHIVE,))),
        (BLOCKED, "A1.Q1", (Fate.BLOCKED, ())),
    ],
    ids=["unchanged", "reworded", "rescaled", "split", "split into words", "merged", "replaced", "removed", "blocked"],
)
def test_choices_of_each_fate_with_the_default_first(plan, code, expected):
    step = plan.by_code[code]

    assert (step.fate, choices(step)) == expected


@pytest.mark.parametrize(
    ("plan", "code", "answers", "expected"),
    [
        (REMOVED, "A.Q1", {"A.Q1": answer("yes")}, ((KEEP,), ("A.Q1",))),
        (REWORDED, "A.Q1", {"A.Q1": answer("yes")}, ((CONFIRM, KEEP, ARCHIVE), ("A.Q1",))),
        (RESCALED, "A.Q1", {"A.Q1": answer("yes")}, ((CONFIRM, ARCHIVE), ("A.Q1",))),
        (RESCALED, "A.Q1", {"A.Q1": answer("no")}, ((ARCHIVE,), ())),
        (RESCALED, "A.Q1", {"A.Q1": answer()}, ((CONFIRM, ARCHIVE), ("A.Q1",))),
        (SPLIT, "A1.Q1", {"A1.Q1": answer("yes")}, ((CONFIRM, ARCHIVE), ("N.Q1",))),
        (MERGED, "A1.Q1", {"A.Q1": answer("no"), "A1.Q1": answer("no")}, ((CONFIRM, ARCHIVE), ("A.Q1",))),
        (MERGED, "A1.Q1", {"A.Q1": answer("yes"), "A1.Q1": answer("no")}, ((ARCHIVE,), ())),
        (MERGED, "A1.Q1", {"A1.Q1": answer("no")}, ((ARCHIVE,), ())),
        (JOINED, "A1.Q1", {"A.Q1": answer("yes"), "A1.Q1": answer("yes")}, ((ARCHIVE,), ())),
        (JOINED, "A1.Q1", {"A1.Q1": answer("yes")}, ((ARCHIVE,), ())),
        (REPLACED, "A1.Q1", {"A1.Q1": answer("yes")}, ((ARCHIVE, CONFIRM), ("N.Q1",))),
        (OUSTED, "A1.Q1", {"A1.Q1": answer("yes")}, ((ARCHIVE, CONFIRM), ("A.Q1",))),
        (OUSTED, "A1.Q1", {"A.Q1": answer("yes"), "A1.Q1": answer("yes")}, ((ARCHIVE,), ())),
        (REMOVED, "A1.Q1", {"A1.Q1": answer("yes")}, ((ARCHIVE,), ())),
        (BLOCKED, "A1.Q1", {"A1.Q1": answer("yes")}, ((), ())),
    ],
    ids=[
        "unchanged", "reworded", "value still there", "value means something else", "only a note", "split where it fits",
        "merged the same", "merged different", "merged half answered", "own answer stays", "merged into an empty one", "replaced",
        "replaced by an empty one", "replaced by one with an answer", "removed", "blocked",
    ],
)  # fmt: skip
def test_offer_depends_on_the_answer(plan, code, answers, expected):
    offer = offers(plan, answers)[code]

    assert (offer.choices, offer.to) == expected
    assert offer.default == (expected[0][0] if expected[0] else None)


def test_only_answers_get_an_offer_in_the_order_of_the_toolkit():
    answers = {"CTX.F1": answer(text="law"), "A.Q1": answer("yes")}

    assert list(offers(REMOVED, answers)) == ["A.Q1", "CTX.F1"]


def test_answer_to_a_code_that_was_never_asked_is_an_error():
    with pytest.raises(KeyError):
        offers(REMOVED, {"A.Q2.P1": answer("yes")})


def test_defaults_carry_the_merged_answer_once_and_archive_what_went_into_it():
    answers = {"A.Q1": answer("no"), "A.Q2": answer(text="several"), "A1.Q1": answer("no")}

    assert outcome(MERGED, answers, {}) == Outcome(
        carries=(Carry("A.Q1", ("A.Q1", "A1.Q1"), to_confirm=True), Carry("A.Q2", ("A.Q2",), to_confirm=False)),
        archived=("A1.Q1",),
    )


def test_replaced_answer_is_archived_even_when_it_goes_on_under_another_code():
    answers = {"A1.Q1": answer("yes")}

    assert outcome(REPLACED, answers, {}) == Outcome((), ("A1.Q1",))
    assert outcome(REPLACED, answers, {"A1.Q1": CONFIRM}) == Outcome((Carry("N.Q1", ("A1.Q1",), to_confirm=True),), ("A1.Q1",))


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (KEEP, Outcome((Carry("A.Q1", ("A.Q1",), to_confirm=False),), ())),
        (CONFIRM, Outcome((Carry("A.Q1", ("A.Q1",), to_confirm=True),), ())),
        (ARCHIVE, Outcome((), ("A.Q1",))),
    ],
)
def test_person_decides_for_a_reworded_question(choice, expected):
    assert outcome(REWORDED, {"A.Q1": answer("yes")}, {"A.Q1": choice}) == expected


def test_blocked_question_stands_in_the_way_only_when_it_was_answered():
    with pytest.raises(UpgradeBlocked) as error:
        outcome(BLOCKED, {"A1.Q1": answer("yes")}, {})

    assert [step.code for step in error.value.steps] == ["A1.Q1"]
    assert blocking(BLOCKED, {"A.Q1": answer("yes")}) == ()
    assert outcome(BLOCKED, {"A.Q1": answer("yes")}, {}).archived == ()


@pytest.mark.parametrize(("code", "choice"), [("A.Q1", ARCHIVE), ("A1.Q1", KEEP), ("A.Q2", KEEP)], ids=["fate", "meaning", "unanswered"])
def test_what_is_not_offered_cannot_be_chosen(code, choice):
    with pytest.raises(ChoiceNotOffered) as error:
        outcome(REMOVED, {"A.Q1": answer("yes"), "A1.Q1": answer("no")}, {code: choice})

    assert error.value.code == code

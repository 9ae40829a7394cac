"""Whatever an author does to a toolkit, whatever was answered, and however many versions an assessment skips."""

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.often import OFTEN

from jumelle.toolkits.package.chains import chain_of
from jumelle.toolkits.package.lineage import dead_codes
from jumelle.toolkits.package.links import Fate, is_asked
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.offers import Choice, UpgradeBlocked, blocking, choices, offers, outcome
from jumelle.toolkits.package.overlap import overlap_of, same_meaning
from jumelle.toolkits.package.sheets import SHEETS
from jumelle.toolkits.package.upgrade import plan_upgrade
from jumelle.toolkits.package.yaml_folder import read_files, write_files
from jumelle.toolkits.tests.histories import histories

often = settings(max_examples=OFTEN, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def asked(package):
    return [item.code for item in package.items if is_asked(item)]


def rebuilt(original, **changes):
    return Package.model_construct(**{sheet: original.rows(sheet) for sheet in SHEETS} | {"package": original.package} | changes)


def renumbered(package, version):
    """The same content as a later version, which has nothing to say about changes."""
    head = package.package.model_copy(update={"version": version, "supersedes": package.version})
    return rebuilt(package, package=head, changes=())


# --- the author of these tests is who they say they are -----------------------------------------------------------------


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(shortcuts=True))
def test_honest_histories_are_packages_that_would_be_published(history):
    for older, newer in zip(history.packages, history.packages[1:], strict=False):
        assert read_files(write_files(newer)).sha256 == newer.sha256
        assert dead_codes(older, newer) == ()


# --- the plan -----------------------------------------------------------------------------------------------------------


@often
@given(histories(lies=True, shortcuts=True))
def test_every_old_code_has_one_step_and_every_target_is_asked(history):
    plan = plan_upgrade(history.packages)

    reached = {target for step in plan.steps for target in step.to}
    shown = {item.code for step in plan.steps for item in step.new_items}
    assert [step.code for step in plan.steps] == asked(history.first)
    assert reached <= set(asked(history.last))
    assert all(bool(step.to) == (step.fate not in (Fate.REMOVED, Fate.BLOCKED)) for step in plan.steps)
    assert all(step.value_fits.keys() == set(step.to) for step in plan.steps)
    assert [step.code for step in plan.new] == [code for code in asked(history.last) if code not in shown]


@often
@given(histories())
def test_honest_history_blocks_nothing_and_leads_where_the_author_meant(history):
    plan = plan_upgrade(history.packages)

    assert plan.blocked == ()
    assert {step.code: frozenset(step.to) for step in plan.steps} == {code: history.heirs_of(code) for code in asked(history.first)}
    untouched = {code for code in asked(history.first) if not history.is_edited(code)}
    assert {step.code for step in plan.of(Fate.UNCHANGED)} == untouched


@often
@given(histories(lies=True))
def test_exactly_what_was_changed_in_silence_is_blocked(history):
    plan = plan_upgrade(history.packages)

    assert {step.code for step in plan.blocked} == {code for code in asked(history.first) if history.is_lied_about(code)}


@often
@given(histories(lies=True, shortcuts=True))
def test_an_answer_is_kept_only_where_the_meaning_is_the_same(history):
    plan = plan_upgrade(history.packages)

    before, now = history.meanings[0], history.meanings[-1]
    for step in plan.steps:
        if Choice.KEEP in choices(step):
            assert [before[step.code]] == [now[target] for target in step.to]
    overlap = overlap_of(plan)
    assert all(before[code] == now[target] for code, target in overlap.codes.items())
    assert len(set(overlap.codes.values())) == len(overlap.codes)
    assert 0 <= overlap.share <= 1


@often
@given(histories(lies=True))
def test_from_a_version_to_itself_everything_is_unchanged(history):
    package = history.last

    itself, again = plan_upgrade([package]), plan_upgrade([package, renumbered(package, "9.0.0")])

    for plan in (itself, again):
        assert {(step.fate, step.to) for step in plan.steps} == {(Fate.UNCHANGED, (code,)) for code in asked(package)}
        assert {step.fate for step in plan.beside} == {Fate.UNCHANGED}
        assert (plan.new, same_meaning(package).share) == ((), 1.0 if package.answerable() else 0.0)


@often
@given(histories(lies=True, shortcuts=True))
def test_the_same_packages_give_the_same_plan(history):
    read_again = [rebuilt(package) for package in history.packages]
    chain = chain_of(reversed(history.packages), older=history.first.version, newer=history.last.version)

    plan = plan_upgrade(history.packages)

    assert chain == history.packages
    assert plan == plan_upgrade(read_again)


@often
@given(histories(lies=True), st.data())
def test_no_code_is_lost_on_the_way(history, data):
    middle = data.draw(st.integers(0, len(history.packages) - 1))
    first, second = plan_upgrade(history.packages[: middle + 1]), plan_upgrade(history.packages[middle:])

    plan = plan_upgrade(history.packages)

    for step in plan.steps:
        on_the_way = first.by_code[step.code]
        after = [second.by_code[code] for code in on_the_way.to]
        fates = [on_the_way.fate, *(each.fate for each in after)]
        if Fate.BLOCKED in fates:
            assert step.fate is Fate.BLOCKED
        else:
            assert set(step.to) == {target for each in after for target in each.to}
            assert step.fate in ([Fate.REMOVED] if not step.to else fates)
            for each in after:
                for target in each.to:
                    assert step.value_fits[target] <= on_the_way.value_fits[each.code] & each.value_fits[target]


@often
@given(histories(lies=True, shortcuts=True))
def test_what_the_last_version_says_about_the_first_goes_before_everything_in_between(history):
    plan = plan_upgrade(history.packages)

    direct = [row for row in history.last.changes if row.from_version == history.first.version and row.code in plan.by_code]
    shortcuts = direct if len(history.packages) > 2 else []
    for row in shortcuts:
        step = plan.by_code[row.code]
        assert step.keeps_meaning == (row.change == "wording")
        assert step.to == ((row.to or (row.code,)) if step.keeps_meaning else ())
        assert step.block is None


# --- the answers --------------------------------------------------------------------------------------------------------


@st.composite
def answered(draw):
    """A history, its plan, and answers of any kind to some of the questions of its first version."""
    history = draw(histories(lies=draw(st.booleans()), shortcuts=draw(st.booleans())))
    picks = draw(st.lists(st.integers(0, 5), min_size=6, max_size=6))
    answers = {}
    for item, pick in zip([item for item in history.first.items if is_asked(item)], picks, strict=True):
        values = [level.value for level in history.first.scale(item.answer).levels] if item.has_scale else ["na"]
        text = "" if item.has_scale else "word"
        given_answers = [None, ("", ""), ("", text), *((value, "") for value in values)]
        if answer := given_answers[pick % len(given_answers)]:
            answers[item.code] = SimpleNamespace(value=answer[0], text=answer[1])
    return history, plan_upgrade(history.packages), answers, draw(st.lists(st.integers(0, 2), min_size=6, max_size=6))


@often
@given(answered())
def test_whatever_is_chosen_every_answer_lives_on_or_is_archived(case):
    history, plan, answers, picks = case
    offered = offers(plan, answers)
    chosen = {
        code: offer.choices[pick % len(offer.choices)] for (code, offer), pick in zip(offered.items(), picks, strict=False) if offer.choices
    }

    if blocking(plan, answers):
        with pytest.raises(UpgradeBlocked):
            outcome(plan, answers, chosen)
        return
    result = outcome(plan, answers, chosen)

    staying = [carry.to for carry in result.carries if carry.to in carry.sources]
    targets = [carry.to for carry in result.carries]
    assert list(offered) == list(answers)
    assert sorted([*staying, *result.archived]) == sorted(answers)
    assert len(set(targets)) == len(targets)
    for carry in result.carries:
        held = {(answers[code].value, answers[code].text) for code in carry.sources}
        assert len(held) == 1
        assert all(answers[code].value in plan.by_code[code].value_fits[carry.to] for code in carry.sources)
        kept = {code for code in carry.sources if chosen.get(code, offered[code].default) is Choice.KEEP}
        assert carry.to_confirm == (not kept)
        assert {history.meanings[0][code] for code in kept} <= {history.meanings[-1][carry.to]}

"""Going over to a newer version, on the two real versions of key factor 8."""

import json
from typing import Any

import pytest

from jumelle.assessments import operations
from jumelle.assessments.models import Answer, AnswerRevision, Assessment, ChosenFactor, Upgrade
from jumelle.assessments.operations import Given
from jumelle.assessments.queries import sheet_of
from jumelle.assessments.queries.record import record_bytes, record_of
from jumelle.assessments.queries.upgrading import archived_answers_of, can_be_undone, newer_versions_of, preview_of
from jumelle.assessments.tests.factories import BENCHMARK, LATER, NOW, give, make_assessment, make_link, make_place, shipped_package
from jumelle.cities.access import Place
from jumelle.cities.tenancy import city_scope
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.operations import load_package
from jumelle.toolkits.package.build import package_from_content
from jumelle.toolkits.package.offers import Choice

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions() -> tuple[ToolkitVersion, ToolkitVersion]:
    older, newer = (
        load_package(package=shipped_package(BENCHMARK, version), association=None, status=VersionStatus.PUBLISHED, now=NOW).version
        for version in ("0.9.0", "1.0.0")
    )
    return older, newer


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def answered(place, versions) -> Assessment:
    """All four questions of the earlier version, with a note, evidence and a choice."""
    assessment = make_assessment(place, versions[0])
    for code, value in {"KF8.Q5": "yes", "KF8.Q2": "partly", "KF8.Q4": "no", "KF8.Q3": "yes"}.items():
        give(place, assessment, code, value, note=f"Note on {code}")
    make_link(place, assessment, "KF8.Q4", title="Flyer")
    make_link(place, assessment, "KF8.Q5", title="Report")
    with city_scope(assessment.city_id):
        operations.choose_factor(place=place, assessment=assessment, section_code="KF8", reason="Volunteers wait.", now=NOW)
        yield assessment


def go_over(
    place: Place, assessment: Assessment, version: ToolkitVersion, chosen: dict[str, Choice] | None = None, **given: Any
) -> Upgrade:
    given.setdefault("seen", preview_of(assessment, version).seen)
    given.setdefault("further_themes", ())
    return operations.upgrade_assessment(place=place, assessment=assessment, version=version, chosen=chosen or {}, now=LATER, **given)


def fresh(assessment: Assessment) -> Assessment:
    return Assessment.objects.select_related("toolkit_version__toolkit").get(pk=assessment.pk)


def valid(assessment: Assessment) -> dict[str, tuple[str, str, bool]]:
    rows = Answer.objects.filter(assessment=assessment, archived_by=None)
    return {row.item_code: (row.value, row.note, row.to_confirm) for row in rows}


def test_preview_says_what_becomes_of_each_answer_and_changes_nothing(versions, answered):
    before = record_bytes(answered)

    preview = preview_of(answered, versions[1])

    assert newer_versions_of(answered) == [versions[1]]
    assert {code: (offer.step.fate, offer.choices) for code, offer in preview.offers.items()} == {
        "KF8.Q5": ("replaced", ("archive", "confirm")),
        "KF8.Q2": ("unchanged", ("keep",)),
        "KF8.Q4": ("removed", ("archive",)),
        "KF8.Q3": ("reworded", ("confirm", "keep", "archive")),
    }
    assert ([theme.code for theme in preview.themes], len(preview.further), preview.blocked) == (["KF8"], 11, ())
    assert record_bytes(fresh(answered)) == before


def test_upgrade_keeps_carries_over_and_archives(place, versions, answered):
    go_over(place, answered, versions[1], {"KF8.Q5": Choice.CONFIRM})

    now = fresh(answered)
    assert (now.toolkit_version, now.themes) == (versions[1], ["KF8"])
    assert valid(now) == {
        "KF8.Q1": ("yes", "Note on KF8.Q5", True),
        "KF8.Q2": ("partly", "Note on KF8.Q2", False),
        "KF8.Q3": ("yes", "Note on KF8.Q3", True),
    }
    assert [(row.item_code, row.value, row.note) for row in archived_answers_of(now)] == [
        ("KF8.Q4", "no", "Note on KF8.Q4"),
        ("KF8.Q5", "yes", "Note on KF8.Q5"),
    ]
    assert sorted((piece["code"], piece["title"]) for piece in record_of(now)["evidence"]) == [("KF8.Q1", "Report"), ("KF8.Q4", "Flyer")]
    assert ChosenFactor.objects.get(archived_by=None).reason == "Volunteers wait."


def test_carried_answer_counts_once_it_is_confirmed(place, versions, answered):
    go_over(place, answered, versions[1])
    assessment = fresh(answered)
    waiting = sheet_of(assessment)

    operations.confirm_answer(place=place, assessment=assessment, code="KF8.Q3", now=LATER)

    confirmed = sheet_of(assessment).all_entries["KF8.Q3"]
    assert (waiting.all_entries["KF8.Q3"].state, waiting.progress.answered) == ("unanswered", 1)
    assert (confirmed.state, confirmed.wording) == ("met", versions_text(assessment, "KF8.Q3"))
    assert AnswerRevision.objects.get(answer__item_code="KF8.Q3").value == "yes"
    with pytest.raises(operations.NothingToConfirm):
        operations.confirm_answer(place=place, assessment=assessment, code="KF8.Q3", now=LATER)


def versions_text(assessment: Assessment, code: str) -> dict[str, str]:
    return sheet_of(assessment).package.item(code).text


def test_saving_another_value_confirms_too_and_the_same_value_does_not(place, versions, answered):
    go_over(place, answered, versions[1])
    assessment = fresh(answered)

    def save(value: str) -> bool:
        revision = Answer.objects.get(item_code="KF8.Q3", archived_by=None).revision
        given = Given(value=value, note="Note on KF8.Q3", revision=revision)
        operations.save_answer(place=place, assessment=assessment, code="KF8.Q3", given=given, now=LATER)
        return Answer.objects.get(item_code="KF8.Q3", archived_by=None).to_confirm

    assert (save("yes"), save("partly")) == (True, False)


def test_step_back_restores_every_byte(place, versions, answered):
    before = record_bytes(answered)
    upgrade = go_over(place, answered, versions[1], {"KF8.Q5": Choice.CONFIRM, "KF8.Q3": Choice.ARCHIVE}, further_themes=["KF1", "CF"])
    assert fresh(answered).themes == ["KF1", "KF8", "CF"]

    operations.undo_upgrade(place=place, assessment=fresh(answered), now=LATER)

    upgrade.refresh_from_db()
    assert (record_bytes(fresh(answered)), upgrade.undone_at) == (before, LATER)


EDITS = {
    "an answer": lambda place, assessment: give(place, assessment, "KF8.Q2", "no"),
    "a confirmation": lambda place, assessment: operations.confirm_answer(place=place, assessment=assessment, code="KF8.Q3", now=LATER),
    "evidence": lambda place, assessment: make_link(place, assessment, "KF8.Q2"),
    "a choice": lambda place, assessment: operations.choose_factor(
        place=place, assessment=assessment, section_code="KF8", reason="Another reason.", now=LATER
    ),
    "a round": lambda place, assessment: assessment.rounds.create(city_id=assessment.city_id, answer_until=LATER.date(), started_at=LATER),
}


@pytest.mark.parametrize("edit", EDITS)
def test_step_back_ends_with_the_next_edit(place, versions, answered, edit):
    upgrade = go_over(place, answered, versions[1])
    assessment = fresh(answered)
    assert can_be_undone(assessment, upgrade)

    EDITS[edit](place, assessment)

    with pytest.raises(operations.NothingToUndo):
        operations.undo_upgrade(place=place, assessment=fresh(answered), now=LATER)
    assert fresh(answered).toolkit_version == versions[1]


def test_preview_that_is_out_of_date_changes_nothing(place, versions, answered):
    seen = preview_of(answered, versions[1]).seen
    give(place, answered, "KF8.Q2", "yes")
    before = record_bytes(fresh(answered))

    with pytest.raises(operations.AnsweredSincePreview):
        go_over(place, answered, versions[1], seen=seen)

    assert record_bytes(fresh(answered)) == before


def test_finished_assessment_keeps_its_version(place, versions, answered):
    seen = preview_of(answered, versions[1]).seen
    operations.finish_assessment(place=place, assessment=answered, now=LATER)
    before = record_bytes(fresh(answered))

    with pytest.raises(operations.AssessmentFinished):
        go_over(place, answered, versions[1], seen=seen)

    assert (newer_versions_of(fresh(answered)), record_bytes(fresh(answered))) == ([], before)


@pytest.mark.parametrize(
    ("chosen", "themes"),
    [
        pytest.param({"KF8.Q4": Choice.KEEP}, (), id="a removed question cannot be kept"),
        pytest.param({"KF8.Q9": Choice.ARCHIVE}, (), id="a code without an answer"),
        pytest.param({}, ("KF8",), id="a theme that it has already"),
        pytest.param({}, ("KF99",), id="a theme that does not exist"),
    ],
)
def test_choice_that_is_not_offered_changes_nothing(place, versions, answered, chosen, themes):
    before = record_bytes(answered)

    with pytest.raises(operations.ChoiceUnknown):
        go_over(place, answered, versions[1], chosen, further_themes=themes)

    assert record_bytes(fresh(answered)) == before


def test_running_round_keeps_the_version(place, versions, answered):
    answered.rounds.create(city_id=answered.city_id, answer_until=LATER.date(), started_at=LATER)

    with pytest.raises(operations.RoundInTheWay):
        go_over(place, answered, versions[1])


def reworded_without_a_rule() -> Any:
    """A version 1.1.0 in which one question reads differently, and nothing says what that means."""
    content = json.loads(json.dumps(shipped_package(BENCHMARK).content))
    content["package"] |= {"version": "1.1.0", "supersedes": "1.0.0"}
    content["changes"] = []
    item = next(item for item in content["items"] if item["code"] == "KF8.Q2")
    item["text"] = {language: f"{text} Really?" for language, text in item["text"].items()}
    return content


def test_upgrade_is_blocked_where_no_rule_says_what_a_change_means(place, versions):
    later = load_package(
        package=package_from_content(reworded_without_a_rule()), association=None, status=VersionStatus.PUBLISHED, now=NOW
    ).version
    assessment = make_assessment(place, versions[1])
    with city_scope(assessment.city_id):
        go_over_unanswered = preview_of(assessment, later).blocked
        give(place, assessment, "KF8.Q2", "yes")
        before = record_bytes(assessment)

        assert ([step.code for step in preview_of(assessment, later).blocked], go_over_unanswered) == (["KF8.Q2"], ())
        with pytest.raises(operations.MeaningChanged):
            go_over(place, assessment, later)
        assert record_bytes(fresh(assessment)) == before

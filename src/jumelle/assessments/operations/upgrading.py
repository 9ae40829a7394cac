"""
Going over to a newer version of the toolkit: nothing is deleted, and one step leads back until the next edit.

An answer that stays is left as it is, with its wording, its revisions and whoever gave it. An answer that lives on under another
code is copied there and waits to be confirmed; the old row is archived, that is, marked and no longer read as the item's answer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.assessments.models import Answer, Assessment, ChosenFactor, Evidence, Round, Upgrade
from jumelle.assessments.operations.answering import AssessmentFinished, Given, ItemUnknown, change_answer
from jumelle.assessments.operations.journal import note_act
from jumelle.assessments.operations.starting import propose_not_applicable
from jumelle.assessments.queries.sheet import can_be_answered, themes_of
from jumelle.assessments.queries.upgrading import Preview, can_be_undone, preview_of, state_of, upgrades_of
from jumelle.cities.access import Place
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.package.chains import ChainBroken
from jumelle.toolkits.package.offers import Carry, Choice, ChoiceNotOffered, Outcome, UpgradeBlocked, outcome
from jumelle.toolkits.queries import package_of


class UpgradeRefused(Exception):
    """The assessment stays with its version; `sentence` says why and what to do."""

    sentence = _("The assessment stays with its version.")


class VersionNotInLine(UpgradeRefused):
    sentence = _("No line of versions leads to this one. Choose one of the versions that are offered.")


class MeaningChanged(UpgradeRefused):
    sentence = _(
        "The meaning of an answered question has changed and the new version does not say how. "
        "Ask whoever publishes the toolkit to say it in the sheet “changes”; until then the assessment stays as it is."
    )


class AnsweredSincePreview(UpgradeRefused):
    sentence = _("Somebody has changed the assessment since you opened this page. Look at the preview again; nothing was changed.")


class ChoiceUnknown(UpgradeRefused):
    sentence = _("One of the choices is not among those offered. Choose again; nothing was changed.")


class RoundInTheWay(UpgradeRefused):
    sentence = _("A round of answers is running with the present version. Close it first.")


class NothingToUndo(UpgradeRefused):
    sentence = _("There is no step to take back: something was edited since, or it was taken back already.")


class NothingToConfirm(UpgradeRefused):
    sentence = _("Somebody has answered or confirmed this meanwhile.")


@transaction.atomic
def upgrade_assessment(
    *,
    place: Place,
    assessment: Assessment,
    version: ToolkitVersion,
    chosen: Mapping[str, Choice],
    further_themes: Sequence[str],
    seen: str,
    now: datetime,
) -> Upgrade:
    """
    Apply what the preview showed.

    Args:
        chosen: by old item code; an answer without a choice takes the default of its offer.
        further_themes: top sections of the newer version to take in as well.
        seen: the fingerprint of the preview that the person decided upon.
    Raises:
        UpgradeRefused: one of its kinds; nothing was changed.
        AssessmentFinished: a finished assessment keeps its version for good.
    """
    assessment = _locked(assessment)
    if Round.objects.filter(assessment=assessment, closed_at=None).exists():
        raise RoundInTheWay
    preview = _preview(assessment, version, seen)
    if set(further_themes) - {theme.code for theme in preview.further}:
        raise ChoiceUnknown
    result = _outcome(preview, chosen)
    upgrade = Upgrade.objects.create(
        city_id=assessment.city_id,
        assessment=assessment,
        from_version=assessment.toolkit_version,
        to_version=version,
        themes_before=assessment.themes,
        decisions=_decisions(preview, result, chosen),
        made_by=place.user,
        made_at=now,
    )
    moved = _move_answers(upgrade, preview, result)
    moved["factors"] = _move_factors(upgrade, preview)
    _set_version(assessment, version, _themes(preview, result, further_themes))
    propose_not_applicable(assessment, now, carried_by=upgrade)
    upgrade.moved = {**moved, "after": state_of(assessment)}
    upgrade.save(update_fields=["moved"])
    data = {"from": upgrade.from_version.version, "to": version.version, "archived": list(result.archived)}
    note_act(place, "assessment_upgraded", "Assessment", assessment.pk, now=now, data=data)
    return upgrade


@transaction.atomic
def undo_upgrade(*, place: Place, assessment: Assessment, now: datetime) -> Upgrade:
    """
    Take the last upgrade back: every answer stands again as it stood before.

    Raises:
        NothingToUndo: there is none, or something was edited since.
        AssessmentFinished: see the class.
    """
    assessment = _locked(assessment)
    upgrade = upgrades_of(assessment).first()
    if upgrade is None or not can_be_undone(assessment, upgrade):
        raise NothingToUndo
    Answer.objects.filter(assessment=assessment, carried_by=upgrade).delete()  # copies, unchanged since they were made
    ChosenFactor.objects.filter(assessment=assessment, pk__in=upgrade.moved["factors"]).delete()
    Answer.objects.filter(assessment=assessment, archived_by=upgrade).update(archived_by=None)
    ChosenFactor.objects.filter(assessment=assessment, archived_by=upgrade).update(archived_by=None)
    flagged = upgrade.moved["flagged"]
    Answer.objects.filter(assessment=assessment, pk__in=flagged).update(to_confirm=False)
    for evidence in Evidence.objects.filter(assessment=assessment, pk__in=upgrade.moved["evidence"]):
        evidence.item_code = upgrade.moved["evidence"][str(evidence.pk)]
        evidence.save(update_fields=["item_code"])
    _set_version(assessment, upgrade.from_version, upgrade.themes_before)
    upgrade.undone_at = now
    upgrade.save(update_fields=["undone_at"])
    note_act(place, "upgrade_undone", "Assessment", assessment.pk, now=now, data={"back_to": upgrade.from_version.version})
    return upgrade


@transaction.atomic
def confirm_answer(*, place: Place, assessment: Assessment, code: str, now: datetime) -> Answer:
    """
    Say that an answer that was carried over holds for the new wording, too.

    Raises:
        NothingToConfirm: see the class. ItemUnknown: the item is not asked here.
        AssessmentFinished: see the class.
    """
    assessment = _locked(assessment)
    package = package_of(assessment.toolkit_version)
    if not package.has_item(code) or not can_be_answered(package.item(code)):
        raise ItemUnknown(code)
    answer = Answer.objects.filter(assessment=assessment, item_code=code, archived_by=None, to_confirm=True).first()
    if answer is None:
        raise NothingToConfirm
    given = Given(answer.value, answer.text, answer.note, answer.come_back, answer.revision)
    change_answer(answer, given, package.item(code).text, place, now)
    data = {"assessment": str(assessment.pk), "item": code, "revision": answer.revision}
    note_act(place, "answer_confirmed", "Answer", answer.pk, now=now, data=data)
    return answer


# --- before -----------------------------------------------------------------------------------------------------------


def _locked(assessment: Assessment) -> Assessment:
    fresh = Assessment.objects.select_for_update(of=("self",)).select_related("toolkit_version__toolkit").get(pk=assessment.pk)
    if not fresh.is_open:
        raise AssessmentFinished
    return fresh


def _preview(assessment: Assessment, version: ToolkitVersion, seen: str) -> Preview:
    try:
        preview = preview_of(assessment, version)
    except ChainBroken:
        raise VersionNotInLine from None
    if not version.is_published or preview.plan.older.version == preview.plan.newer.version:
        raise VersionNotInLine
    if preview.seen != seen:
        raise AnsweredSincePreview
    return preview


def _outcome(preview: Preview, chosen: Mapping[str, Choice]) -> Outcome:
    try:
        return outcome(preview.plan, preview.answers, chosen)
    except UpgradeBlocked:
        raise MeaningChanged from None
    except ChoiceNotOffered:
        raise ChoiceUnknown from None


def _decisions(preview: Preview, result: Outcome, chosen: Mapping[str, Choice]) -> dict[str, Any]:
    into: dict[str, list[str]] = {}
    for carry in result.carries:
        for source in carry.sources:
            into.setdefault(source, []).append(carry.to)
    return {
        code: {"fate": offer.step.fate, "decision": chosen.get(code) or offer.default, "to": into.get(code, [])}
        for code, offer in preview.offers.items()
    }


def _themes(preview: Preview, result: Outcome, further: Sequence[str]) -> list[str]:
    newer = preview.plan.newer
    needed = {theme.code for theme in preview.themes} | set(further)
    needed |= {newer.top_section_of(newer.item(carry.to).section).code for carry in result.carries}
    return [theme.code for theme in themes_of(newer) if theme.code in needed]


def _set_version(assessment: Assessment, version: ToolkitVersion, themes: list[str]) -> None:
    assessment.toolkit_version, assessment.themes = version, themes
    assessment.save(update_fields=["toolkit_version", "themes"])


# --- answers, evidence and chosen themes ------------------------------------------------------------------------------


def _move_answers(upgrade: Upgrade, preview: Preview, result: Outcome) -> dict[str, Any]:
    """Flag what stays to be confirmed, archive what does not stay, copy what lives on elsewhere. Returns what undoing needs."""
    flagged: list[str] = []
    for code in result.archived:
        answer = preview.answers[code]
        answer.archived_by = upgrade
        answer.save(update_fields=["archived_by"])
    for carry in result.carries:
        if carry.to not in carry.sources:
            _copy(upgrade, carry, [preview.answers[source] for source in carry.sources])
        elif carry.to_confirm and not preview.answers[carry.to].to_confirm:
            preview.answers[carry.to].to_confirm = True
            preview.answers[carry.to].save(update_fields=["to_confirm"])
            flagged.append(str(preview.answers[carry.to].pk))
    return {"flagged": flagged, "evidence": _move_evidence(upgrade.assessment, result)}


def _copy(upgrade: Upgrade, carry: Carry, sources: Sequence[Answer]) -> None:
    """The same answer under the new code, with the wording that it was given to; notes of all sources, each once."""
    first = sources[0]
    notes = dict.fromkeys(source.note for source in sources if source.note)
    Answer.objects.create(
        city_id=upgrade.city_id,
        assessment=upgrade.assessment,
        item_code=carry.to,
        value=first.value,
        text=first.text,
        note="\n\n".join(notes),
        come_back=any(source.come_back for source in sources),
        proposed=first.proposed,
        wording=first.wording,
        answered_by_id=first.answered_by_id,
        answered_at=first.answered_at,
        to_confirm=carry.to_confirm,
        carried_from=first,
        carried_by=upgrade,
    )


def _move_evidence(assessment: Assessment, result: Outcome) -> dict[str, str]:
    """Evidence follows its answer to the first code that it lives on under; else it stays beside the archived answer."""
    goes_to: dict[str, str] = {}
    for carry in result.carries:
        for source in carry.sources:
            if source in result.archived:
                goes_to.setdefault(source, carry.to)
    moved = {}
    for evidence in Evidence.objects.filter(assessment=assessment, item_code__in=goes_to):
        moved[str(evidence.pk)] = evidence.item_code
        evidence.item_code = goes_to[evidence.item_code]
        evidence.save(update_fields=["item_code"])
    return moved


def _move_factors(upgrade: Upgrade, preview: Preview) -> list[str]:
    """A chosen theme that keeps its code stays chosen; one that goes on under one other code is chosen there, with its reason."""
    created: list[str] = []
    newer = preview.plan.newer
    rows = list(ChosenFactor.objects.filter(assessment=upgrade.assessment, archived_by=None))
    taken = {row.section_code for row in rows}
    for row in rows:
        targets = [code for code in preview.plan.themes.get(row.section_code, ()) if newer.has_section(code)]
        if row.section_code in targets:
            continue
        row.archived_by = upgrade
        row.save(update_fields=["archived_by"])
        if len(targets) == 1 and targets[0] not in taken:
            taken.add(targets[0])
            created.append(str(_chosen_again(upgrade, row, targets[0]).pk))
    return created


def _chosen_again(upgrade: Upgrade, row: ChosenFactor, section_code: str) -> ChosenFactor:
    return ChosenFactor.objects.create(
        city_id=row.city_id,
        assessment=upgrade.assessment,
        section_code=section_code,
        reason=row.reason,
        chosen_by_id=row.chosen_by_id,
        chosen_at=row.chosen_at,
    )

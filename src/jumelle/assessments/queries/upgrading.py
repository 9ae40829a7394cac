"""Newer versions of the toolkit for an assessment: what would become of each answer, and what earlier steps have archived."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from jumelle.assessments.models import Answer, Assessment, ChosenFactor, Evidence, Upgrade
from jumelle.assessments.queries.sheet import answers_of, themes_of
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.package.chains import ChainBroken
from jumelle.toolkits.package.offers import Offer, blocking, offers
from jumelle.toolkits.package.sheets import Section
from jumelle.toolkits.package.upgrade import Step, UpgradePlan
from jumelle.toolkits.queries import published_versions, upgrade_between


@dataclass(frozen=True)
class Preview:
    """
    What an upgrade would do, before anybody has decided anything.

    answers: the valid answers, by old code. offers: what may be decided for each, in the older version's order.
    blocked: the steps that stand in the way, because no rule says what an answered item means now.
    themes: top sections of the newer version that the assessment goes on with; further: those that one may take in as well.
    seen: a fingerprint of what the preview was made from: applying asks for it.
    """

    version: ToolkitVersion
    plan: UpgradePlan
    answers: Mapping[str, Answer]
    offers: Mapping[str, Offer]
    blocked: tuple[Step, ...]
    themes: tuple[Section, ...]
    further: tuple[Section, ...]
    seen: str


def newer_versions_of(assessment: Assessment) -> list[ToolkitVersion]:
    """Published versions that an open assessment can go over to, newest first."""
    version = assessment.toolkit_version
    if not assessment.is_open:
        return []
    later = published_versions().filter(toolkit_id=version.toolkit_id, sort_key__gt=version.sort_key)
    return [newer for newer in later if is_in_line(version, newer)]


def is_in_line(older: ToolkitVersion, newer: ToolkitVersion) -> bool:
    """Does a line of versions lead from one to the other?"""
    try:
        upgrade_between(older, newer)
    except ChainBroken:
        return False
    return True


def preview_of(assessment: Assessment, version: ToolkitVersion) -> Preview:
    """
    Raises:
        ChainBroken: the version is not one of `newer_versions_of`.
    """
    plan = upgrade_between(assessment.toolkit_version, version)
    answers = answers_of(assessment)
    going_on = themes_after(plan, assessment.themes)
    everything = themes_of(plan.newer)
    return Preview(
        version=version,
        plan=plan,
        answers=answers,
        offers=offers(plan, answers),
        blocked=blocking(plan, answers),
        themes=tuple(theme for theme in everything if theme.code in going_on),
        further=tuple(theme for theme in everything if theme.code not in going_on),
        seen=state_of(assessment),
    )


def themes_after(plan: UpgradePlan, themes: Iterable[str]) -> frozenset[str]:
    """Top sections of the newer version in which the chosen themes go on."""
    return frozenset(code for theme in themes for code in plan.themes.get(theme, ()))


def upgrades_of(assessment: Assessment) -> QuerySet[Upgrade]:
    """Newest first; those that were taken back are left out."""
    found = Upgrade.objects.filter(assessment=assessment, undone_at=None)
    return found.select_related("from_version", "to_version").order_by("-made_at", "pk")


def can_be_undone(assessment: Assessment, upgrade: Upgrade) -> bool:
    """One step back, until the next edit: is everything exactly as the upgrade left it?"""
    newest = upgrades_of(assessment).first()
    return assessment.is_open and newest == upgrade and upgrade.moved.get("after") == state_of(assessment)


def archived_answers_of(assessment: Assessment) -> list[Answer]:
    """What upgrades have archived, by the version that it was answered in, oldest version first, in the order of answering."""
    found = Answer.objects.filter(assessment=assessment).exclude(archived_by=None)
    return list(found.select_related("archived_by__from_version").order_by("archived_by__made_at", "answered_at", "item_code"))


def state_of(assessment: Assessment) -> str:
    """A fingerprint of everything that people can edit in an assessment: equal as long as nobody has."""
    fresh = Assessment.objects.only("toolkit_version_id", "themes", "finished_at").get(pk=assessment.pk)
    rows = [
        str((fresh.toolkit_version_id, fresh.themes, fresh.finished_at)),
        *_rows(Answer.objects.filter(assessment=assessment).values_list("pk", "revision", "to_confirm", "archived_by")),
        *_rows(Evidence.objects.filter(assessment=assessment).values_list("pk", "item_code", "removed_at")),
        *_rows(ChosenFactor.objects.filter(assessment=assessment).values_list("pk", "section_code", "chosen_at", "archived_by")),
        *_rows(assessment.rounds.values_list("pk", "opened_at", "closed_at")),
    ]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _rows(values: Iterable[tuple[object, ...]]) -> list[str]:
    return sorted(" ".join(map(str, row)) for row in values)

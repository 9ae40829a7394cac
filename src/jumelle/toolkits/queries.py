"""Reads: which toolkits there are for whom, and their content ready in memory."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from django.db.models import Exists, OuterRef, Q, QuerySet

from jumelle.cities.models import Association
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.models import Toolkit, ToolkitVersion
from jumelle.toolkits.package.build import package_from_content
from jumelle.toolkits.package.chains import ChainBroken, chain_of
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.overlap import Strand, strands_of
from jumelle.toolkits.package.search import Entry, Hit, index_of, search
from jumelle.toolkits.package.upgrade import UpgradePlan, plan_upgrade

_PUBLISHED = Q(status=VersionStatus.PUBLISHED)


# --- which there are --------------------------------------------------------------------------------------------------


def published_versions() -> QuerySet[ToolkitVersion]:
    """What everyone may read: every published version of every toolkit, toolkits by name, newest version first."""
    return ToolkitVersion.objects.filter(_PUBLISHED).select_related("toolkit").order_by("toolkit__slug", "-sort_key")


def latest_versions() -> list[ToolkitVersion]:
    """The newest published version of each toolkit."""
    latest: dict[object, ToolkitVersion] = {}
    for version in published_versions():
        latest.setdefault(version.toolkit_id, version)
    return list(latest.values())


def latest_version_of(slug: str) -> ToolkitVersion | None:
    return published_versions().filter(toolkit__slug=slug).first()


def toolkits_visible_to_association(association: Association) -> QuerySet[Toolkit]:
    """Toolkits that anyone may read, and the association's own, drafts included."""
    published = Exists(ToolkitVersion.objects.filter(_PUBLISHED, toolkit=OuterRef("pk")))
    return Toolkit.objects.filter(published | Q(association=association)).order_by("slug")


def versions_visible_to_association(association: Association) -> QuerySet[ToolkitVersion]:
    visible = ToolkitVersion.objects.filter(_PUBLISHED | Q(toolkit__association=association))
    return visible.select_related("toolkit").order_by("toolkit__slug", "-sort_key")


def versions_of_association(association: Association) -> QuerySet[ToolkitVersion]:
    """What the association brought itself, whatever its status."""
    return versions_visible_to_association(association).filter(toolkit__association=association)


# --- their content ----------------------------------------------------------------------------------------------------


def package_of(version: ToolkitVersion) -> Package:
    """Return the content of a version: read and parsed once per process, then without a query."""
    return _package(version.sha256)


@lru_cache(maxsize=64)
def _package(sha256: str) -> Package:
    content = ToolkitVersion.objects.values_list("content", flat=True).get(sha256=sha256)
    return package_from_content(content)


def upgrade_between(older: ToolkitVersion, newer: ToolkitVersion) -> UpgradePlan:
    """
    Return how answers to the one carry over to the other. Withdrawn versions in between still count; drafts do not.

    Raises:
        ChainBroken: no line of versions leads from one to the other.
    """
    line = ToolkitVersion.objects.filter(toolkit_id=older.toolkit_id).exclude(status=VersionStatus.DRAFT).order_by("sort_key")
    return _upgrade(tuple(line.values_list("sha256", flat=True)), older.version, newer.version)


@lru_cache(maxsize=32)
def _upgrade(hashes: tuple[str, ...], older: str, newer: str) -> UpgradePlan:
    return plan_upgrade(chain_of(map(_package, hashes), older=older, newer=newer))


def strands_through(versions: Iterable[ToolkitVersion]) -> tuple[Strand, ...]:
    """
    Return every question of these versions of one toolkit, each for as long as its meaning stays the same.

    Where no line leads from one version to the next, nothing means the same.
    """
    ordered = sorted({version.version: version for version in versions}.values(), key=lambda version: version.sort_key)
    plans = [_plan_or_none(older, newer) for older, newer in pairwise(ordered)]
    return strands_of([package_of(version) for version in ordered], plans)


def _plan_or_none(older: ToolkitVersion, newer: ToolkitVersion) -> UpgradePlan | None:
    try:
        return upgrade_between(older, newer)
    except ChainBroken:
        return None


def search_in(version: ToolkitVersion, query: str, language: str) -> tuple[Hit, ...]:
    """Return the rows of a version that hold every word of the query, whatever accents and capitals."""
    return search(_index(version.sha256, language), query)


@lru_cache(maxsize=64)
def _index(sha256: str, language: str) -> tuple[Entry, ...]:
    return index_of(_package(sha256), language)

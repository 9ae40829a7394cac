"""Writes: loading packages, publishing them, withdrawing them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.audit.operations import SYSTEM, record
from jumelle.cities.models import Association
from jumelle.toolkits import queries
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.models import Toolkit, ToolkitVersion
from jumelle.toolkits.package.lineage import dead_codes
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.problems import PackageRefused
from jumelle.toolkits.package.versions import sort_key
from jumelle.toolkits.package.yaml_folder import read_folder


class LoadRefused(Exception):
    """The package is sound, but it cannot take this place. `sentence` says why and what to do."""

    sentence = _("The package cannot be loaded.")


class SlugTaken(LoadRefused):
    sentence = _("Another body already has a toolkit with this id. Choose another id.")


class KindChanged(LoadRefused):
    sentence = _("A toolkit keeps its kind. Choose another id for a toolkit of another kind.")


class VersionTaken(LoadRefused):
    sentence = _("This version was published with other content, and what is published never changes. Raise the version number.")


class VersionTooLow(LoadRefused):
    sentence = _("A higher version is already published. Raise the version number above it.")


class NotADraft(LoadRefused):
    sentence = _("Only a draft can be published.")


class NotPublished(LoadRefused):
    sentence = _("Only a published version can be withdrawn.")


@dataclass(frozen=True, slots=True)
class Loaded:
    """
    created: False when the very same content was there already and nothing was written.
    """

    version: ToolkitVersion
    created: bool


@transaction.atomic
def load_package(
    *,
    package: Package,
    association: Association | None,
    status: VersionStatus,
    now: datetime,
    actor: str = "",
    role: str = "",
) -> Loaded:
    """
    Store a package as a version of its toolkit; a draft of the same version is replaced.

    Args:
        association: who brings it; None for what is shipped with Jumelle.
        status: draft or published.
        actor, role: who does it, for the journal; "" for the system itself.
    Raises:
        SlugTaken, KindChanged, VersionTaken, VersionTooLow: nothing was written.
        PackageRefused: codes of the version before are gone without a word in the sheet changes; nothing was written.
    """
    toolkit = _toolkit_for(package, association)
    existing = toolkit.versions.filter(version=package.version).first()
    if existing and existing.sha256 == package.sha256:
        if existing.is_draft and status == VersionStatus.PUBLISHED:
            return Loaded(publish_version(version=existing, now=now, actor=actor, role=role), created=False)
        return Loaded(existing, created=False)
    if existing and not existing.is_draft:
        raise VersionTaken
    _check_succession(toolkit, package)
    version = existing or ToolkitVersion(toolkit=toolkit, version=package.version, sort_key=sort_key(package.version))
    version.status = status
    version.sha256 = package.sha256
    version.content = package.content
    version.languages = list(package.language_codes)
    version.loaded_at = now
    version.save()
    _record("toolkit_loaded", version, now=now, actor=actor, role=role)
    return Loaded(version, created=True)


def _toolkit_for(package: Package, association: Association | None) -> Toolkit:
    toolkit, _created = Toolkit.objects.get_or_create(slug=package.id, defaults={"kind": package.kind, "association": association})
    toolkit = Toolkit.objects.select_for_update(of=("self",)).get(pk=toolkit.pk)
    if toolkit.association_id != (association.pk if association else None):
        raise SlugTaken
    if toolkit.kind != package.kind:
        raise KindChanged
    return toolkit


def _check_succession(toolkit: Toolkit, package: Package) -> None:
    newest = toolkit.versions.filter(status=VersionStatus.PUBLISHED).order_by("-sort_key").first()
    if newest is None:
        return
    if sort_key(package.version) < newest.sort_key:
        raise VersionTooLow
    if dead := dead_codes(queries.package_of(newest), package):
        raise PackageRefused(code.as_problem(newest.version) for code in dead)


@transaction.atomic
def publish_version(*, version: ToolkitVersion, now: datetime, actor: str = "", role: str = "") -> ToolkitVersion:
    """
    Make a draft readable by everyone, for good.

    Raises:
        NotADraft, VersionTooLow: nothing was changed.
        PackageRefused: a version published since the draft was loaded has codes that this one does not explain.
    """
    version = ToolkitVersion.objects.select_for_update(of=("self",)).select_related("toolkit").get(pk=version.pk)
    if not version.is_draft:
        raise NotADraft
    _check_succession(version.toolkit, queries.package_of(version))
    version.status = VersionStatus.PUBLISHED
    version.save(update_fields=["status"])
    _record("toolkit_published", version, now=now, actor=actor, role=role)
    return version


@transaction.atomic
def withdraw_version(*, version: ToolkitVersion, reason: str, now: datetime, actor: str = "", role: str = "") -> ToolkitVersion:
    """
    Take a published version away from the public; assessments that use it keep it.

    Raises:
        NotPublished: nothing was changed.
    """
    version = ToolkitVersion.objects.select_for_update(of=("self",)).select_related("toolkit").get(pk=version.pk)
    if not version.is_published:
        raise NotPublished
    version.status = VersionStatus.WITHDRAWN
    version.save(update_fields=["status"])
    _record("toolkit_withdrawn", version, now=now, actor=actor, role=role, reason=reason)
    return version


@transaction.atomic
def load_shipped(*, folder: Path, now: datetime) -> list[Loaded]:
    """
    Load every package that is shipped with Jumelle, older versions first, all of them or none.

    Args:
        folder: holds `<id>/<version>/` folders.
    Raises:
        PackageRefused, LoadRefused: nothing was loaded.
    """
    packages = sorted(map(read_folder, shipped_folders(folder)), key=lambda package: (package.id, sort_key(package.version)))
    return [load_package(package=package, association=None, status=VersionStatus.PUBLISHED, now=now) for package in packages]


def shipped_folders(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.glob("*/*") if path.is_dir())


def _record(action: str, version: ToolkitVersion, *, now: datetime, actor: str, role: str, reason: str = "") -> None:
    association_id = version.toolkit.association_id
    record(
        chain=f"association:{association_id}" if association_id else SYSTEM,
        actor=actor,
        role=role,
        action=action,
        object_type="toolkit_version",
        object_id=str(version.pk),
        reason=reason,
        now=now,
        data={"toolkit": version.toolkit.slug, "version": version.version, "sha256": version.sha256},
    )

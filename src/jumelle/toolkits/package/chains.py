"""The versions between an older and a newer one, each next to the one it was made from."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.versions import sort_key


class ChainBroken(ValueError):
    """These packages are not one line of versions, so that nothing can be said about answers."""


class NoVersions(ChainBroken):
    """There is no package in the chain."""


class AnotherToolkit(ChainBroken):
    """Two packages of the chain are versions of different toolkits."""


class VersionRepeats(ChainBroken):
    """A version comes back to itself: the chain is a circle."""


class VersionsGoBack(ChainBroken):
    """A version stands after a higher one."""


class VersionGap(ChainBroken):
    """A version was made from another one than the version before it in the chain: one in between is missing."""


def chain_of(packages: Iterable[Package], *, older: str, newer: str) -> tuple[Package, ...]:
    """
    Return the packages from the older version to the newer one, in this order, with those that it goes through.

    Args:
        packages: versions of one toolkit, in any order; more than needed is fine.
        older, newer: versions among them. The same version twice gives a chain of one.
    Raises:
        VersionGap: one of the two is not there, or a version in between.
        VersionRepeats: following the versions back leads in a circle.
    """
    available = {package.version: package for package in packages}
    if older not in available or newer not in available:
        raise VersionGap(older, newer)
    chain = [available[newer]]
    while chain[-1].version != older:
        before = _version_before(chain[-1], available, older)
        if any(package.version == before.version for package in chain):
            raise VersionRepeats(before.version)
        chain.append(before)
    return tuple(reversed(chain))


def _version_before(package: Package, available: dict[str, Package], older: str) -> Package:
    """The highest version that this one says it was made from; the next lower one if it says nothing."""
    made_from = made_from_versions(package) or {version for version in available if sort_key(version) < sort_key(package.version)}
    found = [version for version in made_from if version in available and sort_key(version) >= sort_key(older)]
    if not found:
        raise VersionGap(older, package.version)
    return available[max(found, key=sort_key)]


def made_from_versions(package: Package) -> set[str]:
    """The versions that a package says how to come from; the empty set when it says nothing."""
    named = {row.from_version for row in package.changes}
    return named | {package.package.supersedes} if package.package.supersedes else named


def check_chain(chain: Sequence[Package]) -> None:
    """
    Raises:
        NoVersions, AnotherToolkit, VersionRepeats, VersionsGoBack, VersionGap: see the classes.
    """
    if not chain:
        raise NoVersions
    versions = [package.version for package in chain]
    for version in versions:
        if versions.count(version) > 1:
            raise VersionRepeats(version)
    for older, newer in pairwise(chain):
        if older.id != newer.id:
            raise AnotherToolkit(older.id, newer.id)
        if sort_key(older.version) >= sort_key(newer.version):
            raise VersionsGoBack(older.version, newer.version)
        made_from = made_from_versions(newer)
        if made_from and older.version not in made_from:
            raise VersionGap(older.version, newer.version)

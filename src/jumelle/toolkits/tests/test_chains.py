import pytest

from jumelle.toolkits.package import chains
from jumelle.toolkits.package.chains import chain_of, check_chain
from jumelle.toolkits.tests.factories import make_package, sheets


def version(number, supersedes="", from_versions=(), **head):
    """A version that says which one it was made from, or nothing."""
    made = sheets()["package"] | {"version": number} | ({"supersedes": supersedes} if supersedes else {}) | head
    changes = [{"from_version": before, "code": "A.Q1", "change": "wording"} for before in from_versions]
    return make_package(package=made, **({"changes": changes} if changes else {}))


def unchecked(number, supersedes):
    """A version as no author could load it: it is made from a later one."""
    package = version(number)
    return package.model_copy(update={"package": package.package.model_copy(update={"supersedes": supersedes})})


def numbers(chain):
    return [package.version for package in chain]


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([version("0.9.0"), version("1.0.0")], ["0.9.0", "1.0.0"]),
        ([version("0.9.0"), version("1.0.0", "0.9.0"), version("1.1.0", "1.0.0")], ["0.9.0", "1.0.0", "1.1.0"]),
        ([version("0.9.0"), version("1.0.0"), version("1.1.0", "1.0.0")], ["0.9.0", "1.0.0", "1.1.0"]),
        ([version("0.9.0"), version("1.0.0"), version("1.1.0", from_versions=["0.9.0"])], ["0.9.0", "1.1.0"]),
        ([version("0.9.0"), version("1.0.0", "0.9.0"), version("1.1.0", "1.0.0", ["0.9.0"])], ["0.9.0", "1.0.0", "1.1.0"]),
        ([version("0.9.0"), version("1.1.0", "1.0.0", ["0.9.0"])], ["0.9.0", "1.1.0"]),
        ([version("0.8.0"), version("0.9.0", "0.8.0"), version("0.10.0"), version("1.0.0", "0.9.0")], ["0.8.0", "0.9.0", "1.0.0"]),
        ([version("1.0.0")], ["1.0.0"]),
    ],
    ids=["nothing said", "each says", "some say", "rows say", "shortcut and way", "shortcut over a hole", "branch", "itself"],
)
def test_chain_follows_what_versions_were_made_from(versions, expected):
    chain = chain_of(reversed(versions), older=versions[0].version, newer=versions[-1].version)

    assert numbers(chain) == expected
    check_chain(chain)


@pytest.mark.parametrize(
    ("versions", "error"),
    [
        ([version("0.9.0"), version("1.1.0", "1.0.0")], chains.VersionGap),
        ([version("0.9.0"), version("1.1.0", from_versions=["1.0.0"])], chains.VersionGap),
        ([version("0.9.0"), unchecked("1.0.0", "1.1.0"), version("1.1.0", "1.0.0")], chains.VersionRepeats),
        ([version("0.9.0"), unchecked("1.0.0", "1.0.0")], chains.VersionRepeats),
    ],
    ids=["hole", "hole in the rows", "circle", "made from itself"],
)
def test_versions_that_are_no_line_give_no_chain(versions, error):
    with pytest.raises(error):
        chain_of(versions, older=versions[0].version, newer=versions[-1].version)


def test_chain_to_a_version_that_is_not_there_has_a_gap():
    with pytest.raises(chains.VersionGap):
        chain_of([version("0.9.0")], older="0.9.0", newer="1.0.0")


@pytest.mark.parametrize(
    ("chain", "error"),
    [
        ([], chains.NoVersions),
        ([version("0.9.0"), version("1.0.0", id="another-toolkit")], chains.AnotherToolkit),
        ([version("1.0.0"), version("1.0.0")], chains.VersionRepeats),
        ([version("1.0.0"), version("1.1.0", "1.0.0"), version("1.0.0")], chains.VersionRepeats),
        ([version("1.10.0"), version("1.9.0")], chains.VersionsGoBack),
        ([version("0.9.0"), version("1.1.0", "1.0.0")], chains.VersionGap),
    ],
    ids=["empty", "another toolkit", "twice", "circle", "back", "gap"],
)
def test_chain_that_is_broken_is_refused_for_its_reason(chain, error):
    with pytest.raises(error):
        check_chain(chain)

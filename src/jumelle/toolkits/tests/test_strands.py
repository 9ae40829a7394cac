"""Questions followed through several versions, for as long as their meaning stays the same."""

from itertools import pairwise

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from tests.often import OFTEN

from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.operations import load_package
from jumelle.toolkits.package.links import Fate
from jumelle.toolkits.package.overlap import Strand, same_meaning, strands_of
from jumelle.toolkits.package.upgrade import plan_upgrade
from jumelle.toolkits.package.yaml_folder import read_folder
from jumelle.toolkits.queries import strands_through
from jumelle.toolkits.tests.factories import NOW, make_package
from jumelle.toolkits.tests.histories import histories

often = settings(max_examples=OFTEN, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FOLDER = django_settings.CONTENT_DIR / "toolkits" / "language-learning-support"


def strands(packages):
    return strands_of(packages, [plan_upgrade(pair) for pair in pairwise(packages)])


def test_key_factor_8_is_followed_question_by_question():
    found = strands([read_folder(FOLDER / "0.9.0"), read_folder(FOLDER / "1.0.0")])

    of_key_factor_8 = [strand for strand in found if any(code.startswith("KF8.") for code in strand.codes.values())]
    assert of_key_factor_8 == [
        Strand({"0.9.0": "KF8.Q5"}, went=Fate.REPLACED),
        Strand({"0.9.0": "KF8.Q2", "1.0.0": "KF8.Q2"}),
        Strand({"0.9.0": "KF8.Q4"}, went=Fate.REMOVED),
        Strand({"0.9.0": "KF8.Q3", "1.0.0": "KF8.Q3"}, reworded=True),
        Strand({"1.0.0": "KF8.Q1"}, came=Fate.REPLACED),
    ]
    assert len(found) == 30
    assert {strand.came for strand in found[4:]} == {Fate.NEW, Fate.REPLACED}


def test_one_version_alone_has_every_question_once():
    assert strands([make_package()]) == (Strand({"1.0.0": "A.Q1"}), Strand({"1.0.0": "A.Q2"}), Strand({"1.0.0": "A1.Q1"}))


def test_nothing_means_the_same_where_no_line_leads_from_one_version_to_the_next():
    older, newer = make_package(), make_package(package__version="2.0.0")

    found = strands_of([older, newer], [None])

    assert [strand.codes for strand in found] == [{version: code} for version in ("1.0.0", "2.0.0") for code in ("A.Q1", "A.Q2", "A1.Q1")]
    assert [(strand.came, strand.went) for strand in found] == [(None, Fate.BLOCKED)] * 3 + [(Fate.BLOCKED, None)] * 3


@often
@given(histories(lies=True))
def test_every_question_of_every_version_stands_in_one_strand(history):
    stand = [(version, code) for strand in strands(history.packages) for version, code in strand.codes.items()]

    asked = [(package.version, item.code) for package in history.packages for item in package.answerable()]
    assert sorted(stand) == sorted(asked)


@often
@given(histories())
def test_a_strand_never_changes_its_meaning_and_never_has_a_gap(history):
    versions = [package.version for package in history.packages]
    meanings = dict(zip(versions, history.meanings, strict=True))

    for strand in strands(history.packages):
        places = [versions.index(version) for version in strand.codes]
        assert len({meanings[version][code] for version, code in strand.codes.items()}) == 1
        assert places == list(range(places[0], places[-1] + 1))
        assert (strand.came is None, strand.went is None) == (places[0] == 0, places[-1] == len(versions) - 1)


@often
@given(histories(lies=True))
def test_strands_of_two_versions_are_their_overlap(history):
    older, newer = history.packages[:2]
    overlap = same_meaning(older, newer)

    found = strands([older, newer])

    assert {tuple(strand.codes.values()) for strand in found if len(strand.codes) == 2} == set(overlap.codes.items())
    assert len(found) == overlap.all_items


@pytest.mark.django_db
def test_versions_of_the_database_are_put_into_order_and_taken_once(django_assert_max_num_queries):
    old, new = (
        load_package(package=read_folder(FOLDER / version), association=None, status=VersionStatus.PUBLISHED, now=NOW).version
        for version in ("0.9.0", "1.0.0")
    )
    expected = strands_through([old, new])

    with django_assert_max_num_queries(1):
        assert strands_through([new, old, new]) == expected
    assert len(expected) == 30
    assert len(strands_through([new])) == 28

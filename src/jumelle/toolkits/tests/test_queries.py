import pytest

from jumelle.cities.models import Association
from jumelle.toolkits import operations, queries
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.tests.factories import NOW, make_package, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def associations():
    return [Association.objects.create(slug=slug, name=slug, country="BE") for slug in ("north", "south")]


def names(versions):
    return [f"{version.toolkit.slug} {version.version}" for version in versions]


def test_published_versions_are_public_drafts_and_withdrawn_are_not():
    make_version(package__version="1.0.0")
    make_version(package__version="1.10.0")
    make_version(package__version="2.0.0", status=VersionStatus.DRAFT)
    other = make_version(package__id="another")
    operations.withdraw_version(version=other, reason="outdated", now=NOW)

    assert names(queries.published_versions()) == ["small-toolkit 1.10.0", "small-toolkit 1.0.0"]
    assert names(queries.latest_versions()) == ["small-toolkit 1.10.0"]
    assert queries.latest_version_of("small-toolkit").version == "1.10.0"
    assert queries.latest_version_of("another") is None


def test_association_sees_what_is_public_and_its_own_drafts(associations):
    north, south = associations
    make_version(package__id="shipped")
    make_version(package__id="of-north", association=north, status=VersionStatus.DRAFT)
    make_version(package__id="of-south", association=south, status=VersionStatus.DRAFT)
    make_version(package__id="public-of-south", association=south)

    visible = ["of-north 1.0.0", "public-of-south 1.0.0", "shipped 1.0.0"]
    assert names(queries.versions_visible_to_association(north)) == visible
    assert [toolkit.slug for toolkit in queries.toolkits_visible_to_association(north)] == [
        "of-north",
        "public-of-south",
        "shipped",
    ]
    assert names(queries.versions_of_association(north)) == ["of-north 1.0.0"]


def test_package_is_read_once_and_then_without_a_query(django_assert_num_queries):
    version = make_version()
    queries._package.cache_clear()

    with django_assert_num_queries(1):
        first = queries.package_of(version)
    with django_assert_num_queries(0):
        second = queries.package_of(version)

    assert first is second
    assert first == make_package()


def test_list_of_versions_leaves_the_content_in_the_database(django_assert_num_queries):
    make_version()
    make_version(package__id="another")

    with django_assert_num_queries(1) as queried:
        names(queries.published_versions())

    assert '"content"' not in queried[0]["sql"]


def test_search_in_a_version():
    version = make_version()

    assert [hit.entry.code for hit in queries.search_in(version, "eleve", "fr")] == ["A.Q1", "G1"]

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from jumelle.audit.models import Event
from jumelle.cities.models import Association
from jumelle.toolkits import operations, queries
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.models import Toolkit, ToolkitVersion
from jumelle.toolkits.package.problems import PackageRefused
from jumelle.toolkits.package.yaml_folder import write_folder
from jumelle.toolkits.tests.factories import NOW, make_package, make_version, sheets, text, without

pytestmark = pytest.mark.django_db
DRAFT = VersionStatus.DRAFT


def load(*, status: VersionStatus = VersionStatus.PUBLISHED, association: Association | None = None, **changes: Any):
    return operations.load_package(package=make_package(**changes), association=association, status=status, now=NOW)


def stored() -> list[tuple[str, str, str]]:
    return sorted(ToolkitVersion.objects.values_list("toolkit__slug", "version", "status"))


def test_load_stores_content_seal_and_languages_and_logs_it():
    loaded = load()

    version = ToolkitVersion.objects.get()
    assert (loaded.created, loaded.version) == (True, version)
    assert (version.sha256, version.content, version.languages) == (
        make_package().sha256,
        make_package().content,
        ["fr", "en"],
    )
    event = Event.objects.get()
    assert (event.chain, event.action, event.object_id) == ("system", "toolkit_loaded", str(version.pk))


def test_load_is_idempotent():
    load()

    again = load()

    assert (again.created, stored(), Event.objects.count()) == (False, [("small-toolkit", "1.0.0", "published")], 1)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        pytest.param({"package__title": text("Autre", "Other")}, operations.VersionTaken, id="same version, other content"),
        pytest.param({"package__version": "0.9.0"}, operations.VersionTooLow, id="lower version"),
        pytest.param({"package__version": "1.0.0-rc.1"}, operations.VersionTooLow, id="candidate of what is published"),
        pytest.param({"package__version": "2.0.0", "package__kind": "form"}, operations.KindChanged, id="other kind"),
    ],
)
def test_load_refuses_what_would_change_the_past(changes: dict[str, Any], refusal: type[Exception]):
    load()

    with pytest.raises(refusal):
        load(**changes)

    assert (stored(), Event.objects.count()) == ([("small-toolkit", "1.0.0", "published")], 1)


def test_load_refuses_a_version_that_forgets_codes():
    load()

    with pytest.raises(PackageRefused, match=r"A1\.Q1 of version 1\.0\.0 is gone"):
        load(package__version="1.1.0", items=without(sheets()["items"], "A1.Q1"))

    assert stored() == [("small-toolkit", "1.0.0", "published")]


def test_toolkit_of_another_association_is_not_taken_over():
    north, south = (Association.objects.create(slug=slug, name=slug, country="BE") for slug in ("north", "south"))
    load(association=north)

    for thief in (south, None):
        with pytest.raises(operations.SlugTaken):
            load(association=thief, package__version="2.0.0")

    assert Event.objects.get().chain == f"association:{north.pk}"


def test_draft_is_replaced_then_published_for_good():
    load(status=DRAFT)
    load(status=DRAFT, package__title=text("Mieux", "Better"))
    assert stored() == [("small-toolkit", "1.0.0", "draft")]

    operations.publish_version(version=ToolkitVersion.objects.get(), now=NOW)

    assert stored() == [("small-toolkit", "1.0.0", "published")]
    assert queries.package_of(ToolkitVersion.objects.get()).title == text("Mieux", "Better")
    with pytest.raises(operations.VersionTaken):
        load(status=DRAFT)
    with pytest.raises(operations.NotADraft):
        operations.publish_version(version=ToolkitVersion.objects.get(), now=NOW)


def test_draft_overtaken_by_a_higher_version_is_not_published():
    draft = load(status=DRAFT, package__version="1.1.0").version
    load(package__version="1.2.0")

    with pytest.raises(operations.VersionTooLow):
        operations.publish_version(version=draft, now=NOW)


def test_loading_the_same_content_as_published_publishes_the_draft():
    load(status=DRAFT)

    load()

    assert stored() == [("small-toolkit", "1.0.0", "published")]


def test_withdraw_takes_a_version_from_the_public_and_says_why():
    version = make_version()

    operations.withdraw_version(version=version, reason="wrong figures", now=NOW)

    assert (list(queries.published_versions()), stored()) == ([], [("small-toolkit", "1.0.0", "withdrawn")])
    assert Event.objects.get(action="toolkit_withdrawn").reason == "wrong figures"
    with pytest.raises(operations.NotPublished):
        operations.withdraw_version(version=version, reason="again", now=NOW)


@pytest.mark.parametrize("change", [{"content": {}}, {"sha256": "0" * 64}, {"version": "9.9.9"}, {"status": "draft"}])
def test_database_itself_refuses_to_change_a_published_version(change: dict[str, Any]):
    make_version()

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        ToolkitVersion.objects.update(**change)


def test_database_itself_refuses_to_delete_a_published_version():
    make_version()

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        ToolkitVersion.objects.all()._raw_delete("default")


def test_shipped_packages_are_loaded_oldest_first_and_all_or_none(tmp_path):
    for version in ("1.10.0", "1.9.0"):
        write_folder(make_package(package__version=version), tmp_path / "small-toolkit" / version)
    write_folder(make_package(package__id="zz", package__kind="form"), tmp_path / "zz" / "1.0.0")

    loaded = operations.load_shipped(folder=tmp_path, now=NOW)
    assert [(one.version.version, one.created) for one in loaded] == [("1.9.0", True), ("1.10.0", True), ("1.0.0", True)]
    assert [one.created for one in operations.load_shipped(folder=tmp_path, now=NOW)] == [False, False, False]

    write_folder(make_package(package__id="aa"), tmp_path / "aa" / "1.0.0")
    (tmp_path / "zz" / "1.0.0" / "items.yaml").write_text("- {code: a}")
    with pytest.raises(PackageRefused):
        operations.load_shipped(folder=tmp_path, now=NOW)
    assert Toolkit.objects.filter(slug="aa").count() == 0

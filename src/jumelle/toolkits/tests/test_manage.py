from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from jumelle.audit.models import Event
from jumelle.cities.enums import AssociationRole
from jumelle.cities.models import Association
from jumelle.cities.tests.factories import make_association, make_association_member
from jumelle.toolkits import operations
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.models import Toolkit, ToolkitVersion
from jumelle.toolkits.package.reading import read_bytes
from jumelle.toolkits.package.workbook import write_workbook
from jumelle.toolkits.package.yaml_folder import write_files
from jumelle.toolkits.tests.factories import NOW, files_of, make_package, make_version, sheets, text, workbook_with, zip_of

pytestmark = pytest.mark.django_db
HOME = "/en/a/north/toolkits/"
DRAFT = f"{HOME}small-toolkit/1.0.0/"


@pytest.fixture
def north() -> Association:
    return make_association("north")


@pytest.fixture
def officer(north: Association, signed_in: Callable[..., Client]) -> Client:
    return signed_in(make_association_member(north, AssociationRole.ASSOCIATION_OFFICER))


def upload(client: Client, data: bytes, name: str = "package.xlsx") -> HttpResponse:
    return client.post(f"{HOME}upload/", {"file": SimpleUploadedFile(name, data)})


def statuses() -> list[tuple[str, str, str]]:
    return sorted(ToolkitVersion.objects.values_list("toolkit__slug", "version", "status"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("package.xlsx", lambda: write_workbook(make_package()), id="workbook"),
        pytest.param("package.zip", lambda: zip_of(write_files(make_package())), id="zip"),
    ],
)
def test_sound_package_becomes_a_draft_that_only_the_association_sees(officer: Client, north: Association, name, data):
    response = upload(officer, data(), name)

    assert response.headers["Location"] == DRAFT
    assert statuses() == [("small-toolkit", "1.0.0", "draft")]
    assert Toolkit.objects.get().association == north
    event = Event.objects.get(action="toolkit_loaded")
    assert (event.chain, event.role) == (f"association:{north.pk}", "association_officer")
    assert "This is a draft" in officer.get(DRAFT).content.decode()
    assert Client().get("/en/guides/small-toolkit/").status_code == 404


def test_problems_come_back_with_sheet_row_and_column(officer: Client):
    def spoil(workbook):
        workbook["items"]["B5"].value = "ZZ"
        workbook["items"]["E2"].value = "=1+1"

    response = upload(officer, workbook_with(spoil))

    html = response.content.decode()
    assert (response.status_code, statuses()) == (400, [])
    assert "2 things to mend. Nothing was loaded." in html
    assert "The cell holds a formula. Type the result as text: packages hold no formulas." in html
    assert "There is no section with the code ZZ. Correct the code, or add the section." in html
    assert 'data-label="Column">text::fr<' in html


def test_messages_are_escaped(officer: Client):
    made = sheets()
    made["items"][0]["kind"] = "<script>alert(1)</script>"

    html = upload(officer, zip_of(files_of(made)), "package.zip").content.decode()

    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize("data", [b"", b"not a workbook", write_workbook(make_package())[:-300]], ids=["empty", "text", "cut off"])
def test_file_that_is_no_package_is_told_in_a_sentence(officer: Client, data: bytes):
    response = upload(officer, data)

    assert (response.status_code, statuses()) == (400, [])
    assert "What to mend" in response.content.decode()


def test_upload_without_a_file_asks_for_one(officer: Client):
    response = officer.post(f"{HOME}upload/")

    assert response.status_code == 400
    assert "This field is required." in response.content.decode()


def test_toolkit_of_somebody_else_is_not_replaced(officer: Client):
    make_version(association=make_association("south"))

    response = upload(officer, write_workbook(make_package(package__version="2.0.0")))

    assert "Another body already has a toolkit with this id." in response.content.decode()
    assert statuses() == [("small-toolkit", "1.0.0", "published")]


def test_draft_is_published_then_withdrawn_with_a_reason(officer: Client):
    upload(officer, write_workbook(make_package()))

    officer.post(f"{DRAFT}publish/")
    assert statuses() == [("small-toolkit", "1.0.0", "published")]
    assert Client().get("/en/guides/small-toolkit/").status_code == 200

    assert officer.post(f"{DRAFT}withdraw/", {"reason": ""}).status_code == 400
    assert statuses() == [("small-toolkit", "1.0.0", "published")]
    officer.post(f"{DRAFT}withdraw/", {"reason": "A figure is wrong."})
    assert statuses() == [("small-toolkit", "1.0.0", "withdrawn")]
    assert Event.objects.get(action="toolkit_withdrawn").reason == "A figure is wrong."


def test_publishing_twice_says_why_not(officer: Client, north: Association):
    make_version(association=north)

    html = officer.post(f"{DRAFT}publish/", follow=True).content.decode()

    assert "Only a draft can be published." in html


def test_published_version_is_not_replaced_by_an_upload(officer: Client, north: Association):
    make_version(association=north)

    response = upload(officer, write_workbook(make_package(package__title=text("Autre", "Other"))))

    assert "what is published never changes" in response.content.decode()


def test_list_shows_own_toolkits_only(officer: Client, north: Association, django_assert_max_num_queries):
    make_version(association=north, status=VersionStatus.DRAFT)
    make_version(package__id="of-south", association=make_association("south"), status=VersionStatus.DRAFT)
    make_version(package__id="shipped-one")
    officer.get(HOME)

    with django_assert_max_num_queries(12):
        html = officer.get(HOME).content.decode()

    assert "small-toolkit" in html
    assert "of-south" not in html
    assert "shipped-one" not in html


def test_toolkits_of_another_association_are_not_found(officer: Client):
    south = make_association("south")
    make_version(association=south, status=VersionStatus.DRAFT)
    make_version(package__id="shipped-one")

    assert [officer.get(address).status_code for address in (DRAFT, f"{HOME}shipped-one/1.0.0/", "/en/a/south/toolkits/")] == [404] * 3
    assert officer.post(f"{DRAFT}publish/").status_code == 404
    assert officer.post(f"{HOME}shipped-one/1.0.0/withdraw/", {"reason": "x"}).status_code == 404
    assert statuses() == [("shipped-one", "1.0.0", "published"), ("small-toolkit", "1.0.0", "draft")]


def test_facilitator_uploads_and_reads_but_does_not_publish(north: Association, signed_in: Callable[..., Client]):
    facilitator = signed_in(make_association_member(north, AssociationRole.FACILITATOR))

    html = facilitator.get(upload(facilitator, write_workbook(make_package())).headers["Location"]).content.decode()

    assert "This is a draft" in html
    assert "publish/" not in html
    assert facilitator.post(f"{DRAFT}publish/").status_code == 403
    assert statuses() == [("small-toolkit", "1.0.0", "draft")]


def test_empty_list_offers_the_first_step(officer: Client):
    assert f'href="{HOME}upload/"' in officer.get(HOME).content.decode()


def test_empty_workbook_is_offered_in_the_languages_asked_for(officer: Client):
    response = officer.get(f"{HOME}blank/?languages=pt, ar,<b>,pt")

    assert response.headers["Content-Disposition"] == 'attachment; filename="toolkit.xlsx"'
    with pytest.raises(ValueError, match="This sheet is missing or has no rows"):
        read_bytes(response.content)


def test_withdrawn_version_can_be_followed_by_a_newer_one(officer: Client, north: Association):
    operations.withdraw_version(version=make_version(association=north), reason="old", now=NOW)

    upload(officer, write_workbook(make_package(package__version="1.0.1")))

    assert statuses() == [("small-toolkit", "1.0.0", "withdrawn"), ("small-toolkit", "1.0.1", "draft")]

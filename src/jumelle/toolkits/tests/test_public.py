import gzip
import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jumelle.toolkits import operations
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.package.reading import read_bytes
from jumelle.toolkits.tests.factories import NOW, make_package, make_version, sheets, text, without

pytestmark = pytest.mark.django_db
GUIDE = "/en/guides/small-toolkit/1.0.0/"


@pytest.fixture
def shipped() -> None:
    operations.load_shipped(folder=settings.CONTENT_DIR / "toolkits", now=timezone.now())


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def ids(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


def addresses_of_a_guide() -> list[str]:
    guide = {"toolkit": "small-toolkit", "version": "1.0.0"}
    return [
        reverse("toolkits:list"),
        reverse("toolkits:toolkit", kwargs={"toolkit": "small-toolkit"}),
        reverse("toolkits:search", kwargs={"toolkit": "small-toolkit"}) + "?q=pupil",
        reverse("toolkits:section", kwargs={**guide, "code": "A"}),
        *(reverse(f"toolkits:{name}", kwargs=guide) for name in ("version", "print", "glossary", "workbook", "folder")),
        reverse("toolkits:schema"),
    ]


def test_every_page_is_public_and_sets_no_cookie(client: Client):
    make_version()

    for address in addresses_of_a_guide():
        response = client.get(address)
        assert (response.status_code, dict(response.cookies)) == (200, {}), address


def test_every_id_stands_once_and_every_link_on_the_page_leads_somewhere(client: Client):
    make_version()

    for address in addresses_of_a_guide()[:7]:
        html = page(client, address)
        assert len(set(ids(html))) == len(ids(html)), address
        assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids(html)), address


def test_section_has_everything_that_belongs_to_it(client: Client):
    make_version()

    html = page(client, f"{GUIDE}A/")

    assert {"A.Q1", "A.Q2", "A.Q2.P1", "A.S1", "A.T1", "A.E1", "A1", "A1.Q1", "R1"} <= set(ids(html))
    for words in ("Because.", "Do you have a pupil?", "A tip", "A criterion", "An example", "A guide", "After a city."):
        assert words in html
    assert "Non-governmental organisation, Health service" in html
    assert f'href="{GUIDE}CTX/"' in html


def test_item_address_leads_to_its_place(client: Client):
    make_version()

    leads = {
        code: client.get(f"{GUIDE}i/{code}/").headers.get("Location") for code in ("A.Q1", "A.T1", "A1", "A1.Q1", "A", "R1", "G1", "V1")
    }

    assert leads == {
        "A.Q1": f"{GUIDE}A/#A.Q1",
        "A.T1": f"{GUIDE}A/#A.T1",
        "A1": f"{GUIDE}A/#A1",
        "A1.Q1": f"{GUIDE}A/#A1.Q1",
        "A": f"{GUIDE}A/",
        "R1": f"{GUIDE}A/#R1",
        "G1": f"{GUIDE}glossary/#G1",
        "V1": f"{GUIDE}#V1",
    }
    assert client.get(f"{GUIDE}A1/").headers["Location"] == f"{GUIDE}A/#A1"


@pytest.mark.parametrize("address", ["no-such-guide/", "small-toolkit/9.9.9/", "small-toolkit/1.0.0/ZZ/", "small-toolkit/1.0.0/i/ZZ/"])
def test_what_does_not_exist_is_not_found(client: Client, address: str):
    make_version()

    page(client, f"/en/guides/{address}", status=404)


def test_draft_and_withdrawn_versions_are_not_public(client: Client):
    make_version(package__id="draft-one", status=VersionStatus.DRAFT)
    gone = make_version(package__id="withdrawn-one")
    operations.withdraw_version(version=gone, reason="old", now=NOW)

    listed = page(client, "/en/guides/")

    assert "draft-one" not in listed
    assert "withdrawn-one" not in listed
    for slug in ("draft-one", "withdrawn-one"):
        for rest in ("", "1.0.0/", "1.0.0/A/", "1.0.0/print/", "1.0.0/workbook/", "search/?q=a"):
            page(client, f"/en/guides/{slug}/{rest}", status=404)


def test_older_version_stays_readable_and_says_that_there_is_a_newer_one(client: Client):
    make_version()
    make_version(
        package__version="1.1.0",
        items=without(sheets()["items"], "A1.Q1"),
        changes=[{"from_version": "1.0.0", "code": "A1.Q1", "change": "merged", "to": ["A.Q1"], "note": text("Uni.", "Joined.")}],
    )

    older, newest = page(client, GUIDE), page(client, "/en/guides/small-toolkit/")

    assert "There is a newer version." in older
    assert "There is a newer version." not in newest
    assert "Joined." in newest
    assert f'href="{GUIDE}"' in newest


def test_text_in_another_language_than_the_page_says_so(client: Client):
    make_version()

    html = page(client, "/ar/guides/small-toolkit/1.0.0/A/")

    assert '<p lang="fr" dir="ltr">Avez-vous un élève ?</p>' in html
    assert "français" in html


def test_two_languages_stand_side_by_side_and_stay_so_on_the_next_page(client: Client):
    make_version()

    html = page(client, f"{GUIDE}A/?with=fr")

    assert '<div lang="en" dir="ltr"><p>Do you have a pupil?</p></div><div lang="fr" dir="ltr"><p>Avez-vous un élève ?</p></div>' in html
    assert f'href="{GUIDE}CTX/?with=fr"' in html
    assert "Avez-vous" not in page(client, f"{GUIDE}A/?with=xx")


def test_gap_of_a_draft_language_names_the_language_shown(client: Client):
    languages = [*sheets()["languages"], {"code": "uk", "state": "draft"}]
    make_version(languages=languages, package__title={**text("Petite boîte", "Small toolkit"), "uk": "Набір"})

    html = page(client, "/uk/guides/small-toolkit/")

    assert "<h1>Набір</h1>" in html
    assert 'lang="fr" dir="ltr">Pour essayer. <span class="tag">français</span>' in html


def test_search_finds_without_accents_and_leads_to_the_place(client: Client):
    make_version()

    html = page(client, "/fr/guides/small-toolkit/search/?q=ELEVE")

    assert "<mark>élève</mark>" in html
    assert 'href="/fr/guides/small-toolkit/1.0.0/A/#A.Q1"' in html
    assert 'value="ELEVE"' in html
    assert "<script>" not in page(client, "/fr/guides/small-toolkit/search/?q=<script>alert(1)</script>")


def test_text_of_a_package_is_never_markup(client: Client):
    make_version(package__title=text("<b>Gras</b>", "<script>alert(1)</script>"))

    for address in ("/en/guides/", GUIDE, f"{GUIDE}print/"):
        html = page(client, address)
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_downloads_are_the_package_itself(client: Client):
    make_version()

    workbook, folder = client.get(f"{GUIDE}workbook/"), client.get(f"{GUIDE}folder/")

    assert read_bytes(workbook.content) == read_bytes(folder.content) == make_package()
    assert workbook.headers["Content-Disposition"] == 'attachment; filename="small-toolkit-1.0.0.xlsx"'
    with zipfile.ZipFile(io.BytesIO(folder.content)) as archive:
        assert "small-toolkit/1.0.0/items.yaml" in archive.namelist()


def test_schema_is_json(client: Client):
    assert json.loads(page(client, reverse("toolkits:schema")))["title"] == "Jumelle toolkit package"


def test_every_section_of_every_shipped_guide_is_small_and_whole(client: Client, shipped: None, rf: Any):
    from_list = set(re.findall(r'href="/en/guides/([a-z-]+)/"', page(client, "/en/guides/")))
    assert len(from_list) == 11

    for slug in from_list:
        contents = page(client, f"/en/guides/{slug}/")
        for address in set(re.findall(rf'href="(/en/guides/{slug}/[0-9.]+/[A-Z0-9]+/)"', contents)):
            html = page(client, address)
            assert len(gzip.compress(html.encode())) < 40_000, address
            assert len(set(ids(html))) == len(ids(html)), address


def test_reading_pages_ask_few_questions_of_the_database(client: Client, shipped: None, django_assert_max_num_queries: Any):
    address = "/en/guides/refugee-inclusion/1.0.0/UT4/"
    page(client, address)

    with django_assert_max_num_queries(1):
        page(client, address)
    with django_assert_max_num_queries(1):
        page(client, "/en/guides/")

"""The answers side by side, on the sheet and on the wall: what each shows, to whom, and what none ever shows."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import Round
from jumelle.assessments.operations import close_round
from jumelle.assessments.tests.factories import (
    LATER,
    hand_in,
    lay_open,
    make_assessment,
    make_open_round,
    make_place,
    make_respondent,
    make_round,
    respond,
)
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_member, make_organisation

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
NGO, DEPARTMENT, MIGRANTS = RespondentRole.NGO, RespondentRole.DEPARTMENT, RespondentRole.MIGRANTS
Q1, Q2, OTHER = "KF1.Q1", "KF1.Q2", "KF8.Q1"
SHOWS = ("", "?show=differ", "?show=unknown", "?show=all", "?show=nonsense")
QUERIES = 13  # session, person, city, roles, second factor, assessment, round, respondents, texts, values, agreed, notes, and one to spare


@pytest.fixture
def place() -> Place:
    return make_place()


def url(opened: Round, name: str = "divergence", code: str = "", *, query: str = "", language: str = "en", city: str = "") -> str:
    with translation.override(language):
        kwargs = {"city": city or opened.city.slug, "pk": opened.assessment_id, "round": opened.pk} | ({"code": code} if code else {})
        return reverse(f"assessments:{name}", kwargs=kwargs) + query


def html_of(response) -> str:
    assert response.status_code == 200, response.status_code
    return unescape(response.content.decode())


def text_of(response) -> str:
    """What a person can read in a page or a file."""
    assert response.status_code in (200, 302), response.status_code
    if response.content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if response.content[:4] == b"%PDF":
        return subprocess.run(["pdftotext", "-", "-"], input=response.content, capture_output=True, check=True).stdout.decode()
    return unescape(response.content.decode())


def points_on(html: str) -> list[str]:
    return re.findall(r'<article class="point" id="([^"]+)"', html)


def six_people(place: Place, *, shows_names: bool = False) -> Round:
    """Each with a name, an organisation, a note for the others and one for oneself, and all that they said is different."""
    opened = make_round(place, make_assessment(place, themes=["KF1", "KF8"]), shows_names=shows_names)
    roles = [DEPARTMENT, DEPARTMENT, NGO, NGO, MIGRANTS, MIGRANTS]
    values = ["yes", "no", "partly", "unknown", "na", "no"]
    for number, (role, value) in enumerate(zip(roles, values, strict=True)):
        organisation = make_organisation(place.city, name=f"Canary-Organisation{number}")
        themes = ["KF1", "KF8"] if number < 3 else ["KF1"]
        person = make_respondent(place, opened, role, name=f"Canary-Name{number}", organisation=organisation, themes=themes)
        respond(person, Q1, value, note=f"Discussed {number}", private_note=f"Canary-Private{number}")
        respond(person, Q2, "partly")
        if number < 3:
            respond(person, OTHER, "no", note=f"Canary-Few{number}")
        hand_in(place, person)
    silent = make_respondent(place, opened, NGO, name="Canary-Silent")
    respond(silent, Q1, "yes", note="Canary-NotSentIn")
    return lay_open(place, opened)


def every_page(opened: Round, language: str = "en") -> Iterator[str]:
    """All that shows something of a round, and of the assessment that it belongs to."""
    for query in SHOWS:
        yield url(opened, query=query, language=language)
        yield url(opened, "sheet", query=query, language=language)
    for code in (Q1, Q2, OTHER):
        yield url(opened, "agree", code, language=language)
        yield url(opened, "project", code, language=language)
    yield url(opened, "agree_as_said", language=language)
    with translation.override(language):
        kwargs = {"city": opened.city.slug, "pk": opened.assessment_id}
        yield reverse("publishing:meeting_sheet_pdf", kwargs={**kwargs, "round": opened.pk}) + "?show=all"
        yield from (reverse(f"assessments:{name}", kwargs=kwargs) for name in ("overview", "results", "all", "offline"))
        yield reverse("assessments:history", kwargs={**kwargs, "code": Q1})
        yield from (reverse(f"publishing:summary{end}", kwargs=kwargs) for end in ("", "_pdf", "_docx", "_xlsx"))


# --- who may never be known -------------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="NOT RUN: pdftotext is not installed (apt install poppler-utils)")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_nobody_is_named_on_any_page_or_file_where_nobody_was_to_be_told(signed_in: SignIn, place: Place, language: str):
    opened = six_people(place)
    client = signed_in(place.user)

    found = {page: text_of(client.get(page)) for page in every_page(opened, language)}

    assert [page for page, text in found.items() if "Canary" in text] == []
    assert "Discussed 3" in found[url(opened, language=language)]
    assert all(len(text) > 200 for page, text in found.items() if "agree" not in page)


def test_names_stand_beside_answers_where_the_group_chose_so_and_never_on_the_wall_or_on_paper(signed_in: SignIn, place: Place):
    opened = six_people(place, shows_names=True)
    client = signed_in(place.user)

    pages = {name: html_of(client.get(url(opened, name, query="?show=all"))) for name in ("divergence", "sheet")}
    alone = {name: html_of(client.get(url(opened, name, Q1))) for name in ("agree", "project")}

    for html in (pages["divergence"], alone["agree"]):
        assert "Canary-Name3" in html
        assert "Discussed 3" in html
    for html in (pages["sheet"], alone["project"]):
        assert "Canary" not in html
        assert "Discussed" not in html
    for html in (*pages.values(), *alone.values()):
        assert "Canary-Private" not in html
        assert "Canary-Silent" not in html
        assert "Canary-NotSentIn" not in html
        assert "Canary-Organisation" not in html


def test_every_group_that_is_shown_has_five_people(signed_in: SignIn, place: Place):
    people = [(DEPARTMENT, {Q1: "yes"})] * 6 + [(NGO, {Q1: "no"})] * 2 + [(MIGRANTS, {Q1: "no"})] * 3
    opened = make_open_round(place, make_assessment(place, themes=["KF1"]), people)

    html = html_of(signed_in(place.user).get(url(opened, "agree", Q1)))

    rows = re.findall(r'role="rowheader">([^<]+)</th>.*?data-label="in all">(\d+)<', html)
    assert rows == [
        ("Department of the city", "6"),
        ("NGO or association + Migrants' or refugees' representative", "5"),
    ]


def test_theme_that_few_were_asked_says_why_nothing_is_shown(signed_in: SignIn, place: Place):
    opened = six_people(place)
    client = signed_in(place.user)

    page, alone, wall = (client.get(url(opened, *where)) for where in (("divergence",), ("agree", OTHER), ("project", OTHER)))

    for response in (page, alone, wall):
        assert "Talk about it in the meeting" in html_of(response)
    assert html_of(page).count("Nothing is shown here.") == 3
    assert "said-bar" not in html_of(alone).split('id="said"')[1]


# --- what is shown ----------------------------------------------------------------------------------------------------


def test_page_shows_what_is_chosen_and_what_differs_most_first(signed_in: SignIn, place: Place):
    people = [{Q1: "yes", Q2: "yes", OTHER: "yes"}] * 4 + [{Q1: "no", Q2: "partly", OTHER: "unknown"}]
    opened = make_open_round(place, make_assessment(place, themes=["KF1", "KF8"]), [(NGO, values) for values in people])
    client = signed_in(place.user)

    shown = {query: points_on(html_of(client.get(url(opened, query=query)))) for query in SHOWS}

    assert shown[""] == shown["?show=nonsense"] == [Q1, Q2, OTHER]
    assert (shown["?show=differ"], shown["?show=unknown"]) == ([Q1, Q2], [OTHER])
    assert shown["?show=all"] == [Q1, Q2, OTHER, "KF8.Q2", "KF8.Q3"]


def test_figures_stand_as_words_and_as_a_bar(signed_in: SignIn, place: Place):
    opened = make_open_round(place, make_assessment(place, themes=["KF1"]), [(NGO, {Q1: "yes"})] * 4 + [(NGO, {Q1: "unknown"})] * 2)

    html = html_of(signed_in(place.user).get(url(opened)))

    words = re.sub(r"<[^>]+>|\s+", " ", html)
    assert re.search(r"Yes +4 +Partly +0 +No +0 +We do not know +2", words)
    assert "Disagreement 0 % · 33 % don’t know · 6 of 6 answered" in re.sub(" +", " ", words)
    assert re.findall(r'<rect class="(is-\w+)"(?: fill="[^"]+")? x="([\d.]+)%" width="([\d.]+)%"', html) == [
        ("is-met", "0.00", "66.67"),
        ("is-unknown", "66.67", "33.33"),
    ]


def test_what_people_wrote_is_text(signed_in: SignIn, place: Place):
    opened = make_round(place, make_assessment(place, themes=["KF1"]), shows_names=True)
    for value in ("yes", "no"):
        person = make_respondent(place, opened, NGO, name="<script>alert('name')</script>")
        respond(person, Q1, value, note="<script>alert('note')</script> {braces} {{ 7|add:7 }}")
        hand_in(place, person)
    lay_open(place, opened)

    raw = signed_in(place.user).get(url(opened)).content.decode()

    assert "<script>alert" not in raw
    assert raw.count("&lt;script&gt;alert(&#x27;name&#x27;)") == 2
    assert "{braces} {{ 7|add:7 }}" in raw


def test_wall_goes_from_point_to_point_in_the_order_of_the_page(signed_in: SignIn, place: Place):
    people = [{Q1: "yes", Q2: "yes", OTHER: "yes"}] * 4 + [{Q1: "no", Q2: "partly", OTHER: "unknown"}]
    opened = make_open_round(place, make_assessment(place, themes=["KF1", "KF8"]), [(NGO, values) for values in people])
    client = signed_in(place.user)

    first, middle, last = (html_of(client.get(url(opened, "project", code))) for code in (Q1, Q2, OTHER))

    links = [re.findall(r'rel="(prev|next)"\s+href="[^"]+/project/([^"/]+)/"', html) for html in (first, middle, last)]
    assert links == [[("next", Q2)], [("prev", Q1), ("next", OTHER)], [("prev", Q2)]]
    assert "2 of 3" in middle


def test_sheet_has_a_box_for_each_level_and_lines_to_write(signed_in: SignIn, place: Place):
    opened = make_open_round(place, make_assessment(place, themes=["KF1"]), [(NGO, {Q1: "yes"})] * 4 + [(NGO, {Q1: "no"})])

    html = html_of(signed_in(place.user).get(url(opened, "sheet")))

    assert html.count('class="tick-box"') == 5
    assert html.count('class="blank"') == 6
    assert url(opened) in html


@pytest.mark.parametrize("language", ["fr", "ar", "ti", "uk"])
@pytest.mark.parametrize("name", ["divergence", "sheet"])
def test_pages_open_in_every_language(signed_in: SignIn, place: Place, language: str, name: str):
    opened = six_people(place)

    html = html_of(signed_in(place.user).get(url(opened, name, language=language)))

    assert f'<html lang="{language}"' in re.sub(r"\s+", " ", html)


def test_closed_round_stays_readable(signed_in: SignIn, place: Place):
    opened = six_people(place)
    with city_scope(place.here.id):
        close_round(place=place, round=opened, now=LATER)
    client = signed_in(place.user)

    html = html_of(client.get(url(opened)))

    assert "Discussed 3" in html
    assert "Write down what you agree on" not in html
    assert client.get(url(opened, "agree_as_said")).status_code == 302


def test_unknown_item_is_missing(signed_in: SignIn, place: Place):
    opened = six_people(place)
    client = signed_in(place.user)

    assert [client.get(url(opened, name, "KF99.Q1")).status_code for name in ("agree", "project")] == [404, 404]


# --- to whom ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["divergence", "sheet"])
def test_nobody_reads_before_the_round_is_opened_or_after_it_was_given_up(signed_in: SignIn, place: Place, name: str):
    collecting = make_round(place, make_assessment(place, themes=["KF1"]))
    client = signed_in(place.user)
    before = client.get(url(collecting, name))
    with city_scope(place.here.id):
        close_round(place=place, round=collecting, now=LATER)

    assert (before.status_code, client.get(url(collecting, name)).status_code) == (404, 404)


def test_support_group_reads_of_the_city_and_not_of_an_organisation(signed_in: SignIn, place: Place):
    member = signed_in(make_member(place.city, Role.SUPPORT_GROUP_MEMBER))
    people = [(NGO, {Q1: "yes"})] * 5
    of_city = make_open_round(place, make_assessment(place, themes=["KF1"]), people)
    of_provider = make_open_round(place, make_assessment(place, themes=["KF1"], organisation=make_organisation(place.city)), people)

    assert [member.get(url(opened)).status_code for opened in (of_city, of_provider)] == [200, 404]


def test_staff_reads_of_its_own_organisation_alone(signed_in: SignIn, place: Place):
    own, other = make_organisation(place.city), make_organisation(place.city)
    staff = signed_in(make_member(place.city, Role.PROVIDER_STAFF, organisation=own))
    opened = [
        make_open_round(place, make_assessment(place, themes=["KF1"], organisation=each), [(NGO, {Q1: "yes"})] * 5) for each in (own, other)
    ]

    assert [staff.get(url(each)).status_code for each in opened] == [200, 404]


def test_round_of_another_assessment_or_city_is_missing(signed_in: SignIn, place: Place):
    opened, other = six_people(place), six_people(make_place())
    client = signed_in(place.user)
    elsewhere = make_assessment(place, themes=["KF1"])

    mixed = url(opened).replace(str(opened.assessment_id), str(elsewhere.pk))
    assert [client.get(each).status_code for each in (mixed, url(other), url(other, city=place.here.slug))] == [404, 404, 404]


# --- time -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shows_names", [False, True])
@pytest.mark.parametrize("people", [5, 15])
def test_page_costs_the_same_with_five_and_with_fifteen(
    signed_in: SignIn, place: Place, shows_names: bool, people: int, django_assert_max_num_queries
):
    everything = {Q1: "yes", Q2: "no"} if people == 5 else dict.fromkeys((Q1, Q2, OTHER), "yes")
    opened = make_open_round(place, make_assessment(place, themes=["KF1", "KF8"]), [(NGO, everything)] * people, shows_names=shows_names)
    client = signed_in(place.user)
    client.get(url(opened))

    with django_assert_max_num_queries(QUERIES):
        client.get(url(opened, query="?show=all"))

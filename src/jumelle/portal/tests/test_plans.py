import gzip
import re
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from jumelle.action_plans.models import LineComment, Plan
from jumelle.action_plans.operations import approve_version, make_version
from jumelle.action_plans.tests.factories import NOW, make_line, make_plan, make_update
from jumelle.assessments.tests.factories import make_place
from jumelle.cities.tenancy import city_scope, current_scope
from jumelle.cities.tests.factories import make_organisation

pytestmark = pytest.mark.django_db
STYLE_SHEETS = ("tokens", "base", "layout", "components", "print")
RESULTS = "Sixty people speak French for at least an hour a week, and their children have a place to play meanwhile. "


def address(plan, language="en"):
    with override(language):
        return reverse("portal:plan", kwargs={"city": plan.city.slug, "pk": plan.pk})


def page_of(client, plan, language="en"):
    answer = client.get(address(plan, language))
    return answer, answer.content.decode()


def words_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def plan():
    return make_plan(make_place(), is_public=True, language="fr", title="La langue pour tous")


def test_page_says_what_was_promised_and_what_was_done(client, plan):
    library = make_organisation(plan.city, name="Library")
    line = make_line(
        plan,
        "Ouvrir un café",
        complete=True,
        is_public=True,
        status="in_progress",
        lead_organisation=library,
        measures=[{"what": "Personnes", "baseline": "0", "target": "30", "reached": "12", "reached_on": date(2026, 2, 1)}],
    )
    make_update(line, "2026-Q1", "Deux tables ont lieu.", evidence_title="Rapport", evidence_url="https://example.org/rapport")
    make_line(plan, "Une ligne cachée")

    answer, html = page_of(client, plan)
    words = words_of(html)

    assert answer.status_code == 200
    for expected in (
        "La langue pour tous",
        "1. Ouvrir un café",
        "Thirty people have a place.",
        "1 April 2026",
        "Library",
        "January to March 2026: In progress",
        "Deux tables ont lieu.",
        "1 of 1 line",
        "The plan has 2 lines; 1 line is not published.",
        "This is a draft: no body has approved it yet.",
        "The actions in time",
    ):
        assert expected in words, expected
    assert 'href="https://example.org/rapport"' in html
    assert "Une ligne cachée" not in html
    assert '<h1 lang="fr" dir="ltr">' in html


def test_approval_is_named_with_its_day_and_document(client, plan):
    make_line(plan, is_public=True)
    place = make_place(plan.city)
    with city_scope(plan.city_id):
        version = make_version(place=place, plan=plan, name="first_list", now=NOW)
        day = NOW.date()
        approve_version(
            place=place,
            version=version,
            body="Conseil municipal",
            approved_on=day,
            today=day,
            now=NOW,
            document_url="https://example.org/p",
        )

    _answer, html = page_of(client, plan)

    assert "Conseil municipal , 1 March 2026" in words_of(html)
    assert 'href="https://example.org/p"' in html


def test_plan_that_is_not_public_answers_as_one_that_does_not_exist(client):
    hidden = make_plan(make_place())
    make_line(hidden, is_public=True)
    put_away = make_plan(make_place(hidden.city), is_public=True, archived_at=NOW)
    foreign = make_plan(make_place(), is_public=True)
    nowhere = client.get(reverse("portal:plan", kwargs={"city": hidden.city.slug, "pk": uuid4()}))
    addresses = [
        address(hidden),
        address(put_away),
        reverse("portal:plan", kwargs={"city": hidden.city.slug, "pk": foreign.pk}),
        reverse("portal:plan", kwargs={"city": "no-such-city", "pk": foreign.pk}),
    ]

    for each in addresses:
        with override("en"):
            answer = client.get(re.sub("^/[a-z]+/", "/en/", each))
        assert (answer.status_code, answer.content) == (404, client.get(re.sub("^/[a-z]+/", "/en/", nowhere.request["PATH_INFO"])).content)


def test_nothing_private_is_on_the_page(client, plan):
    secret = "canary-of-the-officers"
    fields = dict.fromkeys(("private_note", "lead", "staff", "partners", "funding", "evaluation"), secret)
    line = make_line(plan, is_public=True, **fields)
    make_line(plan, secret, results=secret)
    make_update(line, next_step=secret)
    with city_scope(plan.city_id):
        LineComment.objects.create(city=plan.city, line=line, text=secret, written_at=NOW)

    _answer, html = page_of(client, plan)

    assert secret not in html
    assert "Open a language café" in html


def test_page_sets_no_cookie_is_asked_for_again_and_answers_304(client, plan):
    make_line(plan, is_public=True)

    first = client.get(address(plan))
    same = client.get(address(plan), headers={"if-none-match": first.headers["ETag"]})
    with city_scope(plan.city_id):
        make_line(plan, "Another", is_public=True)
    changed = client.get(address(plan), headers={"if-none-match": first.headers["ETag"]})

    assert (first.cookies, first.headers["Cache-Control"]) == ({}, "no-cache")
    assert (same.status_code, changed.status_code) == (304, 200)
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_plan_made_private_is_gone_with_the_next_click(client, plan):
    first = client.get(address(plan))
    with city_scope(plan.city_id):
        Plan.objects.filter(pk=plan.pk).update(is_public=False)

    assert client.get(address(plan), headers={"if-none-match": first.headers["ETag"]}).status_code == 404


def test_scope_is_closed_when_the_page_is_drawn(client, plan):
    client.get(address(plan))

    assert current_scope() is None


@pytest.mark.parametrize("language", ["en", "fr", "ar", "uk", "ti"])
def test_page_opens_in_every_language_of_the_interface(client, plan, language):
    make_update(make_line(plan, complete=True, measured=True, is_public=True), "2026-Q1")

    answer, html = page_of(client, plan, language)

    assert (answer.status_code, answer.headers["Content-Language"]) == (200, language)
    assert ('lang="fr"' in html.split("<main")[1]) == (language != "fr")


@pytest.mark.parametrize("count", [1, 40])
def test_page_takes_as_many_queries_for_one_line_as_for_forty(client, plan, count):
    for _number in range(count):
        make_update(make_line(plan, complete=True, measured=True, is_public=True), "2026-Q1")
    client.get(address(plan))

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address(plan))

    assert (answer.status_code, len(queries)) == (200, 6)


def test_page_of_ten_lines_weighs_less_than_sixty_kilobytes_with_its_style(client, plan):
    for number in range(10):
        line = make_line(plan, f"Open table {number}", complete=True, measured=True, is_public=True, results=RESULTS * 2)
        for quarter in ("2025-Q3", "2025-Q4", "2026-Q1"):
            make_update(line, quarter, RESULTS)

    answer = client.get(address(plan), headers={"accept-encoding": "gzip"})

    files = [f"common/css/{name}.css" for name in STYLE_SHEETS] + ["common/img/icons.svg", "common/js/safe-exit.js"]
    weights = [len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in files]
    assert answer.headers["Content-Encoding"] == "gzip"
    assert (len(answer.content) < 15_000, len(answer.content) + sum(weights) < 60_000) == (True, True), (len(answer.content), weights)


def test_compressed_page_is_not_sent_twice(client, plan):
    for number in range(10):
        make_line(plan, f"Open table {number}", is_public=True)

    first = client.get(address(plan), headers={"accept-encoding": "gzip"})
    again = client.get(address(plan), headers={"accept-encoding": "gzip", "if-none-match": first.headers["ETag"]})

    assert again.status_code == 304


# --- the list ---------------------------------------------------------------------------------------------------------


def list_of(client, city):
    with override("en"):
        return client.get(reverse("portal:plans", kwargs={"city": city.slug}))


def test_city_lists_its_public_plans_and_no_other(client, plan):
    make_plan(make_place(plan.city), title="Hidden plan")
    make_plan(make_place(), is_public=True, title="Plan of another city")

    html = list_of(client, plan.city).content.decode()

    assert "La langue pour tous" in html
    assert "Hidden plan" not in html
    assert "Plan of another city" not in html
    assert address(plan) in html


def test_city_without_a_public_plan_says_so(client):
    plan = make_plan(make_place())

    assert "This city has not published a plan." in list_of(client, plan.city).content.decode()


def test_city_that_does_not_exist_has_no_list(client):
    assert client.get("/en/cities/no-such-city/plans/").status_code == 404

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jumelle.action_plans.models import Plan, PlanLine
from jumelle.action_plans.tests.factories import CODE, make_line, make_plan
from jumelle.assessments.tests.factories import make_assessment, make_place
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db
READ_PAGES = ["overview", "versions", "compare"]


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


def url(plan, name, **kwargs):
    return reverse(f"action_plans:{name}", kwargs={"city": plan.city.slug, "pk": plan.pk, **kwargs})


def city_url(place, name, **kwargs):
    return reverse(f"action_plans:{name}", kwargs={"city": place.here.slug, **kwargs})


def header(**changes):
    return {"title": "Language for all", "mentee": "Aubrelle", "mentor": "", "language": "fr", "revision": "1", **changes}


def stored(plan):
    with city_scope(plan.city_id):
        return Plan.objects.get(pk=plan.pk)


def test_plan_is_started_without_a_mentor(client, place):
    page = client.get(city_url(place, "new")).content.decode()
    reply = client.post(city_url(place, "new"), header())

    with city_scope(place.here.id):
        plan = Plan.objects.get()
    assert f'value="{place.here.name}"' in page
    assert (plan.title, plan.mentee, plan.mentor, plan.language) == ("Language for all", "Aubrelle", "", "fr")
    assert reply["Location"] == url(plan, "overview")


def test_start_says_what_is_missing_and_keeps_what_was_typed(client, place):
    page = client.post(city_url(place, "new"), header(title="", mentor="Bruyères"))

    assert page.status_code == 422
    assert "This field is required." in page.content.decode()
    assert 'value="Bruyères"' in page.content.decode()


def test_list_shows_the_plans_of_this_city_alone(client, place):
    make_plan(place, title="Ours", approved=True)
    make_plan(title="Theirs")

    page = client.get(city_url(place, "list")).content.decode()

    assert "Ours" in page
    assert "Theirs" not in page


@pytest.mark.parametrize("name", READ_PAGES)
def test_plan_of_another_city_is_missing(client, place, name):
    foreign = make_plan()

    assert client.get(url(foreign, name)).status_code == 404
    assert client.get(reverse(f"action_plans:{name}", kwargs={"city": place.here.slug, "pk": foreign.pk})).status_code == 404


def test_overview_shows_six_columns_origins_and_what_is_missing(client, place):
    plan = make_plan(place, mentor="Bruyères")
    make_line(plan, "Open a café", complete=True, measured=True, from_gap=True)
    bare = make_line(plan, "Ask the learners")

    page = client.get(url(plan, "overview")).content.decode()

    for column in ("Actions", "Expected results", "Timetable", "Lead", "Resources and partners", "Evaluation of success"):
        assert f'<th scope="col" role="columnheader">{column}</th>' in page
    for words in (
        "Thirty people have a place.",
        "April 1, 2026 to Dec. 31, 2026",
        "Integration service",
        "8,000 euros",
        "People at the tables",
    ):
        assert words in page
    assert "KF8.Q1" in page
    for missing in ("Without a lead", "Without a start or an end", "Without a measure of success", "Without expected results"):
        assert missing in page
    assert url(plan, "line_edit", line=bare.pk) in page


def test_support_group_reads_and_cannot_write(place, signed_in):
    plan = make_plan(place)
    line = make_line(plan)
    member = signed_in(make_place(place.here, Role.SUPPORT_GROUP_MEMBER).user)

    page = member.get(url(plan, "overview")).content.decode()

    assert "Add a line" not in page
    assert url(plan, "line_edit", line=line.pk) not in page
    for name, kwargs in [("header", {}), ("line_new", {}), ("line_edit", {"line": line.pk}), ("remove", {"line": line.pk})]:
        assert member.post(url(plan, name, **kwargs)).status_code == 403


def queries_of_pages(client, place, count):
    """How many queries each page of a plan of so many lines takes."""
    assessment = make_assessment(place, themes=["KF8"])
    plan = make_plan(place)
    lines = [
        make_line(plan, complete=True, measured=True, origins=[{"kind": "gap", "assessment": assessment, **CODE}])
        for _number in range(count)
    ]
    pages = [url(plan, name) for name in ("overview", "public", "versions", "compare")]
    counts = []
    for page in [*pages, url(plan, "line", line=lines[0].pk)]:
        client.get(page)  # what is read once per process is read now
        with CaptureQueriesContext(connection) as queries:
            client.get(page)
        counts.append(len(queries))
    return counts


def test_pages_take_as_many_queries_for_one_line_as_for_forty(client, place):
    few, many = queries_of_pages(client, place, 1), queries_of_pages(client, place, 40)

    assert few == many
    assert max(many) <= 16


def test_header_changed_meanwhile_shows_both_and_lets_one_replace(client, place):
    plan = make_plan(place, title="Old", mentee="Aubrelle")
    client.post(url(plan, "header"), header(title="Theirs"))

    told = client.post(url(plan, "header"), header(title="Mine"))

    page = told.content.decode()
    assert told.status_code == 409
    assert "Theirs" in page
    assert 'value="Mine"' in page
    assert 'name="over"' in page
    assert stored(plan).title == "Theirs"
    client.post(url(plan, "header"), header(title="Mine", over="2"))
    assert stored(plan).title == "Mine"


def test_approved_plan_says_so_and_offers_a_new_version(client, place):
    plan = make_plan(place, approved=True, title="Old")
    line = make_line(plan)

    page = client.get(url(plan, "overview")).content.decode()
    refused = client.post(url(plan, "header"), header(title="New"))
    client.post(url(plan, "revise"), {"reason": "The budget has changed"})

    assert "This plan is approved" in page
    assert url(plan, "revise") in page
    assert url(plan, "line_edit", line=line.pk) not in page
    assert refused.status_code == 422
    assert "The plan is approved" in refused.content.decode()
    assert stored(plan).can_be_changed


def test_new_version_needs_a_reason(client, place):
    plan = make_plan(place, approved=True)

    assert client.post(url(plan, "revise"), {"reason": "no"}).status_code == 422
    assert not stored(plan).can_be_changed


def test_plan_is_put_away_and_brought_back_on_its_page(client, place):
    plan = make_plan(place)
    line = make_line(plan)

    page = client.post(url(plan, "put_away"), {"act": "away"}, follow=True).content.decode()
    refused = client.get(url(plan, "line_edit", line=line.pk), follow=True).content.decode()
    client.post(url(plan, "put_away"), {"act": "back"})

    assert "This plan is put away" in page
    assert "Add a line" not in page
    assert "The plan is put away." in refused
    assert stored(plan).can_be_changed


def test_public_page_is_chosen_line_by_line(client, place):
    plan = make_plan(place)
    first, second = make_line(plan), make_line(plan, is_public=True)
    unseen = make_line(plan, is_public=True)

    client.post(
        url(plan, "public"), {"is_public": "yes", "listed": [str(first.pk), str(second.pk)], "shown": [str(first.pk), str(unseen.pk)]}
    )

    with city_scope(plan.city_id):
        shown = dict(PlanLine.objects.values_list("pk", "is_public"))
    assert stored(plan).is_public
    assert shown == {first.pk: True, second.pk: False, unseen.pk: True}  # a line that was not on the page keeps its choice


def test_results_of_an_assessment_lead_to_the_gaps(client, place):
    assessment = make_assessment(place, themes=["KF1"])
    page = reverse("assessments:results", kwargs={"city": place.here.slug, "pk": assessment.pk})
    assert city_url(place, "from_gaps", pk=assessment.pk) not in client.get(page).content.decode()

    factors = reverse("assessments:factors", kwargs={"city": place.here.slug, "pk": assessment.pk})
    client.post(factors, {"section": "KF1", "KF1-reason": "It matters", "act": "choose"})

    assert city_url(place, "from_gaps", pk=assessment.pk) in client.get(page).content.decode()

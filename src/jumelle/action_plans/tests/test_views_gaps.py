import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jumelle.action_plans.models import LineOrigin, Plan
from jumelle.action_plans.queries import lines_of
from jumelle.action_plans.tests.factories import LATER, make_plan
from jumelle.assessments.operations import choose_factor
from jumelle.assessments.tests.factories import give, make_assessment, make_place
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db
GAPS = {"KF1.Q1": "no", "KF8.Q1": "partly", "KF8.Q2": "no", "KF9.Q1": "no"}


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def assessment(place):
    return make_answered(place)


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


def make_answered(place):
    assessment = make_assessment(place, themes=["KF1", "KF2", "KF8", "KF9"])
    for code, value in GAPS.items():
        give(place, assessment, code, value)
    with city_scope(place.here.id):
        for code in ("KF1", "KF8", "KF9"):
            choose_factor(place=place, assessment=assessment, section_code=code, reason=f"Why {code}", now=LATER)
    return assessment


def page_of(assessment):
    return reverse("action_plans:from_gaps", kwargs={"city": assessment.city.slug, "pk": assessment.pk})


def form(*gaps, **changes):
    return {"gap": list(gaps), "into": "new", "title": "Language for all", "language": "en", **changes}


def plans(place):
    with city_scope(place.here.id):
        return list(Plan.objects.all())


def test_page_shows_chosen_themes_with_their_gaps_and_the_toolkits_help(client, assessment):
    page = client.get(page_of(assessment)).content.decode()

    for code in GAPS:
        assert f'value="{code}"' in page
    for words in ("Why KF8", "Recruit volunteers and inform people", "The Brulingua app"):
        assert words in page
    assert 'id="KF2"' not in page


def test_ticked_gaps_become_lines_of_a_new_plan(client, place, assessment):
    reply = client.post(page_of(assessment), form("KF8.Q1", "KF1.Q1", **{"start-KF8.Q1": "KF8.T1"}))

    (plan,) = plans(place)
    with city_scope(place.here.id):
        lines = [(line.action.partition("\n")[0], sorted(origin.code for origin in line.origins.all())) for line in lines_of(plan)]
    assert (plan.title, plan.mentee, plan.language, plan.assessment_id) == ("Language for all", place.here.name, "en", assessment.pk)
    assert lines[0] == ("Recruit volunteers and inform people", ["KF8.Q1", "KF8.T1"])
    assert lines[1][1] == ["KF1.Q1"]
    overview = client.get(reply["Location"]).content.decode()
    assert "2 lines are made." in overview
    assert "to be reworded" in overview


def test_gap_that_has_a_line_is_shown_as_such_and_made_once(client, place, assessment):
    client.post(page_of(assessment), form("KF1.Q1"))

    page = client.get(page_of(assessment)).content.decode()
    again = client.post(page_of(assessment), form("KF1.Q1"))

    assert 'value="KF1.Q1"' not in page
    assert "It has a line already:" in page
    assert again.status_code == 422
    assert "Nothing was made twice." in again.content.decode()
    assert len(plans(place)) == 1


def test_refused_form_keeps_what_was_ticked_and_chosen(client, place, assessment):
    page = client.post(page_of(assessment), form("KF1.Q1", "KF8.Q2", title="", **{"start-KF8.Q2": ""}))

    html = " ".join(page.content.decode().split())
    assert page.status_code == 422
    assert "Give the new plan a title." in html
    assert 'value="KF1.Q1" checked' in html
    assert 'value="KF9.Q1" checked' not in html
    assert '<option value="" selected>The words of the question, to be reworded</option>' in html
    assert plans(place) == []


def test_nothing_ticked_and_nonsense_are_refused(client, place, assessment):
    for data in (form(), form("KF2.Q1"), form("NO.SUCH"), form("KF1.Q1", **{"start-KF1.Q1": "KF8.T1"})):
        assert client.post(page_of(assessment), data).status_code == 422
    assert plans(place) == []


def test_lines_go_into_a_plan_that_can_be_changed_and_into_no_other(client, place, assessment):
    plan, frozen, foreign = make_plan(place), make_plan(place, approved=True), make_plan()

    for other in (frozen, foreign):
        assert client.post(page_of(assessment), form("KF1.Q1", into=str(other.pk))).status_code == 422
    client.post(page_of(assessment), form("KF1.Q1", into=str(plan.pk), title=""))

    with city_scope(place.here.id):
        assert [origin.line.plan_id for origin in LineOrigin.objects.select_related("line")] == [plan.pk]


def test_assessment_without_a_choice_leads_to_choosing(client, place):
    assessment = make_assessment(place, themes=["KF1"])

    page = client.get(page_of(assessment)).content.decode()

    assert reverse("assessments:factors", kwargs={"city": place.here.slug, "pk": assessment.pk}) in page
    assert "Make the lines" not in page


def test_assessment_of_another_city_is_missing_and_others_are_not_let_in(client, place, assessment, signed_in):
    foreign = make_answered(make_place())
    member = signed_in(make_place(place.here, Role.SUPPORT_GROUP_MEMBER).user)

    assert client.get(page_of(foreign)).status_code == 404
    assert client.post(page_of(foreign), form("KF1.Q1")).status_code == 404
    assert member.get(page_of(assessment)).status_code == 403


def test_page_takes_as_many_queries_whatever_the_number_of_gaps(client, place, assessment):
    few = make_assessment(place, themes=["KF1"])
    give(place, few, "KF1.Q1", "no")
    with city_scope(place.here.id):
        choose_factor(place=place, assessment=few, section_code="KF1", reason="It matters", now=LATER)
    counts = []
    for one in (few, assessment):
        client.get(page_of(one))
        with CaptureQueriesContext(connection) as queries:
            client.get(page_of(one))
        counts.append(len(queries))

    assert counts[0] == counts[1]

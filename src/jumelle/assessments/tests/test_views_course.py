from datetime import date

import pytest
from django.urls import reverse

from jumelle.assessments.models import Assessment
from jumelle.assessments.tests.factories import (
    BENCHMARK,
    CHECKLIST,
    GRID,
    give,
    make_assessment,
    make_place,
    make_shipped_version,
)
from jumelle.audit.models import Event
from jumelle.cities.enums import OrganisationType, Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


def address(place, name, **kwargs):
    return reverse(f"assessments:{name}", kwargs={"city": place.city.slug, **kwargs})


def only_assessment(place):
    with city_scope(place.city.id):
        return Assessment.objects.get()


# --- the list ---------------------------------------------------------------------------------------------------------


def test_list_shows_own_city_only(client, place):
    version = make_shipped_version()
    make_assessment(place, version, subject="practice", subject_name="Own café")
    make_assessment(make_place(), version, subject="practice", subject_name="Foreign café")

    html = client.get(address(place, "list")).content.decode()

    assert "Own café" in html
    assert "Foreign café" not in html
    assert "0 of 28 answered" in html


@pytest.mark.parametrize("rows", [1, 3])
def test_list_costs_the_same_queries_with_1_and_3_rows(client, place, rows, django_assert_num_queries):
    version = make_shipped_version()
    for _ in range(rows):
        give(place, make_assessment(place, version), "KF1.Q1", "yes")
    client.get(address(place, "list"))

    with django_assert_num_queries(10):  # session, person, city, roles, second factor, count, assessments, answers, asked, proposals
        client.get(address(place, "list"))


def test_empty_list_offers_the_first_step_to_those_who_may_start(client, place, signed_in):
    member = make_place(place.city, Role.SUPPORT_GROUP_MEMBER)

    officer_page = client.get(address(place, "list")).content.decode()
    member_page = signed_in(member.user).get(address(place, "list")).content.decode()

    assert address(place, "new") in officer_page
    assert address(place, "new") not in member_page
    assert "There is nothing for you to answer at present" in member_page


@pytest.mark.parametrize(("role", "status"), [(Role.VOLUNTEER, 403), (Role.LEARNER, 403), (Role.MENTOR_OFFICER, 403), (None, 404)])
def test_list_is_closed_to_other_roles_and_cities(place, signed_in, role, status):
    other = make_place(place.city, role) if role else make_place()

    assert signed_in(other.user).get(address(place, "list")).status_code == status


# --- starting ---------------------------------------------------------------------------------------------------------


def test_new_offers_the_newest_version_of_each_toolkit_that_can_be_answered(client, place):
    for slug in (GRID, BENCHMARK, CHECKLIST, "needs-analysis"):
        make_shipped_version(slug)

    html = client.get(address(place, "new")).content.decode()

    assert html.count('href="?toolkit=') == 3
    assert html.index("Supporting language learning") < html.index("Inclusion of refugees")


def start(client, place, version, **changes):
    data = {
        "subject": "city",
        "organisation": "",
        "subject_name": "",
        "period_start_on": "2025-03-01",
        "period_end_on": "2026-02-28",
        "themes": ["KF1", "KF2"],
        **changes,
    }
    return client.post(f"{address(place, 'new')}?toolkit={version.pk}", data)


def test_form_opens_an_assessment(client, place):
    version = make_shipped_version()

    shown = client.get(f"{address(place, 'new')}?toolkit={version.pk}")
    page = start(client, place, version)

    assessment = only_assessment(place)
    assert shown.content.decode().count('name="themes"') == 12
    assert page.url == address(place, "overview", pk=assessment.pk)
    assert (assessment.subject, assessment.themes, assessment.started_by_id) == ("city", ["KF1", "KF2"], place.user.pk)
    assert (assessment.period_start_on, assessment.period_end_on) == (date(2025, 3, 1), date(2026, 2, 28))


def test_form_opens_an_assessment_of_an_organisation(client, place):
    ngo = make_organisation(place.city, kind=OrganisationType.NGO)

    start(client, place, make_shipped_version(), subject="organisation", organisation=str(ngo.pk))

    assert only_assessment(place).organisation_type == OrganisationType.NGO


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"themes": []}, "Choose at least one theme."),
        ({"themes": ["CF"]}, "Choose at least one theme with questions."),
        ({"subject": "organisation"}, "Choose the department or the organisation."),
        ({"subject": "practice"}, "Give the practice a name"),
        ({"period_end_on": "2024-01-01"}, "The period ends before it starts."),
        ({"period_start_on": "yesterday"}, "Enter a valid date."),
    ],
)
def test_form_says_what_is_missing_and_keeps_the_rest(client, place, changes, sentence):
    page = start(client, place, make_shipped_version(), **changes)

    assert page.status_code == 422
    assert sentence in page.content.decode()
    with city_scope(place.city.id):
        assert Assessment.objects.count() == 0


def test_organisation_of_another_city_cannot_be_chosen(client, place):
    foreign = make_organisation(make_place().city)

    page = start(client, place, make_shipped_version(), subject="organisation", organisation=str(foreign.pk))

    assert page.status_code == 422
    assert foreign.name not in page.content.decode()


def test_unknown_toolkit_leads_back_to_the_choice(client, place):
    page = client.get(f"{address(place, 'new')}?toolkit=nonsense")

    assert page.status_code == 200
    assert "not published any more" in page.content.decode()


# --- the overview and the end -----------------------------------------------------------------------------------------


def test_overview_shows_progress_flags_and_where_to_go_on(client, place):
    assessment = make_assessment(place)
    give(place, assessment, "KF1.Q1", "yes")
    give(place, assessment, "KF1.Q2", "yes")
    give(place, assessment, "KF2.Q1", "no", come_back=True)

    html = client.get(address(place, "overview", pk=assessment.pk)).content.decode()

    assert "3 of 28 answered" in html
    assert "To come back to" in html
    assert f"{address(place, 'theme', pk=assessment.pk, code='KF2')}#KF2.Q1" in html
    assert "Go on answering" in html
    assert "0 of 7 noted" in html


def test_officer_finishes_and_reopens_with_a_reason(client, place):
    assessment = make_assessment(place)
    finish = address(place, "finish", pk=assessment.pk)
    reopen = address(place, "reopen", pk=assessment.pk)

    assert "Some questions have no answer." in client.get(finish).content.decode()
    assert client.post(finish).url == address(place, "results", pk=assessment.pk)
    assert not only_assessment(place).is_open
    assert client.post(reopen, {"reason": ""}).status_code == 422
    assert client.post(reopen, {"reason": "One answer was wrong."}).status_code == 302
    assert only_assessment(place).is_open
    assert list(Event.objects.filter(object_type="Assessment").order_by("number").values_list("action", flat=True)) == [
        "assessment_started",
        "assessment_finished",
        "assessment_reopened",
    ]


@pytest.mark.parametrize("role", [Role.SUPPORT_GROUP_MEMBER, Role.PROVIDER_STAFF])
def test_those_who_answer_do_not_manage(place, signed_in, role):
    organisation = make_organisation(place.city) if role == Role.PROVIDER_STAFF else None
    assessment = make_assessment(place, organisation=organisation)
    client = signed_in(make_place(place.city, role, organisation=organisation).user)

    page = client.get(address(place, "overview", pk=assessment.pk))

    assert page.status_code == 200
    assert address(place, "finish", pk=assessment.pk) not in page.content.decode()
    for name in ("finish", "reopen", "factors"):
        assert client.post(address(place, name, pk=assessment.pk)).status_code == 403
    assert only_assessment(place).is_open

import pytest
from django.urls import reverse

from jumelle.assessments.enums import Subject
from jumelle.assessments.models import ChosenFactor
from jumelle.assessments.queries import sheet_of
from jumelle.assessments.tests.factories import (
    CHECKLIST,
    GRID,
    give,
    make_assessment,
    make_place,
    make_shipped_version,
)
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


def url(assessment, name):
    return reverse(f"assessments:{name}", kwargs={"city": assessment.city.slug, "pk": assessment.pk})


def test_benchmark_results_show_counts_strengths_gaps_and_the_context_beside(client, place):
    assessment = make_assessment(place)
    give(place, assessment, "KF1.Q1", "yes", note="Speech in May.")
    give(place, assessment, "KF1.Q2", "no")
    for code in ("KF2.Q1", "KF2.Q2", "KF3.Q1", "KF3.Q2", "KF4.Q1"):
        give(place, assessment, code, "partly")
    with city_scope(place.city.id):
        context = sheet_of(assessment).context[0].code
    give(place, assessment, context, text="A law of 2024.")

    html = client.get(url(assessment, "results")).content.decode()

    assert "In place 1 of 2 · partly 0 of 2 · missing 1 of 2 · not known 0 of 2" in html
    assert "Strengths (1 of 2)" in html
    assert "Speech in May." in html
    assert html.index("Strengths (1 of 2)") < html.index("The context, beside the result") < html.index("A law of 2024.")
    assert "These charts are ours" in html
    assert "This percentage is ours" in html
    assert html.count('<figure class="chart-figure') == 2
    assert "1 of 26 points are in place, 5 partly, 1 missing; 19 not known or not answered." in html
    assert "source’s own conclusion" not in html


def test_checklist_results_give_the_verdict_in_the_words_of_the_source(client, place):
    assessment = make_assessment(place, make_shipped_version(CHECKLIST), themes=["UT1", "UTG"])
    for number in range(1, 11):
        give(place, assessment, f"UT1.C{number:02}", "ticked")

    html = client.get(url(assessment, "results")).content.decode()

    assert "A comprehensive approach, already applied" in html  # theme 1: all ten
    assert "There is still room to improve" in html  # overall: ten of 23
    assert "10 of 23 ticked" in html
    assert "provisional: not everything is answered yet" in html
    assert "10 of 10 ticked" in html


def test_grid_results_name_dimensions_and_give_no_total(client, place):
    assessment = make_assessment(place, make_shipped_version(GRID), subject=Subject.PRACTICE, subject_name="Café", themes=["D4"])
    with city_scope(place.city.id):
        entries = sheet_of(assessment).theme("D4").entries
    for entry in entries:
        give(place, assessment, entry.code, entry.levels[0].value)

    html = client.get(url(assessment, "results")).content.decode()

    assert "Exemplary in: 4 Lasting impact." in html
    assert "The grid has no overall mark" in html
    assert "This percentage is ours" not in html


@pytest.mark.parametrize("slug", ["language-learning-support", CHECKLIST, GRID])
def test_untouched_assessment_has_results_that_claim_nothing(client, place, slug):
    assessment = make_assessment(place, make_shipped_version(slug))

    page = client.get(url(assessment, "results"))

    assert page.status_code == 200
    assert "Share in place" not in page.content.decode()
    assert "source’s own conclusion" not in page.content.decode()


def test_theme_is_chosen_with_a_reason_shown_in_the_results_and_taken_back(client, place):
    assessment = make_assessment(place, themes=["KF1", "KF2"])
    factors = url(assessment, "factors")

    missing = client.post(factors, {"section": "KF1", "act": "choose", "KF1-reason": ""})
    client.post(factors, {"section": "KF1", "act": "choose", "KF1-reason": "Three schools asked for it."})
    results = client.get(url(assessment, "results")).content.decode()
    client.post(factors, {"section": "KF1", "act": "unchoose", "KF1-reason": "Another year."})

    assert missing.status_code == 422
    assert "Three schools asked for it." in results
    with city_scope(place.city.id):
        assert ChosenFactor.objects.count() == 0


def test_unknown_theme_cannot_be_chosen(client, place):
    assessment = make_assessment(place, themes=["KF1"])

    client.post(url(assessment, "factors"), {"section": "KF9", "act": "choose", "KF9-reason": "No such theme here."})

    with city_scope(place.city.id):
        assert ChosenFactor.objects.count() == 0


@pytest.mark.parametrize("answers", [1, 3])
def test_results_cost_the_same_queries(client, place, answers, django_assert_num_queries):
    assessment = make_assessment(place)
    for code in ["KF1.Q1", "KF1.Q2", "KF2.Q1"][:answers]:
        give(place, assessment, code, "yes", note="n")
    client.get(url(assessment, "results"))

    with django_assert_num_queries(9):  # session, person, city, roles, second factor, assessment, answers, factors, agreed answers
        client.get(url(assessment, "results"))


def test_results_are_open_to_the_support_group_while_it_answers(place, signed_in):
    assessment = make_assessment(place)
    client = signed_in(make_place(place.city, Role.SUPPORT_GROUP_MEMBER).user)

    html = client.get(url(assessment, "results")).content.decode()

    assert url(assessment, "factors") not in html

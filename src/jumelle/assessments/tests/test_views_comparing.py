from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from jumelle.assessments.models import Assessment, Comparison, ComparisonSide
from jumelle.assessments.tests.comparisons import consent, end, make_version, neighbours, propose, side_in
from jumelle.assessments.tests.factories import CHECKLIST, give, make_assessment, make_place, make_shipped_version
from jumelle.cities.enums import AssociationRole, Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_association_member, make_city, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return neighbours("Alba", "Brume")


def url(place, name, **kwargs):
    return reverse(f"assessments:{name}", kwargs={"city": place.city.slug, **kwargs})


def read(response):
    """What stands on the page, with its spaces as one."""
    return " ".join(unescape(response.content.decode()).split())


def ids(*assessments):
    return {"a": [str(assessment.pk) for assessment in assessments]}


# --- over time --------------------------------------------------------------------------------------------------------


@pytest.fixture
def place():
    return make_place(make_city("alba", name="Alba"))


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


def of_the_year_before(assessment):
    with city_scope(assessment.city_id):
        Assessment.objects.filter(pk=assessment.pk).update(period_start_on=date(2024, 3, 1), period_end_on=date(2025, 2, 28))


def test_two_versions_side_by_side(client, place):
    old = make_assessment(place, make_version("0.9.0"))
    of_the_year_before(old)
    new = make_assessment(place, make_version("1.0.0"), themes=["KF8", "CF"])
    for assessment, values in ((old, ("no", "yes")), (new, ("yes", "unknown"))):
        give(place, assessment, "KF8.Q2", values[0])
        give(place, assessment, "KF8.Q3", values[1])
    give(place, new, "CF.F1", text="A law of 2024.")

    html = read(client.get(url(place, "compare"), ids(new, old)))

    assert "How has Alba changed?" in html
    assert "2 of 5 questions are compared: those that mean the same and were asked on every side." in html
    assert "1 of them reads differently in one of the versions and means the same." in html
    assert "From A (March 2024 – February 2025) to B (March 2025 – February 2026)" in html
    assert "of 2 questions, 1 moved up, 0 moved down and 0 stayed; 1 cannot be told" in html
    assert "Of 2 questions, 1 moved up and 0 moved down." in html
    assert "version 0.9.0" in html and "version 1.0.0" in html
    assert "The meaning has changed (2)" in html
    assert "No longer asked in a later version (1)" in html
    assert html.index("Questions by state") < html.index("The context, beside the result") < html.index("A law of 2024.")
    assert html.count('<figure class="chart-figure') == 1
    for row in ("in place", "partly", "missing", "not known", "not answered", "does not apply"):
        assert f'role="rowheader">{row}</th>' in html, row


def test_list_offers_what_can_be_compared_and_links_the_two_newest(client, place):
    make_assessment(place)
    assert "There is nothing to compare yet" in read(client.get(url(place, "compare")))

    make_assessment(place)
    page = client.get(url(place, "compare"))

    html = page.content.decode()
    assert html.count('name="a"') == 2
    assert " checked" not in html
    link = unescape(html.split('href="?a=')[1].split('"')[0])
    assert client.get(f"{url(place, 'compare')}?a={link}").status_code == 200


@pytest.mark.parametrize("count", [1, 7])
def test_too_few_and_too_many_come_back_with_a_sentence(client, place, count):
    made = [make_assessment(place, themes=["KF1"]) for _ in range(max(count, 2))]

    page = client.get(url(place, "compare"), ids(*made[:count]))

    assert page.status_code == 422
    assert "Tick two to six assessments." in read(page)
    assert page.content.decode().count(" checked") == count


def test_what_does_not_belong_together_is_refused(client, place):
    city = [make_assessment(place) for _ in range(2)]
    checklists = [make_assessment(place, make_shipped_version(CHECKLIST)) for _ in range(2)]

    page = client.get(url(place, "compare"), ids(city[0], checklists[0]))

    assert page.status_code == 422
    assert "Tick assessments of one list only" in read(page)


@pytest.mark.parametrize("wanted", ["no-id", "6b1f4f0e-0a0e-4a39-8a8e-111111111111"])
def test_unknown_and_foreign_ones_are_missing(client, place, wanted):
    make_assessment(place)
    stranger = make_place()
    theirs = [make_assessment(stranger) for _ in range(2)]

    assert client.get(url(place, "compare"), {"a": wanted}).status_code == 404
    assert client.get(url(place, "compare"), ids(*theirs)).status_code == 404


@pytest.mark.parametrize("answers", [1, 5])
def test_comparing_costs_the_same_queries(client, place, answers, django_assert_num_queries):
    made = [make_assessment(place) for _ in range(3)]
    for assessment in made:
        for code in ("KF1.Q1", "KF1.Q2", "KF2.Q1", "KF2.Q2", "KF4.Q1")[:answers]:
            give(place, assessment, code, "yes", note="n")
    client.get(url(place, "compare"), ids(*made))

    with django_assert_num_queries(7):  # session, person, city, roles, second factor, assessments, answers
        client.get(url(place, "compare"), ids(*made))


# --- by consent: the whole way ----------------------------------------------------------------------------------------


def test_from_proposal_to_end_by_the_screens(two, signed_in):
    alba, brume = two
    ours, theirs = make_assessment(alba), make_assessment(brume)
    give(alba, ours, "KF1.Q1", "yes")
    give(brume, theirs, "KF1.Q1", "no")
    here, there = signed_in(alba.user), signed_in(brume.user)

    step = read(here.get(url(alba, "comparison_new")))
    assert f'href="?assessment={ours.pk}"' in step
    done = here.post(
        f"{url(alba, 'comparison_new')}?assessment={ours.pk}",
        {"title": "Side by side", "cities": [str(brume.city.pk)], "shares_context": "on"},
        follow=True,
    )
    assert "The comparison is proposed." in read(done)
    assert "Nobody else takes part yet." in read(done)
    comparison = Comparison.objects.get()

    assert "1 proposal to compare waits for your answer" in read(there.get(url(brume, "list")))
    waiting = read(there.get(url(brume, "comparison", pk=comparison.pk)))
    assert "Proposed by Alba" in waiting and "Your answer is asked for" in waiting
    assert 'class="chart' not in waiting

    side = side_in(brume, comparison)
    agreed = there.post(
        url(brume, "comparison_consent", pk=comparison.pk),
        {"side": str(side.pk), "act": "agree", f"{side.pk}-assessment": str(theirs.pk)},
        follow=True,
    )
    assert "You take part. You can end it at any time, and it counts at once." in read(agreed)
    seen = read(here.get(url(alba, "comparison", pk=comparison.pk)))
    assert "26 of 28 questions are compared" in seen
    assert "Cities and organisations differ in size, people and means." in seen
    assert "0 stand at the same level on all sides and 1 at different ones; 25 cannot be told" in seen

    ended = there.post(url(brume, "comparison_consent", pk=comparison.pk), {"side": str(side.pk), "act": "end"}, follow=True)
    assert "Your consent has ended." in read(ended)
    after = read(here.get(url(alba, "comparison", pk=comparison.pk)))
    assert "Is not part of it any more: nothing of it is shown." in after
    assert "questions are compared" not in after


def test_side_without_a_choice_comes_back_and_nothing_is_given(two, signed_in):
    alba, brume = two
    make_assessment(brume)
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])
    side = side_in(brume, comparison)
    client = signed_in(brume.user)

    for data in ({}, {"side": "nonsense", "act": "agree"}, {"side": str(side.pk)}, {"side": str(side.pk), "act": "agree"}):
        page = client.post(url(brume, "comparison_consent", pk=comparison.pk), data)
        assert page.status_code == 422, data
    assert "Choose one of your assessments." in read(page)
    assert side_in(brume, comparison).agreed_at is None


def test_declining_by_the_screen(two, signed_in):
    alba, brume = two
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])
    side = side_in(brume, comparison)

    page = signed_in(brume.user).post(
        url(brume, "comparison_consent", pk=comparison.pk), {"side": str(side.pk), "act": "decline"}, follow=True
    )

    assert "You have declined." in read(page)
    assert "Is not part of it: it declined." in read(signed_in(alba.user).get(url(alba, "comparison", pk=comparison.pk)))


def test_the_side_of_somebody_else_cannot_be_answered(two, signed_in):
    """Neither of another city nor of an organisation of the own one."""
    alba, brume = two
    ngo = make_assessment(alba, organisation=make_organisation(alba.city, "theirs"))
    comparison = propose(alba, make_assessment(alba), cities=[brume.city], others=[ngo])
    with city_scope(alba.city.pk):
        of_the_ngo = ComparisonSide.objects.get(assessment=ngo)
    foreign = side_in(brume, comparison)
    client = signed_in(alba.user)

    for side in (of_the_ngo, foreign):
        page = client.post(url(alba, "comparison_consent", pk=comparison.pk), {"side": str(side.pk), "act": "decline"})
        assert page.status_code == 422
    with city_scope(alba.city.pk, brume.city.pk):
        assert set(ComparisonSide.objects.filter(pk__in=[of_the_ngo.pk, foreign.pk]).values_list("ended_at", flat=True)) == {None}


def test_an_assessment_of_an_organisation_cannot_be_proposed_by_an_officer(two, signed_in):
    alba, brume = two
    ngo = make_assessment(alba, organisation=make_organisation(alba.city, "theirs"))

    page = signed_in(alba.user).post(
        f"{url(alba, 'comparison_new')}?assessment={ngo.pk}", {"title": "T", "cities": [str(brume.city.pk)]}, follow=True
    )

    assert "You cannot agree in the place of this organisation." in read(page)
    assert Comparison.objects.count() == 0


@pytest.mark.parametrize("wanted", ["nonsense", "6b1f4f0e-0a0e-4a39-8a8e-111111111111"])
def test_proposal_with_an_unknown_assessment_is_missing(two, signed_in, wanted):
    alba, _brume = two

    assert signed_in(alba.user).get(f"{url(alba, 'comparison_new')}?assessment={wanted}").status_code == 404


def test_proposal_without_another_side_comes_back(two, signed_in):
    alba, _brume = two
    assessment = make_assessment(alba)

    page = signed_in(alba.user).post(f"{url(alba, 'comparison_new')}?assessment={assessment.pk}", {"title": "Side by side"})

    assert page.status_code == 422
    assert "Choose at least one other side." in read(page)
    assert 'value="Side by side"' in read(page)


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_staff_answers_for_its_organisation_and_sees_the_city_only_by_consent(two, signed_in):
    alba, _brume = two
    theirs = make_organisation(alba.city, "theirs", name="Theirs")
    ngo, city = make_assessment(alba, organisation=theirs), make_assessment(alba)
    give(alba, city, "KF1.Q1", "yes")
    comparison = propose(alba, city, others=[ngo])
    staff = make_place(alba.city, Role.PROVIDER_STAFF, organisation=theirs)
    client = signed_in(staff.user)
    address = url(alba, "comparison", pk=comparison.pk)

    before = read(client.get(address))
    consent(staff, comparison, ngo)
    agreed = read(client.get(address))
    end(alba, comparison)
    after = read(client.get(address))

    assert "questions are compared" not in before
    assert "26 of 28 questions are compared" in agreed
    assert "questions are compared" not in after


@pytest.mark.parametrize("role", [Role.SUPPORT_GROUP_MEMBER, Role.LEARNER, Role.VOLUNTEER, Role.MENTOR_OFFICER])
def test_other_roles_of_the_city_do_not_open_it(two, signed_in, role):
    alba, brume = two
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])

    client = signed_in(make_place(alba.city, role).user)

    assert client.get(url(alba, "comparison", pk=comparison.pk)).status_code == 403


@pytest.mark.parametrize("role", list(AssociationRole))
def test_association_and_facilitator_do_not_see_a_comparison(two, signed_in, role):
    alba, brume = two
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])
    consent(brume, comparison)

    client = signed_in(make_association_member(alba.city.association, role))

    assert client.get(url(alba, "comparison", pk=comparison.pk)).status_code == 404


def test_a_third_city_finds_nothing(two, signed_in):
    alba, brume = two
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])
    third = make_place(make_city("cote", alba.city.association))
    client = signed_in(third.user)

    for name in ("comparison", "comparison_consent"):
        assert client.get(url(third, name, pk=comparison.pk)).status_code == 404
    assert "Side by side" not in read(client.get(url(third, "comparisons")))


def test_the_list_of_a_city_that_was_asked_names_title_toolkit_and_city(two, signed_in):
    alba, brume = two
    comparison = propose(alba, make_assessment(alba), cities=[brume.city], title="What do we teach?")

    html = read(signed_in(brume.user).get(url(brume, "comparisons")))

    assert "What do we teach?" in html
    assert "Proposed by Alba" in html
    assert "waits for your answer" in html
    assert url(brume, "comparison", pk=comparison.pk) in html


@pytest.mark.parametrize("answers", [1, 4])
def test_page_of_a_comparison_costs_the_same_queries(two, signed_in, answers, django_assert_num_queries):
    alba, brume = two
    ours, theirs = make_assessment(alba), make_assessment(brume)
    for place, assessment in ((alba, ours), (brume, theirs)):
        for code in ("KF1.Q1", "KF1.Q2", "KF2.Q1", "KF2.Q2")[:answers]:
            give(place, assessment, code, "yes")
    comparison = propose(alba, ours, cities=[brume.city])
    consent(brume, comparison, theirs)
    client, address = signed_in(alba.user), url(alba, "comparison", pk=comparison.pk)
    client.get(address)

    # Twelve for the door and what lies on the table, one for the cities to tell, one for the title, the rest for two journals.
    with django_assert_num_queries(27):
        client.get(address)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_comparisons_costs_the_same_queries(two, signed_in, rows, django_assert_num_queries):
    alba, brume = two
    assessment = make_assessment(alba)
    for _ in range(rows):
        propose(alba, assessment, cities=[brume.city])
    client = signed_in(alba.user)
    client.get(url(alba, "comparisons"))

    with django_assert_num_queries(7):  # session, person, city, roles, second factor, sides, versions of their toolkits
        client.get(url(alba, "comparisons"))

import pytest
from django.urls import reverse

from jumelle.action_plans.models import Measure, PlanLine, PlanLineRevision
from jumelle.action_plans.tests.factories import make_line, make_plan
from jumelle.assessments.tests.factories import make_place
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_organisation

pytestmark = pytest.mark.django_db
TEXTS = ("results", "timetable", "lead", "staff", "partners", "funding", "evaluation")


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def plan(place):
    return make_plan(place)


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


def url(plan, name, **kwargs):
    return reverse(f"action_plans:{name}", kwargs={"city": plan.city.slug, "pk": plan.pk, **kwargs})


def form(*measures, **changes):
    """What a browser sends: every field of the line, and the measures as they stand on the page."""
    data = {"action": "Open a café", **dict.fromkeys(TEXTS, ""), "starts_on": "", "ends_on": "", "lead_organisation": "", "revision": "1"}
    data |= {"measures-TOTAL_FORMS": str(len(measures)), "measures-INITIAL_FORMS": "0", "go": "save"}
    for number, measure in enumerate(measures):
        given = {**dict.fromkeys(("id", "what", "baseline", "target", "due_on", "data_source"), ""), **measure}
        data |= {f"measures-{number}-{name}": value for name, value in given.items()}
    return {**data, **changes}


def lines(plan):
    with city_scope(plan.city_id):
        return list(PlanLine.objects.filter(plan=plan))


def measures(plan):
    with city_scope(plan.city_id):
        return [(measure.what, measure.target, str(measure.due_on)) for measure in Measure.objects.order_by("position")]


def test_line_is_added_with_columns_and_measures(client, place, plan):
    organisation = make_organisation(place.here)

    client.post(
        url(plan, "line_new"),
        form(
            {"what": "Places", "baseline": "0", "target": "30", "due_on": "2026-12-31"},
            {},
            {"what": "Learners who stay"},
            starts_on="2026-04-01",
            lead="Integration service",
            lead_organisation=str(organisation.pk),
        ),
    )

    (line,) = lines(plan)
    assert (line.action, str(line.starts_on), line.lead, line.lead_organisation_id) == (
        "Open a café",
        "2026-04-01",
        "Integration service",
        organisation.pk,
    )
    assert measures(plan) == [("Places", "30", "2026-12-31"), ("Learners who stay", "", "None")]


def test_more_measures_come_without_script_and_without_saving(client, plan):
    page = client.post(url(plan, "line_new"), form({"what": "Places"}, action="", go="more")).content.decode()

    assert 'value="Places"' in page
    assert "measures-2-what" in page
    assert "needs another look" not in page
    assert lines(plan) == []


@pytest.mark.parametrize(
    ("changes", "measure", "sentence"),
    [
        ({"action": " "}, {}, "Say what will be done: a line needs an action."),
        ({"starts_on": "2026-05-02", "ends_on": "2026-05-01"}, {}, "The action ends before it starts."),
        ({"partners": "x" * 10_001}, {}, "The text has more than 10,000 characters."),
        ({"ends_on": "soon"}, {}, "Enter a valid date."),
        ({}, {"target": "30"}, "does not say what is measured"),
        ({}, {"what": "Places", "due_on": "soon"}, "Enter a valid date."),
    ],
)
def test_page_says_what_is_wrong_and_keeps_what_was_typed(client, plan, changes, measure, sentence):
    page = client.post(url(plan, "line_new"), form(measure, results="Thirty places", **changes))

    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert "Thirty places" in page.content.decode()
    assert lines(plan) == []


@pytest.mark.parametrize(
    "wrong", [{"measures-TOTAL_FORMS": "many"}, {"measures-TOTAL_FORMS": "5000"}, {"measures-0-id": "no id"}, {"revision": "x"}]
)
def test_form_that_was_tampered_with_is_no_stack_trace(client, plan, wrong):
    assert client.post(url(plan, "line_new"), form({"what": "Places"}, **wrong)).status_code in (302, 422)


def test_organisation_of_another_city_is_refused(client, plan):
    foreign = make_organisation(make_place().here)

    page = client.post(url(plan, "line_new"), form(lead_organisation=str(foreign.pk)))

    assert page.status_code == 422
    assert foreign.name not in page.content.decode()


def test_measure_is_changed_taken_out_and_keeps_its_figure(client, plan):
    line = make_line(plan, measures=[{"what": "Places", "target": "30", "reached": "12"}, {"what": "Hours"}])
    with city_scope(plan.city_id):
        first, second = Measure.objects.order_by("position")
    page = client.get(url(plan, "line_edit", line=line.pk)).content.decode()

    client.post(
        url(plan, "line_edit", line=line.pk),
        form({"id": str(first.pk), "what": "Places", "target": "60"}, {"id": str(second.pk)}, action=line.action),
    )

    assert str(first.pk) in page
    with city_scope(plan.city_id):
        kept = Measure.objects.get()
    assert (kept.pk, kept.target, kept.reached) == (first.pk, "60", "12")


def test_two_editors_are_told_field_by_field_and_the_second_can_replace(client, place, plan, signed_in):
    line = make_line(plan, "Before", results="Old")
    page = url(plan, "line_edit", line=line.pk)
    other = signed_in(make_place(place.here).user)
    other.post(page, form({"what": "Theirs"}, action="Before", results="Their results"))

    told = client.post(page, form({"what": "Mine"}, action="Before", results="My results"))

    html = told.content.decode()
    assert told.status_code == 409
    for words in ("Their results", "My results", "Theirs", "Mine", "Somebody else changed this line while you were writing."):
        assert words in html
    assert lines(plan)[0].results == "Their results"
    client.post(page, form({"what": "Mine"}, action="Before", results="My results", over="2"))
    assert lines(plan)[0].results == "My results"
    with city_scope(plan.city_id):
        assert PlanLineRevision.objects.filter(line=line).count() == 2


def test_third_change_while_one_decides_is_told_again(client, plan):
    line = make_line(plan, "Before")
    page = url(plan, "line_edit", line=line.pk)
    for number in (1, 2):
        client.post(page, form(action="Before", results=f"State {number + 1}", revision=str(number)))

    assert client.post(page, form(action="Before", results="Mine", over="2")).status_code == 409


def test_approved_plan_keeps_what_was_typed_and_changes_nothing(client, place):
    plan = make_plan(place, approved=True)
    line = make_line(plan, "Promised")

    refused = client.post(url(plan, "line_edit", line=line.pk), form(action="Changed"))
    shown = client.get(url(plan, "line_edit", line=line.pk))

    assert refused.status_code == 422
    assert "The plan is approved" in refused.content.decode()
    assert "Changed" in refused.content.decode()
    assert shown["Location"] == url(plan, "line", line=line.pk)
    assert lines(plan)[0].action == "Promised"


def test_line_of_another_plan_or_city_is_missing(client, place, plan):
    sibling, foreign = make_line(make_plan(place)), make_line(make_plan())

    for line in (sibling, foreign):
        assert client.get(url(plan, "line_edit", line=line.pk)).status_code == 404
        assert client.post(url(plan, "line_edit", line=line.pk), form()).status_code == 404

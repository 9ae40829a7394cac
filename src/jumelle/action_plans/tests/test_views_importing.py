import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jumelle.action_plans.models import LineUpdate, PlanLine, PlanLineRevision
from jumelle.action_plans.operations import LineGiven, edit_line, start_revision
from jumelle.action_plans.tests.factories import LATER, NOW, make_line, make_plan
from jumelle.action_plans.tests.workbooks import make_workbook
from jumelle.assessments.tests.factories import make_place
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    made = make_place()
    with city_scope(made.here.id):
        yield made


@pytest.fixture
def plan(place):
    return make_plan(place)


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


def address(plan):
    return reverse("action_plans:import", kwargs={"city": plan.city.slug, "pk": plan.pk})


def row(line, **cells):
    return {"action": line.action, "line_id": str(line.pk), "status": line.status, **cells}


def send(client, plan, *lines, **more):
    data = make_workbook(lines, plan_id=str(plan.pk), **more)
    return client.post(address(plan), {"file": SimpleUploadedFile("plan.xlsx", data)})


def confirm(client, plan, shown, **more):
    return client.post(address(plan), {"taken": shown.context["taken"], **more}, follow=True)


def actions():
    return sorted(line.action for line in PlanLine.objects.all())


def test_upload_shows_field_by_field_and_saves_nothing_until_it_is_confirmed(client, plan):
    line = make_line(plan)

    shown = send(client, plan, row(line, results="More people come."), {"action": "A new one"})
    before = (actions(), PlanLine.objects.get().results)
    page = confirm(client, plan, shown)

    html = shown.content.decode()
    assert (shown.status_code, before) == (200, ([line.action], ""))
    assert "New: 1 · changed: 1 · unchanged: 0" in " ".join(html.split())
    assert "More people come." in html
    assert actions() == ["A new one", line.action]
    assert PlanLine.objects.get(pk=line.pk).results == "More people come."
    assert PlanLineRevision.objects.count() == 1
    assert "1 new line was taken from the file." in page.content.decode()
    assert "1 line was changed from the file." in page.content.decode()


def test_good_rows_are_taken_only_when_the_person_says_so(client, plan):
    shown = send(client, plan, {"action": "Good"}, {"action": "Bad", "starts_on": "soon"})
    html = shown.content.decode()

    assert (shown.status_code, actions()) == (422, [])
    assert "<b>lines, row 4, column Starts on:</b> “soon” is not a day." in html
    assert "Take the good rows" in html
    confirm(client, plan, shown)
    assert actions() == ["Good"]


@pytest.mark.parametrize(("ticked", "expected"), [([], "Online."), (["3"], "From the file.")])
def test_line_changed_online_after_the_file_was_written_is_taken_only_if_ticked(client, plan, ticked, expected):
    line = make_line(plan, results="Online.", changed_at=LATER)

    shown = send(client, plan, row(line, results="From the file."), dated_on=NOW.date().replace(day=1, month=1))
    confirm(client, plan, shown, replace=ticked)

    assert "Changed online after the file was written" in shown.content.decode()
    assert PlanLine.objects.get().results == expected


def test_line_changed_between_preview_and_confirmation_is_refused_and_told(client, place, plan):
    line = make_line(plan)
    shown = send(client, plan, row(line, results="From the file."), {"action": "A new one"})
    edit_line(place=make_place(place.here), line=line, given=LineGiven(line.action, results="Online.", revision=1), now=LATER)

    page = confirm(client, plan, shown)

    assert PlanLine.objects.get(pk=line.pk).results == "Online."
    assert "Row 3 was not taken: Somebody changed or removed this line after you had looked." in page.content.decode()
    assert actions() == ["A new one", line.action]


def test_second_confirmation_changes_nothing_again(client, plan):
    line = make_line(plan)
    shown = send(client, plan, row(line, results="From the file."))

    confirm(client, plan, shown)
    page = confirm(client, plan, shown)

    assert (PlanLineRevision.objects.count(), PlanLine.objects.get().revision) == (1, 2)
    assert "was not taken" in page.content.decode()


def test_preview_is_worth_nothing_elsewhere_or_when_edited(client, place, plan, signed_in):
    shown = send(client, plan, {"action": "A new one"})
    sibling = make_plan(place)
    colleague = signed_in(make_place(place.here).user)

    confirm(client, sibling, shown)
    confirm(colleague, plan, shown)
    client.post(address(plan), {"taken": shown.context["taken"] + "x"})
    client.post(address(plan), {"taken": signing.dumps([], salt="another")})

    assert actions() == []


def test_refused_file_says_why_on_the_page(client, plan):
    page = client.post(address(plan), {"file": SimpleUploadedFile("plan.csv", b"action;results")})

    assert page.status_code == 422
    assert "This file cannot be taken. Nothing was saved." in page.content.decode()
    assert "This is not an XLSX workbook." in page.content.decode()


def test_page_without_a_file_asks_for_one_and_a_large_one_is_not_read(client, plan, settings):
    assert client.post(address(plan), {}).status_code == 422
    settings.UPLOAD_MAX_BYTES = 1000

    page = send(client, plan, {"action": "A new one"})

    assert (page.status_code, "The file is larger than 10 MB" in page.content.decode()) == (422, True)


def test_workbook_with_too_much_text_is_refused_before_the_browser_would_fail(client, plan, monkeypatch):
    monkeypatch.setattr("jumelle.action_plans.views.importing.SEALED_LIMIT", 100)

    page = send(client, plan, {"action": "A new one", "results": "Many words. " * 100})

    assert (page.status_code, "Split it into two." in page.content.decode()) == (422, True)


def test_approved_plan_takes_no_lines_until_a_new_version_is_open(client, place):
    plan = make_plan(place, approved=True)

    page = client.get(address(plan), follow=True)
    start_revision(place=place, plan=plan, reason="a new year", now=LATER)

    assert "The plan is approved" in page.content.decode()
    assert client.get(address(plan)).status_code == 200


def test_plan_approved_between_preview_and_confirmation_takes_nothing(client, plan):
    shown = send(client, plan, {"action": "A new one"})
    plan.revising_since = None
    plan.save()

    page = confirm(client, plan, shown)

    assert actions() == []
    assert "The plan is approved" in page.content.decode()


def test_two_hundred_lines_come_in_at_once(client, plan):
    lines = [{"action": f"Action {number}", "results": "Words. " * 50} for number in range(200)]
    measures = [{"line": number + 1, "what": f"Measure {number}", "target": "3"} for number in range(200)]

    shown = send(client, plan, *lines, measures=measures)
    confirm(client, plan, shown)

    assert (PlanLine.objects.count(), LineUpdate.objects.count()) == (200, 0)

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from jumelle.action_plans.models import LineUpdate, Measure, PlanLine
from jumelle.action_plans.quarters import quarter_of
from jumelle.action_plans.tests.factories import make_line, make_plan, make_update
from jumelle.assessments.tests.factories import LATER, make_assessment, make_place
from jumelle.audit.models import Event
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db
RUNNING = quarter_of(timezone.localdate())


@pytest.fixture
def place():
    made = make_place()
    with city_scope(made.here.id):
        yield made


@pytest.fixture
def plan(place):
    return make_plan(place, started_at=timezone.now() - timedelta(days=400))


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


def address(plan, name="follow_up", **more):
    return reverse(f"action_plans:{name}", kwargs={"city": plan.city.slug, "pk": plan.pk, **more})


def filled(line, **fields):
    """What a browser posts for one line: all its fields, those left alone too."""
    own = {"was": line.status, "status": line.status, "sentence": "", "evidence_title": "", "evidence_url": "", "next_step": ""}
    return {"line": [str(line.pk)]} | {f"{line.pk}-{name}": value for name, value in (own | fields).items()}


def posted(*lines):
    data = {"quarter": str(RUNNING), "line": []}
    for each in lines:
        data["line"] += each.pop("line")
        data |= each
    return data


def words_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# --- the page of a quarter ----------------------------------------------------------------------------------------------


def test_page_asks_for_each_running_line_and_invents_nothing(client, plan):
    line = make_line(plan, "Open a café", measured=True, status="in_progress")
    make_line(plan, "Done long ago", status="done")
    make_update(line, str(RUNNING.previous), "Two tables run.", next_step="A third room.")

    answer = client.get(address(plan))
    html = answer.content.decode()

    assert "Open a café" in html
    assert "Done long ago" not in html
    assert "Two tables run." in html
    assert "0 of 1 line told" in words_of(answer)
    assert re.search(rf'<textarea name="{line.pk}-sentence"[^>]*></textarea>', html)
    assert set(re.findall(r'<input type="text"[^>]*value="([^"]*)"', html)) == {""}
    assert re.findall(r'value="(\w+)" checked', html) == ["in_progress"]


def test_what_is_filled_in_is_saved_and_the_rest_is_left_alone(client, place, plan):
    told, left = make_line(plan, measured=True), make_line(plan, "Another")
    measure = Measure.objects.get()

    answer = client.post(
        address(plan),
        posted(
            filled(told, status="in_progress", sentence="Two tables run.", next_step="A room.", **{f"reached-{measure.pk}": "12"}),
            filled(left),
        ),
        follow=True,
    )

    update = LineUpdate.objects.get()
    assert (update.line, update.status, update.sentence, update.next_step, update.made_by) == (
        told,
        "in_progress",
        "Two tables run.",
        "A room.",
        place.user,
    )
    assert Measure.objects.get().reached == "12"
    assert "1 line is told. Thank you." in words_of(answer)
    assert "1 of 2 lines told" in words_of(answer)


def test_good_lines_are_saved_and_everything_typed_into_bad_ones_is_kept(client, plan):
    good, bad, half = make_line(plan, "Good"), make_line(plan, "Bad", measured=True), make_line(plan, "Half")
    measure = Measure.objects.get()
    typed = {
        "status": "done",
        "sentence": "It is <done>.",
        "evidence_title": "Report & photos",
        "evidence_url": "not an address",
        "next_step": "Rest",
        f"reached-{measure.pk}": "12",
    }

    answer = client.post(address(plan), posted(filled(good, sentence="Fine."), filled(bad, **typed), filled(half, next_step="Soon")))
    html = answer.content.decode()

    assert answer.status_code == 422
    assert [update.sentence for update in LineUpdate.objects.all()] == ["Fine."]
    for text in ("It is <done>.", "Report & photos", "not an address", "Rest", "12", "Soon"):
        assert escape(text) in html, text
    assert "This is not a web address." in html
    assert "Say in one sentence how it goes." in html
    assert re.findall(rf'name="{bad.pk}-status"\s+id="[^"]*"\s+value="(\w+)" checked', html) == ["done"]
    assert f'href="#{bad.pk}"' in html
    assert "1 of 3 lines told" in words_of(answer)


def test_changed_status_alone_asks_for_its_sentence(client, plan):
    line = make_line(plan)

    answer = client.post(address(plan), posted(filled(line, status="stalled")))

    assert (answer.status_code, LineUpdate.objects.count()) == (422, 0)
    assert "Say in one sentence how it goes." in answer.content.decode()


def test_untouched_form_saves_nothing_though_somebody_told_meanwhile(client, plan):
    line = make_line(plan)
    data = posted(filled(line))
    PlanLine.objects.filter(pk=line.pk).update(status="done")

    answer = client.post(address(plan), data, follow=True)

    assert LineUpdate.objects.count() == 0
    assert "Nothing was filled in, so nothing was saved." in words_of(answer)


def test_text_for_a_line_that_was_removed_meanwhile_comes_back_to_be_copied(client, plan):
    make_line(plan, "Stays")
    line = make_line(plan, "Goes")
    data = posted(filled(line, sentence="A long thought."))
    PlanLine.objects.filter(pk=line.pk).update(removed_at=LATER)

    answer = client.post(address(plan), data)

    assert answer.status_code == 422
    assert "A long thought." in answer.content.decode()


def test_quarter_before_can_be_told_and_no_other(client, plan):
    line = make_line(plan)

    page = client.get(address(plan), {"quarter": str(RUNNING.previous)})
    client.post(address(plan), posted(filled(line, sentence="As it was.")) | {"quarter": str(RUNNING.previous)})

    assert page.status_code == 200
    assert LineUpdate.objects.get().quarter == str(RUNNING.previous)
    for name in (str(RUNNING.next), str(RUNNING + -2), "yesterday"):
        assert client.get(address(plan), {"quarter": name}).status_code == 404


def test_form_says_that_everybody_will_read_it_where_the_line_is_public(client, place):
    plan = make_plan(place, is_public=True)
    make_line(plan, is_public=True)
    sentence = "Everybody can read it: this line stands on the public page."
    assert sentence in words_of(client.get(address(plan)))
    hidden = make_plan(place)
    make_line(hidden, is_public=True)

    assert sentence not in words_of(client.get(address(hidden)))


def test_approved_plan_is_followed_up(client, place):
    line = make_line(make_plan(place, approved=True))

    client.post(address(line.plan), posted(filled(line, sentence="It goes on.")))

    assert LineUpdate.objects.count() == 1


def test_plan_that_was_put_away_takes_nothing(client, place):
    line = make_line(make_plan(place, archived_at=LATER))

    answer = client.post(address(line.plan), posted(filled(line, sentence="Too late.")))

    assert (answer.status_code, LineUpdate.objects.count()) == (403, 0)


@pytest.mark.parametrize("name", ["follow_up", "look", "timeline", "told"])
@pytest.mark.parametrize("count", [1, 40])
def test_pages_take_as_many_queries_for_one_line_as_for_forty(client, place, plan, name, count):
    for _number in range(count):
        line = make_line(plan, complete=True, measured=True, from_gap=True, status="in_progress")
        make_update(line, str(RUNNING.previous), made_by=make_place(place.here).user)
    url = address(plan, name, **({"line": line.pk} if name == "told" else {}))
    client.get(url)

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)

    assert answer.status_code == 200
    assert len(queries) == {"follow_up": 10, "look": 10, "timeline": 9, "told": 19}[name], [query["sql"][:90] for query in queries]


# --- one line -----------------------------------------------------------------------------------------------------------


def test_line_shows_all_that_was_told_and_takes_more(client, plan):
    line = make_line(plan, status="in_progress")
    make_update(line, "2024-Q1", "Long ago.")

    client.post(address(plan, "told", line=line.pk), filled(line, sentence="And now."))
    answer = client.get(address(plan, "told", line=line.pk))

    assert words_of(answer).index("And now.") < words_of(answer).index("Long ago.")
    assert "· You" in words_of(answer)
    assert Event.objects.filter(action="plan_line_told_read").count() == 1
    assert "· You" not in words_of(client.get(address(plan)))


def test_refused_word_on_the_page_of_a_line_is_kept(client, plan):
    line = make_line(plan)

    answer = client.post(address(plan, "told", line=line.pk), filled(line, sentence="x" * 301))

    assert (answer.status_code, "x" * 301 in answer.content.decode(), LineUpdate.objects.count()) == (422, True, 0)


@pytest.mark.parametrize("role", [Role.SUPPORT_GROUP_MEMBER, Role.MENTOR_OFFICER])
def test_readers_see_what_was_told_without_names_and_without_a_form(place, plan, signed_in, role):
    line = make_line(plan)
    place.user.name = "Somebody known"
    place.user.save()
    make_update(line, "2026-Q1", "Two tables run.", made_by=place.user)
    reader = signed_in(make_place(place.here, role).user)

    answer = reader.get(address(plan, "told", line=line.pk))

    assert "Two tables run." in words_of(answer)
    assert "Somebody known" not in words_of(answer)
    assert Event.objects.filter(action="plan_line_told_read").count() == 0
    assert "<textarea" not in answer.content.decode()
    assert reader.post(address(plan, "told", line=line.pk), filled(line, sentence="Mine.")).status_code == 403


def test_line_of_another_plan_is_missing(client, place, plan):
    sibling = make_line(make_plan(place))

    assert client.get(address(plan, "told", line=sibling.pk)).status_code == 404


def test_finished_action_leads_to_the_question_it_was_born_of_and_ticks_nothing(client, place, plan):
    assessment = make_assessment(place)
    line = make_line(plan, status="done", origins=[gap_of(assessment)])

    for url in (address(plan, "told", line=line.pk), address(plan, "look")):
        html = client.get(url).content.decode()
        question = reverse("assessments:theme", kwargs={"city": place.here.slug, "pk": assessment.pk, "code": "KF8"})
        assert f'href="{question}#KF8.Q1"' in html
        assert "nothing is ticked by itself" in html
    assert assessment.answers.count() == 0


def gap_of(assessment):
    toolkit = assessment.toolkit_version
    return {"kind": "gap", "toolkit": toolkit.toolkit.slug, "version": toolkit.version, "code": "KF8.Q1", "assessment": assessment}


# --- lists and timeline -------------------------------------------------------------------------------------------------


def test_look_lists_what_stalls_what_nobody_leads_and_what_is_due(client, plan):
    today = timezone.localdate()
    make_line(plan, "Stalls", lead="A service", status="stalled")
    make_line(plan, "Nobody leads", starts_on=today)
    make_line(plan, "Due", lead="A service", starts_on=today, ends_on=today + timedelta(days=3))
    make_line(plan, "Measured", lead="A service", starts_on=today, measures=[{"what": "People", "due_on": today}])

    sections = re.split(r"<h2 id=", client.get(address(plan, "look")).content.decode())

    found = {part.split('"')[1]: re.findall(r">(Stalls|Nobody leads|Due|Measured)</span>", part) for part in sections[1:]}
    assert found == {
        "not-told": ["Stalls", "Nobody leads", "Due", "Measured"],
        "stalled": ["Stalls"],
        "without-lead": ["Nobody leads"],
        "due": ["Due"],
        "measures-due": ["Measured"],
    }


def test_look_says_when_there_is_nothing(client, place):
    plan = make_plan(place)

    assert "Nothing needs a look at present" in words_of(client.get(address(plan, "look")))


def test_timeline_draws_each_line_with_its_measures_and_says_the_same_in_a_table(client, plan):
    make_line(plan, "Open a café", complete=True, measures=[{"what": "People", "target": "30", "due_on": date(2026, 10, 1)}])
    make_line(plan, "Without a date")

    answer = client.get(address(plan, "timeline"))

    assert "<svg" in answer.content.decode()
    assert "2 lines, from 1 April 2026 to 31 December 2026. 1 line lacks a date." in words_of(answer)
    assert "People: 30" in words_of(answer).split("Milestones")[-1]

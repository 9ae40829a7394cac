import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from jumelle.assessments.models import Answer, AnswerRevision
from jumelle.assessments.operations import finish_assessment
from jumelle.assessments.tests.factories import (
    CHECKLIST,
    GRID,
    LATER,
    give,
    make_assessment,
    make_link,
    make_place,
    make_shipped_version,
)
from jumelle.audit.models import Event
from jumelle.cities.enums import OrganisationType, Role
from jumelle.cities.models import BreakGlass
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
QUERIES_OF_A_PAGE = 8  # session, person, city, roles, second factor, assessment, answers, evidence


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def assessment(place):
    return make_assessment(place)


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


def html_of(page):
    """White space as one blank, so that a template may be laid out differently."""
    return " ".join(page.content.decode().split())


def url(assessment, name, **kwargs):
    return reverse(f"assessments:{name}", kwargs={"city": assessment.city.slug, "pk": assessment.pk, **kwargs})


def typed(code, revision=0, **fields):
    return {f"{code}-revision": revision, **{f"{code}-{name}": value for name, value in fields.items()}}


def stored(assessment, code):
    with city_scope(assessment.city_id):
        answer = Answer.objects.get(assessment=assessment, item_code=code)
        return answer.value, answer.text, answer.note, answer.come_back


def count_answers(assessment):
    with city_scope(assessment.city_id):
        return Answer.objects.count()


# --- the page of a theme ----------------------------------------------------------------------------------------------


def test_theme_shows_questions_scale_with_rubric_examples_and_neighbours(client, assessment):
    page = client.get(url(assessment, "theme", code="KF2"))

    html = html_of(page)
    assert page.status_code == 200
    assert "Have you asked migrants what they need" in html
    assert html.count('type="radio"') == 10
    assert "You can name a fact, a document or a service that shows it." in html
    assert "CAMIM, the House of Immersion" in html
    assert "verb-diagnose" in html
    assert re.findall(r'rel="(prev|next)"', html) == ["prev", "next"]


def test_theme_without_script_saves_the_whole_page(client, assessment):
    page = client.post(
        url(assessment, "theme", code="KF1"),
        {**typed("KF1.Q1", value="yes", note="A speech."), **typed("KF1.Q2", value="no", come_back="on"), "go": "next"},
    )

    assert (page.status_code, page.url) == (302, url(assessment, "theme", code="KF2"))
    assert stored(assessment, "KF1.Q1") == ("yes", "", "A speech.", False)
    assert stored(assessment, "KF1.Q2") == ("no", "", "", True)


def test_last_theme_leads_to_the_results(client, assessment):
    page = client.post(url(assessment, "theme", code="CF"), {"go": "next"})

    assert page.url == url(assessment, "results")


def test_saving_and_staying_says_what_happened(client, assessment):
    page = client.post(url(assessment, "theme", code="KF1"), {**typed("KF1.Q1", value="yes"), "go": "stay"}, follow=True)

    assert "1 answer is saved. Its earlier state is kept." in html_of(page)
    assert 'value="yes" checked' in html_of(page)


def test_conflict_saves_the_rest_and_returns_what_was_typed_beneath_what_is_stored(client, place, assessment):
    give(make_place(place.city), assessment, "KF1.Q1", "partly", note="Theirs, stored.")

    page = client.post(
        url(assessment, "theme", code="KF1"),
        {**typed("KF1.Q1", value="no", note="Mine, typed."), **typed("KF1.Q2", value="yes")},
    )

    html = html_of(page)
    assert page.status_code == 409
    assert stored(assessment, "KF1.Q1") == ("partly", "", "Theirs, stored.", False)
    assert stored(assessment, "KF1.Q2") == ("yes", "", "", False)
    assert html.index("Theirs, stored.") < html.index("Mine, typed.</textarea>")
    assert 'name="KF1.Q1-over" id="KF1.Q1-over" value="1"' in html
    assert 'id="KF1.Q1-no" value="no" checked' in html
    assert "1 answer is saved" in html


def test_after_a_conflict_the_person_may_replace_what_was_shown(client, place, assessment):
    give(make_place(place.city), assessment, "KF1.Q1", "partly")

    client.post(url(assessment, "theme", code="KF1"), typed("KF1.Q1", value="no", over=1))

    assert stored(assessment, "KF1.Q1")[0] == "no"
    with city_scope(place.city.id):
        assert AnswerRevision.objects.get().value == "partly"


def test_after_a_conflict_nothing_newer_is_replaced(client, place, assessment):
    colleague = make_place(place.city)
    give(colleague, assessment, "KF1.Q1", "partly")
    give(colleague, assessment, "KF1.Q1", "yes")

    page = client.post(url(assessment, "theme", code="KF1"), typed("KF1.Q1", value="no", over=1))

    assert page.status_code == 409
    assert stored(assessment, "KF1.Q1")[0] == "yes"


def test_text_that_is_too_long_comes_back_whole(client, assessment):
    page = client.post(url(assessment, "theme", code="KF1"), typed("KF1.Q1", value="no", note="x" * 10_001))

    html = html_of(page)
    assert page.status_code == 422
    assert "more than 10,000 characters" in html
    assert "x" * 10_001 in html
    assert count_answers(assessment) == 0


def test_incomplete_form_is_told_and_kept(client, assessment):
    page = client.post(url(assessment, "theme", code="KF1"), typed("KF1.Q1", revision="abc", value="no", note="Kept."))

    assert page.status_code == 422
    assert "Kept.</textarea>" in html_of(page)
    assert count_answers(assessment) == 0


def test_what_is_typed_after_the_end_is_not_lost(client, place, assessment):
    with city_scope(place.city.id):
        finish_assessment(place=place, assessment=assessment, now=LATER)

    page = client.post(url(assessment, "theme", code="KF1"), typed("KF1.Q1", value="no", note="Too late."))

    assert page.status_code == 422
    assert "Too late.</textarea>" in html_of(page)
    assert "was finished meanwhile" in html_of(page)
    assert count_answers(assessment) == 0


def test_typed_text_is_escaped(client, assessment):
    client.post(url(assessment, "theme", code="KF1"), typed("KF1.Q1", value="no", note="</textarea><script>1</script>"))

    html = html_of(client.get(url(assessment, "theme", code="KF1")))
    assert "<script>1" not in html
    assert "&lt;/textarea&gt;&lt;script&gt;1" in html


def test_proposal_is_shown_and_taken_back_with_the_page(client, place):
    ngo = make_organisation(place.city, kind=OrganisationType.NGO)
    assessment = make_assessment(place, make_shipped_version(CHECKLIST), organisation=ngo)

    shown = html_of(client.get(url(assessment, "theme", code="UT6")))
    page = client.post(
        url(assessment, "theme", code="UT6"),
        {
            **typed("UT6.C09", revision=1, value="na"),
            **typed("UT6.C01", value="ticked", note="Typed beside."),
            "take_back": "UT6.C09",
        },
        follow=True,
    )

    assert "Proposed as not applicable" in shown
    assert "Proposed as not applicable" not in html_of(page)
    assert stored(assessment, "UT6.C09") == ("", "", "", False)
    assert stored(assessment, "UT6.C01") == ("ticked", "", "Typed beside.", False)


def test_grid_shows_indicators_and_points_beneath_their_question(client, place):
    assessment = make_assessment(place, make_shipped_version(GRID))

    html = html_of(client.get(url(assessment, "theme", code="D2")))

    assert html.count("data-autosave-item ") == 13
    assert html.index('id="D2.Q1"') < html.index('id="D2.Q1.I1"') < html.index('id="D2.Q2"')


def test_support_group_answers_without_names(place, assessment, signed_in):
    member = make_place(place.city, Role.SUPPORT_GROUP_MEMBER)
    give(place, assessment, "KF1.Q1", "no")
    place.user.name = "Canary Name"
    place.user.save()
    client = signed_in(member.user)

    client.post(url(assessment, "theme", code="KF1"), typed("KF1.Q1", revision=1, value="yes"))
    history = html_of(client.get(url(assessment, "history", code="KF1.Q1")))

    assert stored(assessment, "KF1.Q1")[0] == "yes"
    assert "Canary Name" not in history
    assert "Somebody of the team" in history
    assert "You" in history
    assert not Event.objects.filter(action="answer_history_read").exists()


def test_emergency_access_reads_and_does_not_write(place, assessment, signed_in):
    operator, now = make_user(is_operator=True), timezone.now()
    with city_scope(place.city.id):
        BreakGlass.objects.create(city=place.city, operator=operator, reason="r" * 20, opened_at=now, expires_at=now + timedelta(hours=1))
    client = signed_in(operator)

    page = client.get(url(assessment, "theme", code="KF1"))
    post = client.post(url(assessment, "theme", code="KF1"), typed("KF1.Q1", value="yes"))

    assert (page.status_code, post.status_code) == (200, 403)
    assert '<form method="post" action' not in html_of(page)
    assert count_answers(assessment) == 0


# --- one item, by script ----------------------------------------------------------------------------------------------


def autosave(client, assessment, code, **fields):
    return client.post(url(assessment, "answer", code=code), typed(code, **fields), headers={"X-Autosave": "1"})


def test_autosave_answers_with_a_fragment_that_carries_the_new_state(client, assessment):
    first = autosave(client, assessment, "KF1.Q1", value="yes")
    second = autosave(client, assessment, "KF1.Q1", value="partly", revision=1)

    assert (first.status_code, second.status_code) == (200, 200)
    assert 'data-set-name="KF1.Q1-revision" data-set-value="1"' in html_of(first)
    assert 'data-set-value="2"' in html_of(second)
    assert "<html" not in html_of(first)
    assert stored(assessment, "KF1.Q1")[0] == "partly"


def test_autosave_tells_a_conflict_with_both_ways_out(client, place, assessment):
    give(make_place(place.city), assessment, "KF1.Q1", "partly", note="Theirs.")

    reply = autosave(client, assessment, "KF1.Q1", value="no")

    html = html_of(reply)
    assert reply.status_code == 409
    assert "Theirs." in html
    assert 'name="KF1.Q1-over" id="KF1.Q1-over" value="1"' in html
    assert "<html" not in html


@pytest.mark.parametrize("fields", [{"value": "maybe"}, {"revision": "x"}, {"note": "x" * 10_001}])
def test_autosave_refuses_with_a_sentence(client, assessment, fields):
    reply = autosave(client, assessment, "KF1.Q1", **fields)

    assert reply.status_code == 422
    assert "field__error" in html_of(reply)


def test_autosave_after_the_end_is_refused(client, place, assessment):
    with city_scope(place.city.id):
        finish_assessment(place=place, assessment=assessment, now=LATER)

    assert autosave(client, assessment, "KF1.Q1", value="yes").status_code == 422


def test_item_post_without_script_leads_back_to_the_item(client, assessment):
    page = client.post(url(assessment, "answer", code="KF1.Q1"), typed("KF1.Q1", value="yes"))

    assert page.url == url(assessment, "theme", code="KF1") + "#KF1.Q1"


@pytest.mark.parametrize("code", ["NOPE", "KF1", "KF99.Q1"])
def test_unknown_item_is_404(client, assessment, code):
    assert autosave(client, assessment, code, value="yes").status_code == 404


# --- all items --------------------------------------------------------------------------------------------------------


def test_all_items_stand_on_one_page_and_save_together(client, place):
    assessment = make_assessment(place, make_shipped_version(CHECKLIST))

    page = client.get(url(assessment, "all"))
    saved = client.post(
        url(assessment, "all"),
        {**typed("UT1.C01", value="ticked"), **typed("UTG.C13", value="not_ticked"), "go": "next"},
    )

    assert html_of(page).count("data-autosave-item ") == 93
    assert saved.url == url(assessment, "results")
    assert stored(assessment, "UTG.C13")[0] == "not_ticked"


def test_all_items_come_back_together_after_a_conflict(client, place):
    assessment = make_assessment(place, make_shipped_version(CHECKLIST))
    give(make_place(place.city), assessment, "UT1.C01", "ticked")

    page = client.post(
        url(assessment, "all"),
        {**typed("UT1.C01", value="not_ticked", note="Mine."), **typed("UT2.C01", value="ticked")},
    )

    html = html_of(page)
    assert page.status_code == 409
    assert html.count("data-autosave-item ") == 93
    assert "Mine.</textarea>" in html
    assert '<a href="#UT1.C01">UT1.C01</a>' in html


def test_finished_assessment_is_shown_in_the_wording_that_was_answered(client, place):
    assessment = make_assessment(place, themes=["KF1"])
    give(place, assessment, "KF1.Q1", "yes", note="A note to keep.")
    with city_scope(place.city.id):
        answer = Answer.objects.get()
        answer.wording = {"fr": "L’ancienne question", "en": "The question as it was asked"}
        answer.save()
        finish_assessment(place=place, assessment=assessment, now=LATER)

    for name, more in (("theme", {"code": "KF1"}), ("all", {})):
        html = html_of(client.get(url(assessment, name, **more)))
        assert "The question as it was asked" in html
        assert "A note to keep." in html
        assert "<textarea" not in html
        assert "autosave.js" not in html


@pytest.mark.parametrize("answers", [1, 3])
@pytest.mark.parametrize("name", ["theme", "all"])
def test_pages_cost_the_same_queries_with_1_and_3_answers(client, place, assessment, answers, name, django_assert_max_num_queries):
    for code in ["KF2.Q1", "KF2.Q2", "KF3.Q1"][:answers]:
        give(place, assessment, code, "yes", note="note")
        make_link(place, assessment, code)
    address = url(assessment, name, code="KF2") if name == "theme" else url(assessment, "all")
    client.get(address)

    with django_assert_max_num_queries(15) as queries:
        client.get(address)

    assert len(queries) == QUERIES_OF_A_PAGE


# --- earlier states ---------------------------------------------------------------------------------------------------


def test_history_shows_each_state_and_is_recorded(client, place, assessment):
    place.user.name = "Alix"
    place.user.save()
    colleague = make_place(place.city)
    give(colleague, assessment, "KF1.Q1", "no", note="First state.")
    give(place, assessment, "KF1.Q1", "yes", note="Second state.")

    html = html_of(client.get(url(assessment, "history", code="KF1.Q1")))

    assert html.index("Second state.") < html.index("First state.")
    event = Event.objects.get(action="answer_history_read")
    assert event.data == {"item": "KF1.Q1"}


def test_history_of_an_untouched_item_says_so(client, assessment):
    html = html_of(client.get(url(assessment, "history", code="KF1.Q1")))

    assert "Nobody has answered this question yet." in html


# --- two cities, right to left ----------------------------------------------------------------------------------------

PAGES = [
    ("overview", {}),
    ("theme", {"code": "KF1"}),
    ("all", {}),
    ("history", {"code": "KF1.Q1"}),
    ("evidence", {"code": "KF1.Q1"}),
    ("results", {}),
    ("factors", {}),
    ("finish", {}),
    ("reopen", {}),
    ("offline", {}),
    ("offline_import", {}),
]


@pytest.mark.parametrize(("name", "more"), PAGES, ids=[name for name, _more in PAGES])
def test_assessment_of_another_city_is_missing_on_every_page(client, place, name, more):
    foreign = make_assessment()
    missing = reverse(
        f"assessments:{name}",
        kwargs={"city": place.city.slug, "pk": "00000000-0000-4000-8000-000000000000", **more},
    )
    through_own_city = reverse(f"assessments:{name}", kwargs={"city": place.city.slug, "pk": foreign.pk, **more})

    answers = [client.get(address) for address in (url(foreign, name, **more), through_own_city, missing)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize(("name", "more"), PAGES, ids=[name for name, _more in PAGES])
def test_every_page_is_drawn_in_every_direction(client, place, language, name, more):
    assessment = make_assessment(place, finished=name == "reopen")
    if name != "reopen":
        give(place, assessment, "KF1.Q1", "yes", note="Une note")
    with override(language):
        address = url(assessment, name, **more)

    page = client.get(address)

    assert page.status_code == 200
    if name != "offline":
        html = html_of(page)
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in html
        if name == "theme" and language != "fr":
            assert 'lang="fr" dir="ltr"' in html  # the toolkit's text, in the language that it has

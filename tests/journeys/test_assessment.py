"""The first job, as people do it: answer with notes, lose the network, meet a colleague, read the results, take the summary away."""

import re
from uuid import UUID

import pytest

from jumelle.assessments.models import Answer, Assessment
from jumelle.cities.tenancy import every_city
from tests.journeys.conftest import sign_in, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFICER = "officer@example.org"


def city_assessment() -> UUID:
    with every_city("a test"):
        return Assessment.objects.get(city__slug="aubrelle", subject="city").pk


def stored(code: str) -> tuple[str, str] | None:
    with every_city("a test"):
        answer = Answer.objects.filter(assessment_id=city_assessment(), item_code=code).first()
        return (answer.value, answer.note) if answer else None


def theme_address(demo: str, code: str, language: str = "en") -> str:
    return f"{demo}/{language}/w/aubrelle/assessments/{city_assessment()}/t/{code}/"


def wait_until_stored(page, code: str, wanted: tuple[str, str]) -> None:
    for _moment in range(600):
        if stored(code) == wanted:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{code} is {stored(code)} instead of {wanted}")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_answering_by_keyboard_alone_saves_every_answer(demo, page, language):
    sign_in(page, demo, OFFICER, language)
    page.goto(theme_address(demo, "KF10", language))

    tab_to(page, "[name='KF10.Q1-value']")
    page.keyboard.press("Space")
    wait_until_stored(page, "KF10.Q1", ("yes", ""))
    page.keyboard.press("ArrowDown")
    wait_until_stored(page, "KF10.Q1", ("partly", ""))
    tab_to(page, "#KF10\\.Q1 details summary, [id='KF10.Q1'] summary")
    page.keyboard.press("Enter")
    tab_to(page, "[name='KF10.Q1-note']")
    page.keyboard.type("ملاحظة: à vérifier avec l’association")
    wait_until_stored(page, "KF10.Q1", ("partly", "ملاحظة: à vérifier avec l’association"))


@pytest.mark.parametrize("page", [{"java_script_enabled": False}], indirect=True)
def test_page_without_scripts_saves_all_its_answers_with_one_button(demo, page):
    sign_in(page, demo, OFFICER)
    page.goto(theme_address(demo, "KF10"))

    page.locator("[name='KF10.Q1-value'][value=yes]").check()
    page.locator("[name='KF10.Q2-value'][value=unknown]").check()
    page.locator("form button[type=submit]").first.click()
    page.wait_for_load_state()

    assert (stored("KF10.Q1"), stored("KF10.Q2")) == (("yes", ""), ("unknown", ""))


def test_lost_connection_loses_nothing_that_was_typed(demo, page):
    sign_in(page, demo, OFFICER)
    page.goto(theme_address(demo, "KF5"))
    note = page.locator("[name='KF5.Q2-note']")

    page.context.set_offline(True)
    note.fill("Written in the train, without a network")
    page.get_by_text("we will try again").first.wait_for()
    assert stored("KF5.Q2") == ("partly", "Deux cours du soir seulement.")
    page.context.set_offline(False)

    wait_until_stored(page, "KF5.Q2", ("partly", "Written in the train, without a network"))
    assert note.input_value() == "Written in the train, without a network"


def test_two_people_on_one_item_are_told_and_not_overwritten(demo, page, chromium):
    sign_in(page, demo, OFFICER)
    other_context = chromium.new_context()
    colleague = other_context.new_page()
    sign_in(colleague, demo, "admin@example.org")
    page.goto(theme_address(demo, "KF5"))
    colleague.goto(theme_address(demo, "KF5"))

    page.locator("[name='KF5.Q2-note']").fill("The officer's note")
    wait_until_stored(page, "KF5.Q2", ("partly", "The officer's note"))
    colleague.locator("[name='KF5.Q2-note']").fill("The administrator's note")
    colleague.get_by_text("somebody else changed this").first.wait_for()

    assert stored("KF5.Q2") == ("partly", "The officer's note")
    assert colleague.locator("[name='KF5.Q2-note']").input_value() == "The administrator's note"
    assert "The officer's note" in colleague.locator("main").inner_text()
    other_context.close()


def test_results_and_summary_are_read_and_taken_away(demo, page):
    sign_in(page, demo, OFFICER, "fr")
    base = f"{demo}/fr/w/aubrelle/assessments/{city_assessment()}"

    page.goto(f"{base}/results/")
    assert page.locator("svg[role=img]").count() >= 2
    assert page.locator("table").count() >= 2
    page.goto(f"{base}/summary/")
    assert "Deux cours du soir seulement." in page.locator("main").inner_text()
    kinds = {}
    for kind in ("pdf", "docx", "xlsx"):
        with page.expect_download() as download:
            page.locator(f"main a[href$='.{kind}']").first.click()
        kinds[kind] = download.value.path().stat().st_size

    assert min(kinds.values()) > 5_000


def test_starting_an_assessment_by_keyboard(demo, page):
    sign_in(page, demo, OFFICER)
    page.goto(f"{demo}/en/w/aubrelle/assessments/new/")
    tab_to(page, "main h2 a", 80)
    while "grid" not in page.evaluate("document.activeElement.innerText").lower():
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**toolkit=**")
    with every_city("a test"):
        before = Assessment.objects.count()

    tab_to(page, "[name=subject]")
    while not page.locator("[name=subject][value=practice]").is_checked():
        page.keyboard.press("ArrowDown")
    tab_to(page, "[name=subject_name]")
    page.keyboard.type("Conversation tables at the library")
    for name, typed in (("period_start_on", "01012026"), ("period_end_on", "06302026")):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(typed)
    tab_to(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/assessments/[0-9a-f-]{36}/$"))

    with every_city("a test"):
        started = Assessment.objects.order_by("-started_at").first()
        assert Assessment.objects.count() == before + 1
        assert (started.subject_name, str(started.period_end_on)) == ("Conversation tables at the library", "2026-06-30")

"""Through the real door, by keyboard, to a page that needs a second factor."""

import pytest

from tests.journeys.conftest import sign_in, type_second_factor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("page", [{}, {"java_script_enabled": False}], indirect=True, ids=["with scripts", "without scripts"])
def test_officer_signs_in_with_two_factors_and_reaches_the_people_of_the_city(demo, page):
    sign_in(page, demo, "officer@example.org")

    page.goto(f"{demo}/en/w/aubrelle/people/")

    assert page.locator("h1").inner_text() == "Who works with the city?"
    assert page.locator("table tbody tr").count() >= 6


def test_learner_signs_in_with_a_code_alone(demo, page):
    sign_in(page, demo, "learner@example.org", language="ar")

    assert page.locator("html").get_attribute("dir") == "rtl"
    assert "Aubrelle" in page.locator("main").inner_text()


def test_demonstration_shows_the_codes_of_invented_people(demo, page):
    page.goto(f"{demo}/en/account/login/")
    page.locator("input[name=login]").fill("officer@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm/**")
    page.locator("input[name=code]").fill(page.locator(".callout .code").inner_text())
    page.keyboard.press("Enter")
    page.wait_for_url("**/2fa/authenticate/**")

    def code_on_the_page() -> str:
        page.goto(page.url)
        return page.locator(".callout .code").inner_text()

    type_second_factor(page, code_on_the_page)
    page.wait_for_url("**/w/")

    assert "Aubrelle" in page.locator("main").inner_text()

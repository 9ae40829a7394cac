"""A browser at work: signing in through the real door, by keyboard."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command

from jumelle.config.demo.load import demo_code, has_second_factor


@pytest.fixture
def demo(live_server, settings, tmp_path) -> str:
    """The address of a running server with the demonstration network."""
    cache.clear()  # several people sign in from one address here; the limits have tests of their own
    settings.MEDIA_ROOT = tmp_path
    settings.DATA_DIR = tmp_path
    call_command("toolkits_import", shipped=True, verbosity=0)
    call_command("demo_load", verbosity=0)
    return live_server.url


@pytest.fixture
def page(chromium, request) -> Iterator:
    """A page 1000 px wide; parametrise indirectly with {"java_script_enabled": False} for a browser without scripts."""
    context = chromium.new_context(viewport={"width": 1000, "height": 800}, **getattr(request, "param", {}))
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None)
    yield page
    context.close()
    assert errors == []


def sign_in(page, address: str, email: str, language: str = "en") -> None:
    """Through the one door, by keyboard alone: the address, the code of the mail, and where there is one, the second factor."""
    page.goto(f"{address}/{language}/account/login/")
    page.locator("input[name=login]").focus()
    page.keyboard.type(email)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/login/code/confirm/**")
    page.locator("input[name=code]").focus()
    page.keyboard.type(code_in(mail.outbox[-1].body))
    page.keyboard.press("Enter")
    if has_second_factor(email):
        page.wait_for_url("**/account/2fa/authenticate/**")
        type_second_factor(page, lambda: demo_code(email))
    page.wait_for_url("**/w/")


def type_second_factor(page, shown: Callable[[], str]) -> None:
    """The six digits; on a slow machine their half minute may end before they arrive, and then the next ones are typed."""
    for _attempt in range(4):
        code = shown()
        page.locator("input[name=code]").focus()
        page.keyboard.press("Control+A")  # what was refused may still stand there
        page.keyboard.type(code)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if "/2fa/authenticate/" not in page.url:
            return
        while shown() == code:
            page.wait_for_timeout(1_000)


def code_in(body: str) -> str:
    """The code of a sign-in mail: the line that is nothing but letters, digits and hyphens."""
    return next(line.strip() for line in body.splitlines() if re.fullmatch(r"[A-Z0-9]{2,}(-[A-Z0-9]{2,})*", line.strip()))


def tab_to(page, selector: str, most: int = 60) -> None:
    """Press Tab until the element has the focus, as a person without a mouse does."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} cannot be reached by keyboard from {page.url}")

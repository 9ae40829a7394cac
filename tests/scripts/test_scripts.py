"""The scripts of `common/static` in a real browser, against a page and a server made up here: no database, no network."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jumelle import common

pytestmark = pytest.mark.browser

STATIC = Path(common.__file__).parent / "static"
ORIGIN = "http://jumelle.test"
POLICY = {"Content-Security-Policy": "default-src 'self'", "Content-Type": "text/html; charset=utf-8"}
PAGE = """<!DOCTYPE html><html lang="en"><title>t</title><body>
<form data-autosave action="/save" method="post" data-say-saving="Saving" data-say-retry="Again soon" data-say-ended="Signed out"
  data-say-refused="Refused" data-say-conflict="Conflict">
  <input type="hidden" name="csrfmiddlewaretoken" value="token">
  <fieldset data-autosave-item data-autosave-url="/save/q1">
    <input type="hidden" name="version" value="1">
    <input type="radio" name="q1" value="yes" id="yes"><input type="radio" name="q1" value="no" id="no">
    <textarea name="note" id="note"></textarea><input type="file" name="proof">
    <p data-autosave-status aria-live="polite"></p>
  </fieldset>
  <button>Save</button>
</form>
<script type="module" src="/static/common/js/autosave.js"></script></body></html>"""
EXIT_PAGE = """<!DOCTYPE html><html lang="en"><title>secret</title><body><p>secret</p>
<a href="/weather" data-safe-exit>Leave</a><script type="module" src="/static/common/js/safe-exit.js"></script></body></html>"""


@dataclass
class Server:
    """Answers the posts of the page one after the other; a missing answer is "saved", the word "down" a lost network."""

    answers: list[tuple[int, str] | str] = field(default_factory=list)
    posts: list[str] = field(default_factory=list)

    def handle(self, route) -> None:
        request = route.request
        path = request.url.removeprefix(ORIGIN)
        if request.method == "POST":
            self.posts.append(f"{path} {fields_of(request.post_data or '')}")
            answer = self.answers.pop(0) if self.answers else (200, "Saved")
            if answer == "down":
                route.abort()
            else:
                route.fulfill(status=answer[0], body=answer[1], headers=POLICY)
        elif path.startswith("/static/"):
            route.fulfill(path=STATIC / path.removeprefix("/static/"), headers={"Content-Type": "text/javascript"})
        else:
            route.fulfill(status=200, body={"/": PAGE, "/exit": EXIT_PAGE}.get(path, "<title>other</title>"), headers=POLICY)


def fields_of(body: str) -> str:
    """The names and values of a multipart body, without its boundaries."""
    parts = [part.split("\r\n\r\n", 1) for part in body.split("--") if "name=" in part]
    return " ".join(f"{head.split('name=')[1].strip(chr(34))}={value.strip()}" for head, value in parts)


@pytest.fixture
def open_page(chromium) -> Iterator[Callable]:
    context = chromium.new_context()

    def open_(server: Server, path: str = "/"):
        page = context.new_page()
        page.route("**/*", server.handle)
        page.clock.install()
        page.goto(ORIGIN + path)
        return page

    yield open_
    context.close()


def state_of(page) -> tuple[str, str]:
    status = page.locator("[data-autosave-status]")
    return status.get_attribute("data-state"), status.inner_text()


def wait_for_state(page, state: str) -> None:
    page.wait_for_selector(f"[data-autosave-status][data-state={state}]")


def test_a_choice_is_sent_at_once_with_its_item_only(open_page):
    server = Server()
    page = open_page(server)

    page.check("#yes")
    wait_for_state(page, "saved")

    assert server.posts == ["/save/q1 csrfmiddlewaretoken=token version=1 q1=yes note="]
    assert state_of(page) == ("saved", "Saved")


def test_typing_is_sent_after_a_pause_and_once(open_page):
    server = Server()
    page = open_page(server)
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # a slow machine must not let the pause pass by itself

    page.type("#note", "twice a year")
    page.clock.run_for(799)
    before_pause = list(server.posts)
    page.clock.run_for(2)
    wait_for_state(page, "saved")
    page.press("#note", "Tab")
    page.clock.run_for(5000)

    assert before_pause == []
    assert server.posts == ["/save/q1 csrfmiddlewaretoken=token version=1 note=twice a year"]


def test_the_answer_may_bring_a_new_version_for_the_next_save(open_page):
    server = Server(answers=[(200, '<span data-set-name="version" data-set-value="2">Saved</span>')])
    page = open_page(server)

    page.check("#yes")
    wait_for_state(page, "saved")
    page.check("#no")
    page.wait_for_timeout(300)

    assert server.posts[-1] == "/save/q1 csrfmiddlewaretoken=token version=2 q1=no note="


def test_a_lost_network_is_said_and_tried_again_later_and_later(open_page):
    server = Server(answers=["down", (503, ""), (200, "Saved")])
    page = open_page(server)

    page.check("#yes")
    wait_for_state(page, "retry")
    said = state_of(page)
    page.clock.run_for(2000)
    page.wait_for_timeout(100)
    page.clock.run_for(3000)
    after_two = len(server.posts)
    page.clock.run_for(1100)
    wait_for_state(page, "saved")

    assert said == ("retry", "Again soon")
    assert (after_two, len(server.posts)) == (2, 3)


def test_the_network_that_comes_back_saves_at_once(open_page):
    server = Server(answers=["down"])
    page = open_page(server)

    page.check("#yes")
    wait_for_state(page, "retry")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_for_state(page, "saved")

    assert len(server.posts) == 2


def test_a_conflict_stands_beneath_and_nothing_typed_is_replaced(open_page):
    server = Server(answers=[(409, "<p>Ana wrote: no</p>")])
    page = open_page(server)

    page.fill("#note", "my words")
    page.clock.run_for(900)
    wait_for_state(page, "conflict")

    assert page.inner_text("[data-autosave-beneath]") == "Ana wrote: no"
    assert page.input_value("#note") == "my words"


def test_being_signed_out_is_said_and_tried_again(open_page):
    server = Server(answers=[(403, "no"), (200, "Saved")])
    page = open_page(server)

    page.check("#yes")
    wait_for_state(page, "ended")
    page.clock.run_for(2100)
    wait_for_state(page, "saved")

    assert len(server.posts) == 2


@pytest.mark.parametrize(("answers", "warns"), [(["down"] * 3, True), ([(200, "Saved")], False), ([(409, "x")], True)])
def test_leaving_warns_only_while_something_is_unsaved(open_page, answers, warns):
    page = open_page(Server(answers=list(answers)))
    page.check("#yes")
    page.wait_for_selector(":is([data-state=saved], [data-state=retry], [data-state=conflict])")

    prevented = page.evaluate("!window.dispatchEvent(new Event('beforeunload', {cancelable: true}))")

    assert prevented is warns


def test_safe_exit_replaces_the_page_by_click(open_page):
    page = open_page(Server(), "/exit")

    page.click("[data-safe-exit]")
    page.wait_for_url("**/weather")
    page.go_back()

    assert "secret" not in page.content()


def test_safe_exit_by_three_shifts_but_not_by_capital_letters(open_page):
    page = open_page(Server(), "/exit")

    for key in ("Shift", "a", "Shift", "b", "Shift"):
        page.keyboard.press(key)
    stayed = page.url
    for _ in range(2):
        page.keyboard.press("Shift")
    page.wait_for_url("**/weather")

    assert stayed == f"{ORIGIN}/exit"

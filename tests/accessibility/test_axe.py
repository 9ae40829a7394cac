"""axe on every page: 0 violations in French, English and Arabic, at 320 and 1280 px; nothing wider than the screen; no foreign request."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import translate_url
from django.utils import translation

from tests.browser_pages import pages, session_cookie
from tests.conftest import build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

QUICK = [("fr", 1280, "light"), ("ar", 320, "dark")]
ALL = [(language, width, scheme) for language in ("fr", "en", "ar") for width in (320, 1280) for scheme in ("light", "dark")]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "EN-301-549"]


@pytest.mark.parametrize("variants", [pytest.param(QUICK, id="quick"), pytest.param(ALL, id="all", marks=pytest.mark.slow)])
def test_every_page_is_accessible(chromium, live_server, shipped_toolkits, settings, tmp_path, variants):
    settings.MEDIA_ROOT = tmp_path
    own, _other = build_world()
    found, wide, foreign, seen = [], [], [], 0
    todo = list(pages(own))
    for role in sorted({role for _name, role, _url in todo}):
        cookie = session_cookie(own, role)
        for language, width, scheme in variants:
            context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
            if cookie:
                context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
            page = context.new_page()
            page.on("request", lambda request: note_foreign(request.url, live_server.url, foreign))
            for name, owner, url in todo:
                if owner != role:
                    continue
                with translation.override("en"):
                    here = translate_url(url, language)
                response = page.goto(live_server.url + here)
                assert response is not None and response.status == 200, (name, here, response and response.status)
                result = Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]})
                found += [
                    f"{name} {language} {width} {scheme}: {rule['id']}: {rule['nodes'][0]['html'][:140]}"
                    for rule in result.response["violations"]
                ]
                extent = page.evaluate("document.documentElement.scrollWidth")
                if extent > width + 1:  # a fraction of a pixel is rounded up
                    wide.append(f"{name} {language}: {extent} px wide at {width} px")
                seen += 1
            context.close()

    print(f"\naxe: {seen} pages seen, {len(found)} violations, {len(wide)} too wide, {len(foreign)} requests to other hosts")
    assert (found, wide, foreign) == ([], [], []), "\n".join([*found, *wide, *foreign])


def note_foreign(url: str, own: str, foreign: list[str]) -> None:
    if urlsplit(url).netloc != urlsplit(own).netloc:
        foreign.append(url)


def test_text_at_twice_its_size_fits_a_small_screen(chromium, live_server, shipped_toolkits):
    context = chromium.new_context(viewport={"width": 640, "height": 900})
    page = context.new_page()
    too_wide = []
    for address in ("/fr/", "/ar/", "/fr/guides/", "/fr/guides/language-learning-support/", "/fr/account/login/"):
        page.goto(live_server.url + address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if page.evaluate("document.documentElement.scrollWidth") > 640:
            too_wide.append(address)
    context.close()

    assert too_wide == []


def test_start_page_is_light_and_sets_no_cookie(chromium, live_server, shipped_toolkits):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    answer = page.goto(f"{live_server.url}/fr/")

    assert answer is not None and answer.status == 200
    assert page.locator("h1").count() == 1
    assert context.cookies() == []
    context.close()

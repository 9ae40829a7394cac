"""A real browser for the tests that need one, and the world of two cities that they look at."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from jumelle.cities.models import BreakGlass
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests import factories
from jumelle.toolkits.queries import latest_version_of
from tests.access import world_comparison
from tests.access.world import CityWorld, build_city

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


PATIENCE_MS = 120_000  # a test waits for what must come, and asks nothing of the machine's speed


class PatientBrowser:
    """Chromium, each of whose contexts waits longer than Playwright's 30 s."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser

    def new_context(self, **options: Any) -> Any:
        context = self.browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        return context


@pytest.fixture
def shipped_toolkits(db: None) -> None:
    call_command("toolkits_import", str(settings.CONTENT_DIR / "toolkits"), shipped=True, verbosity=0)


def build_world() -> tuple[CityWorld, CityWorld]:
    version = latest_version_of("language-learning-support")
    own, other = build_city("Own", version), build_city("Other", version)
    operator = factories.make_user("operator", is_operator=True)
    emergency = factories.make_user("emergency", is_operator=True)
    now = timezone.now()
    with city_scope(own.city.id):
        own.access = BreakGlass.objects.create(
            city=own.city, operator=emergency, reason="a reason of twenty letters", opened_at=now, expires_at=now + timedelta(hours=1)
        )
    own.people |= {"operator": operator, "break_glass": emergency}
    world_comparison.add_between(own, other)
    return own, other


@pytest.fixture
def world(shipped_toolkits: None, settings, tmp_path) -> tuple[CityWorld, CityWorld]:
    settings.MEDIA_ROOT = tmp_path
    return build_world()


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """A running Chromium; NOT RUN with the reason where there is none."""
    path = os.environ.get("JUMELLE_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("NOT RUN: Chromium is not installed (apt install chromium)")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=path, args=QUIET)
        yield PatientBrowser(browser)
        browser.close()

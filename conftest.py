"""What every test shares: a compiled interface, a database whose triggers come back after each flush, places and people."""

import os

import pytest
from django.core.management.commands import flush

from jumelle.cities.tenancy import every_city
from jumelle.common.triggers import drop_triggers, install_triggers
from jumelle.config.messages import compile_catalogues

pytest_plugins = ["jumelle.cities.tests.fixtures"]


def pytest_configure(config: pytest.Config) -> None:
    compile_catalogues()
    # Playwright runs an event loop in the test's thread; Django would then refuse every query.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(autouse=True)
def flush_without_triggers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Append-only tables refuse the flush after a transactional test; in an installation nobody flushes."""
    original = flush.Command.handle

    def handle(self: flush.Command, **options: object) -> None:
        drop_triggers(options["database"])
        with every_city("the flush between two tests"):
            original(self, **options)
        install_triggers(options["database"])

    monkeypatch.setattr(flush.Command, "handle", handle)

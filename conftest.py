"""What every test shares: a compiled interface, a database whose triggers come back after each flush, places and people."""

import os
from typing import Any

import pytest
from django.core.management.commands import flush

from jumelle.cities.tenancy import every_city
from jumelle.common.triggers import drop_triggers, install_triggers
from jumelle.config.messages import compile_catalogues

pytest_plugins = ["jumelle.cities.tests.fixtures"]


def pytest_configure(config: pytest.Config) -> None:
    compile_catalogues()
    flush_without_triggers()
    # Playwright runs an event loop in the test's thread; Django would then refuse every query.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def flush_without_triggers() -> None:
    """Append-only tables refuse the flush after a transactional test; in an installation nobody flushes."""
    original = flush.Command.handle

    def handle(self: flush.Command, **options: Any) -> None:
        drop_triggers(options["database"])
        with every_city("the flush between two tests"):
            original(self, **options)
        install_triggers(options["database"])

    flush.Command.handle = handle

"""The world of the access tests is built once and rolled back after each test by its transaction."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from jumelle.cities.models import BreakGlass
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests import factories
from jumelle.toolkits.queries import latest_version
from tests.access.world import CityWorld, build_city


@pytest.fixture
def shipped_toolkits(db: None) -> None:
    call_command("toolkits_import", str(settings.CONTENT_DIR / "toolkits"), shipped=True, verbosity=0)


@pytest.fixture
def world(shipped_toolkits: None, settings, tmp_path) -> tuple[CityWorld, CityWorld]:
    settings.MEDIA_ROOT = tmp_path
    version = latest_version("language-learning-support")
    own, other = build_city("Own", version), build_city("Other", version)
    operator = factories.make_user("operator", is_operator=True)
    emergency = factories.make_user("emergency", is_operator=True)
    now = timezone.now()
    with city_scope(own.city.id):
        own.access = BreakGlass.objects.create(
            city=own.city, operator=emergency, reason="a reason of twenty letters", opened_at=now, expires_at=now + timedelta(hours=1)
        )
    own.people |= {"operator": operator, "break_glass": emergency}
    return own, other


from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.utils import timezone

from jumelle.accounts.models import User


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(timezone, "now", made)
    return made


@pytest.fixture(autouse=True)
def fresh_counters() -> Iterator[None]:
    """Limits are counted in the cache; each test begins with none."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def known(db: None) -> User:
    """A person with an account and a confirmed address."""
    user = User.objects.create_user("known@example.org", name="Amina")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user

import random

import pytest

from jumelle.accounts.models import User
from jumelle.audit.operations import record
from jumelle.config.tests.backups import NOW


@pytest.fixture
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "live" / "uploads"
    (settings.MEDIA_ROOT / "evidence").mkdir(parents=True)
    (settings.MEDIA_ROOT / "evidence" / "3f2a.pdf").write_bytes(random.Random(1).randbytes(300_000))
    (settings.MEDIA_ROOT / "evidence" / "été.txt").write_bytes(b"")
    return settings.MEDIA_ROOT


@pytest.fixture
def filled(transactional_db, uploads):
    user = User.objects.create_user("amina@example.org", name="Amina, name in the clear")
    record(chain="system", action="tested", now=NOW)
    return user

"""A public server starts only when everything that protects people is there; each thing that is missing is named."""

import os
import subprocess
import sys

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import connection

from jumelle.accounts.models import User
from jumelle.common import production_checks
from jumelle.common.production_checks import UnsafeStart, reasons, refuse_unsafe_start, weakness_of_key, weakness_of_text
from jumelle.common.triggers import drop_triggers, install_triggers

STRONG = "Zk3v9Qm1Xw7Bn5Rt2Lc8Hd4Fg6Js0PyAeUiOqWzVxCbNmKl"
STRONG_KEY = "q83vEjRWeJCrze8SNFZ4kNHfLTvMmEqPAhYnZ1+0xbM="
OTHER_KEY = "Zt1Yc0vQm+7kE2bH5xPz8rJw3nUoLs9dAaGfKiVqTXI="


@pytest.fixture
def safe(db, settings, monkeypatch, tmp_path):
    """An installation that may open to the public."""
    settings.DEBUG = settings.DEMO = False
    settings.ALLOWED_HOSTS = ["jumelle.city.eu"]
    settings.SECRET_KEY, settings.AUDIT_KEY = STRONG, STRONG[::-1]
    settings.FIELD_KEYS = [f"k1:{STRONG_KEY}"]
    settings.HTTPS = settings.MFA_REQUIRED = True
    settings.DATA_DIR = tmp_path / "data"
    settings.BACKUP_TARGET = str(tmp_path / "elsewhere")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "common_cache"}}
    monkeypatch.setenv("JUMELLE_BACKUP_KEY", OTHER_KEY)
    call_command("createcachetable", verbosity=0)
    install_triggers()
    return settings


def test_safe_installation_starts(safe):
    refuse_unsafe_start()

    assert reasons() == []


DANGERS = [
    ("DEBUG", lambda s: setattr(s, "DEBUG", True), "DEBUG is on"),
    ("DEMO", lambda s: setattr(s, "DEMO", True), "DEMO is on"),
    ("no hosts", lambda s: setattr(s, "ALLOWED_HOSTS", []), "JUMELLE_HOSTS is empty"),
    ("any host", lambda s: setattr(s, "ALLOWED_HOSTS", ["*"]), "JUMELLE_HOSTS allows any name"),
    ("short secret key", lambda s: setattr(s, "SECRET_KEY", STRONG[:39]), "JUMELLE_SECRET_KEY is shorter"),
    ("placeholder secret key", lambda s: setattr(s, "SECRET_KEY", "please-change-me-" + STRONG), "JUMELLE_SECRET_KEY is a placeholder"),
    ("test secret key", lambda s: setattr(s, "SECRET_KEY", "only-for-tests-" + "s" * 40), "JUMELLE_SECRET_KEY is a placeholder"),
    ("one letter", lambda s: setattr(s, "SECRET_KEY", "a" * 60), "JUMELLE_SECRET_KEY repeats itself"),
    ("weak journal key", lambda s: setattr(s, "AUDIT_KEY", "abcabc" * 20), "JUMELLE_AUDIT_KEY repeats itself"),
    ("same key twice", lambda s: setattr(s, "AUDIT_KEY", STRONG), "are the same"),
    ("short field key", lambda s: setattr(s, "FIELD_KEYS", ["k1:c2hvcnQ="]), "'k1' in JUMELLE_FIELD_KEYS is not 32 bytes"),
    ("field key no base64", lambda s: setattr(s, "FIELD_KEYS", ["k1:?"]), "'k1' in JUMELLE_FIELD_KEYS is not 32 bytes"),
    (
        "field key of the tests",
        lambda s: setattr(s, "FIELD_KEYS", ["t1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]),
        "'t1' in JUMELLE_FIELD_KEYS repeats itself",
    ),
    (
        "second field key typed",
        lambda s: setattr(s, "FIELD_KEYS", [f"k1:{STRONG_KEY}", "k2:YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY="]),
        "'k2' in JUMELLE_FIELD_KEYS was typed",
    ),
    ("no HTTPS", lambda s: setattr(s, "HTTPS", False), "HTTPS is off"),
    ("no second factor", lambda s: setattr(s, "MFA_REQUIRED", False), "second factor is not asked for"),
    ("no place for backups", lambda s: setattr(s, "BACKUP_TARGET", ""), "no place for backups"),
    ("backups beside the data", lambda s: setattr(s, "BACKUP_TARGET", str(s.DATA_DIR / "b")), "lost with it"),
    ("cache per worker", lambda s: set_cache(s, "django.core.cache.backends.locmem.LocMemCache"), "LocMemCache"),
    ("cache that forgets", lambda s: set_cache(s, "django.core.cache.backends.dummy.DummyCache"), "DummyCache"),
    ("mail into files", lambda s: setattr(s, "EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend"), "Mail goes nowhere"),
    ("invented people", lambda s: User.objects.create_user("amina@adelmar.example"), "1 invented people"),
    ("walls taken down", lambda s: drop_triggers(), "rules of the database are missing"),
    ("no backup key", lambda s: os.environ.pop("JUMELLE_BACKUP_KEY"), "JUMELLE_BACKUP_KEY is not set"),
    ("weak backup key", lambda s: os.environ.update(JUMELLE_BACKUP_KEY="AAAA"), "JUMELLE_BACKUP_KEY is not 32 bytes"),
]


def set_cache(settings, backend: str, location: str = "") -> None:
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": location}}


@pytest.mark.parametrize(("make_unsafe", "says"), [row[1:] for row in DANGERS], ids=[row[0] for row in DANGERS])
def test_each_danger_keeps_the_server_from_starting(safe, make_unsafe, says):
    make_unsafe(safe)

    with pytest.raises(UnsafeStart) as refused:
        refuse_unsafe_start()

    assert says in str(refused.value)
    assert len(reasons()) == 1, reasons()


def test_cache_without_a_table_keeps_the_server_from_starting(transactional_db, safe):
    set_cache(safe, safe.CACHES["default"]["BACKEND"], "no_such_table")

    assert ["The cache does not answer" in reason for reason in reasons()] == [True]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
@pytest.mark.parametrize(
    ("pragma", "says"),
    [("synchronous=NORMAL", "does not wait"), ("synchronous=OFF", "does not wait"), ("foreign_keys=OFF", "foreign keys")],
)
def test_careless_sqlite_keeps_the_server_from_starting(transactional_db, safe, pragma, says):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")

    found = reasons()
    connection.close()

    assert [says in reason for reason in found] == [True]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
def test_sqlite_without_wal_keeps_the_server_from_starting(transactional_db, safe):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=DELETE")

    found = reasons()
    connection.close()

    assert ["(WAL)" in reason for reason in found] == [True]


def test_all_reasons_are_named_at_once(safe):
    safe.DEBUG, safe.HTTPS, safe.MFA_REQUIRED, safe.ALLOWED_HOSTS = True, False, False, ["*"]

    with pytest.raises(UnsafeStart) as refused:
        refuse_unsafe_start()

    assert str(refused.value).count("\n  - ") == 4


@pytest.mark.parametrize("mode", ["DEBUG", "DEMO"])
def test_demonstration_on_this_machine_alone_starts(safe, mode):
    setattr(safe, mode, True)
    safe.ALLOWED_HOSTS, safe.HTTPS, safe.MFA_REQUIRED = ["127.0.0.1", "localhost", "[::1]"], False, False

    refuse_unsafe_start()

    assert len(reasons(as_public=True)) == 3


def test_checks_are_django_checks_with_a_tag(safe):
    safe.HTTPS = False

    found = checks.run_checks(tags=[production_checks.TAG], include_deployment_checks=True)

    assert [message.id for message in found] == ["jumelle.P005"]
    assert checks.run_checks(tags=[production_checks.TAG]) == []


def test_command_lists_the_reasons_and_fails(safe, capsys):
    call_command("check_production")
    safe.MFA_REQUIRED = False
    with pytest.raises(CommandError, match="1 reasons"):
        call_command("check_production")

    assert "Nothing keeps this installation" in capsys.readouterr().out


def test_server_does_not_start_unsafely(tmp_path):
    """The real entry point in its own process, as gunicorn loads it."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "DJANGO_SETTINGS_MODULE": "jumelle.config.settings",
        "JUMELLE_DATA": str(tmp_path),
        "JUMELLE_SECRET_KEY": "a" * 50,
        "JUMELLE_AUDIT_KEY": "a" * 50,
        "JUMELLE_FIELD_KEYS": "k1:" + STRONG_KEY,
        "JUMELLE_HTTPS": "false",
        "JUMELLE_MFA_REQUIRED": "false",
        "JUMELLE_HOSTS": "*",
        "JUMELLE_DEBUG": "true",
    }

    started = subprocess.run(
        [sys.executable, "-c", "import jumelle.config.wsgi"], env=environment, capture_output=True, text=True, check=False
    )

    assert started.returncode == 1
    for said in (
        "DEBUG is on",
        "HTTPS is off",
        "second factor",
        "allows any name",
        "no place for backups",
        "repeats itself",
        "BACKUP_KEY is not set",
    ):
        assert said in started.stderr


@pytest.mark.parametrize("text", [STRONG, STRONG[::-1], "d41d8cd98f00b204e9800998ecf8427e+Zz/Yy=Xx?Ww"], ids=str)
def test_random_text_is_no_weak_key(text):
    assert weakness_of_text(text) == ""


@pytest.mark.parametrize("text", [STRONG_KEY, OTHER_KEY])
def test_random_bytes_are_no_weak_key(text):
    assert weakness_of_key(text) == ""

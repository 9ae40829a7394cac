"""Settings of the test run: fast, offline, with throw-away keys."""

import os
import tempfile

os.environ.setdefault("JUMELLE_SECRET_KEY", "only-for-tests-" + "s" * 40)
os.environ.setdefault("JUMELLE_AUDIT_KEY", "only-for-tests-" + "a" * 40)
os.environ.setdefault("JUMELLE_FIELD_KEYS", "t1:" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
os.environ.setdefault("JUMELLE_DATA", tempfile.mkdtemp(prefix="jumelle-test-"))
os.environ.setdefault("JUMELLE_DEMO", "true")
os.environ.setdefault(
    "JUMELLE_DATABASE_URL", os.environ.get("JUMELLE_TEST_DATABASE_URL", "") or f"sqlite:///{os.environ['JUMELLE_DATA']}/jumelle.sqlite3"
)

from jumelle.config.settings import *  # noqa: F403  (the variables above must be set before settings are read)
from jumelle.config.settings import DATA_DIR, DATABASES, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the live-server and concurrency tests need several connections in WAL mode.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

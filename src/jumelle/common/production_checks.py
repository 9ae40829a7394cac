"""
What must be true before the public may come: Django checks with the tag `production`, run by `manage.py check --deploy`, by
`jumelle check-production`, and by `refuse_unsafe_start` each time the server starts.

A demonstration or a developer's machine that only this machine can reach (`HOSTS` are loopback names) is left alone.
"""

import base64
import binascii
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import checks
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.models import Q

from jumelle.common.triggers import all_triggers

TAG = "production"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1", "testserver"})
# Nobody can receive mail there (RFC 2606, RFC 6761): an account with such an address is an invented person.
RESERVED_DOMAINS = (".example", ".test", ".invalid", ".localhost", "@example.org", "@example.com", "@example.net")
PLACEHOLDER = re.compile(r"change.?me|placeholder|example|insecure|only-for-tests|secret.?key|password|qwerty|12345678", re.IGNORECASE)
PRIVATE_CACHES = ("LocMemCache", "DummyCache", "FileBasedCache")
FULL, EXTRA = 2, 3


class UnsafeStart(ImproperlyConfigured):
    """The server does not start; the message lists every reason and what to do about it."""


def is_private() -> bool:
    """A demonstration or a developer's server that only this machine can reach."""
    return (settings.DEBUG or settings.DEMO) and bool(settings.ALLOWED_HOSTS) and set(settings.ALLOWED_HOSTS) <= LOOPBACK


def refuse_unsafe_start() -> None:
    """
    Raises:
        UnsafeStart: something that `reasons` names.
    """
    found = reasons()
    if not connection.in_atomic_block:
        connection.close()  # the thread that starts the server answers no requests
    if found:
        listed = "\n".join(f"  - {message}" for message in found)
        raise UnsafeStart(f"Jumelle does not start, because it would not be safe for the public:\n{listed}")


def reasons(*, as_public: bool = False) -> list[str]:
    """
    Every reason against a public start, with what to do; empty when there is none, and on a private demonstration.

    Args:
        as_public: answer for a private demonstration too, as though others could reach it.
    """
    if is_private() and not as_public:
        return []
    return [f"{found.msg} {found.hint}" for check in CHECKS for found in check()]


# --- the checks ------------------------------------------------------------------------------------------------------


def _error(number: int, message: str, hint: str) -> checks.Error:
    return checks.Error(message, hint=hint, id=f"jumelle.P{number:03}")


def check_mode() -> list[checks.Error]:
    modes = [name for name in ("DEBUG", "DEMO") if getattr(settings, name)]
    return [_error(1, f"{name} is on, and others can reach the server.", f"Set JUMELLE_{name}=false.") for name in modes]


def check_hosts() -> list[checks.Error]:
    if settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        return []
    said = "allows any name" if settings.ALLOWED_HOSTS else "is empty"
    return [_error(2, f"JUMELLE_HOSTS {said}.", "Set it to the names of this server, such as jumelle.city.example.")]


def check_keys() -> list[checks.Error]:
    found = []
    for name in ("SECRET_KEY", "AUDIT_KEY"):
        why = weakness_of_text(getattr(settings, name))
        found += [_error(3, f"JUMELLE_{name} {why}.", "Make one with: openssl rand -base64 48")] if why else []
    if settings.SECRET_KEY == settings.AUDIT_KEY:
        found.append(_error(3, "JUMELLE_SECRET_KEY and JUMELLE_AUDIT_KEY are the same.", "Give each its own value."))
    for entry in settings.FIELD_KEYS:
        name, _, text = entry.partition(":")
        why = weakness_of_key(text)
        found += [_error(4, f"The key {name!r} in JUMELLE_FIELD_KEYS {why}.", "Make one with: openssl rand -base64 32")] if why else []
    return found


def check_https() -> list[checks.Error]:
    if settings.HTTPS:
        return []
    return [_error(5, "HTTPS is off: codes and names would travel in the clear.", "Set JUMELLE_HTTPS=true and put a certificate in front.")]


def check_second_factor() -> list[checks.Error]:
    if settings.MFA_REQUIRED:
        return []
    return [_error(6, "The second factor is not asked for.", "Set JUMELLE_MFA_REQUIRED=true.")]


def check_backup() -> list[checks.Error]:
    found = []
    if not settings.BACKUP_TARGET:
        found.append(_error(7, "There is no place for backups.", "Set JUMELLE_BACKUP_TARGET to a folder on another disk or machine."))
    elif Path(settings.BACKUP_TARGET).resolve().is_relative_to(Path(settings.DATA_DIR).resolve()):
        found.append(
            _error(7, "Backups would lie beside the data and be lost with it.", "Set JUMELLE_BACKUP_TARGET to a folder elsewhere.")
        )
    key = os.environ.get("JUMELLE_BACKUP_KEY", "")
    if why := weakness_of_key(key) if key else "is not set":
        found.append(
            _error(8, f"JUMELLE_BACKUP_KEY {why}: backups of real data are always encrypted.", "Make one with: openssl rand -base64 32")
        )
    return found


def check_cache() -> list[checks.Error]:
    backend = settings.CACHES["default"]["BACKEND"].rpartition(".")[2]
    if backend in PRIVATE_CACHES:
        return [
            _error(
                9,
                f"The cache is {backend}, which every worker has for itself: the limits on sign-in attempts would not hold.",
                "Leave JUMELLE_CACHE_URL empty (a table of the database) or set it to a Redis server.",
            )
        ]
    try:
        cache.set("production-check", "answers", 10)
        answers = cache.get("production-check") == "answers"
    except Exception as error:  # each cache has its own errors; whichever it is, the limits would not hold
        return [_error(9, f"The cache does not answer ({type(error).__name__}).", "Run `jumelle prepare`, or start the Redis server.")]
    return [] if answers else [_error(9, "The cache forgets at once what it is told.", "Check JUMELLE_CACHE_URL.")]


def check_database() -> list[checks.Error]:
    try:
        return [*_check_sqlite(), *_check_triggers(), *_check_invented_people()]
    except DatabaseError as error:
        return [_error(10, f"The database does not answer or is empty ({type(error).__name__}).", "Run: jumelle migrate")]


def _check_sqlite() -> list[checks.Error]:
    if connection.vendor != "sqlite":
        return []
    found = []
    with connection.cursor() as cursor:
        values = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")}
    if values["journal_mode"] != "wal":
        found.append(_error(11, "SQLite does not write ahead (WAL).", "Move the database to a local disk; network disks cannot do it."))
    if values["synchronous"] not in (FULL, EXTRA):
        found.append(_error(11, "SQLite does not wait for the disk (synchronous is not FULL).", "Take JUMELLE's own settings for SQLite."))
    if values["foreign_keys"] != 1:
        found.append(_error(11, "SQLite does not check foreign keys.", "Take JUMELLE's own settings for SQLite."))
    return found


def _check_triggers() -> list[checks.Error]:
    missing = missing_triggers()
    if not missing:
        return []
    return [_error(12, f"{len(missing)} rules of the database are missing, such as {missing[0]}.", "Run: jumelle migrate")]


def _check_invented_people() -> list[checks.Error]:
    invented = Q()
    for domain in RESERVED_DOMAINS:
        invented |= Q(email__iendswith=domain)
    count = get_user_model()._default_manager.filter(invented, is_active=True).count()
    if not count:
        return []
    return [_error(13, f"{count} invented people of a demonstration can sign in.", "Run: jumelle demo clear")]


def check_mail() -> list[checks.Error]:
    backend = settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")[2]
    if backend == "smtp":
        return []
    return [_error(14, f"Mail goes nowhere (its way is {backend!r}), so that nobody receives a sign-in code.", "Set JUMELLE_EMAIL_URL.")]


CHECKS: Sequence[Callable[[], list[checks.Error]]] = (
    check_mode,
    check_hosts,
    check_keys,
    check_https,
    check_second_factor,
    check_backup,
    check_cache,
    check_database,
    check_mail,
)


def register_checks() -> None:
    """Called by `apps.py`; `manage.py check --deploy` and `check_production` run them, other commands do not."""

    def run(app_configs: Any = None, **kwargs: Any) -> list[checks.Error]:
        return [] if is_private() else [found for check in CHECKS for found in check()]

    checks.register(run, TAG, deploy=True)


# --- what they need --------------------------------------------------------------------------------------------------


def weakness_of_text(text: str) -> str:
    """Why a key of letters is too easy to guess; "" when it is not. A random one of 40 letters has more than 20 different ones."""
    if len(text) < 40:
        return "is shorter than 40 letters"
    if PLACEHOLDER.search(text):
        return "is a placeholder"
    return "repeats itself" if len(set(text)) < 16 else ""


def weakness_of_key(text: str) -> str:
    """Why a key of 32 bytes in base64 is too easy to guess; "" when it is not. 32 random bytes are hardly ever all printable."""
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        return "is not 32 bytes in base64"
    if len(set(key)) < 16:
        return "repeats itself"
    return "was typed, not drawn at random" if all(32 <= byte < 127 for byte in key) else ""


def missing_triggers(table: str | None = None) -> list[str]:
    """Names of the triggers that the code knows and the database lacks; of one table, or of all."""
    wanted = [trigger for trigger in all_triggers() if table in (None, trigger.table)]
    query = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if connection.vendor == "sqlite" else "SELECT tgname FROM pg_trigger"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    return sorted(trigger.name for trigger in wanted if trigger.name not in present)

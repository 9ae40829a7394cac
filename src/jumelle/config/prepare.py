"""
Make a data folder ready: database, compiled messages, static files, toolkits, demonstration network.

Run by `dev.py run` before the server starts. Does nothing when nothing has changed since the last time.
"""

import hashlib
import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from jumelle.config.messages import compile_catalogues


def fingerprint() -> str:
    """What the preparation depends on, by name, size and time of change."""
    digest = hashlib.sha256()
    folders = [settings.SOURCE_DIR, settings.CONTENT_DIR]
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if path.suffix in {".pyc", ".mo"} or not path.is_file():
            continue
        stat = path.stat()
        digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def prepare() -> None:
    stamp = settings.DATA_DIR / "prepared"
    now = fingerprint()
    if stamp.exists() and stamp.read_text(encoding="utf-8") == now:
        return
    print("Preparing the database and the files …", flush=True)  # noqa: T201 (this is a command's output)
    compile_catalogues()
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("toolkits_import", str(settings.CONTENT_DIR / "toolkits"), shipped=True, verbosity=0)
    if settings.DEMO:
        call_command("demo_load", verbosity=0)
    stamp.write_text(now, encoding="utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jumelle.config.settings")
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    prepare()

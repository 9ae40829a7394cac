"""Every commit waits for the disk: the syncs that the kernel sees are counted."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent.parent
WANTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 20_000}


@pytest.mark.skipif(shutil.which("strace") is None, reason="NOT RUN: strace is not installed (apt install strace)")
def test_two_hundred_commits_wait_for_the_disk_two_hundred_times():
    done = subprocess.run([sys.executable, ROOT / "benchmarks" / "sync_per_commit.py"], capture_output=True, text=True, check=False)

    last = done.stdout.splitlines()[-1]
    if last.startswith("NOT RUN"):
        pytest.skip(last)
    assert done.returncode == 0, done.stdout
    assert last.endswith("kept")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
@pytest.mark.parametrize(("pragma", "value"), WANTED.items())
def test_sqlite_is_set_as_we_promise(db, pragma, value):
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone()[0] == value


@pytest.mark.skipif(connection.vendor != "sqlite", reason="about SQLite")
def test_transactions_of_sqlite_begin_by_taking_the_lock(db):
    """IMMEDIATE: two writers queue, instead of one failing when it wants to write what it has read."""
    assert connection.transaction_mode == "IMMEDIATE"

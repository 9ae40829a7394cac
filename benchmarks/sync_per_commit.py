"""
Does each commit wait for the disk? Counts the syncs that the kernel sees while Django commits 200 times with our settings.

kill -9 cannot show this, because what a dead process wrote stays in the kernel's cache: only a sync survives a power cut.
    .venv/bin/python benchmarks/sync_per_commit.py
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

COMMITS = 200
SYNC = re.compile(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+).*\b(?:fsync|fdatasync)$", re.MULTILINE)


def commit(folder: Path, synchronous: str) -> None:
    """In the child: write the same kind of row in as many transactions, through Django and our settings."""
    os.environ["JUMELLE_DATA"] = str(folder)
    os.environ["JUMELLE_DATABASE_URL"] = f"sqlite:///{folder}/sync.sqlite3"
    os.environ["DJANGO_SETTINGS_MODULE"] = "jumelle.config.settings_test"
    import django  # noqa: PLC0415 (the variables above come first)

    django.setup()
    from django.db import connection, transaction  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE answer (id integer PRIMARY KEY, text text)")
        if synchronous:
            cursor.execute(f"PRAGMA synchronous={synchronous}")
    for number in range(COMMITS):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO answer (text) VALUES (%s)", [f"answer {number}"])
    connection.close()


def syncs(synchronous: str = "") -> int | str:
    """The number of syncs, or the reason why they could not be counted."""
    with tempfile.TemporaryDirectory(prefix="jumelle-sync-") as folder:
        command = ["strace", "-f", "-c", "-e", "trace=fsync,fdatasync", sys.executable, __file__, folder, synchronous]
        traced = subprocess.run(command, capture_output=True, text=True, check=False)
        if traced.returncode:
            return (traced.stderr.strip().splitlines() or ["strace said nothing"])[-1]
        return sum(int(found) for found in SYNC.findall(traced.stderr))


def main() -> int:
    if shutil.which("strace") is None:
        print("NOT RUN: strace is not installed. To enable it: apt install strace")
        return 0
    ours, careless = syncs(), syncs("NORMAL")
    if isinstance(ours, str):
        print(f"NOT RUN: strace cannot trace here ({ours}).")
        return 0
    print(f"synchronous=NORMAL, for comparison: {careless} syncs for {COMMITS} commits")
    kept = ours >= COMMITS
    print(f"{ours} syncs for {COMMITS} commits (promised: at least one each): {'kept' if kept else 'NOT KEPT'}")
    return 0 if kept else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        commit(Path(sys.argv[1]), sys.argv[2])
    else:
        sys.exit(main())

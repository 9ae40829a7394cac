"""
How much memory ten people take who sign in at the same moment with a password, and how long one verification takes.

Our hasher against Django's own default, each in a process of its own, in the same run.
    .venv/bin/python benchmarks/sign_in_memory.py
"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

PEOPLE = 10
PROMISED_MB = 300
HASHERS = {
    "Jumelle": "jumelle.accounts.hashers.SmallArgon2",
    "Django's default Argon2": "django.contrib.auth.hashers.Argon2PasswordHasher",
}


def status_kb(name: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise LookupError(name)


def measure(path: str) -> None:
    """In the child: print the memory added at the peak, in MB, and the milliseconds of one verification."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jumelle.config.settings_test")
    from django.utils.module_loading import import_string  # noqa: PLC0415 (only the child needs Django)

    hasher = import_string(path)()
    encoded = hasher.encode("correct horse battery staple", hasher.salt())
    began = time.perf_counter()
    assert hasher.verify("correct horse battery staple", encoded)
    one_ms = (time.perf_counter() - began) * 1000
    start = threading.Barrier(PEOPLE)

    def sign_in() -> None:
        start.wait()
        hasher.verify("correct horse battery staple", encoded)

    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from now on
    before = status_kb("VmRSS")
    threads = [threading.Thread(target=sign_in) for _ in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print((status_kb("VmHWM") - before) / 1024, one_ms)


def main() -> int:
    if not Path("/proc/self/clear_refs").exists():
        print("NOT RUN: the peak of a process's memory can be read on Linux only (/proc).")
        return 0
    figures = {}
    for name, path in HASHERS.items():
        child = subprocess.run([sys.executable, __file__, path], capture_output=True, text=True, check=True)
        added_mb, one_ms = map(float, child.stdout.split())
        figures[name] = added_mb
        print(f"{name}: {PEOPLE} sign-ins at once add {added_mb:.0f} MB; one verification takes {one_ms:.0f} ms")
    kept = figures["Jumelle"] <= PROMISED_MB
    print(
        f"{PEOPLE} parallel sign-ins add {figures['Jumelle']:.0f} MB (promised: at most {PROMISED_MB} MB; "
        f"Django's default in the same run: {figures[next(reversed(figures))]:.0f} MB): {'kept' if kept else 'NOT KEPT'}"
    )
    return 0 if kept else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(sys.argv[1])
    else:
        sys.exit(main())

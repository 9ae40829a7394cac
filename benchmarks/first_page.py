#!/usr/bin/env python3
"""
From a fresh clone to the first page: `python3 dev.py run` in an empty folder, with an empty package cache. Limits: 60 s; second start 5 s;
120 MB for each worker process; 60 kB transferred for the start page, with everything that it loads.

Standard library only: it must not lean on the environment that it measures.
"""

import gzip
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FIRST_LIMIT_S, SECOND_LIMIT_S, MEMORY_LIMIT_MB, PAGE_LIMIT_KB = 60, 5, 120, 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(clone: Path, environment: dict[str, str], port: int) -> tuple[subprocess.Popen, float]:
    """Start `dev.py run`; return the process and the seconds until the start page answered."""
    began = time.monotonic()
    command = [sys.executable, "dev.py", "run", "--port", str(port)]
    process = subprocess.Popen(command, cwd=clone, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    while time.monotonic() - began < 300:
        if process.poll() is not None:
            sys.exit("dev.py run ended by itself")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/fr/", timeout=5) as answer:
                if answer.status == 200:
                    return process, time.monotonic() - began
        except OSError:
            time.sleep(0.05)
    sys.exit("no answer within five minutes")


def memory_of_children(process: subprocess.Popen) -> dict[str, float]:
    """Resident megabytes of every process that dev.py started, read from /proc."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        fields = dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
        parents[int(status.parent.name)] = (int(fields["PPid"]), int(fields.get("VmRSS", "0 kB").split()[0]) / 1000)
    found, waiting = {}, [process.pid]
    while waiting:
        parent = waiting.pop()
        for pid, (ppid, megabytes) in parents.items():
            if ppid == parent:
                waiting.append(pid)
                words = Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
                kind = "worker" if "db_worker" in words else "server"
                found[f"{kind} {pid}"] = megabytes
    return found


def transferred(address: str) -> tuple[int, list[str]]:
    """Bytes of the page and of all it names, as a browser with gzip receives them; and the addresses on other hosts."""
    total, foreign = 0, []
    page = fetch(address)
    total += len(page)
    html = gzip.decompress(page).decode() if page[:2] == b"\x1f\x8b" else page.decode()
    loaded = set(re.findall(r'<(?:link[^>]+rel="(?:stylesheet|icon)"[^>]*href|script[^>]*src|img[^>]*src)="([^"]+)"', html))
    loaded |= {match.split("#")[0] for match in re.findall(r'<use href="([^"]+)"', html)}
    for name in sorted(loaded):
        if re.match(r"(https?:)?//", name):
            foreign.append(name)
            continue
        total += len(fetch("/".join(address.split("/")[:3]) + name))
    return total, foreign


def fetch(address: str) -> bytes:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.read()


def stop(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGINT)
    process.wait(15)


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="jumelle-first-page-"))
    clone = folder / "clone"
    environment = {**os.environ, "UV_CACHE_DIR": str(folder / "uv"), "PIP_CACHE_DIR": str(folder / "pip"), "HOME": str(folder)}
    environment.pop("VIRTUAL_ENV", None)
    try:
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        port = free_port()
        process, first_s = start(clone, environment, port)
        for _visit in range(30):
            fetch(f"http://127.0.0.1:{port}/fr/")
        bytes_moved, foreign = transferred(f"http://127.0.0.1:{port}/fr/")
        time.sleep(2)
        memory = memory_of_children(process)
        stop(process)
        process, second_s = start(clone, environment, port)
        stop(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    highest = max(memory.values())
    page_kb = bytes_moved / 1000
    for name, megabytes in sorted(memory.items()):
        print(f"{name}: {megabytes:.0f} MB")
    print(f"requests to other hosts: {len(foreign)}")
    print(
        f"first page after {first_s:.1f} s (limit {FIRST_LIMIT_S}), second start {second_s:.1f} s (limit {SECOND_LIMIT_S}), "
        f"largest process {highest:.0f} MB (limit {MEMORY_LIMIT_MB}), start page {page_kb:.1f} kB (limit {PAGE_LIMIT_KB})"
    )
    kept = first_s <= FIRST_LIMIT_S and second_s <= SECOND_LIMIT_S and highest <= MEMORY_LIMIT_MB and page_kb <= PAGE_LIMIT_KB
    return 0 if kept and not foreign else 1


if __name__ == "__main__":
    sys.exit(main())

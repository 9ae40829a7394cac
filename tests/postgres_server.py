"""A throw-away PostgreSQL server for the tests: own folder, own port, loopback only, gone at the end. Standard library only."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def as_server_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root: lend it a system user."""
    return ["runuser", "-u", server_user(), "--", *command] if os.geteuid() == 0 else command


def server_user() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def throwaway_server(binaries: Path) -> Iterator[str]:
    """Start a server; yield its database address; stop it and remove its folder."""
    folder = Path(tempfile.mkdtemp(prefix="jumelle-pg-"))
    port = free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, server_user())
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "env": environment, "cwd": folder}
    data, log = folder / "data", folder / "log"
    try:
        init = [str(binaries / "initdb"), "-D", str(data), "-U", "jumelle", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(as_server_user(init), **quiet)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off -c max_connections=60"
        control = [str(binaries / "pg_ctl"), "-D", str(data), "-w"]
        subprocess.run(as_server_user([*control, "-l", str(log), "-o", options, "start"]), **quiet)
        try:
            yield f"postgres://jumelle@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run(as_server_user([*control, "-m", "immediate", "stop"]), **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""A real installation for a test: own data folder, own keys, a real gunicorn in its own process group, on loopback only."""

import base64
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.postgres_server import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


class Installation:
    def __init__(self, folder: Path) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("JUMELLE_", "DJANGO_"))}
        self.folder, self.port, self.server = folder, free_port(), None
        self.environment = {
            **clean,
            "DJANGO_SETTINGS_MODULE": "jumelle.config.settings",
            "JUMELLE_DATA": str(folder),
            "JUMELLE_DEMO": "true",
            "JUMELLE_SECRET_KEY": secrets.token_urlsafe(50),
            "JUMELLE_AUDIT_KEY": secrets.token_urlsafe(50),
            "JUMELLE_FIELD_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "JUMELLE_LOG_LEVEL": "ERROR",
        }
        self.run("-m", "jumelle.config.prepare")

    def run(self, *words: str) -> str:
        return subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def ask(self, what: str) -> dict[str, Any]:
        """See `inside.py`."""
        answer: dict[str, Any] = json.loads(self.run(str(ROOT / "tests" / "durability" / "inside.py"), what))
        return answer

    def start(self) -> float:
        """Start the server; returns the seconds until it answered."""
        began = time.monotonic()
        gunicorn = [str(Path(sys.executable).with_name("gunicorn")), "jumelle.config.wsgi:application", "--bind", f"127.0.0.1:{self.port}"]
        gunicorn += ["--workers", "2", "--threads", "4", "--worker-class", "gthread", "--log-level", "critical", "--no-control-socket"]
        self.server = subprocess.Popen(gunicorn, cwd=ROOT, env=self.environment, start_new_session=True)
        while time.monotonic() - began < 120:
            if self.server.poll() is not None:
                raise RuntimeError(f"the server ended by itself with {self.server.returncode}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=10) as answer:
                    if answer.status == 200:
                        return time.monotonic() - began
            except OSError:
                time.sleep(0.05)
        raise TimeoutError("the server did not answer")

    def kill(self) -> None:
        """kill -9 of the whole process group: nobody gets to tidy up."""
        if self.server is not None and self.server.poll() is None:
            os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()
        self.server = None

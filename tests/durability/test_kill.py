"""
kill -9 in the middle of answering: what was acknowledged is there afterwards.

Thirty times four people save answers as fast as they can, the whole process group of the server is killed at a random
moment, and it starts again on the same data. (How fast it starts again: `benchmarks/start_after_kill.py`; a power cut is
another matter: `benchmarks/sync_per_commit.py` counts syncs.)
"""

import http.client
import random
import re
import sqlite3
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.durability.installation import Installation

ROUNDS = 30
TOKEN = "t" * 32  # any value will do: the form must repeat what the cookie says

pytestmark = pytest.mark.slow


class Client(threading.Thread):
    """Saves one item again and again; remembers what the server acknowledged."""

    def __init__(self, port: int, address: str, session: str, code: str, revision: int, name: str) -> None:
        super().__init__(daemon=True)
        self.port, self.address, self.code, self.revision = port, f"{address}{code}/", code, revision
        self.headers = {
            "Cookie": f"session={session}; csrf={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Autosave": "1",
        }
        self.label, self.acknowledged, self.refused = name, [], []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with closing(connection):
            for number in range(100_000):
                note = f"{self.label}, note {number}"
                try:
                    status, page = self.save(connection, note)
                except (OSError, http.client.HTTPException):
                    return  # killed: this one was not acknowledged
                found = re.search(r'data-set-value="(\d+)"', page)
                if status != 200 or not found:
                    self.refused.append((status, page[:300]))
                    return
                self.acknowledged.append(note)
                self.revision = int(found.group(1))

    def save(self, connection: http.client.HTTPConnection, note: str) -> tuple[int, str]:
        fields = {"csrfmiddlewaretoken": TOKEN}
        fields |= {
            f"{self.code}-{name}": str(value) for name, value in {"value": "partly", "note": note, "revision": self.revision}.items()
        }
        connection.request("POST", self.address, urllib.parse.urlencode(fields), self.headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def wait_until_each_has_saved(clients: list[Client], answers: int) -> None:
    """Counts answers and not seconds: on a busy machine a second may hold none. A client that was refused has stopped."""
    for _ in range(6_000):
        if all(len(client.acknowledged) >= answers or not client.is_alive() for client in clients):
            return
        time.sleep(0.05)
    raise AssertionError(f"in five minutes not everybody saved {answers} answers")


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    yield made
    made.kill()


def test_nothing_that_was_acknowledged_is_lost(installation, capsys):
    chance = random.Random(20260301)
    people = installation.ask("people")
    acknowledged: list[str] = []
    for turn in range(ROUNDS):
        revisions = installation.ask("answers")["revisions"]
        installation.start()
        clients = [
            Client(installation.port, people["address"], session, code, revisions.get(code, 0), f"round {turn}, person {number}")
            for number, (session, code) in enumerate(zip(people["sessions"], people["codes"], strict=True))
        ]
        for client in clients:
            client.start()
        wait_until_each_has_saved(clients, chance.randint(1, 8))
        time.sleep(chance.uniform(0.0, 0.3))

        installation.kill()

        for client in clients:
            client.join()
            acknowledged += client.acknowledged
        assert [refused for client in clients for refused in client.refused] == []
        with closing(sqlite3.connect(installation.folder / "jumelle.sqlite3")) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []

    stored = set(installation.ask("answers")["notes"])
    lost = [note for note in acknowledged if note not in stored]
    verified = installation.run("-m", "jumelle.config.cli", "audit", "verify")
    with capsys.disabled():
        print(f"\n{ROUNDS} rounds, {len(acknowledged)} acknowledged answers, {len(lost)} lost")
    assert lost == []
    assert len(acknowledged) >= ROUNDS * 4
    assert "whole" in verified

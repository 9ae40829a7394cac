"""The one command: what goes wrong on a fresh machine is told in one sentence, with the remedy."""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def dev(tmp_path) -> ModuleType:
    """`dev.py` as a module, working in an empty folder."""
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.ROOT, module.VENV, module.PYTHON = tmp_path, tmp_path / ".venv", tmp_path / ".venv" / "bin" / "python"
    return module


def test_busy_port_is_told_with_another_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = subprocess.run([sys.executable, "dev.py", "run", "--port", str(port)], cwd=ROOT, capture_output=True, text=True, check=False)

    said = f"Port {port} is taken by another program. Choose another one: python3 dev.py run --port {port + 1}\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_old_python_is_told(dev, monkeypatch):
    monkeypatch.setattr(dev.sys, "version_info", (3, 10, 4))
    monkeypatch.setattr(dev.sys, "version", "3.10.4 (main)")

    with pytest.raises(dev.CannotGoOn, match=r"^Jumelle needs Python 3\.11 or newer; this is 3\.10\.4\. "):
        dev.require_python()


def test_missing_venv_module_is_told_and_leaves_nothing(dev, monkeypatch):
    def fail(*args, **kwargs):
        dev.VENV.mkdir()
        return SimpleNamespace(returncode=1, stdout="The virtual environment was not created … ensurepip is not available", stderr="")

    monkeypatch.setattr(dev.subprocess, "run", fail)

    with pytest.raises(dev.CannotGoOn, match="apt install python3-venv"):
        dev.make_venv()

    assert not dev.VENV.exists()


def test_full_disk_is_told(dev, monkeypatch):
    monkeypatch.setattr(dev.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9 - 5_000_000, 5_000_000))

    with pytest.raises(dev.CannotGoOn, match=r"^The disk is nearly full: 5 MB are free under .*, 700 MB are needed\.$"):
        dev.make_venv()


def test_data_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    command = [sys.executable, "dev.py", "run", "--port", str(port), "--data", str(tmp_path / "file" / "data")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.endswith("Choose another one with --data.\n")
    assert done.stderr.count("\n") == 1


def test_keys_are_made_once_and_only_for_their_owner(dev, tmp_path):
    first = dev.load_settings(tmp_path / "data", "http://127.0.0.1:8000")
    second = dev.load_settings(tmp_path / "data", "http://127.0.0.1:8001")

    assert {**first, "JUMELLE_PUBLIC_ADDRESS": "http://127.0.0.1:8001"} == second
    assert (tmp_path / "data" / "settings.env").stat().st_mode & 0o777 == 0o600


def test_child_processes_end_with_dev(dev):
    children = [dev.start([sys.executable, "-c", "import time; time.sleep(60)"], dict(os.environ)) for _number in range(2)]

    dev.stop(children)

    assert all(child.returncode is not None for child in children)


def test_second_ctrl_c_leaves_no_child_behind(dev):
    slow = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(1)"]
    child = subprocess.Popen(slow, stdout=subprocess.PIPE, start_new_session=True)
    assert child.stdout is not None
    child.stdout.readline()
    again = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    again.start()

    dev.stop([child])
    again.join()
    child.stdout.close()

    assert child.returncode == 0

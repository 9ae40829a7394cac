#!/usr/bin/env python3
"""
The one command of a checkout: python3 dev.py run | test | check | fix | messages | bench | lock

Needs Python 3.11 or newer and nothing else: it makes `.venv`, installs the locked packages (hashes checked) and goes on from there.
"""

import argparse
import base64
import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
LOCKS = {"run": ROOT / "requirements" / "run.txt", "test": ROOT / "requirements" / "test.txt"}
UV_LOCK = ROOT / "requirements" / "uv.txt"
START_LIMIT_S = 60


class CannotGoOn(Exception):
    """Said to the person in one sentence."""


# --- the environment -------------------------------------------------------------------------------------------------


def require_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (this line is for those who start it with an older Python)
        raise CannotGoOn(f"Jumelle needs Python 3.11 or newer; this is {sys.version.split()[0]}. Start dev.py with a newer python3.")


def stamp_of(kind: str) -> str:
    files = [LOCKS[kind], UV_LOCK, ROOT / "pyproject.toml"]
    digest = hashlib.sha256("".join(path.read_text(encoding="utf-8") for path in files).encode()).hexdigest()
    return f"{kind} {digest} {sys.version_info[:2]} {ROOT}"


def ensure_environment(kind: str, use_pip: bool = False) -> None:
    """Make `.venv` hold what `kind` ("run" or "test") needs; a no-op when it does."""
    stamp = VENV / "jumelle-stamp"
    known = stamp.read_text(encoding="utf-8") if stamp.exists() else ""
    if PYTHON.exists() and known in {stamp_of(kind), stamp_of("test")}:
        return
    make_venv()
    print(f"Installing the packages that Jumelle needs to {kind} …", flush=True)
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "VIRTUAL_ENV": str(VENV)}
    if use_pip:
        step([PYTHON, "-m", "pip", "install", "-q", "--require-hashes", "-r", LOCKS[kind]])
        step([PYTHON, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", ROOT])
    else:
        if not (BIN / "uv").exists():
            step([PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "-r", UV_LOCK])
        uv = BIN / "uv"
        step([uv, "pip", "install", "-q", "--require-hashes", "-r", LOCKS[kind]], environment)
        step([uv, "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", ROOT], environment)
    stamp.write_text(stamp_of(kind), encoding="utf-8")


def make_venv() -> None:
    if PYTHON.exists():
        return
    require_disk(ROOT, 700)
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if made.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        if "ensurepip" in made.stdout + made.stderr or "No module named venv" in made.stderr:
            raise CannotGoOn("Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv, then try again.")
        raise CannotGoOn(f"The environment could not be made: {(made.stderr or made.stdout).strip().splitlines()[-1]}")


def require_disk(path: Path, megabytes: int) -> None:
    free = shutil.disk_usage(path).free // 1_000_000
    if free < megabytes:
        raise CannotGoOn(f"The disk is nearly full: {free} MB are free under {path}, {megabytes} MB are needed.")


def step(command: list, environment: dict | None = None) -> None:
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise CannotGoOn(f"This step failed: {Path(str(command[0])).name} {' '.join(map(str, command[1:4]))} … The lines above say why.")


# --- run -------------------------------------------------------------------------------------------------------------


def load_settings(data: Path, address: str) -> dict[str, str]:
    """Read `settings.env` of a data folder; make it, with new keys, the first time. It notes the address that links in mails need."""
    file = data / "settings.env"
    if not file.exists():
        data.mkdir(parents=True, exist_ok=True)
        lines = {
            "JUMELLE_DEMO": "true",
            "JUMELLE_SECRET_KEY": secrets.token_urlsafe(50),
            "JUMELLE_AUDIT_KEY": secrets.token_urlsafe(50),
            "JUMELLE_FIELD_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.writelines(f"{key}={value}\n" for key, value in lines.items())
    pairs = (line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines() if "=" in line and not line.startswith("#"))
    settings = dict(pairs)
    if settings.get("JUMELLE_PUBLIC_ADDRESS") != address:
        settings["JUMELLE_PUBLIC_ADDRESS"] = address
        file.write_text("".join(f"{key}={value}\n" for key, value in settings.items()), encoding="utf-8")
    return settings


def require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CannotGoOn(
                f"Port {port} is taken by another program. Choose another one: python3 dev.py run --port {port + 1}"
            ) from error


def run(port: int, data: Path, use_pip: bool) -> int:
    require_free_port(port)
    ensure_environment("run", use_pip)
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotGoOn(f"The folder {data} cannot be made: {error.strerror}. Choose another one with --data.") from error
    require_disk(data, 200)
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, **load_settings(data, address), "JUMELLE_DATA": str(data)}
    environment["DJANGO_SETTINGS_MODULE"] = "jumelle.config.settings"
    step([PYTHON, "-m", "jumelle.config.prepare"], environment)
    server = [BIN / "gunicorn", "jumelle.config.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"]
    server += ["--worker-class", "gthread", "--log-level", "warning", "--graceful-timeout", "3", "--no-control-socket"]
    worker = [PYTHON, "-m", "django", "db_worker", "--interval", "1"]
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    children = [start(server, environment), start(worker, environment)]
    try:
        wait_until_ready(address, children)
        print(f"\nJumelle is ready at {address}\n", flush=True)
        print((data / "demo-accounts.txt").read_text(encoding="utf-8") if (data / "demo-accounts.txt").exists() else "", flush=True)
        print("Ctrl-C ends everything.", flush=True)
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
        print("The server or the worker ended by itself; the lines above say why.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopping …")
        return 0
    finally:
        stop(children)


def start(command: list, environment: dict) -> subprocess.Popen:
    return subprocess.Popen([str(part) for part in command], cwd=ROOT, env=environment, start_new_session=True)


def stop(children: list) -> None:
    """End every child; a second Ctrl-C must not leave one behind, so both signals wait until all are gone."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        end_all(children)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_all(children: list) -> None:
    for child in children:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
    deadline = time.monotonic() + 6
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def wait_until_ready(address: str, children: list) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise CannotGoOn("The server did not start; the lines above say why.")
        try:
            with urllib.request.urlopen(f"{address}/health/", timeout=2) as answer:  # noqa: S310 (our own loopback address)
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise CannotGoOn(f"The server did not answer within {START_LIMIT_S} seconds.")


# --- tests and checks ------------------------------------------------------------------------------------------------


def test(arguments: argparse.Namespace, rest: list[str]) -> int:
    ensure_environment("test", arguments.pip)
    environment = test_environment()
    step([PYTHON, "-m", "jumelle.config.messages", "compile"], environment)
    notes: list[str] = []
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium:
        environment["JUMELLE_CHROMIUM"] = chromium
    else:
        notes.append("NOT RUN: browser tests, because Chromium is not installed. To enable them: apt install chromium")
    selection = [] if arguments.slow else ["-m", "not slow"]
    if not arguments.slow:
        environment.setdefault("PROPERTY_EXAMPLES", "100")
        notes.append("NOT RUN: long rounds (kill -9, load, properties a thousand times). To enable them: python3 dev.py test --slow")
    command = [str(PYTHON), "-m", "pytest", *selection, *side_by_side(rest), *rest]
    code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    code = code or test_on_postgresql(arguments, rest, environment, notes)
    for note in notes:
        print(note)
    return code


def side_by_side(rest: list[str]) -> list[str]:
    """One test process per core, at most four; a single one for whoever wants to see what is printed, or to choose for themselves."""
    return [] if {"-s", "-n", "--pdb"} & set(rest) else ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal"]


def test_on_postgresql(arguments: argparse.Namespace, rest: list[str], environment: dict, notes: list[str]) -> int:
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres")) or [Path(found) for found in [shutil.which("postgres")] if found]
    if not binaries or arguments.sqlite_only:
        why = "--sqlite-only was asked for" if binaries else "PostgreSQL is not installed"
        notes.append(f"NOT RUN: the tests on PostgreSQL, because {why}. To enable them: apt install postgresql, then python3 dev.py test")
        return 0
    sys.path.insert(0, str(ROOT / "tests"))
    from postgres_server import throwaway_server  # noqa: PLC0415 (only where a server is at hand)

    with throwaway_server(binaries[-1].parent) as address:
        print(f"\nThe same tests on PostgreSQL ({binaries[-1].parent.parent.name}):", flush=True)
        command = [str(PYTHON), "-m", "pytest", "-m", "not slow and not browser", *side_by_side(rest), *rest]
        return subprocess.run(command, cwd=ROOT, env={**environment, "JUMELLE_TEST_DATABASE_URL": address}, check=False).returncode


def test_environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "jumelle.config.settings_test", "PYTHONWARNINGS": "default"}


CHECKS: list[tuple[str, list[str]]] = [
    ("ruff", ["ruff", "check", "."]),
    ("format", ["ruff", "format", "--check", "."]),
    ("mypy", ["mypy"]),
    ("layers", ["lint-imports", "--no-cache"]),
    ("templates", ["djlint", "src", "--check", "--lint", "--quiet"]),
    ("migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("messages", ["python", "-m", "jumelle.config.messages", "check"]),
    ("toolkits", ["jumelle", "toolkits", "check"]),
    ("secrets", ["python", "tests/architecture/no_secrets.py"]),
]


def check(use_pip: bool) -> int:
    ensure_environment("test", use_pip)
    failed = []
    for name, command in CHECKS:
        print(f"--- {name}", flush=True)
        if subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, env=test_environment(), check=False).returncode:
            failed.append(name)
    verdict = f"{len(CHECKS) - len(failed)} of {len(CHECKS)} checks are green"
    print(verdict + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


def fix(use_pip: bool) -> int:
    ensure_environment("test", use_pip)
    for command in (["ruff", "check", "--fix", "-q", "."], ["ruff", "format", "-q", "."], ["djlint", "src", "--reformat", "--quiet"]):
        subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, check=False)
    return 0


def bench(rest: list[str], use_pip: bool) -> int:
    """Run the scripts in benchmarks/ one after the other; each prints its figure last."""
    ensure_environment("test", use_pip)
    wanted = [ROOT / "benchmarks" / f"{name}.py" for name in rest] or sorted((ROOT / "benchmarks").glob("[!_]*.py"))
    codes = []
    for script in wanted:
        print(f"--- {script.stem}", flush=True)
        codes.append(subprocess.run([str(PYTHON), str(script)], cwd=ROOT, env=test_environment(), check=False).returncode)
    return max(codes, default=0)


def lock() -> int:
    """Write requirements/*.txt anew from pyproject.toml."""
    ensure_environment("test")
    base = [str(BIN / "uv"), "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header"]
    base += ["--no-annotate", "--no-emit-index-url", "--upgrade"]
    for name, groups in {"run": ["build"], "test": ["build", "dev"]}.items():
        extra = [part for group in groups for part in ("--group", group)]
        step([*base, "--extra", "postgres", *extra, "pyproject.toml", "-o", f"requirements/{name}.txt"])
    step([*base, "requirements/uv.in", "-o", "requirements/uv.txt"])
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Jumelle: run it, test it, check it.")
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="make everything ready and start Jumelle with the demonstration network")
    running.add_argument("--port", type=int, default=8000)
    running.add_argument("--data", type=Path, default=ROOT / "var", help="folder of the database and the uploads (default: var/)")
    testing = commands.add_parser("test", help="run all tests; what follows -- goes to pytest")
    testing.add_argument("--slow", action="store_true", help="the long rounds too")
    testing.add_argument("--sqlite-only", action="store_true", help="leave PostgreSQL out")
    commands.add_parser("check", help="style, types, layers, templates, migrations, messages, secrets")
    commands.add_parser("fix", help="mend what can be mended by itself")
    messages = commands.add_parser("messages", help="collect the interface texts into locale/*.po and compile them")
    benching = commands.add_parser("bench", help="measure what we promise")
    commands.add_parser("lock", help="resolve the dependencies anew")
    for known in (running, testing, commands.choices["check"], commands.choices["fix"], messages, benching):
        known.add_argument("--pip", action="store_true", help="install with pip instead of uv")
    arguments, rest = parser.parse_known_args()
    rest = [part for part in rest if part != "--"]
    require_python()
    if arguments.command == "run":
        return run(arguments.port, arguments.data.resolve(), arguments.pip)
    if arguments.command == "test":
        return test(arguments, rest)
    if arguments.command == "check":
        return check(arguments.pip)
    if arguments.command == "fix":
        return fix(arguments.pip)
    if arguments.command == "bench":
        return bench(rest, arguments.pip)
    if arguments.command == "lock":
        return lock()
    ensure_environment("test", arguments.pip)
    collecting = [str(PYTHON), "-m", "jumelle.config.messages", "collect"]
    return subprocess.run(collecting, cwd=ROOT, env=test_environment(), check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CannotGoOn as reason:
        sys.exit(f"{reason}")
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        where = error.filename or "no file"
        sys.exit(f"The system refused: {error.strerror or error} ({where}). Make room or choose another folder with --data.")

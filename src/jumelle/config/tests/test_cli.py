"""The command `jumelle`: one sentence for whatever goes wrong, and an exit code that a script can use."""

import base64
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from jumelle.config import cli
from jumelle.config.cli import COMMANDS, GROUPS, Misuse, find_command, overview, read_settings, split_data_folder


def jumelle(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("JUMELLE_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "jumelle.config.cli", *words], env={**clean, **environment}, capture_output=True, text=True, check=False
    )


@pytest.fixture
def data(tmp_path) -> Path:
    """A data folder as `dev.py run` makes it."""
    keys = {name: secrets.token_urlsafe(50) for name in ("SECRET_KEY", "AUDIT_KEY")}
    keys["FIELD_KEYS"] = "k1:" + base64.b64encode(secrets.token_bytes(32)).decode()
    lines = ["# keys of a test", "JUMELLE_DEMO=true", *(f"JUMELLE_{name}={value}" for name, value in keys.items())]
    (tmp_path / "settings.env").write_text("\n".join(lines) + "\n")
    return tmp_path


# --- the table -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_of_the_table_exists(command):
    assert command.does in get_commands()


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_is_told_in_one_sentence(command):
    assert command.says.endswith(".")
    assert command.says in overview()
    assert len(command.says) <= 100


def test_every_command_of_ours_stands_in_the_table():
    ours = {name for name, app in get_commands().items() if str(app).startswith("jumelle")}

    assert ours - {command.does for command in COMMANDS.values()} == set()


def test_no_command_stands_in_the_table_twice():
    words = [command.words for group in GROUPS.values() for command in group]

    assert sorted(words) == sorted(COMMANDS)


def test_overview_is_grouped_by_what_it_is_about():
    lines = overview().splitlines()

    assert [line for line in lines if line in GROUPS] == list(GROUPS)
    assert "  audit verify" in overview()


# --- the line ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "data", "rest"),
    [
        (["--data", "x", "migrate"], Path("x"), ["migrate"]),
        (["--data=x", "migrate"], Path("x"), ["migrate"]),
        (["migrate", "--data", "x"], Path("x"), ["migrate"]),
        (["migrate"], None, ["migrate"]),
        (["toolkits", "import", "--", "--data"], None, ["toolkits", "import", "--", "--data"]),
    ],
)
def test_data_folder_is_taken_out_of_the_line(words, data, rest):
    assert split_data_folder(words) == (data, rest)


@pytest.mark.parametrize(
    ("words", "does", "rest"),
    [
        (["toolkits", "list", "--json"], "toolkits_list", ["--json"]),
        (["backup", "there"], "backup", ["there"]),
        (["audit", "verify", "system"], "audit_verify", ["system"]),
        (["check-production"], "check_production", []),
        (["worker"], "db_worker", []),
    ],
)
def test_words_lead_to_a_command(words, does, rest):
    command, left = find_command(words)

    assert (command.does, left) == (does, rest)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["toolkits"], "Say what to do: jumelle toolkits list,"),
        (["demo", "dance"], "Say what to do: jumelle demo load,"),
        (["bakup"], "Did you mean `jumelle backup`?"),
        (["record-of-procesing"], "Did you mean `jumelle record-of-processing`?"),
        (["xyzzy"], "There is no command 'xyzzy'. `jumelle --help` lists all commands."),
    ],
)
def test_line_that_is_not_understood_is_answered_with_a_hint(words, says):
    with pytest.raises(Misuse, match=re.escape(says)):
        find_command(words)


def test_settings_file_is_read_line_by_line(tmp_path):
    (tmp_path / "settings.env").write_text("# JUMELLE_X=no\n\nJUMELLE_A=1=2\n JUMELLE_B = two words \nnonsense\n")

    assert read_settings(tmp_path / "settings.env") == {"JUMELLE_A": "1=2", "JUMELLE_B": "two words"}
    assert read_settings(tmp_path / "none") == {}


def test_environment_wins_over_the_file_and_the_line_over_both(data, monkeypatch):
    monkeypatch.setenv("JUMELLE_DATA", "/elsewhere")
    monkeypatch.setenv("JUMELLE_DEMO", "false")
    monkeypatch.delenv("JUMELLE_SECRET_KEY", raising=False)

    cli.load_environment(data)

    assert os.environ["JUMELLE_DATA"] == str(data)
    assert os.environ["JUMELLE_DEMO"] == "false"
    assert os.environ["JUMELLE_SECRET_KEY"] == read_settings(data / "settings.env")["JUMELLE_SECRET_KEY"]


# --- as a program ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ([], 0, "Usage: jumelle"),
        (["--help"], 0, "Usage: jumelle"),
        (["--version"], 0, "jumelle 0.1.0"),
        (["nonsense"], 2, "There is no command"),
        (["--data"], 2, "--data needs a folder"),
        (["audit"], 2, "Say what to do"),
    ],
)
def test_answers_without_settings(words, code, says):
    done = jumelle(*words)

    assert (done.returncode, says in done.stdout + done.stderr) == (code, True)


def test_missing_settings_are_named(tmp_path):
    done = jumelle("--data", str(tmp_path), "audit", "verify")

    assert done.returncode == 1
    assert "JUMELLE_SECRET_KEY" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["audit", "verify"], 1, "The database is empty or older than this program. Run: jumelle migrate"),
        (["backup", "there"], 1, "The database is empty or older than this program. Run: jumelle migrate"),
        (["restore", "nowhere"], 1, "nowhere cannot be read: No such file or directory."),
        (["restore"], 1, "the following arguments are required: file"),
        (["backup", "--nonsense"], 1, "unrecognized arguments: --nonsense"),
        (["backup"], 1, "Say where the backup goes"),
    ],
)
def test_what_goes_wrong_is_told_in_one_line(data, words, code, says):
    done = jumelle("--data", str(data), *words)

    assert (done.returncode, done.stderr.count("\n")) == (code, 1), done.stderr
    assert says in done.stderr


@pytest.mark.skipif("postgres" in os.environ.get("JUMELLE_TEST_DATABASE_URL", ""), reason="makes a SQLite database of its own")
def test_migrate_backup_restore_and_verify_in_a_data_folder(data, tmp_path):
    lines = [
        ["--data", str(data), "migrate", "--verbosity", "0"],
        ["--data", str(data), "backup", str(tmp_path / "kept")],
        ["--data", str(data), "audit", "verify"],
        ["--data", str(data), "restore", str(tmp_path / "kept"), "--check"],
        ["--data", str(data), "restore", str(tmp_path / "kept")],
        ["--data", str(data), "audit", "verify"],
        ["--data", str(data), "record-of-processing", "--language", "fr"],
        ["--data", str(data), "check-production"],
    ]

    done = [jumelle(*words) for words in lines]

    assert [run.returncode for run in done] == [0] * len(lines), [run.stderr for run in done]
    assert "1 chains, 1 events: whole." in done[2].stdout
    assert "Now run: jumelle migrate" in done[4].stdout
    assert "Registre des activités de traitement" in done[6].stdout
    assert (data / "jumelle.sqlite3").stat().st_mode & 0o077 == 0


def test_loading_the_command_does_not_load_django():
    listed = "import sys, jumelle.config.cli; print('django' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True).stdout == "False\n"


def test_default_data_folder_is_var_beside_the_project():
    assert settings.PROJECT_DIR == cli.PROJECT_DIR
    assert (cli.PROJECT_DIR / "pyproject.toml").exists()

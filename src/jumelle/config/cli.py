"""
The command `jumelle`: every command of the project under one name, grouped by what it is about.

Settings come from the environment. Where a variable is not set, it is read from `settings.env` in the data folder (`--data`, or
`JUMELLE_DATA`, or `var/` beside pyproject.toml), which `dev.py run` writes. Django is loaded only when a command runs.
"""

import difflib
import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

PROJECT_DIR = Path(__file__).resolve().parent.parent.parent.parent
DONE, FAILED, MISUSED, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True, slots=True)
class Command:
    """
    words: what is typed after `jumelle`.
    does: the management command that does it.
    says: one sentence for the list of commands.
    """

    words: str
    arguments: str
    does: str
    says: str

    @property
    def usage(self) -> str:
        return f"{self.words} {self.arguments}".rstrip()


GROUPS: dict[str, tuple[Command, ...]] = {
    "Toolkits": (
        Command("toolkits list", "[--json]", "toolkits_list", "Lists the published toolkits and their versions."),
        Command("toolkits check", "[--json]", "toolkits_check", "Counts the content, and finds missing translations and dead codes."),
        Command(
            "toolkits import", "FILE", "toolkits_import", "Loads a toolkit from a YAML folder, a ZIP or a workbook; all of it or nothing."
        ),
        Command("toolkits export", "ID VERSION", "toolkits_export", "Writes a toolkit as a workbook or a YAML folder."),
        Command("toolkits schema", "", "toolkits_schema", "Prints the JSON Schema of a toolkit package."),
    ),
    "Demonstration": (
        Command("demo load", "", "demo_load", "Loads the demonstration network: three invented cities and their people."),
        Command("demo clear", "", "demo_clear", "Takes the demonstration network away."),
        Command("demo code", "EMAIL", "demo_code", "Shows the six digits that an invented person's authenticator app shows now."),
    ),
    "Backup": (
        Command("backup", "[FILE_OR_FOLDER]", "backup", "Writes database and uploads into one file, and reads it back to be sure."),
        Command("restore", "FILE [--into DIR]", "restore", "Checks a backup wholly, then puts it in place of the data."),
    ),
    "Journal": (
        Command("audit verify", "[CHAIN …]", "audit_verify", "Proves that nothing in the journal was changed, or says what was."),
        Command("audit anchor", "", "audit_anchor", "Prints the end of each chain, to be kept elsewhere as a proof."),
    ),
    "Installation": (
        Command("operator add", "EMAIL", "operator_add", "Names a person who keeps the installation running."),
        Command("association add", "SLUG NAME --country XX", "association_add", "Adds an association of local governments."),
        Command("association member", "SLUG EMAIL [--role …]", "association_member", "Gives a person a role in an association."),
        Command("city add", "SLUG NAME --association …", "city_add", "Adds a city to an association."),
        Command("city invite", "SLUG EMAIL", "city_invite", "Invites the administrator of a city."),
        Command("nightly", "", "nightly", "Removes what is past its time and tries waiting mails again; once a night."),
        Command("keys renew", "", "keys_renew", "Writes every encrypted field anew with the first key."),
        Command("prepare", "", "prepare", "Makes a data folder ready: tables, static files, toolkits."),
        Command("migrate", "", "migrate", "Brings the database to the form that this version needs."),
        Command("worker", "", "db_worker", "Does the tasks that wait: mail, exports. Ctrl-C ends it."),
        Command("check-production", "", "check_production", "Says what keeps this installation from being safe for the public."),
        Command("record-of-processing", "[FILE]", "record_of_processing", "Writes the record of processing (GDPR, article 30)."),
    ),
}
COMMANDS = {command.words: command for group in GROUPS.values() for command in group}


class Misuse(Exception):
    """The line that was typed cannot be understood; the message is the sentence to show."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one line; returns the exit code: 0 done, 1 refused or problems found, 2 not understood, 130 stopped by Ctrl-C."""
    os.umask(0o077)  # what a command writes is for its owner: databases, backups, exports
    try:
        data, words = split_data_folder(list(sys.argv[1:] if arguments is None else arguments))
        if not words or words[0] in {"-h", "--help", "help"}:
            print(overview())  # noqa: T201 (this is what a command line says)
            return DONE
        if words[0] == "--version":
            print(f"jumelle {import_module('importlib.metadata').version('jumelle')}")  # noqa: T201
            return DONE
        command, rest = find_command(words)
        load_environment(data)
        return run(command, rest)
    except Misuse as error:
        return complain(str(error), MISUSED)
    except KeyboardInterrupt:
        return complain("Stopped.", INTERRUPTED)


def complain(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201
    return code


def overview(groups: Iterable[str] = GROUPS) -> str:
    width = max(len(command.usage) for command in COMMANDS.values()) + 2
    lines = ["Usage: jumelle [--data DIR] COMMAND", ""]
    for name in groups:
        lines.append(name)
        lines += [f"  {command.usage:<{width}}{command.says}" for command in GROUPS[name]]
        lines.append("")
    lines.append("--data DIR  The folder with database, uploads and settings.env; var/ if nothing is said.")
    lines.append("`jumelle COMMAND --help` tells more about one command.")
    return "\n".join(lines)


def split_data_folder(arguments: list[str]) -> tuple[Path | None, list[str]]:
    """Take `--data DIR` or `--data=DIR` out of the line, wherever it stands before the command's own arguments end."""
    for position, word in enumerate(arguments):
        if word == "--":
            break
        if word.startswith("--data="):
            return Path(word.removeprefix("--data=")), arguments[:position] + arguments[position + 1 :]
        if word == "--data":
            if position + 1 == len(arguments):
                raise Misuse("--data needs a folder: jumelle --data DIR COMMAND.")
            return Path(arguments[position + 1]), arguments[:position] + arguments[position + 2 :]
    return None, arguments


def find_command(words: list[str]) -> tuple[Command, list[str]]:
    for length in (2, 1):
        if command := COMMANDS.get(" ".join(words[:length])):
            return command, words[length:]
    verbs = [command.words for command in COMMANDS.values() if command.words.split()[0] == words[0]]
    if verbs:
        raise Misuse(f"Say what to do: {', '.join(f'jumelle {verb}' for verb in verbs)}.")
    near = difflib.get_close_matches(" ".join(words[:2]), COMMANDS, n=1) or difflib.get_close_matches(words[0], COMMANDS, n=1)
    hint = f" Did you mean `jumelle {near[0]}`?" if near else ""
    raise Misuse(f"There is no command {words[0]!r}.{hint} `jumelle --help` lists all commands.")


def load_environment(data: Path | None) -> None:
    """Fill what the environment does not say from `settings.env` of the data folder; what it says stays."""
    folder = data or Path(os.environ.get("JUMELLE_DATA") or PROJECT_DIR / "var")
    if data is not None or "JUMELLE_DATA" not in os.environ:
        os.environ["JUMELLE_DATA"] = str(folder.absolute())
    for name, value in read_settings(folder / "settings.env").items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jumelle.config.settings")


def read_settings(file: Path) -> dict[str, str]:
    """The lines KEY=VALUE of a settings file; nothing where there is none."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Misuse(f"{file} cannot be read: {error.strerror}. Run the command as the user who runs Jumelle.") from error
    pairs = (line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


def run(command: Command, rest: list[str]) -> int:
    """Run a management command and turn what goes wrong in a foreseen way into one sentence."""
    django = import_module("django")
    management = import_module("django.core.management")
    exceptions = import_module("django.core.exceptions")
    database = import_module("django.db")
    environment = import_module("environs")
    try:
        django.setup()
        apps = management.get_commands()
        if command.does not in apps:
            return complain(f"`jumelle {command.words}` is not part of this installation.", FAILED)
        code = execute(command, management.load_command_class(apps[command.does], command.does), rest)
        database.connections.close_all()
        return code
    except management.CommandError as error:
        return complain(str(error).removeprefix("Error: "), error.returncode)
    except environment.EnvError as error:
        return complain(f"{error}. The settings are explained in .env.example; `python3 dev.py run` makes a set of its own.", FAILED)
    except exceptions.ImproperlyConfigured as error:
        return complain(str(error), FAILED)
    except (database.OperationalError, database.ProgrammingError) as error:
        return complain(sentence_about_database(str(error)), FAILED)
    except Exception as error:
        if "--traceback" in rest:
            raise
        sentence = f"`jumelle {command.words}` failed in a way that was not foreseen: {type(error).__name__}."
        return complain(f"{sentence} Add --traceback to see where, and tell us.", FAILED)


def execute(command: Command, instance: Any, rest: list[str]) -> int:
    parser = instance.create_parser("jumelle", command.words)
    options = vars(parser.parse_args(rest))
    arguments = options.pop("args", ())
    result = instance.execute(*arguments, **options)
    return DONE if result is None or isinstance(result, str) else int(result)


def sentence_about_database(error: str) -> str:
    if "no such table" in error or "does not exist" in error or "no such column" in error:
        return "The database is empty or older than this program. Run: jumelle migrate"
    if "locked" in error:
        return "The database is in use by another program. Wait a moment and try again."
    return f"The database does not answer: {' '.join(error.split())}."


if __name__ == "__main__":
    sys.exit(main())

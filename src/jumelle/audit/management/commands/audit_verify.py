import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from jumelle.audit.models import Event
from jumelle.audit.operations import chains, verify_chain
from jumelle.common.production_checks import missing_triggers

Anchors = dict[str, tuple[int, str]]


class Command(BaseCommand):
    help = "Proves that no event of the journal was changed, taken out, moved or put in; says which, and ends with 1, if one was."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("chain", nargs="*", help="such as system or city:<id>; without it, all chains")
        parser.add_argument("--anchor", type=Path, metavar="FILE", help="what `jumelle audit anchor` printed earlier, kept elsewhere")

    def handle(self, *args: Any, chain: list[str], anchor: Path | None, **options: Any) -> None:
        anchors = read_anchors(anchor) if anchor else {}
        known = sorted({*chains(), *anchors})
        if unknown := sorted(set(chain) - set(known)):
            raise CommandError(f"There is no chain {', '.join(unknown)}. Chains: {', '.join(known) or 'none yet'}.", returncode=2)
        problems = [
            f"The database's own rule {name} is missing, so that rows could be changed. Run: jumelle migrate"
            for name in missing_triggers("audit_event")
        ]
        events = 0
        for name in chain or known:
            with transaction.atomic():
                self.hold_still()
                problems += verify_chain(name, anchors.get(name))
                events += Event.objects.filter(chain=name).count()
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            raise CommandError(f"{len(problems)} problems in the journal. Keep a copy of the database before anything else.")
        self.stdout.write(f"{len(chain or known)} chains, {events} events: whole.")

    def hold_still(self) -> None:
        """Events and head of one moment, while others go on writing; SQLite's transactions are so from their beginning."""
        if connection.vendor == "postgresql" and not connection.needs_rollback and len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def read_anchors(file: Path) -> Anchors:
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        return {name: (int(end["number"]), str(end["seal"])) for name, end in said["chains"].items()}
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.", returncode=2) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"{file} is not what `jumelle audit anchor` prints.", returncode=2) from error

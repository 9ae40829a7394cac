from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jumelle.common.production_checks import is_private, reasons


class Command(BaseCommand):
    help = "Says what keeps this installation from being safe for the public, one sentence each, and ends with 1 if something does."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-public", action="store_true", help="check a demonstration as though others could reach it")

    def handle(self, *args: Any, as_public: bool, **options: Any) -> None:
        if is_private() and not as_public:
            self.stdout.write("This is a demonstration that only this machine can reach. With --as-public it is checked all the same.")
            return
        found = reasons(as_public=as_public)
        for reason in found:
            self.stdout.write(f"- {reason}")
        if found:
            raise CommandError(f"{len(found)} reasons against opening this installation to the public.")
        self.stdout.write("Nothing keeps this installation from being safe for the public.")

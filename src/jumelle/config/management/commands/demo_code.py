from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jumelle.config.demo import load


class Command(BaseCommand):
    help = "Print the six digits that an invented person's authenticator app shows now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        if not load.has_second_factor(email):
            known = {row["email"] for row in load.read_network()["people"] if load.has_second_factor(row["email"])}
            raise CommandError(f"{email} is not an invented person with a second factor. Known: {', '.join(sorted(known))}")
        self.stdout.write(load.demo_code(email))

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jumelle.config import installing


class Command(BaseCommand):
    help = "Name an operator: a person who keeps the installation running and sees no person's data."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        try:
            installing.add_operator(email=email, now=timezone.now())
        except installing.InputNotUnderstood as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{email} is an operator. The person signs in by mail and then sets up a second factor.")

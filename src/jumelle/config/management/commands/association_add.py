from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jumelle.config import installing


class Command(BaseCommand):
    help = "Add an association of local governments."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name for addresses: lower case, hyphens")
        parser.add_argument("name")
        parser.add_argument("--country", required=True, help="ISO 3166 code of two letters")

    def handle(self, *args: Any, slug: str, name: str, country: str, **options: Any) -> None:
        try:
            installing.add_association(slug=slug, name=name, country=country, now=timezone.now())
        except installing.InputNotUnderstood as error:
            raise CommandError(str(error)) from error
        except installing.ShortNameTaken as error:
            raise CommandError(f"The short name {slug} is taken. Choose another one.") from error
        self.stdout.write(f"{name} is added.")

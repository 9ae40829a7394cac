from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jumelle.config import installing


class Command(BaseCommand):
    help = "Invite the administrator of a city; the invitation leaves by mail and is valid for ten days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name of the city")
        parser.add_argument("email")

    def handle(self, *args: Any, slug: str, email: str, **options: Any) -> None:
        try:
            installing.invite_administrator(slug=slug, email=email, now=timezone.now())
        except installing.InputNotUnderstood as error:
            raise CommandError(str(error)) from error
        except installing.NotFound as error:
            raise CommandError(f"There is no city with the short name {slug}.") from error
        self.stdout.write("The invitation is on its way.")

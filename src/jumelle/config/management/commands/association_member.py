from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jumelle.cities.enums import AssociationRole
from jumelle.config import installing


class Command(BaseCommand):
    help = "Give a person a role in an association."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name of the association")
        parser.add_argument("email")
        parser.add_argument("--role", choices=AssociationRole.values, default=AssociationRole.ASSOCIATION_OFFICER)

    def handle(self, *args: Any, slug: str, email: str, role: str, **options: Any) -> None:
        try:
            installing.add_association_member(slug=slug, email=email, role=role, now=timezone.now())
        except installing.InputNotUnderstood as error:
            raise CommandError(str(error)) from error
        except installing.NotFound as error:
            raise CommandError(f"There is no association with the short name {slug}.") from error
        self.stdout.write(f"{email} is {role} of {slug}.")

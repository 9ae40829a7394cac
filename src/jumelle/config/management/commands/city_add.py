from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jumelle.config import installing


class Command(BaseCommand):
    help = "Add a city to an association."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name for addresses: lower case, hyphens")
        parser.add_argument("name")
        parser.add_argument("--association", required=True, help="short name of its association")
        parser.add_argument("--country", required=True, help="ISO 3166 code of two letters")
        parser.add_argument("--contact", required=True, help="address of the service: notices of emergency access go there")
        parser.add_argument("--population", type=int, help="number of inhabitants")
        parser.add_argument("--languages", default="fr", help="languages that the city works in, joined by commas")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            installing.add_city(
                slug=options["slug"],
                name=options["name"],
                association_slug=options["association"],
                country=options["country"],
                contact_email=options["contact"],
                languages=options["languages"].split(","),
                population=options["population"],
                now=timezone.now(),
            )
        except installing.InputNotUnderstood as error:
            raise CommandError(str(error)) from error
        except installing.NotFound as error:
            raise CommandError(f"There is no association with the short name {options['association']}. Add it first.") from error
        except installing.ShortNameTaken as error:
            raise CommandError(f"The short name {options['slug']} is taken. Choose another one.") from error
        self.stdout.write(f"{options['name']} is added. Now invite its administrator: jumelle city invite {options['slug']} EMAIL")

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jumelle.config.demo import load


class Command(BaseCommand):
    help = "Load the demonstration network: an invented association, three invented cities, invented people."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load.load_demo(now=timezone.now())
        except load.NotADemonstration as error:
            raise CommandError("This is not a demonstration: set JUMELLE_DEMO=true, on an installation without real people.") from error
        (settings.DATA_DIR / "demo-accounts.txt").write_text(load.sign_ins(), encoding="utf-8")
        if options["verbosity"]:
            self.stdout.write("The demonstration network is loaded." if loaded else "The demonstration network was there already.")

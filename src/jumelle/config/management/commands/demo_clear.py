from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from jumelle.config.demo import load


class Command(BaseCommand):
    help = "Remove the demonstration network and all that was entered into its cities."

    def handle(self, *args: Any, **options: Any) -> None:
        count = load.clear_demo()
        (settings.DATA_DIR / "demo-accounts.txt").unlink(missing_ok=True)
        (settings.DATA_DIR / "prepared").unlink(missing_ok=True)
        self.stdout.write(f"{count} demonstration cities removed.")

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from jumelle.config import installing


class Command(BaseCommand):
    help = "What an installation does once a night: end sessions, remove what is past its time, remind of plans, try waiting mails again."

    def handle(self, *args: Any, **options: Any) -> None:
        done = installing.nightly(now=timezone.now())
        reminders = done.pop("reminders")
        self.stdout.write(", ".join([*(f"{what} removed: {count}" for what, count in done.items()), f"reminders queued: {reminders}"]))

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from jumelle.audit.models import ChainHead


class Command(BaseCommand):
    help = (
        "Prints the last number and seal of each chain as JSON. Keep it in another place: `jumelle audit verify --anchor FILE` "
        "then finds a journal whose end was cut off together with its head."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        heads = ChainHead.objects.filter(number__gt=0).order_by("chain")
        anchor = {
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "chains": {head.chain: {"number": head.number, "seal": head.seal} for head in heads},
        }
        self.stdout.write(json.dumps(anchor, indent=1))

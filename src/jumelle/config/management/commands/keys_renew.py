from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from jumelle.common.encryption import EncryptedTextField
from jumelle.config import installing


class Command(BaseCommand):
    help = "Write every encrypted field anew with the first key of JUMELLE_FIELD_KEYS; afterwards the old key can go."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [model for model in apps.get_models() if any(isinstance(field, EncryptedTextField) for field in model._meta.concrete_fields)]
        count = installing.renew_field_keys(models_to_renew=found)
        self.stdout.write(f"{count} rows are written with the new key. Second factors keep the key they were made with.")

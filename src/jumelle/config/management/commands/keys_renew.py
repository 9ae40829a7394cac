from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from jumelle.common.encryption import EncryptedTextField
from jumelle.config import installing


class Command(BaseCommand):
    help = "Write every encrypted field anew with the first key of JUMELLE_FIELD_KEYS. Second factors keep the key they were made with."

    def handle(self, *args: Any, **options: Any) -> None:
        found = [model for model in apps.get_models() if any(isinstance(one, EncryptedTextField) for one in model._meta.fields)]
        count = installing.renew_field_keys(models_to_renew=found)
        self.stdout.write(f"{count} rows are written with the new key. Keep the old one as long as second factors made with it exist.")

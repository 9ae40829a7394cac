"""The record of processing (GDPR, article 30), made from the data map."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jumelle.common.data_map import DataMapWrong, ProcessingActivity, processing_activities

LABELS = {
    "title": {"fr": "Registre des activités de traitement", "en": "Record of processing activities"},
    "about": {
        "fr": "Établi à partir de la carte des données de Jumelle (RGPD, article 30). À compléter par le nom et les coordonnées "
        "du responsable du traitement et de son délégué à la protection des données.",
        "en": "Made from the data map of Jumelle (GDPR, article 30). To be completed with the name and contact of the controller "
        "and of its data protection officer.",
    },
    "purpose": {"fr": "Finalité", "en": "Purpose"},
    "legal_bases": {"fr": "Base légale", "en": "Legal basis"},
    "people": {"fr": "Personnes concernées", "en": "People concerned"},
    "data": {"fr": "Données", "en": "Data"},
    "recipients": {"fr": "Destinataires", "en": "Recipients"},
    "retention": {"fr": "Durée de conservation", "en": "Kept until"},
    "transfers": {"fr": "Transferts", "en": "Transfers"},
    "security": {"fr": "Sécurité", "en": "Security"},
}


class Command(BaseCommand):
    help = "Writes the record of processing activities as Markdown, to the screen or into a file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="where to write; without it, the screen")
        parser.add_argument("--language", choices=["fr", "en"], default="en", help="language of the record")

    def handle(self, *args: Any, file: Path | None, language: str, **options: Any) -> None:
        try:
            text = as_markdown(processing_activities(language), language)
        except DataMapWrong as error:
            raise CommandError(f"The data map is wrong: {error}") from error
        if file is None:
            self.stdout.write(text)
            return
        try:
            file.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}. Choose another place.") from error
        self.stdout.write(f"The record of processing is in {file}.")


def as_markdown(activities: list[ProcessingActivity], language: str) -> str:
    lines = [f"# {LABELS['title'][language]}", "", LABELS["about"][language], ""]
    for number, activity in enumerate(activities, start=1):
        lines += [f"## {number}. {activity.name}", ""]
        for name in ("purpose", "legal_bases", "people", "data", "recipients", "retention", "transfers", "security"):
            value = getattr(activity, name)
            texts = [value] if isinstance(value, str) else value
            colon = " :" if language == "fr" else ":"
            lines.append(f"**{LABELS[name][language]}**{colon}" + (f" {texts[0]}" if len(texts) == 1 else ""))
            if len(texts) != 1:
                lines += ["", *(f"- {text}" for text in texts)]
            lines.append("")
    return "\n".join(lines)

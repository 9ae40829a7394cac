"""Mail on its way: put into the outbox with its cause, sent once that is committed, tried again by the outbox."""

from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from jumelle.notifications import operations, queries


def interface_language(wanted: list[str]) -> str:
    """The first of the wanted languages that the interface has; mails and their links need one that it has."""
    known = [code for code, _name in settings.LANGUAGES]
    return next((code for code in wanted if code in known), settings.LANGUAGE_CODE)


def post_mail(to: str, subject: str, template: str, context: dict[str, Any]) -> None:
    """Write a mail in the language that is active now; it leaves when the surrounding transaction commits, or not at all."""
    body = render_to_string(template, context)
    mail = operations.queue_mail(to=to, subject=subject, body=body, now=timezone.now())
    transaction.on_commit(partial(send_mail.enqueue, str(mail.id)))


@task()
def send_mail(mail_id: str) -> None:
    operations.send_mail(mail_id=UUID(mail_id), now=timezone.now())


@task()
def empty_outbox() -> None:
    """Try again whatever a fallen worker or a silent mail server left behind."""
    for mail in queries.waiting_mails():
        send_mail.enqueue(str(mail.id))

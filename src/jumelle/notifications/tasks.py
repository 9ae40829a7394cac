from uuid import UUID

from django.utils import timezone
from django_tasks import task

from jumelle.notifications import operations, queries


@task()
def send_mail(mail_id: str) -> None:
    operations.send_mail(mail_id=UUID(mail_id), now=timezone.now())


@task()
def empty_outbox() -> None:
    """Try again whatever a fallen worker or a silent mail server left behind."""
    for mail in queries.waiting_mails():
        send_mail.enqueue(str(mail.id))

import smtplib
from datetime import datetime
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import transaction

from jumelle.notifications.models import MAX_ATTEMPTS, OutgoingMail


class MailNotSent(Exception):
    """The mail server did not take the mail; it stays in the outbox."""


@transaction.atomic
def queue_mail(*, to: str, subject: str, body: str, now: datetime) -> OutgoingMail:
    """Put a mail into the outbox; it leaves only if the surrounding transaction commits."""
    return OutgoingMail.objects.create(to=to, subject=subject, body=body, created_at=now)


def send_mail(*, mail_id: UUID, now: datetime) -> bool:
    """
    Send one mail of the outbox; safe to run twice. Returns False when it was sent before.

    Raises:
        MailNotSent: the server refused or did not answer; the attempt is counted.
    """
    with transaction.atomic():
        mail = OutgoingMail.objects.select_for_update(of=("self",)).get(pk=mail_id)
        if mail.sent_at or mail.attempts >= MAX_ATTEMPTS:
            return False
        try:
            EmailMessage(mail.subject, mail.body, to=[mail.to]).send()
        except (OSError, smtplib.SMTPException) as error:
            failure: Exception | None = error
            mail.last_error = type(error).__name__
        else:
            failure = None
            mail.sent_at, mail.to, mail.body, mail.last_error = now, "", "", ""
        mail.attempts += 1
        mail.save()
    if failure:
        raise MailNotSent(type(failure).__name__) from failure
    return True

import smtplib

import pytest
from django.core import mail
from django.db import connection

from jumelle.cities.tests.factories import NOW
from jumelle.notifications import operations, queries
from jumelle.notifications.models import MAX_ATTEMPTS, OutgoingMail

pytestmark = pytest.mark.django_db


def queue() -> OutgoingMail:
    return operations.queue_mail(to="anna@example.org", subject="A message for you", body="Please look.", now=NOW)


def test_mail_is_sent_once_even_if_the_task_runs_twice():
    queued = queue()

    first = operations.send_mail(mail_id=queued.id, now=NOW)
    second = operations.send_mail(mail_id=queued.id, now=NOW)

    assert (first, second, len(mail.outbox)) == (True, False, 1)


def test_address_and_text_are_encrypted_while_they_wait_and_gone_once_sent():
    queued = queue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notifications_outgoingmail")
        waiting = repr(cursor.fetchall())

    operations.send_mail(mail_id=queued.id, now=NOW)

    assert "anna" not in waiting
    assert "Please look" not in waiting
    sent = OutgoingMail.objects.get()
    assert (sent.to, sent.body, sent.sent_at) == ("", "", NOW)


def test_mail_stays_in_the_outbox_when_the_server_refuses(monkeypatch):
    queued = queue()

    def refuse(self):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    for _attempt in range(MAX_ATTEMPTS):
        with pytest.raises(operations.MailNotSent):
            operations.send_mail(mail_id=queued.id, now=NOW)

    stored = OutgoingMail.objects.get()
    assert (stored.sent_at, stored.attempts, stored.last_error, stored.to) == (
        None,
        MAX_ATTEMPTS,
        "SMTPServerDisconnected",
        "anna@example.org",
    )
    assert list(queries.waiting_mails()) == []

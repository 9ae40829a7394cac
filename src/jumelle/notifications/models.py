import uuid

from django.db import models

from jumelle.common.encryption import EncryptedTextField

MAX_ATTEMPTS = 6


class OutgoingMail(models.Model):
    """A mail to send: three sentences, a neutral subject, one link. Address and text are encrypted, and erased once sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = EncryptedTextField()
    subject = models.CharField(max_length=200)
    body = EncryptedTextField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"mail {self.id}"

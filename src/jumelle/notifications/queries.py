from django.db.models import QuerySet

from jumelle.notifications.models import MAX_ATTEMPTS, OutgoingMail


def waiting_mails() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(sent_at=None, attempts__lt=MAX_ATTEMPTS).order_by("created_at")

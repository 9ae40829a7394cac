from django.db.models import QuerySet

from jumelle.audit.models import Event


def events_of(chain: str) -> QuerySet[Event]:
    return Event.objects.filter(chain=chain).order_by("-number")

from django.db import models


class Event(models.Model):
    """One thing that someone did or read. `seal` covers the row and the seal before it, in the same chain."""

    chain = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=60, blank=True)
    action = models.CharField(max_length=80)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    seal = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="event_number_once_per_chain")]
        indexes = [models.Index(fields=["chain", "object_type", "object_id"], name="event_by_object")]

    def __str__(self) -> str:
        return f"{self.chain} {self.number} {self.action}"


class ChainHead(models.Model):
    """The last number and seal of a chain, so that a tail cut off is seen; also the row that writers queue for."""

    chain = models.CharField(max_length=60, primary_key=True)
    number = models.PositiveIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.chain} {self.number}"

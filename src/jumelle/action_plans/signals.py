"""News of the plans; sent inside the transaction, so that mail is queued with the fact or not at all."""

from django.dispatch import Signal

plan_waits = Signal()  # plan: Plan, to_tell: bool (lines wait for this quarter's word; else only something is due)

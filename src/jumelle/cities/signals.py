"""News of the cities for the domains above; sent inside the transaction, so that mail is queued with the fact or not at all."""

from django.dispatch import Signal

invitation_created = Signal()  # invitation: Invitation, email: str, token: str, language: str
break_glass_opened = Signal()  # access: BreakGlass

"""News of the assessments; sent inside the transaction, so that mail is queued with the fact or not at all."""

from django.dispatch import Signal

# respondent: Respondent, email: str, token: str ("" for a person with an account), language: str, until: date
respondent_invited = Signal()

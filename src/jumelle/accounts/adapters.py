"""What allauth leaves to us: language of mails, encryption of second factors, no password at sign-up."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest

from jumelle.accounts.models import User
from jumelle.common.encryption import decrypt, encrypt


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return True

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """There are no user names."""

    def get_user_search_fields(self) -> list[str]:
        return ["email"]

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that limits are counted by. Only the last hop is believed: the one that our own proxy wrote."""
        last_hop = str(request.headers.get("X-Forwarded-For", "")).rpartition(",")[2].strip() if settings.BEHIND_PROXY else ""
        return last_hop or str(request.META.get("REMOTE_ADDR", "")) or "0.0.0.0"  # noqa: S104 (an address to count by, none is bound)


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted with the key that stands outside the database."""

    def encrypt(self, text: str) -> str:
        return encrypt(text, "mfa:secret:1")

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, "mfa:secret:1")

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Jumelle"}

import uuid
from typing import Any, ClassVar

import rules
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from jumelle.common.encryption import EncryptedTextField


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person who signs in. No nationality, no status, no photo, no telephone: a name to show and an address to write to."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)
    name = EncryptedTextField(_("name to show"), blank=True, default="")
    language = models.CharField(_("language"), max_length=10, default="fr")
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    joined_on = models.DateField(null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return f"user {self.id}"

    def has_perm(self, permission: str, obj: Any = None) -> bool:
        """Ask the predicates in the domains' `rules.py`; there are no groups and no superuser."""
        return self.is_active and rules.has_perm(permission, self, obj)

    def get_full_name(self) -> str:
        return self.name or self.email


def name_to_show(user: User) -> str:
    """What messages call a person: the name given, else nothing that says who it is."""
    return user.name or user.email

"""
Encryption of personal fields at rest: AES-256-GCM with a key that stands neither in the database nor in its backups.

The table, the column and the row's id are authenticated with each value, so that a ciphertext copied into another row or
column is refused. Keys come from `JUMELLE_FIELD_KEYS` as `id:base64,…`; the first encrypts, all decrypt, so that a key can be changed.
"""

import base64
import binascii
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

PREFIX = "enc:"


class DecryptionRefused(ValueError):
    """The stored value was changed, moved to another row, or written with a key that is not configured."""


@lru_cache(maxsize=8)
def _keyring(keys: tuple[str, ...]) -> dict[str, AESGCM]:
    ring = {}
    for entry in keys:
        name, _, text = entry.partition(":")
        try:
            ring[name] = AESGCM(base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError) as error:
            raise ImproperlyConfigured(f"JUMELLE_FIELD_KEYS: key {name!r} is not 32 bytes in base64") from error
    return ring


def encrypt(plain: str, context: str) -> str:
    ring = _keyring(tuple(settings.FIELD_KEYS))
    name, cipher = next(iter(ring.items()))
    nonce = os.urandom(12)
    sealed = cipher.encrypt(nonce, plain.encode(), context.encode())
    return f"{PREFIX}{name}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, context: str) -> str:
    """
    Raises:
        DecryptionRefused: the value was not written by `encrypt` for this context with a configured key.
    """
    marker, name, text = [*stored.split(":", 2), "", ""][:3]
    cipher = _keyring(tuple(settings.FIELD_KEYS)).get(name)
    if f"{marker}:" != PREFIX or cipher is None:
        raise DecryptionRefused(f"no key named {name!r} is configured for {context.rpartition(':')[0]}")
    raw = base64.b64decode(text)
    try:
        return cipher.decrypt(raw[:12], raw[12:], context.encode()).decode()
    except InvalidTag as error:
        raise DecryptionRefused(f"a value of {context.rpartition(':')[0]} was changed or moved") from error


class _Sealed:
    """Reads decrypt on first access, because only then is the row's id at hand."""

    def __init__(self, field: "EncryptedTextField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        name = self.field.attname
        if name not in instance.__dict__:
            instance.refresh_from_db(fields=[name])
        value = instance.__dict__[name]
        if isinstance(value, _Stored):
            value = decrypt(value.text, self.field.context_of(instance)) if value.text else ""
            instance.__dict__[name] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class _Stored:
    """A value as it lies in the database, not yet decrypted."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return "(encrypted)"


class EncryptedTextField(models.TextField):
    """Text that is encrypted at rest. It can't be searched, ordered or updated in bulk; the model's id must be a random UUID."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Sealed(self))

    def context_of(self, instance: models.Model) -> str:
        return f"{instance._meta.db_table}:{self.column}:{instance.pk}"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> "_Stored | None":
        return None if value is None else _Stored(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        stored = model_instance.__dict__.get(self.attname)
        if isinstance(stored, _Stored):
            return stored
        plain = getattr(model_instance, self.attname)
        return _Stored(encrypt(plain, self.context_of(model_instance))) if plain else _Stored("")

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if isinstance(value, _Stored):
            return value.text
        if value in (None, ""):
            return "" if value == "" or not self.null else None
        raise TypeError(f"{self.name} is encrypted per row: save the object, do not update in bulk")

    def get_prep_value(self, value: Any) -> Any:
        return value.text if isinstance(value, _Stored) else super().get_prep_value(value)

    def value_from_object(self, obj: models.Model) -> Any:
        return getattr(obj, self.attname)

from typing import Any
from uuid import uuid4

from jumelle.accounts.models import User


def make_user(name: str = "", **fields: Any) -> User:
    fields.setdefault("email", f"{name or uuid4().hex[:8]}@example.org".lower())
    return User.objects.create_user(password=None, name=name, **fields)

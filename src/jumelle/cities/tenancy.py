"""
The wall between cities: every row of a city is read and written inside the scope of that city, or not at all.

Three layers, each enough for one kind of mistake:

1. `CityManager` is the default *and* the base manager of every `CityOwned` model, so that `Model.objects`, `obj.fk`,
   `refresh_from_db`, related managers and form choices are filtered, and raise `NoCityScope` outside a scope.
2. `guard_statement` looks at each statement sent to the database: one that names a table of a city needs an open scope, and
   must carry the id of a city of that scope. This catches raw SQL, hand-made querysets and joins from tables without a city.
3. Triggers (`integrity`) refuse a foreign key into another city, whoever writes it.
"""

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.apps import apps
from django.db import models


class NoCityScope(RuntimeError):
    """A row of a city was asked for outside the scope of any city."""


class OutsideCityScope(RuntimeError):
    """A row of one city was touched inside the scope of another."""


@dataclass(frozen=True, slots=True)
class Scope:
    city_ids: frozenset[uuid.UUID] | None  # None: every city, for maintenance that gave its reason
    reason: str = ""

    def holds(self, city_id: uuid.UUID | None) -> bool:
        return self.city_ids is None or city_id in self.city_ids


_scope: ContextVar[Scope | None] = ContextVar("city_scope", default=None)
_migrating: ContextVar[bool] = ContextVar("migrating", default=False)


def current_scope() -> Scope | None:
    return _scope.get()


def open_scope(scope: Scope | None) -> Token[Scope | None]:
    """Open a scope without a `with` block; pair it with `close_scope`. For the request middleware only."""
    return _scope.set(scope)


def close_scope(token: Token[Scope | None]) -> None:
    _scope.reset(token)


@contextmanager
def city_scope(*city_ids: uuid.UUID) -> Iterator[None]:
    """Read and write rows of these cities, and of no other."""
    token = _scope.set(Scope(frozenset(city_ids)))
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def every_city(reason: str) -> Iterator[None]:
    """
    Read and write rows of all cities, for work that belongs to none: a person's own memberships, retention, backup.

    `tests/architecture` keeps the list of places that may call this.
    """
    token = _scope.set(Scope(None, reason))
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def no_city() -> Iterator[None]:
    """Close any scope that is open, so that what follows must open its own."""
    token = _scope.set(None)
    try:
        yield
    finally:
        _scope.reset(token)


def require_scope(what: str) -> Scope:
    scope = _scope.get()
    if scope is None:
        raise NoCityScope(f"{what} belongs to a city: open city_scope(city.id) first")
    return scope


M = TypeVar("M", bound="CityOwned")


class CityQuerySet(models.QuerySet[M]):
    def bulk_create(self, objs: Iterable[M], *args: Any, **kwargs: Any) -> list[M]:
        objs = list(objs)
        for obj in objs:
            check_in_scope(obj)
        return super().bulk_create(objs, *args, **kwargs)

    def update(self, **values: Any) -> int:
        if {"city", "city_id"} & values.keys():
            raise OutsideCityScope("a row never moves from one city to another")
        return super().update(**values)


class CityManager(models.Manager[M]):
    def get_queryset(self) -> CityQuerySet[M]:
        queryset: CityQuerySet[M] = CityQuerySet(self.model, using=self._db, hints=getattr(self, "_hints", None))
        scope = require_scope(self.model.__name__)
        if scope.city_ids is None:
            return queryset
        return queryset.filter(city_id__in=scope.city_ids)


class CityOwned(models.Model):
    """A row that belongs to one city. The id is random: it may stand in an address."""

    city = models.ForeignKey("cities.City", on_delete=models.CASCADE, related_name="+")
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    objects = CityManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"


def check_in_scope(obj: CityOwned) -> None:
    if not require_scope(type(obj).__name__).holds(obj.city_id):
        raise OutsideCityScope(f"this {type(obj).__name__} belongs to a city outside the open scope")


def check_before_save(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Receiver of `pre_save`: `save()` and `create()` pass here, `bulk_create` checks for itself."""
    if isinstance(instance, CityOwned) and not kwargs.get("raw"):
        check_in_scope(instance)


def check_before_delete(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Receiver of `pre_delete`: a DELETE statement carries no city, so each row is looked at before it goes."""
    if isinstance(instance, CityOwned):
        check_in_scope(instance)


# --- the statement guard ---------------------------------------------------------------------------------------------

_VERB = re.compile(r"\s*(?:WITH|SELECT|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
_DELETE = re.compile(r"\s*DELETE\b", re.IGNORECASE)


@cache
def city_tables() -> re.Pattern[str]:
    tables = sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, CityOwned))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, tables)) + r")\b")


def guard_statement(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Database execute wrapper: refuse a statement on a table of a city that no open scope allows."""
    if not _migrating.get() and _VERB.match(sql) and (found := city_tables().search(sql)):
        scope = require_scope(found.group())
        # A cascade deletes rows by the primary keys it has just read inside the scope: it carries no city.
        if scope.city_ids is not None and not _DELETE.match(sql) and not _names_a_city(params, many, scope.city_ids):
            raise OutsideCityScope(f"a statement on {found.group()} does not say which city of the open scope it is for")
    return execute(sql, params, many, context)


def _names_a_city(params: Any, many: bool, city_ids: frozenset[uuid.UUID]) -> bool:
    accepted: set[str | uuid.UUID] = {form for city_id in city_ids for form in (city_id, city_id.hex, str(city_id))}
    rows: Sequence[Any] = params if many else [params or ()]
    return all(any(_is_among(accepted, value) for value in row) for row in rows)


def _is_among(accepted: set[str | uuid.UUID], value: Any) -> bool:
    if isinstance(value, list):  # PostgreSQL: a whole column of a bulk insert
        return bool(value) and all(_is_among(accepted, one) for one in value)
    return isinstance(value, str | uuid.UUID) and value in accepted


def install_guard(connection: Any, **kwargs: Any) -> None:
    """Receiver of `connection_created`."""
    if guard_statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(guard_statement)


def begin_migration(**kwargs: Any) -> None:
    _migrating.set(True)


def end_migration(**kwargs: Any) -> None:
    _migrating.set(False)

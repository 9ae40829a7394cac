"""
Rules that the database itself keeps, on SQLite and on PostgreSQL, whatever code writes.

A domain registers its triggers in `apps.py`; all are made anew after every migration, because SQLite drops a table's
triggers whenever it remakes the table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connections


@dataclass(frozen=True, slots=True)
class Trigger:
    """
    name: unique, at most 60 letters.
    sqlite: the CREATE TRIGGER statement for SQLite.
    postgresql: statements for PostgreSQL: functions first, CREATE TRIGGER last.
    """

    name: str
    table: str
    sqlite: str
    postgresql: tuple[str, ...]


_sources: list[Callable[[], list[Trigger]]] = []


def register_triggers(source: Callable[[], list[Trigger]]) -> None:
    if source not in _sources:
        _sources.append(source)


def all_triggers() -> list[Trigger]:
    return [trigger for source in _sources for trigger in source()]


def install_triggers(using: str = "default", **kwargs: Any) -> None:
    """Receiver of the last `post_migrate`: drop and make every trigger whose table exists."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in all_triggers():
            if trigger.table not in tables:
                continue
            if connection.vendor == "sqlite":
                cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger.name}"')
                cursor.execute(trigger.sqlite)
            else:
                cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger.name}" ON "{trigger.table}"')
                for statement in trigger.postgresql:
                    cursor.execute(statement)


def drop_triggers(using: str = "default") -> None:
    """Take all triggers away. For the flush between tests, never in an installation."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for trigger in all_triggers():
            if trigger.table in tables:
                on = "" if connection.vendor == "sqlite" else f' ON "{trigger.table}"'
                cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger.name}"{on}')


def append_only(table: str) -> list[Trigger]:
    """A table whose rows can be added, never changed nor deleted."""
    triggers = []
    for event in ("UPDATE", "DELETE"):
        name = f"{table}_no_{event.lower()}"
        message = f"{table} is append-only"
        triggers.append(
            Trigger(
                name=name,
                table=table,
                sqlite=f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" BEGIN SELECT RAISE(ABORT, \'{message}\'); END',
                postgresql=(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                    f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
                    f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION {name}()',
                ),
            )
        )
    return triggers

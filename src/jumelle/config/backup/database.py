"""A consistent copy of the database, and the way back: SQLite by its backup interface, PostgreSQL by pg_dump and psql."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import IO, cast

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from jumelle.cities.tenancy import every_city
from jumelle.config.backup.refusals import BackupRefused, Damaged, InUse

# Whoever holds a backup must not find an open session in it, and nobody misses a counter.
LEFT_OUT = ("common_cache", "django_session", "usersessions_usersession")


def vendor() -> str:
    return connection.vendor


def applied_migrations() -> tuple[str, ...]:
    return tuple(sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()))


def known_migrations() -> set[str]:
    """What this program can run, and what squashed or renamed migrations once were called."""
    loader = MigrationLoader(None)
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    installed = {config.label for config in apps.get_app_configs()}
    return {f"{app}.{name}" for app, name in {*loader.disk_migrations, *replaced} if app in installed}


# --- making a copy ---------------------------------------------------------------------------------------------------


def copy_database(target: Path) -> dict[str, int]:
    """Write a consistent copy into `target`; returns the rows per table in it."""
    if connection.vendor == "sqlite":
        return copy_sqlite(Path(settings.DATABASES["default"]["NAME"]), target)
    return _dump_postgresql(target)


def copy_sqlite(source: Path, target: Path) -> dict[str, int]:
    """
    Raises:
        BackupRefused: there is no database, or it is itself damaged.
    """
    if not source.exists():
        raise BackupRefused(f"There is no database at {source}. Run `jumelle migrate` first, or say where the data is with --data.")
    try:
        with closing(sqlite3.connect(source, timeout=20)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            tables = tables_of(copy)
            with copy:
                for table in LEFT_OUT:
                    if table in tables:
                        copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 (a name of our own list)
            copy.execute("VACUUM")  # so that deleted rows are not in the file any more
            require_whole(copy)
            return count_rows(copy)
    except sqlite3.DatabaseError as error:
        raise BackupRefused(f"The database cannot be copied: {error}. Restore an earlier backup, or check the disk.") from error


def tables_of(database: sqlite3.Connection) -> list[str]:
    rows = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
    return [name for (name,) in rows]


def count_rows(database: sqlite3.Connection) -> dict[str, int]:
    count = "SELECT count(*) FROM {}"
    return {table: database.execute(count.format(f'"{table}"')).fetchone()[0] for table in tables_of(database)}


def require_whole(database: sqlite3.Connection) -> None:
    found = [row[0] for row in database.execute("PRAGMA integrity_check(3)")]
    if found != ["ok"]:
        raise sqlite3.DatabaseError(f"it is damaged ({found[0]})")


def _dump_postgresql(target: Path) -> dict[str, int]:
    """One snapshot for the dump and for the counts, so that they agree while others write."""
    program = _program("pg_dump")
    with every_city("a backup holds all cities"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        tables = sorted(connection.introspection.table_names(cursor))
        command = [program, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"]
        command += [f"--exclude-table-data={table}" for table in LEFT_OUT if table in tables]
        _run(command)
        counts = {}
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 (names come from the catalogue)
            counts[table] = 0 if table in LEFT_OUT else cursor.fetchone()[0]
    return counts


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupRefused(f"The program {name} is missing. On Debian or Ubuntu: apt install postgresql-client, then try again.")
    return found


def _run(command: list[str], feed: Iterable[bytes] = ()) -> None:
    """
    Run a program of PostgreSQL. The connection stands in its environment, so that no password shows in the list of processes.

    Raises:
        BackupRefused: it failed; with the last line that it said.
    """
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)  # noqa: S603 (psql, with arguments of our own)
        with process, suppress(BrokenPipeError), cast(IO[bytes], process.stdin) as stdin:  # a broken pipe: it gave up and says why
            try:
                for block in feed:
                    stdin.write(block)
            except Exception:
                process.kill()  # an end that psql takes for the end of the file would be a commit
                raise
        said.seek(0)
        lines = said.read().decode(errors="replace").strip().splitlines()
    if process.returncode:
        raise BackupRefused(f"{Path(command[0]).name} stopped: {lines[-1] if lines else 'it said nothing'}. Nothing was changed.")


def _environment() -> dict[str, str]:
    database = settings.DATABASES["default"]
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    return {**os.environ, **{variable: str(database[key]) for key, variable in names.items() if database.get(key)}}


# --- the way back ----------------------------------------------------------------------------------------------------


def check_sqlite_copy(copy: Path, tables: dict[str, int]) -> None:
    """
    Raises:
        Damaged: the file is no whole database, or holds other rows than the manifest says.
    """
    try:
        with closing(sqlite3.connect(copy)) as database:
            require_whole(database)
            broken = database.execute("PRAGMA foreign_key_check").fetchone()
            counted = count_rows(database)
    except sqlite3.DatabaseError as error:
        raise Damaged(f"its database cannot be read ({error})") from error
    if broken:
        raise Damaged(f"its database refers to rows that are missing, in {broken[0]}")
    if counted != tables:
        wrong = sorted(table for table in {*counted, *tables} if counted.get(table) != tables.get(table))
        raise Damaged(f"its database has another number of rows than its list says, in {', '.join(wrong[:3])}")


def check_dump(dump: Path) -> None:
    try:
        _run([_program("pg_restore"), "--list", str(dump)])
    except BackupRefused as error:
        raise Damaged(f"its database cannot be read ({error})") from error


def close_sqlite(database: Path) -> None:
    """
    Bring all of a database into its one file, which also proves that nobody else has it open.

    Raises:
        InUse: another program has it open.
        sqlite3.DatabaseError: it is damaged.
    """
    with closing(sqlite3.connect(database, timeout=0)) as live:
        try:
            live.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            raise InUse(
                "The backup is whole, but the server or the worker still runs on this data. Nothing was changed. "
                "Stop them, then restore again."
            ) from error


def load_postgresql(dump: Path) -> None:
    """Replace the whole database in one transaction: all of it or nothing."""
    psql, pg_restore = _program("psql"), _program("pg_restore")
    connection.close()
    _run([psql, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-"], _statements(pg_restore, dump))


def _statements(pg_restore: str, dump: Path) -> Iterator[bytes]:
    yield b"DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
    command = [pg_restore, "--no-owner", "--no-privileges", "--file=-", str(dump)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603 (pg_restore, with arguments of our own)
        yield from iter(partial(cast(IO[bytes], process.stdout).read, 65536), b"")
    if process.returncode:
        yield b"SELECT jumelle_the_dump_could_not_be_read();\n"  # an error on purpose: the transaction is taken back

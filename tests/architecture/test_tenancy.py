"""
The wall between cities, tried on every table that belongs to one, by every way that Django offers to a row.

Without a scope each way raises. Inside the scope of one city no way gives a row of another. The database refuses a
foreign key across, whoever writes it.
"""

# ruff: noqa: S608  (table names come from the models)

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Count, Exists, Prefetch, QuerySet
from django.db.models.query import RawQuerySet, prefetch_related_objects
from django_tasks import task

from jumelle.accounts.models import User
from jumelle.cities.integrity import city_foreign_keys
from jumelle.cities.models import City
from jumelle.cities.tenancy import CityManager, CityOwned, NoCityScope, OutsideCityScope, check_before_save, city_scope, every_city, no_city
from jumelle.cities.tests.factories import make_city
from jumelle.common.encryption import EncryptedTextField
from jumelle.common.triggers import install_triggers
from tests.architecture.rows import CITY_MODELS, make_row

Model = type[CityOwned]
each_model = pytest.mark.parametrize("model", CITY_MODELS, ids=lambda model: model._meta.label)
each_key = pytest.mark.parametrize(("model", "field"), city_foreign_keys(), ids=lambda part: getattr(part, "name", "") or part._meta.label)


@pytest.fixture
def ours(db) -> City:
    install_triggers()
    return make_city("ours")


@pytest.fixture
def theirs(db) -> City:
    return make_city("theirs")


def table(model: Model) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def run_sql(sql: str, params: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


# --- ways to a row -----------------------------------------------------------------------------------------------------


class ReadingCommand(BaseCommand):
    """What a careless management command would do."""

    stealth_options = ("model",)

    def handle(self, *args: Any, **options: Any) -> None:
        self.found = list(options["model"].objects.values_list("pk", flat=True))


_task_model: list[Model] = []


@task()
def reading_task() -> list[str]:
    """What a careless task would do."""
    return [str(pk) for pk in _task_model[-1].objects.values_list("pk", flat=True)]


def by_command(model: Model, row: CityOwned) -> Any:
    command = ReadingCommand()
    call_command(command, model=model)
    return command.found


def by_task(model: Model, row: CityOwned) -> Any:
    _task_model.append(model)
    result = reading_task.enqueue()
    if result.errors:
        raise result.errors[0].exception_class
    return result.return_value


def refreshed(model: Model, row: CityOwned) -> Any:
    fresh = copy.copy(row)
    fresh.refresh_from_db()
    return [fresh]


def rewritten(row: CityOwned) -> str:
    """The name of a column that can be written without meaning anything, and in bulk: encrypted ones cannot."""
    fields = [field for field in row._meta.concrete_fields if not (field.primary_key or field.is_relation)]
    names = [field.name for field in fields if not isinstance(field, EncryptedTextField)]
    return names[0]


READINGS: dict[str, Callable[[Model, CityOwned], Any]] = {
    "objects.all": lambda model, row: list(model.objects.all()),
    "objects.get": lambda model, row: [model.objects.get(pk=row.pk)],
    "objects.filter": lambda model, row: list(model.objects.filter(pk=row.pk)),
    "objects.count": lambda model, row: model.objects.filter(pk=row.pk).count(),
    "objects.exists": lambda model, row: model.objects.filter(pk=row.pk).exists(),
    "objects.values_list": lambda model, row: list(model.objects.values_list("pk")),
    "objects.aggregate": lambda model, row: model.objects.filter(pk=row.pk).aggregate(n=Count("pk"))["n"],
    "objects.iterator": lambda model, row: list(model.objects.iterator()),
    "objects.in_bulk": lambda model, row: model.objects.in_bulk([row.pk]),
    "objects.earliest": lambda model, row: [model.objects.filter(pk=row.pk).earliest("pk")],
    "objects.raw": lambda model, row: list(model.objects.raw(f"SELECT * FROM {table(model)}")),
    "objects.union": lambda model, row: list(model.objects.filter(pk=row.pk).union(model.objects.filter(pk=row.pk))),
    "_base_manager.all": lambda model, row: list(model._base_manager.all()),
    "_base_manager.get": lambda model, row: [model._base_manager.get(pk=row.pk)],
    "_default_manager": lambda model, row: list(model._default_manager.filter(pk=row.pk)),
    "refresh_from_db": refreshed,
    "QuerySet": lambda model, row: list(QuerySet(model)),
    "QuerySet by id": lambda model, row: list(QuerySet(model).filter(pk=row.pk)),
    "RawQuerySet": lambda model, row: list(RawQuerySet(f"SELECT * FROM {table(model)}", model=model)),
    "a plain manager": lambda model, row: list(plain_manager(model).all()),
    "raw SQL": lambda model, row: run_sql(f"SELECT * FROM {table(model)}", []),
    "raw SQL by id": lambda model, row: run_sql(f"SELECT * FROM {table(model)} WHERE id = %s", [key(row)]),
    "raw SQL with WITH": lambda model, row: run_sql(f"WITH found AS (SELECT * FROM {table(model)}) SELECT * FROM found", []),
    "subquery of another table": lambda model, row: list(User.objects.filter(pk__in=QuerySet(model).values("pk"))),
    "exists of another table": lambda model, row: list(City.objects.filter(Exists(QuerySet(model).filter(pk=row.pk)))),
    "a command": by_command,
    "a task": by_task,
}
WRITINGS: dict[str, Callable[[Model, CityOwned], Any]] = {
    "save": lambda model, row: row.save(),
    "delete": lambda model, row: row.delete(),
    "objects.update": lambda model, row: model.objects.update(**{rewritten(row): getattr(row, rewritten(row))}),
    "objects.delete": lambda model, row: model.objects.all().delete(),
    "bulk_create": lambda model, row: model.objects.bulk_create([row]),
    "bulk_update": lambda model, row: model.objects.bulk_update([row], [rewritten(row)]),
    "get_or_create": lambda model, row: model.objects.get_or_create(pk=row.pk),
    "QuerySet.update": lambda model, row: QuerySet(model).update(**{rewritten(row): getattr(row, rewritten(row))}),
    "raw SQL update": lambda model, row: run_sql(f"UPDATE {table(model)} SET id = id", []),
    "raw SQL delete": lambda model, row: run_sql(f"DELETE FROM {table(model)}", []),
}


def plain_manager(model: Model) -> models.Manager:
    manager: models.Manager = models.Manager()
    manager.model = model
    return manager


def key(row: CityOwned) -> str:
    return row.pk.hex if connection.vendor == "sqlite" else str(row.pk)


# --- no scope, no row --------------------------------------------------------------------------------------------------


@each_model
def test_every_manager_asks_for_the_city(model):
    managers = [model._base_manager, model._default_manager, *model._meta.managers]

    assert {type(manager) for manager in managers} == {CityManager}


@each_model
@pytest.mark.parametrize("way", [*READINGS, *WRITINGS])
def test_without_a_scope_every_way_raises(ours, model, way):
    row = make_row(model, ours)

    with no_city(), pytest.raises(NoCityScope):
        {**READINGS, **WRITINGS}[way](model, row)


@each_key
def test_without_a_scope_a_foreign_key_raises(ours, model, field):
    row = make_row(model, ours, with_optional=True)
    with city_scope(ours.id):
        row = model.objects.get(pk=row.pk)

    with no_city(), pytest.raises(NoCityScope):
        getattr(row, field.name)


def related_managers() -> list[tuple[Model, str]]:
    return [
        (model, relation.get_accessor_name())
        for model in CITY_MODELS
        for relation in model._meta.related_objects
        if relation.get_accessor_name() and issubclass(relation.related_model, CityOwned)
    ]


@pytest.mark.parametrize(("model", "name"), related_managers(), ids=lambda part: part if isinstance(part, str) else part._meta.label)
def test_without_a_scope_a_related_manager_and_a_prefetch_raise(ours, model, name):
    row = make_row(model, ours)

    with no_city():
        with pytest.raises(NoCityScope):
            list(getattr(row, name).all())
        with pytest.raises(NoCityScope):
            prefetch_related_objects([row], name)
        with pytest.raises(NoCityScope):
            prefetch_related_objects([row], Prefetch(name))


def test_rows_without_a_city_do_not_lead_to_rows_with_one(ours):
    """A join from a table of everybody into a table of a city names that table, and is stopped there."""
    names = {model._meta.db_table for model in CITY_MODELS}
    with no_city():
        for name in sorted(names):
            with pytest.raises(NoCityScope):
                run_sql(f'SELECT 1 FROM accounts_user JOIN "{name}" ON 1 = 1', [])


# --- the scope of one city ---------------------------------------------------------------------------------------------


@each_model
@pytest.mark.parametrize("way", READINGS)
def test_inside_one_city_no_way_gives_a_row_of_another(ours, theirs, model, way):
    mine, foreign = make_row(model, ours), make_row(model, theirs)
    foreign_keys = {foreign.pk, str(foreign.pk), foreign.pk.hex}

    with city_scope(ours.id):
        try:
            found = READINGS[way](model, foreign)
        except (OutsideCityScope, model.DoesNotExist):
            return

    assert found != 1
    assert found is not True
    rows = found if isinstance(found, list | dict) else []
    seen = {getattr(row, "pk", row[0] if isinstance(row, tuple) else row) for row in rows}
    assert not seen & foreign_keys
    assert mine.pk != foreign.pk


@each_model
@pytest.mark.parametrize("way", ["objects.all", "_base_manager.all", "refresh_from_db", "a command", "a task"])
def test_inside_one_city_its_own_rows_are_found(ours, theirs, model, way):
    """The other side of the wall: a test that only ever finds nothing would prove nothing."""
    mine, _ = make_row(model, ours), make_row(model, theirs)

    with city_scope(ours.id):
        found = READINGS[way](model, mine)

    assert {str(getattr(row, "pk", row)) for row in found} == {str(mine.pk)}


@each_model
def test_inside_one_city_a_row_of_another_cannot_be_written(ours, theirs, model):
    foreign = make_row(model, theirs)

    with city_scope(ours.id):
        for way in ("save", "bulk_create", "QuerySet.update", "raw SQL update"):
            with pytest.raises(OutsideCityScope):
                WRITINGS[way](model, foreign)


@each_model
def test_saving_is_refused_before_any_statement_is_made(ours, theirs, model):
    """The layer above the statement guard, by itself."""
    foreign = make_row(model, theirs)

    with city_scope(ours.id), pytest.raises(OutsideCityScope, match="belongs to a city outside the open scope"):
        check_before_save(sender=model, instance=foreign)


DELETIONS: dict[str, Callable[[Model, CityOwned], Any]] = {
    "delete": lambda model, row: row.delete(),
    "QuerySet.delete": lambda model, row: QuerySet(model).filter(pk=row.pk).delete(),
}


@each_model
@pytest.mark.parametrize("way", DELETIONS)
def test_inside_one_city_a_row_of_another_cannot_be_deleted(ours, theirs, model, way):
    foreign = make_row(model, theirs)

    with city_scope(ours.id), pytest.raises(OutsideCityScope):
        DELETIONS[way](model, foreign)


@each_model
def test_a_row_never_moves_to_another_city(ours, theirs, model):
    row = make_row(model, ours)

    with city_scope(ours.id, theirs.id):
        with pytest.raises(OutsideCityScope):
            model.objects.filter(pk=row.pk).update(city=theirs)
        row.city = theirs
        with pytest.raises(DatabaseError, match=r"never moves|another city"), transaction.atomic():
            row.save()
        with pytest.raises(DatabaseError, match=r"never moves|another city"), transaction.atomic():
            run_sql(f"UPDATE {table(model)} SET city_id = %s WHERE id = %s", [hexed(theirs.id), key(row)])


def hexed(value: Any) -> str:
    return value.hex if connection.vendor == "sqlite" else str(value)


# --- the database itself -----------------------------------------------------------------------------------------------


@each_key
def test_database_refuses_a_foreign_key_into_another_city(ours, theirs, model, field):
    mine, foreign = make_row(model, ours, with_optional=True), make_row(field.related_model, theirs)

    with every_city("the database is to refuse, not the code"), pytest.raises(DatabaseError, match="another city"), transaction.atomic():
        run_sql(f"UPDATE {table(model)} SET {field.column} = %s WHERE id = %s", [key(foreign), key(mine)])
    with every_city("the database is to refuse, not the code"), pytest.raises(DatabaseError, match="another city"), transaction.atomic():
        insert_copy(model, mine, {field.column: key(foreign)})


@each_key
def test_database_takes_a_foreign_key_inside_the_city(ours, model, field):
    mine, neighbour = make_row(model, ours, with_optional=True), make_row(field.related_model, ours)

    with every_city("the counter-check of the test above"):
        run_sql(f"UPDATE {table(model)} SET {field.column} = %s WHERE id = %s", [key(neighbour), key(mine)])


@each_key
def test_orm_cannot_refer_to_a_row_of_another_city(ours, theirs, model, field):
    foreign = make_row(field.related_model, theirs)

    with city_scope(ours.id, theirs.id), pytest.raises(DatabaseError, match="another city"), transaction.atomic():
        make_row(model, ours, **{field.name: foreign})


def insert_copy(model: Model, row: CityOwned, changed: dict[str, str]) -> None:
    """Insert a second row like the first by plain SQL, with another id and the changed columns."""
    columns = [field.column for field in model._meta.concrete_fields]
    new_id = "0" * 31 + "1" if connection.vendor == "sqlite" else "00000000-0000-0000-0000-000000000001"
    values = {**changed, "id": new_id}
    chosen = ", ".join("%s" if column in values else f'"{column}"' for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    cast = [values[column] for column in columns if column in values]
    if connection.vendor == "postgresql":
        chosen = chosen.replace("%s", "%s::uuid")
    run_sql(f"INSERT INTO {table(model)} ({names}) SELECT {chosen} FROM {table(model)} WHERE id = %s", [*cast, key(row)])

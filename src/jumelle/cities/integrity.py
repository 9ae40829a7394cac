"""Triggers that refuse a foreign key into another city, and a row that changes its city."""

from django.apps import apps
from django.db import models

from jumelle.cities.tenancy import CityOwned
from jumelle.common.triggers import Trigger

_SAME_CITY_PG = """
CREATE OR REPLACE FUNCTION jumelle_same_city() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ref uuid; found boolean;
BEGIN
  ref := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
  IF ref IS NULL THEN RETURN NEW; END IF;
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE id = $1 AND city_id = $2)', TG_ARGV[1]) INTO found USING ref, NEW.city_id;
  IF NOT found THEN
    RAISE EXCEPTION '% refers to a row of another city', TG_ARGV[0] USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NEW;
END $$
"""
_FIXED_CITY_PG = """
CREATE OR REPLACE FUNCTION jumelle_fixed_city() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.city_id <> OLD.city_id THEN
    RAISE EXCEPTION 'a row never moves to another city' USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NEW;
END $$
"""


def city_owned_models() -> list[type[CityOwned]]:
    return [model for model in apps.get_models() if issubclass(model, CityOwned)]


def city_foreign_keys() -> list[tuple[type[CityOwned], models.ForeignKey]]:
    """Every foreign key from a row of a city to a row of a city."""
    return [
        (model, field)
        for model in city_owned_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type) and issubclass(field.related_model, CityOwned)
    ]


def city_triggers() -> list[Trigger]:
    triggers = [_fixed_city(model._meta.db_table) for model in city_owned_models()]
    for model, field in city_foreign_keys():
        triggers += _same_city(model._meta.db_table, field.column, field.related_model._meta.db_table)
    return triggers


def _same_city(table: str, column: str, target: str) -> list[Trigger]:
    triggers = []
    for event in ("INSERT", "UPDATE"):
        name = f"{table}_{column}_city_{event.lower()}"
        triggers.append(
            Trigger(
                name=name,
                table=table,
                sqlite=(
                    f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" WHEN NEW."{column}" IS NOT NULL AND NOT EXISTS '
                    f'(SELECT 1 FROM "{target}" WHERE id = NEW."{column}" AND city_id = NEW.city_id) '
                    f"BEGIN SELECT RAISE(ABORT, '{column} refers to a row of another city'); END"
                ),
                postgresql=(
                    _SAME_CITY_PG,
                    f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW '
                    f"EXECUTE FUNCTION jumelle_same_city('{column}', '{target}')",
                ),
            )
        )
    return triggers


def _fixed_city(table: str) -> Trigger:
    name = f"{table}_fixed_city"
    return Trigger(
        name=name,
        table=table,
        sqlite=(
            f'CREATE TRIGGER "{name}" BEFORE UPDATE OF city_id ON "{table}" WHEN NEW.city_id <> OLD.city_id '
            f"BEGIN SELECT RAISE(ABORT, 'a row never moves to another city'); END"
        ),
        postgresql=(
            _FIXED_CITY_PG,
            f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION jumelle_fixed_city()',
        ),
    )

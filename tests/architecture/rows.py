"""Makes a row of any model that belongs to a city, so that the walls are tried on every table, also on those of tomorrow."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from django.db import models

from jumelle.cities.integrity import city_owned_models
from jumelle.cities.models import City
from jumelle.cities.tenancy import CityOwned, city_scope
from jumelle.cities.tests import factories

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
# What a model's own constraints ask for beyond the types of its fields.
PARTICULARS: dict[str, dict[str, Any]] = {
    "assessments.Evidence": {"kind": "link", "url": "https://example.org/evidence"},
    "action_plans.LineOrigin": {"code": "KF5.Q4"},
    "action_plans.LineUpdate": {"quarter": "2026-Q1"},
}
_numbers = count(1)

CITY_MODELS = sorted(city_owned_models(), key=lambda model: model._meta.label)


def make_row(model: type[CityOwned], city: City, *, with_optional: bool = False, **given: Any) -> CityOwned:
    """
    Create a row and whatever it needs, all of the same city.

    Args:
        with_optional: fill foreign keys that may be empty too.
    """
    values = {**PARTICULARS.get(model._meta.label, {}), **given, "city": city}
    for field in model._meta.concrete_fields:
        if field.name not in values and _is_needed(field, with_optional):
            values[field.name] = _value_for(field, city)
    with city_scope(city.id):
        return model.objects.create(**values)


def _is_needed(field: models.Field, with_optional: bool) -> bool:
    if isinstance(field, models.ForeignKey) and with_optional:
        return True
    return not (field.null or field.has_default() or field.primary_key or (field.blank and field.empty_strings_allowed))


def _value_for(field: models.Field, city: City | None) -> Any:
    number = next(_numbers)
    if isinstance(field, models.ForeignKey):
        return _other_row(field.related_model, city)
    if field.choices:
        return field.choices[0][0]
    by_type: list[tuple[type[models.Field], Any]] = [
        (models.DateTimeField, NOW),
        (models.DateField, date(2026, 3, 1)),
        (models.JSONField, {}),
        (models.BooleanField, False),
        (models.IntegerField, number),
        (models.EmailField, f"row{number}@example.org"),
        (models.URLField, f"https://example.org/{number}"),
        (models.TextField, f"text {number}"),
        (models.CharField, f"row-{number}"[: field.max_length or 200]),
    ]
    for kind, value in by_type:
        if isinstance(field, kind):
            return value
    raise NotImplementedError(f"tests/architecture/rows.py does not know a value for {field!r}")


def _other_row(model: type[models.Model], city: City | None) -> models.Model:
    if issubclass(model, CityOwned):
        assert city is not None
        return make_row(model, city)
    if model._meta.label == "accounts.User":
        return factories.make_user()
    if model._meta.label == "cities.City":
        return factories.make_city()
    needed = {
        field.name: _value_for(field, None)
        for field in model._meta.concrete_fields
        if not field.has_default() and not (field.null or field.primary_key)
    }
    return model._base_manager.create(**needed)

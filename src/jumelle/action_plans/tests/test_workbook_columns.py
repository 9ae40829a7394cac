"""The form of a plan's workbook: words that are understood, and words that are not mixed up."""

import pytest
from django.conf import settings
from django.utils import translation

from jumelle.action_plans.workbook_columns import (
    LINES_SHEET,
    PLAN_FIELDS,
    TABLES,
    Column,
    Kind,
    choice_of,
    position_of,
)

CHOICES = [
    column for column in (*PLAN_FIELDS, *(column for columns in TABLES.values() for column in columns)) if column.kind is Kind.CHOICE
]
STATUS = next(column for column in CHOICES if column.key == "status")


@pytest.mark.parametrize("typed", ["in_progress", "In progress", "  in   PROGRESS ", "IN_PROGRESS"])
def test_choice_is_understood_by_its_value_or_its_label(typed: str):
    assert choice_of(STATUS, typed) == "in_progress"


@pytest.mark.parametrize("typed", ["", "progress", "in progress!", "planned, done"])
def test_word_that_is_no_choice_is_not_guessed(typed: str):
    assert choice_of(STATUS, typed) is None


@pytest.mark.parametrize("column", CHOICES, ids=lambda column: column.key)
def test_label_in_any_language_means_one_choice(column: Column):
    meant = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            meant |= {(language, value): str(label) for value, label in column.choices}

    assert {key: choice_of(column, label) for key, label in meant.items()} == {key: key[1] for key in meant}


def test_keys_stand_once_in_each_sheet():
    for columns in TABLES.values():
        keys = [column.key for column in columns]
        assert len(keys) == len(set(keys))


def test_position_counts_from_one():
    assert [position_of(LINES_SHEET, key) for key in ("line", "action")] == [1, 2]

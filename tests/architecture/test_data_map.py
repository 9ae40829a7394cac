"""Every field of every table says why it is kept, until when and who reads it; a field that does not fails here."""

import dataclasses
import shutil
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.utils.translation import override

from jumelle.cities.access import ROLES
from jumelle.cities.tenancy import CityOwned
from jumelle.common.data_map import (
    ABOUT_PEOPLE,
    FORBIDDEN_NAMES,
    FORBIDDEN_WORDS,
    DataMapWrong,
    forbidden_word,
    pick,
    problems_with_models,
    processing_activities,
    read_data_map,
)
from jumelle.common.encryption import EncryptedTextField

# Texts about people that stand in the clear, each with its reason.
IN_THE_CLEAR = {
    "accounts.User.email": "sign-in has to find the address",
    "accounts.User.language": "one of five codes",
    "accounts.User.password": "a hash",
    "account.EmailAddress.email": "sign-in has to find the address",
    "account.EmailConfirmation.key": "a package's table; unused while codes confirm addresses",
    "usersessions.UserSession.session_key": "a package's table",
    "usersessions.UserSession.user_agent": "a package's table, shown to its owner",
    "sessions.Session.session_key": "Django's table",
    "sessions.Session.session_data": "Django's table, signed; holds ids",
    "audit.Event.actor": "an identifier, not a name",
    "audit.Event.role": "one of a list",
    "audit.Event.reason": "written to be read by the city; the seal must cover it as it stands",
    "cities.Membership.role": "one of a list",
    "cities.AssociationMembership.role": "one of a list",
    "cities.Invitation.role": "one of a list",
    "cities.Invitation.email_hash": "a hash",
    "cities.Invitation.token_hash": "a hash",
    "cities.BreakGlass.reason": "written to be read by the city; stands in the journal too",
}


def installed() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in apps.app_configs]


@pytest.fixture
def copy_of_map(tmp_path) -> Path:
    return Path(shutil.copytree(settings.DATA_MAP, tmp_path / "data_map"))


def change(folder: Path, file: str, edit) -> Path:
    path = folder / file
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    edit(loaded)
    path.write_text(yaml.safe_dump(loaded, allow_unicode=True), encoding="utf-8")
    return folder


# --- the map and the models --------------------------------------------------------------------------------------------


def test_every_field_of_every_table_is_classified(capsys):
    data_map = read_data_map()

    assert problems_with_models(data_map, installed()) == []
    with capsys.disabled():
        print(f"\n{len(data_map.entries)} fields of {len(data_map.tables())} tables classified, 0 unclassified")


def test_every_table_of_the_database_is_known(db):
    known = {model._meta.db_table for model in installed()} | set(read_data_map().other_tables)

    assert set(connection.introspection.table_names()) - known == set()


def test_new_field_without_a_class_is_noticed(monkeypatch):
    class Invented(models.Model):  # noqa: DJ008
        shoe_size = models.IntegerField()

        class Meta:
            app_label = "cities"
            managed = False

    try:
        problems = problems_with_models(read_data_map(), installed())
    finally:
        del apps.all_models["cities"]["invented"]
        apps.clear_cache()

    assert sorted(problems) == [
        "cities.Invented.id is not in the data map: say why it is kept, until when, and who reads it.",
        "cities.Invented.shoe_size is not in the data map: say why it is kept, until when, and who reads it.",
    ]


def test_row_taken_out_of_the_map_is_noticed(copy_of_map):
    change(copy_of_map, "accounts.yaml", lambda said: said["accounts.User"]["fields"][1]["names"].remove("email") or None)
    change(copy_of_map, "accounts.yaml", lambda said: said["accounts.User"]["fields"][1].update(names=["is_gone"]))

    problems = problems_with_models(read_data_map(copy_of_map), installed())

    assert [problem.split(" ")[0] for problem in problems] == ["accounts.User.email", "accounts.User.is_gone"]


@pytest.mark.parametrize(
    "name", [*sorted(FORBIDDEN_WORDS), *sorted(FORBIDDEN_NAMES), "Birth_Date", "person_nationality", "photo_url", "has_passport"]
)
def test_field_that_is_never_asked_is_noticed(name):
    class Invented(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "cities"
            managed = False

    models.TextField().contribute_to_class(Invented, name)
    try:
        problems = problems_with_models(read_data_map(), [Invented])
    finally:
        del apps.all_models["cities"]["invented"]
        apps.clear_cache()

    assert any("is never asked of anybody" in problem for problem in problems)


@pytest.mark.parametrize("name", ["subject_name", "language", "embrace", "sextant_on", "healthy_food_note", "email", "number"])
def test_harmless_names_are_left_alone(name):
    assert forbidden_word(name) is None


def test_nothing_that_is_never_asked_stands_in_any_form():
    forms = [path for path in settings.SOURCE_DIR.rglob("forms*.py") if "tests" not in path.parts]
    for path in forms:
        for line in path.read_text(encoding="utf-8").splitlines():
            name = line.partition("=")[0].strip()
            if name.isidentifier() and "forms." in line:
                assert forbidden_word(name) is None, f"{path}: {name}"


def test_texts_about_people_are_encrypted():
    text_types = (models.CharField, models.TextField)
    open_texts = set()
    for model in installed():
        for field in model._meta.concrete_fields:
            entry = read_data_map().entries[model._meta.label, field.name]
            if entry.data_class in ABOUT_PEOPLE and isinstance(field, text_types) and not isinstance(field, EncryptedTextField):
                open_texts.add(f"{model._meta.label}.{field.name}")

    assert open_texts == set(IN_THE_CLEAR)


def test_free_text_is_always_encrypted():
    free = {key for key, entry in read_data_map().entries.items() if entry.data_class == "free_text"}
    kinds = {key: type(apps.get_model(key[0])._meta.get_field(key[1])) for key in free}

    assert free
    assert {key for key, kind in kinds.items() if not issubclass(kind, EncryptedTextField)} == set()


def test_encrypted_fields_are_classified_as_about_people():
    encrypted = [
        read_data_map().entries[model._meta.label, field.name]
        for model in installed()
        for field in model._meta.concrete_fields
        if isinstance(field, EncryptedTextField)
    ]

    assert [entry for entry in encrypted if entry.data_class not in {"personal", "sensitive", "free_text"}] == []


def test_tables_without_a_city_hold_no_free_text():
    """A note belongs to a city; what belongs to none could be read by all."""
    without = {model._meta.label for model in installed() if not issubclass(model, CityOwned)}
    notes = {entry.table for entry in read_data_map().entries.values() if entry.data_class == "free_text"}

    assert notes & without == {"notifications.OutgoingMail"}


def test_readers_are_roles_of_the_house():
    readers = set(read_data_map().words["readers"])

    assert readers - {"nobody", "everyone", "self"} == set(ROLES)


def test_every_word_of_the_vocabulary_is_used():
    data_map = read_data_map()
    entries = data_map.entries.values()
    used = {
        "legal_bases": {entry.legal_basis for entry in entries} | {"consent"},
        "retentions": {entry.retention for entry in entries},
        "activities": {entry.activity for entry in entries},
    }

    assert [word for kind, words in used.items() for word in set(data_map.words[kind]) - words] == []


# --- mistakes in the files -----------------------------------------------------------------------------------------------

MISTAKES = [
    ("class unknown", "accounts.yaml", lambda s: s["accounts.User"]["fields"][0].update({"class": "private"}), "the class 'private'"),
    ("no class", "accounts.yaml", lambda s: s["accounts.User"]["fields"][0].pop("class"), "the class None"),
    ("no purpose", "accounts.yaml", lambda s: s["accounts.User"]["fields"][0].pop("purpose"), "the purpose is missing"),
    ("purpose in one language", "accounts.yaml", lambda s: s["accounts.User"]["fields"][0]["purpose"].pop("fr"), "the purpose is missing"),
    ("not said what", "accounts.yaml", lambda s: s["accounts.User"]["fields"][1].pop("what"), "`what` must say"),
    ("legal basis unknown", "accounts.yaml", lambda s: s["accounts.User"].update(legal_basis="habit"), "no legal_basis 'habit'"),
    ("retention missing", "accounts.yaml", lambda s: s["accounts.User"].pop("retention"), "no retention None"),
    ("reader unknown", "accounts.yaml", lambda s: s["accounts.User"].update(readers=["mayor"]), "no reader 'mayor'"),
    ("no reader", "accounts.yaml", lambda s: s["accounts.User"].update(readers=[]), "`readers` must say"),
    ("activity unknown", "accounts.yaml", lambda s: s["accounts.User"].update(activity="gossip"), "no activity 'gossip'"),
    ("field twice", "accounts.yaml", lambda s: s["accounts.User"]["fields"][0]["names"].append("email"), "stands in the map twice"),
    ("no names", "accounts.yaml", lambda s: s["accounts.User"]["fields"][0].pop("names"), "`names` must list"),
    ("no fields", "accounts.yaml", lambda s: s["accounts.User"].pop("fields"), "a list of groups is needed"),
    ("people without a basis", "accounts.yaml", lambda s: s["accounts.User"].update(legal_basis="no_personal_data"), "needs a legal basis"),
    ("activity without people", "vocabulary.yaml", lambda s: s["activities"]["accounts"].pop("people"), "people is missing"),
    ("retention in one language", "vocabulary.yaml", lambda s: s["retentions"]["account"].pop("en"), "French and English texts are needed"),
    ("no readers at all", "vocabulary.yaml", lambda s: s.pop("readers"), "readers is missing"),
]


@pytest.mark.parametrize(("file", "edit", "says"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_mistake_in_the_map_is_told_in_a_sentence(copy_of_map, file, edit, says):
    with pytest.raises(DataMapWrong) as wrong:
        read_data_map(change(copy_of_map, file, edit))

    assert any(says in problem and file in problem for problem in wrong.value.problems), wrong.value.problems


@pytest.mark.parametrize("text", ["a: [", "- a list", "\tx", "42"])
def test_file_that_is_no_map_is_told_in_a_sentence(copy_of_map, text):
    (copy_of_map / "audit.yaml").write_text(text)

    with pytest.raises(DataMapWrong, match=r"audit\.yaml"):
        read_data_map(copy_of_map)


# --- the record of processing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
def test_record_tells_each_activity_in_full(language):
    record = processing_activities(language)

    assert [activity.code for activity in record] == ["accounts", "membership", "assessment", "action_plan", "mail", "journal"]
    for activity in record:
        said = dataclasses.asdict(activity)
        assert {name for name, value in said.items() if not value} == set()


def test_record_follows_the_language_of_the_page_and_falls_back_to_english():
    with override("fr"):
        french = processing_activities()[0].name
    with override("uk"):
        fallback = processing_activities()[0].name

    assert (french, fallback) == ("Comptes et connexion", "Accounts and sign-in")
    assert pick({"fr": "oui"}, "ar") == "oui"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_command_writes_the_record(tmp_path, language, capsys):
    call_command("record_of_processing", str(tmp_path / "record.md"), language=language)
    call_command("record_of_processing", language=language)

    text = (tmp_path / "record.md").read_text(encoding="utf-8")
    assert text.count("\n## ") == 6
    assert text.strip() in capsys.readouterr().out


def test_command_says_where_it_cannot_write(tmp_path):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("record_of_processing", str(tmp_path / "no" / "folder.md"))

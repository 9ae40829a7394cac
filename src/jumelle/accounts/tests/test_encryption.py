import pytest
from django.db import connection, transaction

from jumelle.accounts.models import User
from jumelle.accounts.tests.factories import make_user
from jumelle.common.encryption import DecryptionRefused

pytestmark = pytest.mark.django_db

OTHER_KEY = "k2:" + "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU="


def stored(user: User) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM accounts_user WHERE email = %s", [user.email])
        return cursor.fetchone()[0]


def test_value_is_unreadable_at_rest_and_readable_for_the_model():
    user = make_user("Sélam ሰላም")

    assert "lam" not in stored(user)
    assert User.objects.get(pk=user.pk).name == "Sélam ሰላም"


def test_two_equal_values_do_not_look_alike():
    assert stored(make_user("Anna", email="a@example.org")) != stored(make_user("Anna", email="b@example.org"))


def test_ciphertext_moved_to_another_row_is_refused():
    first, second = make_user("Anna", email="a@example.org"), make_user("Berta", email="b@example.org")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET name = %s WHERE email = %s", [stored(first), second.email])

    with pytest.raises(DecryptionRefused):
        _ = User.objects.get(pk=second.pk).name


def test_new_key_reads_old_values_and_writes_with_itself(settings):
    user = make_user("Anna")
    settings.FIELD_KEYS = [OTHER_KEY, *settings.FIELD_KEYS]

    again = User.objects.get(pk=user.pk)
    assert again.name == "Anna"
    again.name = "Anne"
    again.save()

    assert stored(user).startswith("enc:k2:")
    assert User.objects.get(pk=user.pk).name == "Anne"


def test_unknown_key_is_refused(settings):
    user = make_user("Anna")
    settings.FIELD_KEYS = [OTHER_KEY]

    with pytest.raises(DecryptionRefused):
        _ = User.objects.get(pk=user.pk).name


def test_saving_untouched_row_keeps_its_value():
    user = make_user("Anna")

    User.objects.get(pk=user.pk).save()

    assert User.objects.get(pk=user.pk).name == "Anna"


def test_update_in_bulk_is_refused():
    make_user("Anna")

    with pytest.raises(TypeError), transaction.atomic():
        User.objects.update(name="plain text")

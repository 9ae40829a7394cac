from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from jumelle.accounts.models import User
from jumelle.action_plans.tests.factories import make_line, make_plan
from jumelle.assessments.models import Respondent
from jumelle.assessments.tests.factories import make_assessment, make_place, make_respondent, make_round
from jumelle.cities.models import Association, City, GuestPass, Invitation
from jumelle.cities.tenancy import city_scope, every_city
from jumelle.cities.tests.factories import NOW, make_city, make_user
from jumelle.config import installing
from jumelle.notifications.models import OutgoingMail


@pytest.mark.django_db(transaction=True)
def test_from_an_empty_installation_to_the_administrators_invitation():
    call_command("operator_add", "op@example.org")
    call_command("association_add", "union", "Union of towns", country="be")
    call_command("association_member", "union", "clara@example.org", role="facilitator")
    call_command("city_add", "town", "Town", association="union", country="be", contact="service@example.org", languages="fr,nl")
    call_command("city_invite", "town", "head@example.org")

    assert User.objects.get(email="op@example.org").is_operator
    assert (Association.objects.get().country, City.objects.get().languages) == ("BE", ["fr", "nl"])
    assert [message.to for message in mail.outbox] == [["head@example.org"]]


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["me", "second-factor", "taken"])
def test_city_cannot_take_a_short_name_that_addresses_need(slug):
    city = make_city("taken")

    with pytest.raises(CommandError, match="is taken"):
        call_command("city_add", slug, "Town", association=city.association.slug, country="be", contact="s@example.org")


@pytest.mark.django_db
def test_nightly_removes_invitations_that_nobody_can_use():
    city = make_city()
    with city_scope(city.id):
        for days, token in ((1, "a"), (30, "b")):
            Invitation.objects.create(
                city=city, email_hash="x", token_hash=token, role="learner", created_at=NOW - timedelta(days=days), expires_at=NOW
            )

    done = installing.nightly(now=NOW)

    with every_city("a test"):
        assert list(Invitation.objects.values_list("token_hash", flat=True)) == ["a"]
    assert done["invitations"] == 1


@pytest.mark.django_db
def test_nightly_erases_passes_of_guests_that_have_expired_and_keeps_who_was_asked():
    place = make_place()
    round = make_round(place, make_assessment(place))
    asked = [make_respondent(place, round) for _number in range(2)]
    with city_scope(place.city.id):
        asked[0].guest_pass.expires_at = NOW
        asked[0].guest_pass.save()

    done = installing.nightly(now=NOW)

    with every_city("a test"):
        assert dict(Respondent.objects.values_list("pk", "guest_pass")) == {asked[0].pk: None, asked[1].pk: asked[1].guest_pass_id}
        assert GuestPass.objects.count() == 1
    assert done["guest passes"] == 1


@pytest.mark.django_db
def test_nightly_reminds_each_city_of_its_plan_once():
    now = timezone.now()
    for _number in range(2):
        make_line(make_plan(started_at=now), status="in_progress", ends_on=timezone.localdate(now) + timedelta(days=3))
    make_city()

    first, second = (installing.nightly(now=now) for _night in range(2))

    assert (first["reminders"], second["reminders"], OutgoingMail.objects.count()) == (2, 0, 2)


@pytest.mark.django_db
def test_keys_renew_writes_every_row_with_the_new_key(settings):
    user = make_user("Anna")
    settings.FIELD_KEYS = ["k9:" + "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=", *settings.FIELD_KEYS]

    call_command("keys_renew")

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM accounts_user")
        assert cursor.fetchone()[0].startswith("enc:k9:")
    assert User.objects.get(pk=user.pk).name == "Anna"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("operator_add", {"email": "not-an-address"}),
        ("association_add", {"slug": "with space", "name": "X", "country": "be"}),
        ("association_add", {"slug": "union", "name": "X", "country": "BEL"}),
    ],
)
def test_what_is_typed_wrong_is_told_in_a_sentence(command, arguments):
    with pytest.raises(CommandError, match="is not"):
        call_command(command, *[arguments.pop(key) for key in ("email", "slug", "name") if key in arguments], **arguments)


@pytest.mark.django_db
def test_demonstration_is_loaded_and_cleared_wholly(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    call_command("toolkits_import", shipped=True, verbosity=0)
    call_command("demo_load", verbosity=0)
    assert City.objects.count() == 3

    call_command("demo_clear")

    assert (City.objects.count(), Association.objects.count(), User.objects.count()) == (0, 0, 0)

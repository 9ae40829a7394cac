from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail

from jumelle.assessments import operations
from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import Answer, Respondent, RespondentAnswer, Round
from jumelle.assessments.queries import respondent_of, respondents_of
from jumelle.assessments.tests.factories import (
    LAST_DAY,
    LATER,
    NOW,
    hand_in,
    lay_open,
    make_assessment,
    make_open_round,
    make_place,
    make_respondent,
    make_round,
    respond,
)
from jumelle.audit.models import Event
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.models import GuestPass
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_city, make_member, make_organisation, make_user
from jumelle.notifications.models import OutgoingMail

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def assessment(place):
    return make_assessment(place)


@pytest.fixture
def round(place, assessment):
    return make_round(place, assessment)


@pytest.fixture
def inside(place):
    with city_scope(place.city.id):
        yield


def acts():
    return list(Event.objects.filter(object_type__in=["Round", "Respondent"]).order_by("number").values_list("action", "data"))


def answered(place, round, count, code="KF1.Q1"):
    """So many people by mail, who have answered one item and sent in."""
    people = [make_respondent(place, round) for _ in range(count)]
    for person in people:
        respond(person, code, "yes")
        hand_in(place, person)
    return people


# --- starting ---------------------------------------------------------------------------------------------------------


def test_start_round_collects_until_the_last_day(place, assessment, inside):
    started = operations.start_round(place=place, assessment=assessment, shows_names=True, answer_until=LAST_DAY, now=NOW)

    started.refresh_from_db()
    assert (started.shows_names, started.answer_until, started.started_by) == (True, LAST_DAY, place.user)
    assert (started.is_collecting, started.is_open) == (True, False)
    assert acts() == [("round_started", {"assessment": str(assessment.pk), "shows_names": True})]


def test_one_round_at_a_time(place, assessment, round, inside):
    with pytest.raises(operations.RoundRunning):
        operations.start_round(place=place, assessment=assessment, shows_names=False, answer_until=LAST_DAY, now=NOW)

    operations.close_round(place=place, round=round, now=LATER)
    again = operations.start_round(place=place, assessment=assessment, shows_names=False, answer_until=LAST_DAY, now=LATER)

    assert again.pk != round.pk


def test_no_round_of_a_finished_assessment(place, inside):
    finished = make_assessment(place, finished=True)

    with pytest.raises(operations.AssessmentFinished):
        operations.start_round(place=place, assessment=finished, shows_names=False, answer_until=LAST_DAY, now=LATER)


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (TODAY - timedelta(days=1), operations.LastDayPassed),
        (TODAY, None),
        (TODAY + timedelta(days=60), None),
        (TODAY + timedelta(days=61), operations.LastDayTooFar),
    ],
)
def test_the_last_day_is_today_or_up_to_60_days_away(place, assessment, inside, day, refusal):
    def start():
        return operations.start_round(place=place, assessment=assessment, shows_names=False, answer_until=day, now=NOW)

    if refusal:
        with pytest.raises(refusal):
            start()
    else:
        assert start().answer_until == day


# --- asking people ----------------------------------------------------------------------------------------------------


def test_invite_by_mail_sends_a_neutral_link_and_keeps_no_address(place, round, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        person = make_respondent(place, round, RespondentRole.MIGRANTS, name="Canary Name", email="canary@example.org", language="fr")

    message = mail.outbox[-1]
    head, link, rest = message.body.partition("http://127.0.0.1:8000/fr/answer/")
    assert (message.to, message.subject) == (["canary@example.org"], "Quelques questions pour vous")
    assert head.count(". ") == 2
    assert len(rest.strip()) > 40
    for secret in (place.city.name, "Canary Name", "Language", round.assessment.subject_name, str(person.pk)):
        assert secret not in message.subject + head + link
    with city_scope(place.city.id):
        stored = str([list(model.objects.values()) for model in (Respondent, GuestPass, OutgoingMail)])
    assert "canary@example.org" not in stored + str(list(Event.objects.values()))
    assert person.user is None


def test_invite_asks_about_the_chosen_themes_in_the_toolkits_order(place, round):
    organisation = make_organisation(place.city)

    person = make_respondent(place, round, themes=["KF8", "KF1"], organisation=organisation, name="  The library ")

    assert (person.themes, person.name, person.organisation, person.invited_at) == (["KF1", "KF8"], "The library", organisation, NOW)
    assert acts()[-1] == ("respondent_invited", {"round": str(round.pk), "role": "ngo", "themes": ["KF1", "KF8"]})


@pytest.mark.parametrize("themes", [[], ["NOPE"], ["KF1", "NOPE"], ["CF"]])
def test_invite_needs_a_theme_with_questions(place, round, themes):
    with pytest.raises(operations.ThemesMissing):
        make_respondent(place, round, themes=themes)


def test_invite_needs_a_name(place, round):
    with pytest.raises(operations.NameMissing):
        make_respondent(place, round, name="  ")


def test_invite_a_member_sends_a_link_to_sign_in_to(place, round, django_capture_on_commit_callbacks):
    member = make_member(place.city, Role.VOLUNTEER)

    with django_capture_on_commit_callbacks(execute=True):
        person = make_respondent(place, round, user=member)

    assert (person.user, person.guest_pass) == (member, None)
    assert mail.outbox[-1].to == [member.email]
    assert f"/en/w/{place.city.slug}/assessments/asked/{person.pk}/" in mail.outbox[-1].body


def test_only_running_members_of_the_city_are_asked_by_account(place, round):
    gone = make_member(place.city, Role.VOLUNTEER, ended_at=NOW)
    elsewhere = make_member(make_city(), Role.VOLUNTEER)

    for user in (gone, elsewhere, make_user()):
        with pytest.raises(operations.NotAMember):
            make_respondent(place, round, user=user)


def test_a_member_is_asked_once_in_a_round_until_withdrawn(place, round):
    member = make_member(place.city, Role.VOLUNTEER)
    first = make_respondent(place, round, user=member)

    with pytest.raises(operations.AskedAlready):
        make_respondent(place, round, user=member)
    with city_scope(place.city.id):
        operations.withdraw_respondent(place=place, respondent=first, now=LATER)

    assert make_respondent(place, round, user=member).pk != first.pk


@pytest.mark.parametrize("both", [True, False])
def test_invite_needs_an_account_or_an_address(place, round, both):
    person = {"user": make_member(place.city, Role.VOLUNTEER), "email": "a@example.org"} if both else {"user": None, "email": ""}

    with pytest.raises(operations.AddressMissing):
        make_respondent(place, round, **person)


@pytest.mark.parametrize(
    ("last_day", "now", "expires_at"),
    [
        (date(2026, 3, 31), NOW, datetime(2026, 3, 31, 22, tzinfo=UTC)),  # midnight in Brussels, in summer
        (TODAY + timedelta(days=60), NOW, NOW + timedelta(days=60)),
    ],
)
def test_a_link_ends_with_the_last_day_and_after_60_days_at_most(place, assessment, last_day, now, expires_at):
    person = make_respondent(place, make_round(place, assessment, answer_until=last_day), now=now)

    assert person.guest_pass.expires_at == expires_at


def test_nobody_is_asked_after_the_last_day_nor_once_it_is_open_or_finished(place, assessment, round):
    after = datetime.combine(LAST_DAY + timedelta(days=1), datetime.min.time(), tzinfo=UTC)
    opened = make_open_round(place, make_assessment(place), [(RespondentRole.NGO, {"KF1.Q1": "yes"})] * 5)

    with pytest.raises(operations.LastDayPassed):
        make_respondent(place, round, now=after)
    with pytest.raises(operations.RoundNotCollecting):
        make_respondent(place, opened)
    with city_scope(place.city.id):
        operations.finish_assessment(place=place, assessment=assessment, now=LATER)
    with pytest.raises(operations.AssessmentFinished):
        make_respondent(place, round)


def test_change_last_day_moves_running_links_but_not_closed_ones(place, round, inside):
    running, closed = make_respondent(place, round), make_respondent(place, round)
    operations.withdraw_respondent(place=place, respondent=closed, now=LATER)

    operations.change_last_day(place=place, round=round, answer_until=date(2026, 4, 10), now=LATER)

    assert Round.objects.get().answer_until == date(2026, 4, 10)
    expiries = {passed.pk: passed.expires_at for passed in GuestPass.objects.all()}
    assert expiries[running.guest_pass_id] == datetime(2026, 4, 10, 22, tzinfo=UTC)
    assert expiries[closed.guest_pass_id] == datetime(2026, 3, 31, 22, tzinfo=UTC)


# --- a new link -------------------------------------------------------------------------------------------------------


def test_a_new_link_closes_the_old_one(place, round, inside):
    person = make_respondent(place, round)
    old = person.guest_pass

    again = operations.invite_again(place=place, respondent=person, email="b@example.org", now=LATER)

    old.refresh_from_db()
    assert (again.pk, old.withdrawn_at) == (person.pk, LATER)
    assert again.guest_pass.pk != old.pk
    assert again.guest_pass.withdrawn_at is None


def test_whoever_gives_out_a_new_link_cannot_read_with_it_what_was_answered(place, round, inside):
    person = make_respondent(place, round, RespondentRole.PROVIDER, name="The school", themes=["KF1"])
    respond(person, "KF1.Q1", "no", note="Canary.")

    again = operations.invite_again(place=place, respondent=person, email="facilitator@example.org", now=LATER)

    person.refresh_from_db()
    assert again.pk != person.pk
    assert (again.role, again.name, again.themes) == ("provider", "The school", ["KF1"])
    assert (person.withdrawn_at, person.guest_pass.withdrawn_at) == (LATER, LATER)
    assert RespondentAnswer.objects.filter(respondent=again).count() == 0
    held = Place(city=place.city, roles=frozenset({"respondent"}), guest_pass=again.guest_pass)
    assert respondent_of(held) == again


def test_a_person_with_an_account_is_reminded(place, round, inside, django_capture_on_commit_callbacks):
    member = make_member(place.city, Role.VOLUNTEER)
    person = make_respondent(place, round, user=member)
    respond(person, "KF1.Q1", "no")

    with django_capture_on_commit_callbacks(execute=True):
        again = operations.invite_again(place=place, respondent=person, now=LATER)

    assert again.pk == person.pk
    assert mail.outbox[-1].to == [member.email]


def test_no_new_link_for_whoever_has_sent_in_nor_without_an_address(place, round, inside):
    sent = answered(place, round, 1)[0]
    other = make_respondent(place, round)

    with pytest.raises(operations.SentInAlready):
        operations.invite_again(place=place, respondent=sent, email="b@example.org", now=LATER)
    with pytest.raises(operations.AddressMissing):
        operations.invite_again(place=place, respondent=other, now=LATER)


# --- withdrawing, opening, closing ------------------------------------------------------------------------------------


def test_withdraw_closes_the_link_and_keeps_the_answers_off_the_table(place, round, inside):
    people = answered(place, round, 6)

    operations.withdraw_respondent(place=place, respondent=people[0], now=LATER)
    opened = operations.open_round(place=place, round=round, now=LATER)

    assert people[0].guest_pass.withdrawn_at == LATER
    assert len(respondents_of(opened)) == 5
    assert acts()[-1] == ("round_opened", {"sent_in": 5})


def test_nobody_is_taken_out_of_opened_answers(place, assessment, inside):
    """With one person less, the difference would say what that person said."""
    round = make_open_round(place, assessment, [(RespondentRole.NGO, {"KF1.Q1": "yes"})] * 6)
    person = Respondent.objects.first()

    with pytest.raises(operations.RoundNotCollecting):
        operations.withdraw_respondent(place=place, respondent=person, now=LATER)

    assert len(respondents_of(round)) == 6


@pytest.mark.parametrize(
    ("shows_names", "count", "opens"), [(True, 1, False), (True, 2, True), (False, 1, False), (False, 4, False), (False, 5, True)]
)
def test_a_round_opens_with_two_or_with_five_where_nobody_is_named(place, assessment, inside, shows_names, count, opens):
    round = make_round(place, assessment, shows_names=shows_names)
    answered(place, round, count)
    make_respondent(place, round)  # asked, and not sent in

    if opens:
        operations.open_round(place=place, round=round, now=LATER)
    else:
        with pytest.raises(operations.RoundCannotOpen) as refusal:
            operations.open_round(place=place, round=round, now=LATER)
        assert str(refusal.value.sentence).startswith("Fewer than")
        assert str(refusal.value.remedy).startswith("Remind")

    assert Round.objects.get().is_open is opens


def test_open_notes_who_opened_and_happens_once(place, round, inside):
    answered(place, round, 5)
    operations.open_round(place=place, round=round, now=LATER)

    with pytest.raises(operations.RoundNotCollecting):
        operations.open_round(place=place, round=round, now=LATER)

    stored = Round.objects.get()
    assert (stored.opened_at, stored.opened_by) == (LATER, place.user)


def test_close_ends_a_round_once(place, round, inside):
    operations.close_round(place=place, round=round, now=LATER)

    with pytest.raises(operations.RoundClosed):
        operations.close_round(place=place, round=round, now=LATER)

    assert Round.objects.get().closed_at == LATER
    assert acts()[-1] == ("round_closed", {"was_opened": False})


def test_a_round_given_up_is_never_opened(place, round, inside):
    answered(place, round, 5)
    operations.close_round(place=place, round=round, now=LATER)

    with pytest.raises(operations.RoundNotCollecting):
        operations.open_round(place=place, round=round, now=LATER)


def test_nothing_of_a_round_touches_the_answers_of_the_assessment_nor_stands_in_the_journal(place, assessment, inside):
    round = make_round(place, assessment)
    for number in range(5):
        person = make_respondent(place, round, name=f"CanaryName{number}")
        respond(person, "KF1.Q1", "partly", note=f"CanaryNote{number}", private_note=f"CanaryPrivate{number}")
        hand_in(place, person)
    lay_open(place, round)

    journal = str(list(Event.objects.values()))
    assert Answer.objects.count() == 0
    assert "Canary" not in journal
    assert "KF1.Q1" not in journal
    assert "partly" not in journal

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import NoReverseMatch

from jumelle.action_plans.models import Plan, PlanLine
from jumelle.action_plans.operations.reminders import remind_city
from jumelle.action_plans.tests.factories import make_line, make_plan, make_update
from jumelle.assessments.tests.factories import make_place
from jumelle.audit.models import Event
from jumelle.cities.tenancy import city_scope
from jumelle.notifications.models import OutgoingMail

pytestmark = pytest.mark.django_db
STARTED = datetime(2026, 1, 5, 9, tzinfo=UTC)


def night(day):
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12)


JULY, SEPTEMBER = night(date(2026, 7, 31)), night(date(2026, 9, 1))


@pytest.fixture
def plan():
    made = make_plan(started_at=STARTED, title="Secret title")
    with city_scope(made.city_id):
        yield made


def remind(plan, now):
    return remind_city(city=plan.city, now=now)


def reminded_days(plan, first, last):
    """The days between two days, both included, on which a mail was queued, night after night."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if remind(plan, night(day))]


def test_quarter_is_reminded_of_once_in_its_last_month(plan):
    make_line(plan, status="in_progress")

    assert reminded_days(plan, date(2026, 7, 1), date(2026, 12, 31)) == [date(2026, 9, 1), date(2026, 12, 1)]


def test_nothing_is_sent_when_every_line_is_told_or_none_runs(plan):
    make_update(make_line(plan, status="in_progress"), "2026-Q3")
    make_line(plan, status="done")
    make_line(plan, starts_on=date(2027, 1, 1))

    assert remind(plan, SEPTEMBER) == 0


def test_line_is_reminded_of_fourteen_days_before_it_ends_and_not_again(plan):
    make_update(make_line(plan, status="in_progress", ends_on=date(2026, 8, 20)), "2026-Q3")

    assert reminded_days(plan, date(2026, 7, 1), date(2026, 9, 30)) == [date(2026, 8, 6)]


def test_nights_that_were_missed_are_made_up_for_until_the_line_has_ended(plan):
    line = make_line(plan, status="in_progress", ends_on=date(2026, 8, 20))
    make_update(line, "2026-Q3")

    assert remind(plan, night(date(2026, 8, 21))) == 0
    assert remind(plan, night(date(2026, 8, 20))) == 1
    assert OutgoingMail.objects.count() == 1


def test_two_reasons_on_one_day_make_one_mail(plan):
    make_line(plan, status="in_progress", ends_on=date(2026, 9, 15))
    make_line(plan, status="in_progress", ends_on=date(2026, 9, 15))

    assert remind(plan, SEPTEMBER) == 1
    assert (remind(plan, SEPTEMBER), OutgoingMail.objects.count()) == (0, 1)


def test_plan_that_was_put_away_sends_nothing():
    plan = make_plan(started_at=STARTED, archived_at=STARTED)
    make_line(plan, status="in_progress")
    with city_scope(plan.city_id):
        assert remind(plan, SEPTEMBER) == 0


def test_approved_plan_is_followed_up_too():
    plan = make_plan(started_at=STARTED, approved=True)
    make_line(plan, status="in_progress")
    with city_scope(plan.city_id):
        assert remind(plan, SEPTEMBER) == 1


def test_mail_is_neutral_and_holds_one_link_and_nothing_of_the_plan(plan, settings):
    settings.PUBLIC_ADDRESS = "https://jumelle.example.org"
    make_line(plan, "Secret action", lead="Secret lead", status="in_progress")

    remind(plan, SEPTEMBER)

    mail = OutgoingMail.objects.get()
    text = f"{mail.subject}\n{mail.body}"
    assert mail.to == plan.city.contact_email
    assert text.count("https://") == 1
    assert f"https://jumelle.example.org/fr/w/{plan.city.slug}/plans/{plan.pk}/follow-up/" in text
    assert "Secret" not in text
    assert plan.city.name not in text.replace(f"/{plan.city.slug}/", "/")
    assert text.split("\n\n")[0].count(".") == 3


def test_mail_on_a_date_alone_leads_to_what_needs_a_look(plan):
    make_update(make_line(plan, status="in_progress", ends_on=date(2026, 8, 10)), "2026-Q3")

    remind(plan, JULY)

    assert f"/plans/{plan.pk}/look/" in OutgoingMail.objects.get().body


def test_reminder_is_in_the_journal_and_the_plan_knows_its_day(plan):
    make_line(plan, status="in_progress")

    remind(plan, SEPTEMBER)

    assert Plan.objects.get(pk=plan.pk).reminded_on == date(2026, 9, 1)
    assert Event.objects.get(action="plan_reminded").object_id == str(plan.pk)


def test_each_city_is_reminded_of_its_own_plans(plan):
    other = make_plan(make_place(), started_at=STARTED)
    make_line(other, status="in_progress")

    assert remind(plan, SEPTEMBER) == 0
    with city_scope(other.city_id):
        assert remind(other, SEPTEMBER) == 1
        assert OutgoingMail.objects.get().to == other.city.contact_email


def test_mail_that_cannot_be_written_leaves_the_plan_unreminded(plan, monkeypatch):
    make_line(plan, status="in_progress")

    def fail(*args, **kwargs):
        raise NoReverseMatch

    monkeypatch.setattr("jumelle.action_plans.receivers.reverse", fail)

    with pytest.raises(NoReverseMatch):
        remind(plan, SEPTEMBER)
    assert Plan.objects.get(pk=plan.pk).reminded_on is None
    assert PlanLine.objects.count() == 1

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jumelle.action_plans.enums import VersionName
from jumelle.action_plans.models import Plan, PlanLine, PlanVersion
from jumelle.action_plans.operations import LineGiven, add_line, edit_line, make_version, remove_line
from jumelle.action_plans.tests.factories import LATER, NOW, make_line, make_plan
from jumelle.assessments.tests.factories import make_place
from jumelle.audit.models import Event
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db
PDF_BYTES = b"%PDF-1.7\n%test"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def plan(place):
    plan = make_plan(place)
    make_line(plan, "Open a café", complete=True, private_note="between officers")
    return plan


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


def url(plan, name, **kwargs):
    return reverse(f"action_plans:{name}", kwargs={"city": plan.city.slug, "pk": plan.pk, **kwargs})


def version_of(place, plan):
    with city_scope(place.here.id):
        return make_version(place=place, plan=plan, name=VersionName.FIRST_LIST, now=NOW)


def change(place, plan):
    """One line is reworded, and one is added, which is returned."""
    with city_scope(place.here.id):
        line = PlanLine.objects.get(plan=plan)
        edit_line(place=place, line=line, given=LineGiven("Open two cafés", revision=line.revision), now=LATER)
        return add_line(place=place, plan=plan, given=LineGiven("Train the volunteers"), now=LATER)


def approval(**changes):
    return {"body": "Municipal council", "approved_on": "2026-02-28", "document_url": "", **changes}


def test_version_is_kept_and_read_whole(client, plan):
    reply = client.post(url(plan, "versions"), {"name": "own", "own_name": "For the council"})

    page = client.get(reply["Location"]).content.decode()
    assert reply["Location"] == url(plan, "version", number=1)
    for words in ("For the council", "Open a café", "Thirty people have a place."):
        assert words in page
    assert "between officers" not in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [({"name": "own", "own_name": ""}, "Give the version a name of your own"), ({"name": "best"}, "Select a valid choice.")],
)
def test_version_without_a_name_is_refused(client, plan, data, sentence):
    page = client.post(url(plan, "versions"), data)

    assert page.status_code == 422
    assert sentence in page.content.decode()


def test_version_and_draft_are_compared_word_by_word(client, place, plan):
    version_of(place, plan)
    change(place, plan)

    page = client.get(url(plan, "compare")).content.decode()

    assert "Lines added: 1 · taken out: 0 · changed or moved: 1" in page
    for words in ("Train the volunteers", "<del>", "a café", "<ins>", "two cafés"):
        assert words in page


def test_any_two_states_are_compared_in_either_direction(client, place, plan):
    version_of(place, plan)
    gone = change(place, plan)
    version_of(place, plan)
    with city_scope(place.here.id):
        remove_line(place=place, line=gone, now=LATER)

    def sentence(old, new):
        page = client.get(url(plan, "compare"), {"from": old, "to": new}).content.decode()
        return page.partition("Lines added:")[2].partition("\n")[0].strip()

    assert sentence("1", "2") == "1 · taken out: 0 · changed or moved: 1"
    assert sentence("2", "1") == "0 · taken out: 1 · changed or moved: 1"
    assert sentence("2", "draft") == "0 · taken out: 1 · changed or moved: 0"
    assert sentence("99", "nonsense") == sentence("2", "draft")  # what does not exist falls back to the newest and the draft


def test_equal_states_are_said_to_be_equal(client, place, plan):
    version_of(place, plan)

    assert "the same, word for word" in client.get(url(plan, "compare")).content.decode()


def test_approval_with_a_file_freezes_the_plan_and_offers_a_harmless_download(client, place, plan):
    version_of(place, plan)

    client.post(url(plan, "approve", number=1), approval(document=SimpleUploadedFile("décision.pdf", PDF_BYTES)))
    reply = client.get(url(plan, "document", number=1))

    with city_scope(place.here.id):
        assert not Plan.objects.get().can_be_changed
    assert b"".join(reply.streaming_content) == PDF_BYTES
    assert reply.headers["Content-Type"] == "application/pdf"
    assert reply.headers["Content-Disposition"].startswith("attachment;")
    assert "d%C3%A9cision.pdf" in reply.headers["Content-Disposition"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert Event.objects.filter(action="plan_approval_read").count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"body": ""}, "This field is required."),
        ({"approved_on": "2999-01-01"}, "The day of the approval lies in the future."),
        ({"document_url": "javascript:alert(1)"}, "This is not a web address."),
        ({"document": SimpleUploadedFile("a.pdf", b"<html>")}, "This kind of file is not taken."),
        (
            {"document_url": "https://example.org", "document": SimpleUploadedFile("a.pdf", PDF_BYTES)},
            "Give a link or a file, not both.",
        ),
    ],
)
def test_approval_refused_says_why(client, place, plan, changes, sentence):
    version_of(place, plan)

    page = client.post(url(plan, "approve", number=1), approval(**changes))

    assert page.status_code == 422
    assert sentence in page.content.decode()
    with city_scope(place.here.id):
        assert Plan.objects.get().can_be_changed


def test_version_that_is_not_the_draft_any_more_is_not_approved(client, place, plan):
    version_of(place, plan)
    change(place, plan)

    page = client.get(url(plan, "approve", number=1)).content.decode()
    refused = client.post(url(plan, "approve", number=1), approval())

    assert "The plan was changed after this version was made." in page
    assert "Record the approval" not in page
    assert refused.status_code == 422


def test_approval_without_a_file_has_no_download(client, place, plan):
    version_of(place, plan)
    assert client.get(url(plan, "document", number=1)).status_code == 404

    client.post(url(plan, "approve", number=1), approval(document_url="https://example.org/decision"))

    assert client.get(url(plan, "document", number=1)).status_code == 404
    assert "https://example.org/decision" in client.get(url(plan, "version", number=1)).content.decode()


def test_mentor_city_reads_versions_and_does_not_approve(place, plan, signed_in):
    version_of(place, plan)
    mentor = signed_in(make_place(place.here, Role.MENTOR_OFFICER).user)

    assert "Open a café" in mentor.get(url(plan, "version", number=1)).content.decode()
    assert mentor.get(url(plan, "compare")).status_code == 200
    assert mentor.post(url(plan, "versions"), {"name": "revised"}).status_code == 403
    assert mentor.get(url(plan, "approve", number=1)).status_code == 403


def test_versions_of_another_plan_or_city_are_missing(client, place, plan):
    sibling, foreign = make_plan(place), make_plan()
    for other in (sibling, foreign):
        make_line(other)
        version_of(make_place(other.city), other)

    assert client.get(url(plan, "version", number=1)).status_code == 404
    assert client.get(url(foreign, "version", number=1)).status_code == 404
    with city_scope(place.here.id):
        assert PlanVersion.objects.filter(plan=plan).count() == 0


def test_day_of_the_version_is_the_day_it_was_made(client, place, plan):
    version_of(place, plan)

    with city_scope(place.here.id):
        assert PlanVersion.objects.get().made_at.date() == date(2026, 3, 1)
    assert "March 1, 2026" in client.get(url(plan, "version", number=1)).content.decode()

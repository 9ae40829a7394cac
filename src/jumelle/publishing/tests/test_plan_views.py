"""The files of a plan: who may take them, what is in them, what never is, what is written into the journal."""

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation

from jumelle.action_plans.content import from_json
from jumelle.action_plans.enums import LineStatus, VersionName
from jumelle.action_plans.models import LineComment, LineUpdate, Plan
from jumelle.action_plans.operations.versions import approve_version, make_version
from jumelle.action_plans.queries import content_of
from jumelle.action_plans.tests.factories import LATER, NOW, make_line, make_plan
from jumelle.assessments.tests.factories import make_place
from jumelle.audit.models import Event
from jumelle.audit.operations import verify_chain
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_member
from jumelle.publishing import plan_views
from jumelle.publishing.press import PrintingFailed

pytestmark = pytest.mark.django_db

SignIn = Callable[..., Client]
FORMATS = ("pdf", "docx", "xlsx", "json", "ics")
FILES = (*FORMATS, "blank")
CANARIES = ("CanaryPrivate", "CanaryComment", "CanaryAnswer", "CanaryRemoved", "CanaryEvidence")


def address(plan: Plan, name: str, *, language: str = "en", city: str = "", version: int = 0) -> str:
    with translation.override(language):
        found = reverse(f"publishing:plan_{name}", kwargs={"city": city or plan.city.slug, "pk": plan.pk})
    return f"{found}?version={version}" if version else found


def plan_with_secrets(place: Place) -> Plan:
    """A plan with everything in it that must stay behind, and one follow-up that may leave."""
    plan = make_plan(place, mentor="Hautepierre")
    line = make_line(plan, "Open a room", complete=True, measured=True, from_gap=True, private_note="CanaryPrivate")
    make_line(plan, "CanaryRemoved", removed=True)
    with city_scope(plan.city_id):
        LineComment.objects.create(city=plan.city, line=line, text="CanaryComment", answer="CanaryAnswer", written_at=NOW)
        LineUpdate.objects.create(
            city=plan.city,
            line=line,
            quarter="2026-Q1",
            status=LineStatus.IN_PROGRESS,
            sentence="The room is found",
            evidence_title="CanaryEvidence",
            made_at=NOW,
        )
    return plan


def version_of(plan: Plan, place: Place, *, approved: bool = False) -> None:
    with city_scope(plan.city_id):
        version = make_version(place=place, plan=plan, name=VersionName.REVISED, now=NOW)
        if approved:
            day = date(2026, 2, 26)
            approve_version(place=place, version=version, body="Town council", approved_on=day, today=NOW.date(), now=LATER)


def everything_in(answer: HttpResponse) -> str:
    """All text of a file, unpacked where it is packed."""
    body = answer.content
    if answer["Content-Type"] == "application/pdf":
        return subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, check=True).stdout.decode()
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return body.replace(b"\r\n ", b"").decode()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("version", [0, 1])
def test_no_file_holds_private_notes_or_comments(signed_in: SignIn, name: str, version: int):
    if name == "pdf" and not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    place = make_place()
    plan = plan_with_secrets(place)
    version_of(plan, place)

    text = everything_in(signed_in(place.user).get(address(plan, name, version=version)))

    assert [canary for canary in CANARIES if canary in text] == []
    assert ("Open a room" in text) == (name != "blank")


@pytest.mark.parametrize("name", FILES)
def test_files_have_their_type_and_a_neutral_name(signed_in: SignIn, name: str):
    place = make_place()
    plan = plan_with_secrets(place)

    answer = signed_in(place.user).get(address(plan, name))

    kind, ending = ("blank", "xlsx") if name == "blank" else ("draft", name)
    assert answer["Content-Type"] == plan_views.TYPES[ending]
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{place.here.slug}-action-plan-{kind}-')
    assert answer["Content-Disposition"].endswith(f'-en.{ending}"')


def test_draft_is_what_the_lines_say_today_and_a_version_what_it_kept(signed_in: SignIn):
    place = make_place()
    plan = make_plan(place)
    make_line(plan, "Kept as it was")
    version_of(plan, place)
    make_line(plan, "Added since")
    client = signed_in(place.user)

    draft = from_json(client.get(address(plan, "json")).content.decode())
    version = from_json(client.get(address(plan, "json", version=1)).content.decode())

    assert [line.action for line in draft.lines] == ["Kept as it was", "Added since"]
    assert (draft.version, version.version, version.version_name) == (0, 1, "revised")
    assert [line.action for line in version.lines] == ["Kept as it was"]


def test_json_is_the_whole_content(signed_in: SignIn):
    place = make_place()
    plan = plan_with_secrets(place)

    exported = from_json(signed_in(place.user).get(address(plan, "json")).content.decode())

    with city_scope(plan.city_id):
        content = content_of(plan, NOW)
    assert (exported.lines, exported.title, exported.mentor) == (content.lines, content.title, content.mentor)


def test_approval_stands_in_the_version_that_was_approved(signed_in: SignIn):
    place = make_place()
    plan = plan_with_secrets(place)
    version_of(plan, place, approved=True)
    client = signed_in(place.user)

    version, draft = (everything_in(client.get(address(plan, "docx", version=number))) for number in (1, 0))

    assert "Town council" in version
    assert "Town council" not in draft
    assert "Town council" in everything_in(client.get(address(plan, "ics", version=1)))


def test_latest_news_stands_in_the_draft(signed_in: SignIn):
    place = make_place()
    plan = plan_with_secrets(place)
    version_of(plan, place)
    client = signed_in(place.user)

    draft, version = (everything_in(client.get(address(plan, "docx", version=number))) for number in (0, 1))

    assert "The room is found" in draft
    assert "The room is found" not in version


def test_calendar_counts_the_changes_of_a_line(signed_in: SignIn):
    place = make_place()
    plan = make_plan(place)
    line = make_line(plan, complete=True, revision=4)

    text = everything_in(signed_in(place.user).get(address(plan, "ics")))

    assert text.count("SEQUENCE:4") == 2
    assert f"UID:{line.pk}-start@jumelle" in text


@pytest.mark.parametrize("name", FILES)
def test_each_export_is_written_into_the_journal(signed_in: SignIn, name: str):
    place = make_place()
    plan = plan_with_secrets(place)

    signed_in(place.user).get(address(plan, name))

    event = Event.objects.get(chain=place.chain, action="plan_exported")
    assert (event.actor, event.object_type, event.object_id) == (str(place.user.pk), "plan", str(plan.pk))
    kind: dict[str, Any] = {"format": "xlsx", "what": "blank"} if name == "blank" else {"format": name}
    assert event.data == {"language": "en", "version": 0, **kind}
    assert verify_chain(place.chain) == []


@pytest.mark.parametrize("name", FILES)
def test_plan_of_another_city_is_missing(signed_in: SignIn, name: str):
    here, elsewhere = make_place(), make_place()
    foreign = plan_with_secrets(elsewhere)

    answer = signed_in(here.user).get(address(foreign, name, city=here.here.slug))

    assert answer.status_code == 404
    assert not Event.objects.filter(action="plan_exported").exists()


@pytest.mark.parametrize("number", ["2", "-1", "1.0", "x", "٢", "99999999999999999999", "00001"])
def test_version_that_the_plan_does_not_have_is_missing(signed_in: SignIn, number: str):
    place = make_place()
    plan = plan_with_secrets(place)
    version_of(plan, place)

    answer = signed_in(place.user).get(address(plan, "json") + f"?version={number}")

    assert answer.status_code == 404
    assert not Event.objects.filter(action="plan_exported").exists()


def test_unknown_plan_is_missing(signed_in: SignIn):
    place = make_place()

    answer = signed_in(place.user).get(address(Plan(pk=uuid4(), city=place.here), "pdf"))

    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.SUPPORT_GROUP_MEMBER, 200), (Role.MENTOR_OFFICER, 200), (Role.VOLUNTEER, 403), (Role.PROVIDER_STAFF, 403)],
)
def test_only_those_who_read_the_plan_take_it_out(signed_in: SignIn, role: Role, status: int):
    place = make_place()
    plan = plan_with_secrets(place)

    answer = signed_in(make_member(place.here, role)).get(address(plan, "docx"))

    assert answer.status_code == status


def test_pdf_that_fails_says_what_to_do_instead(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch):
    def fail(*args: object, **kwargs: object) -> bytes:
        raise PrintingFailed("plan.typ: nothing goes")

    place = make_place()
    plan = plan_with_secrets(place)
    monkeypatch.setattr(plan_views, "pdf_of", fail)

    answer = signed_in(place.user).get(address(plan, "pdf"), follow=True)

    assert "Take the DOCX file" in answer.content.decode()
    assert not Event.objects.filter(action="plan_exported").exists()


def test_plan_without_a_date_gives_no_calendar(signed_in: SignIn):
    place = make_place()
    plan = make_plan(place)
    make_line(plan)

    answer = signed_in(place.user).get(address(plan, "ics"), follow=True)

    assert "The plan has no date yet" in answer.content.decode()
    assert not Event.objects.filter(action="plan_exported").exists()

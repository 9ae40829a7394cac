from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jumelle.action_plans.content import to_json
from jumelle.action_plans.enums import VersionName
from jumelle.action_plans.models import Approval, Measure, Plan, PlanLine, PlanVersion
from jumelle.action_plans.operations import (
    ApprovedAlready,
    ApprovedInFuture,
    BodyMissing,
    ChangedSinceVersion,
    LineGiven,
    LinkAndFile,
    NameMissing,
    NothingToKeep,
    NotTheNewest,
    PlanApproved,
    approve_version,
    edit_line,
    make_version,
    remove_line,
    show_line,
    start_revision,
)
from jumelle.action_plans.queries import content_of, version_content, versions_of
from jumelle.action_plans.tests.factories import LATER, NOW, make_line, make_plan
from jumelle.assessments.operations import FileTypeRefused, LinkRefused
from jumelle.assessments.tests.factories import make_place
from jumelle.audit.models import Event
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db
PDF_BYTES = b"%PDF-1.7\n%test"
TODAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def plan(place):
    plan = make_plan(place)
    make_line(plan, "Open a café", complete=True, measured=True, from_gap=True, private_note="between us")
    return plan


def version_of(place, plan, name=VersionName.FIRST_LIST, own_name=""):
    with city_scope(place.here.id):
        return make_version(place=place, plan=plan, name=name, own_name=own_name, now=NOW)


def approve(place, version, **given):
    given = {"body": "Municipal council", "approved_on": date(2026, 2, 28), "today": TODAY, **given}
    with city_scope(place.here.id):
        return approve_version(place=place, version=version, now=LATER, **given)


def edit(place, plan, action="Open two cafés"):
    with city_scope(place.here.id):
        line = PlanLine.objects.filter(plan=plan).first()
        return edit_line(place=place, line=line, given=LineGiven(action, revision=line.revision), now=LATER)


def test_version_keeps_the_whole_plan_and_no_private_note(place, plan):
    version = version_of(place, plan)

    with city_scope(place.here.id):
        draft, kept = content_of(plan, NOW), version_content(version)
    assert (kept.version, kept.version_name, kept.lines) == (1, "first_list", draft.lines)
    assert "between us" not in to_json(kept)


def test_version_never_changes_whatever_happens_to_the_plan(place, plan):
    version = version_of(place, plan)
    before = version.content

    edit(place, plan)
    version_of(place, plan, VersionName.REVISED)
    with city_scope(place.here.id):
        remove_line(place=place, line=PlanLine.objects.get(), now=LATER)
        stored = {each.number: each.content for each in PlanVersion.objects.all()}

    assert stored[1] == before
    with city_scope(place.here.id):
        assert [version_content(PlanVersion.objects.get(number=number)).lines[0].action for number in (1, 2)] == [
            "Open a café",
            "Open two cafés",
        ]


def test_versions_are_counted_per_plan_and_come_newest_first(place, plan):
    other = make_plan(place)
    make_line(other)
    version_of(place, other)
    version_of(place, plan)
    version_of(place, plan, VersionName.OWN, "For the council")

    with city_scope(place.here.id):
        assert [(each.number, each.name, each.own_name) for each in versions_of(plan)] == [
            (2, "own", "For the council"),
            (1, "first_list", ""),
        ]


def test_version_of_an_empty_plan_or_without_a_name_is_refused(place, plan):
    with pytest.raises(NothingToKeep):
        version_of(place, make_plan(place))
    with pytest.raises(NameMissing):
        version_of(place, plan, VersionName.OWN, " ")


def test_approval_freezes_the_plan_until_a_new_version_is_started(place, plan):
    approve(place, version_of(place, plan))

    with pytest.raises(PlanApproved):
        edit(place, plan)
    with pytest.raises(PlanApproved):
        version_of(place, plan, VersionName.REVISED)
    with city_scope(place.here.id):
        start_revision(place=place, plan=plan, reason="The budget has changed", now=LATER)
    edit(place, plan)

    approve(place, version_of(place, plan, VersionName.REVISED))
    with city_scope(place.here.id):
        assert [each.approval.body for each in versions_of(plan)] == ["Municipal council", "Municipal council"]
        assert not Plan.objects.get(pk=plan.pk).can_be_changed


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"body": " "}, BodyMissing),
        ({"body": "x" * 201}, BodyMissing),
        ({"approved_on": date(2026, 3, 2)}, ApprovedInFuture),
        ({"document_url": "javascript:alert(1)"}, LinkRefused),
        ({"document_url": "https://example.org", "upload": SimpleUploadedFile("a.pdf", PDF_BYTES)}, LinkAndFile),
        ({"upload": SimpleUploadedFile("a.pdf", b"<html><script>")}, FileTypeRefused),
    ],
)
def test_approval_refused_leaves_the_plan_open(place, plan, given, refusal):
    version = version_of(place, plan)

    with pytest.raises(refusal):
        approve(place, version, **given)

    with city_scope(place.here.id):
        assert not Approval.objects.exists()
    assert edit(place, plan).changed


def test_only_the_newest_version_of_an_unchanged_plan_can_be_approved(place, plan):
    first, second = version_of(place, plan), version_of(place, plan, VersionName.REVISED)

    with pytest.raises(NotTheNewest):
        approve(place, first)
    edit(place, plan)
    with pytest.raises(ChangedSinceVersion):
        approve(place, second)


def test_follow_up_and_publicity_do_not_stand_in_the_way_of_an_approval(place, plan):
    version = version_of(place, plan)
    with city_scope(place.here.id):
        line = PlanLine.objects.get()
        show_line(place=place, line=line, is_public=True, now=LATER)
        PlanLine.objects.update(status="in_progress")
        Measure.objects.update(reached="12", reached_on=TODAY)

    assert approve(place, version).body == "Municipal council"


def test_version_is_approved_once(place, plan):
    version = version_of(place, plan)
    approve(place, version)

    with pytest.raises(ApprovedAlready):
        approve(place, version)


def test_document_is_kept_under_a_random_name_with_its_own_name_beside(place, plan):
    approval = approve(place, version_of(place, plan), upload=SimpleUploadedFile("délibération.pdf", PDF_BYTES))

    assert approval.document.read() == PDF_BYTES
    assert approval.document_name == "délibération.pdf"
    assert "lib" not in approval.document.name
    event = Event.objects.get(action="plan_approved")
    assert event.data == {"plan": str(plan.pk), "number": 1}

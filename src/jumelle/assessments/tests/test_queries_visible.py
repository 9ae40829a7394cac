import pytest

from jumelle.accounts.models import User
from jumelle.assessments.enums import EvidenceAudience, Subject
from jumelle.assessments.operations import remove_evidence
from jumelle.assessments.queries import (
    assessments_visible_to,
    evidence_visible_to,
    is_in_team,
    removed_evidence,
    sees_names,
)
from jumelle.assessments.rules import Standpoint
from jumelle.assessments.tests.factories import LATER, make_assessment, make_link, make_place
from jumelle.cities.access import Place
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_city, make_organisation

pytestmark = pytest.mark.django_db
EVERYTHING = ["city open", "city finished", "department", "theirs", "another's", "practice"]


@pytest.fixture
def world():
    """One city with an assessment of each sort, and a second city with one."""
    officer = make_place()
    city = officer.city
    theirs, others = make_organisation(city, "theirs"), make_organisation(city, "others")
    department = make_organisation(city, "library", is_department=True)
    made = {
        "city open": make_assessment(officer),
        "city finished": make_assessment(officer, finished=True),
        "department": make_assessment(officer, subject=Subject.DEPARTMENT, organisation=department),
        "theirs": make_assessment(officer, organisation=theirs),
        "another's": make_assessment(officer, organisation=others),
        "practice": make_assessment(officer, subject=Subject.PRACTICE, subject_name="Café"),
    }
    make_assessment()
    return officer, made, theirs


def role_place(world, role) -> Place:
    officer, _made, theirs = world
    if role == "break_glass":
        return Place(user=officer.user, city=officer.city, roles=frozenset({"break_glass"}))
    return make_place(officer.city, role, organisation=theirs if role == Role.PROVIDER_STAFF else None)


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (Role.INTEGRATION_OFFICER, EVERYTHING),
        (Role.CITY_ADMIN, EVERYTHING),
        ("break_glass", EVERYTHING),
        (Role.SUPPORT_GROUP_MEMBER, ["city open", "city finished"]),
        (Role.PROVIDER_STAFF, ["theirs"]),
        (Role.LEARNER, []),
        (Role.VOLUNTEER, []),
        (Role.MENTOR_OFFICER, []),
    ],
)
def test_each_role_sees_its_assessments(world, role, seen):
    _officer, made, _theirs = world
    place = role_place(world, role)

    with city_scope(place.city.id):
        found = set(assessments_visible_to(place))

    assert {name for name, assessment in made.items() if assessment in found} == set(seen)
    assert len(found) == len(seen)


def test_staff_whose_membership_ended_sees_nothing(world):
    officer, _made, theirs = world
    place = make_place(officer.city, Role.PROVIDER_STAFF, organisation=theirs, ended_at=LATER)

    with city_scope(place.city.id):
        assert list(assessments_visible_to(place)) == []


def test_volunteer_of_an_organisation_is_not_its_staff(world):
    officer, _made, theirs = world
    place = make_place(officer.city, Role.VOLUNTEER, organisation=theirs)
    both = Place(user=place.user, city=place.city, roles=frozenset({Role.VOLUNTEER, Role.PROVIDER_STAFF}))

    with city_scope(place.city.id):
        assert list(assessments_visible_to(both)) == []


def test_roles_of_another_city_open_nothing_here(world):
    officer, made, _theirs = world
    elsewhere = make_place(make_city())

    with city_scope(elsewhere.city.id):
        assert list(assessments_visible_to(elsewhere)) == []
    with city_scope(officer.city.id):
        assert set(assessments_visible_to(officer)) == set(made.values())


PERMISSIONS = ("answer", "add_evidence", "choose_factors", "finish", "reopen")


@pytest.mark.parametrize(
    ("role", "name", "allowed"),
    [
        (Role.INTEGRATION_OFFICER, "city open", {"answer", "add_evidence", "choose_factors", "finish"}),
        (Role.CITY_ADMIN, "another's", {"answer", "add_evidence", "choose_factors", "finish"}),
        (Role.INTEGRATION_OFFICER, "city finished", {"choose_factors", "reopen"}),
        (Role.SUPPORT_GROUP_MEMBER, "city open", {"answer", "add_evidence"}),
        (Role.SUPPORT_GROUP_MEMBER, "city finished", set()),
        (Role.SUPPORT_GROUP_MEMBER, "department", set()),
        (Role.PROVIDER_STAFF, "theirs", {"answer", "add_evidence"}),
        (Role.PROVIDER_STAFF, "another's", set()),
        (Role.PROVIDER_STAFF, "city open", set()),
        ("break_glass", "city open", set()),
        (Role.VOLUNTEER, "city open", set()),
    ],
)
def test_each_role_may_do_what_the_rules_say(world, role, name, allowed):
    _officer, made, _theirs = world
    place = role_place(world, role)

    with city_scope(place.city.id):
        at = Standpoint(place, made[name])
        granted = {permission for permission in PERMISSIONS if place.user.has_perm(f"assessments.{permission}", at)}

    assert granted == allowed


def test_person_who_is_not_active_may_do_nothing(world):
    officer, made, _theirs = world
    User.objects.filter(pk=officer.user.pk).update(is_active=False)
    officer.user.refresh_from_db()

    with city_scope(officer.city.id):
        assert not officer.user.has_perm("assessments.answer", Standpoint(officer, made["city open"]))


@pytest.mark.parametrize(
    ("role", "audiences"),
    [
        (Role.INTEGRATION_OFFICER, {"team", "city", "public"}),
        (Role.SUPPORT_GROUP_MEMBER, {"team", "city", "public"}),
        ("break_glass", {"city", "public"}),
        (Role.PROVIDER_STAFF, {"city", "public"}),
    ],
)
def test_evidence_is_shown_to_its_audience(world, role, audiences):
    officer, made, _theirs = world
    for audience in EvidenceAudience:
        make_link(officer, made["city open"], "KF1.Q1", audience)
    place = role_place(world, role)

    with city_scope(place.city.id):
        found = {piece.audience for piece in evidence_visible_to(place, made["city open"])}

    assert found == audiences


def test_removed_evidence_is_only_for_the_team(world):
    officer, made, _theirs = world
    link = make_link(officer, made["city open"], "KF1.Q1", EvidenceAudience.PUBLIC)
    reader = role_place(world, "break_glass")

    with city_scope(officer.city.id):
        remove_evidence(place=officer, evidence=link, now=LATER)

        assert list(evidence_visible_to(officer, made["city open"])) == []
        assert list(removed_evidence(officer, made["city open"])) == [link]
        assert list(removed_evidence(reader, made["city open"])) == []


def test_team_of_a_finished_assessment_stays_its_team(world):
    officer, made, _theirs = world

    with city_scope(officer.city.id):
        assert is_in_team(officer, made["city finished"])


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.INTEGRATION_OFFICER, True),
        (Role.CITY_ADMIN, True),
        (Role.PROVIDER_STAFF, True),
        ("break_glass", True),
        (Role.SUPPORT_GROUP_MEMBER, False),
    ],
)
def test_support_group_reads_no_names(role, expected):
    assert sees_names(Place(roles=frozenset({role}))) is expected

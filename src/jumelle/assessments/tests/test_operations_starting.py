from datetime import date

import pytest

from jumelle.assessments.enums import Subject
from jumelle.assessments.models import Answer, Assessment
from jumelle.assessments.operations import (
    OrganisationMissing,
    OrganisationUnsuitable,
    PeriodBackwards,
    ThemeUnknown,
    ToolkitNotAvailable,
    start_assessment,
)
from jumelle.assessments.tests.factories import (
    BENCHMARK,
    CHECKLIST,
    NOW,
    make_assessment,
    make_place,
    make_shipped_version,
)
from jumelle.audit.models import Event
from jumelle.cities.enums import OrganisationType
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_organisation
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.operations import withdraw_version
from jumelle.toolkits.tests.factories import make_version

pytestmark = pytest.mark.django_db
NOT_FOR_NGOS = [
    "UT3.C02",
    "UT3.C11",
    "UT3.C12",
    "UT3.C13",
    "UT4LA.C01",
    "UT4LA.C02",
    "UT4LA.C03",
    "UT4LA.C04",
    "UT4LA.C05",
    "UT6.C09",
]


def proposals(assessment: Assessment) -> list[str]:
    return sorted(Answer.objects.filter(assessment=assessment, proposed=True, value="na").values_list("item_code", flat=True))


def test_start_for_an_ngo_proposes_what_is_not_for_ngos():
    place = make_place()
    ngo = make_organisation(place.city, kind=OrganisationType.NGO)

    assessment = make_assessment(place, make_shipped_version(CHECKLIST), organisation=ngo)

    with city_scope(place.city.id):
        assert proposals(assessment) == NOT_FOR_NGOS
        assert set(Answer.objects.values_list("answered_by", "revision")) == {(None, 1)}
        assert assessment.organisation_type == OrganisationType.NGO
        assert assessment.subject_name == ngo.name


def test_start_for_the_city_proposes_nothing():
    place = make_place()

    assessment = make_assessment(place, make_shipped_version(CHECKLIST))

    with city_scope(place.city.id):
        assert Answer.objects.count() == 0
    assert (assessment.subject_name, assessment.organisation_type) == (place.city.name, "local_authority")


def test_start_keeps_the_order_of_the_toolkit_and_only_the_chosen_themes():
    assessment = make_assessment(version=make_shipped_version(CHECKLIST), themes=["UTG", "UT2"])

    assert assessment.themes == ["UT2", "UTG"]


def test_proposal_for_a_scale_without_such_a_level_is_stored_all_the_same():
    place = make_place()

    assessment = make_assessment(place, make_version())

    with city_scope(place.city.id):
        assert proposals(assessment) == ["A.Q1"]


def test_start_is_recorded_without_content():
    place = make_place()

    assessment = make_assessment(place)

    event = Event.objects.get(action="assessment_started")
    assert (event.chain, event.object_id, event.actor) == (place.chain, str(assessment.pk), str(place.user.pk))
    assert set(event.data) == {"toolkit", "version", "themes", "proposed_not_applicable"}


@pytest.mark.parametrize("themes", [["NOPE"], ["KF1", "NOPE"], ["CF"]], ids=["unknown", "one unknown", "context only"])
def test_start_refuses_themes_without_questions(themes):
    with pytest.raises(ThemeUnknown):
        make_assessment(themes=themes)


@pytest.mark.parametrize(
    ("subject", "department", "error"),
    [
        (Subject.ORGANISATION, None, OrganisationMissing),
        (Subject.DEPARTMENT, None, OrganisationMissing),
        (Subject.ORGANISATION, True, OrganisationUnsuitable),
        (Subject.DEPARTMENT, False, OrganisationUnsuitable),
    ],
)
def test_start_refuses_an_organisation_that_does_not_fit(subject, department, error):
    place = make_place()
    organisation = None if department is None else make_organisation(place.city, is_department=department)

    with pytest.raises(error):
        make_assessment(place, subject=subject, organisation=organisation)


def test_practice_needs_no_organisation_and_takes_its_type():
    place = make_place()
    school = make_organisation(place.city, kind=OrganisationType.EDUCATION)

    alone = make_assessment(place, subject=Subject.PRACTICE, subject_name="Café", organisation_type="ngo")
    at_school = make_assessment(place, subject=Subject.PRACTICE, subject_name="Café", organisation=school)

    assert (alone.subject_name, alone.organisation_type, alone.organisation) == ("Café", "ngo", None)
    assert at_school.organisation_type == OrganisationType.EDUCATION


def test_start_refuses_a_period_that_ends_before_it_starts():
    place, version = make_place(), make_shipped_version()

    with city_scope(place.city.id), pytest.raises(PeriodBackwards):
        start_assessment(
            place=place,
            version=version,
            subject=Subject.CITY,
            themes=["KF1"],
            period_start_on=date(2026, 2, 1),
            period_end_on=date(2026, 1, 31),
            now=NOW,
        )


@pytest.mark.parametrize("state", ["draft", "withdrawn", "form"])
def test_start_refuses_a_toolkit_that_is_not_published_or_is_a_form(state):
    if state == "draft":
        version = make_version(status=VersionStatus.DRAFT)
    elif state == "withdrawn":
        version = withdraw_version(version=make_version(), reason="outdated", now=NOW)
    else:
        version = make_shipped_version("needs-analysis")

    with pytest.raises(ToolkitNotAvailable):
        make_assessment(version=version, themes=["A"])


def test_benchmark_theme_with_context_only_counts_nothing_but_can_be_chosen_beside_others():
    assessment = make_assessment(version=make_shipped_version(BENCHMARK), themes=["CF", "KF1"])

    assert assessment.themes == ["KF1", "CF"]

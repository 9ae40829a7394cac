"""Comparing with others: who consents, what is told before, what lies on the table, and that the end of a consent ends everything."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jumelle.assessments import operations
from jumelle.assessments.enums import Subject
from jumelle.assessments.models import Assessment, ComparisonSide
from jumelle.assessments.operations import decline_comparison, record_comparison_read
from jumelle.assessments.queries.comparing import (
    assessments_spoken_for,
    can_be_laid,
    cities_near,
    sheets_by_consent,
    sides_spoken_for,
    speaks_for,
    waiting_for,
)
from jumelle.assessments.tests.comparisons import consent, end, make_version, neighbours, propose, seen_by, side_in
from jumelle.assessments.tests.factories import (
    CHECKLIST,
    LATER,
    NOW,
    give,
    make_assessment,
    make_link,
    make_place,
    make_shipped_version,
)
from jumelle.audit.models import Event
from jumelle.cities.enums import Role
from jumelle.cities.models import Network
from jumelle.cities.tenancy import NoCityScope, city_scope, no_city
from jumelle.cities.tests.factories import make_association, make_city, make_organisation
from jumelle.engines.scoring.tally import State
from jumelle.toolkits.queries import package_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    """Officers of two cities of one association."""
    return neighbours("Alba", "Brume")


def states(found):
    return [{code: mark.state for code, mark in side.marks.items() if mark.state is not State.UNANSWERED} for side in found.sides]


def acts(place):
    """What the journal of a city says of comparisons: action and whether it names who."""
    found = Event.objects.filter(chain=place.chain, action__startswith="comparison").order_by("number")
    return [(event.action, event.actor, event.data.get("by_city", "")) for event in found]


# --- proposing --------------------------------------------------------------------------------------------------------


def test_a_proposal_lays_the_own_assessment_and_one_empty_row_in_the_other_city(two):
    alba, brume = two
    assessment = make_assessment(alba)

    comparison = propose(alba, assessment, cities=[brume.city], title="  Language, side by side ", shares_context=True)

    with city_scope(alba.city.pk):
        own = ComparisonSide.objects.get()
    with city_scope(brume.city.pk):
        theirs = ComparisonSide.objects.get()
    assert (comparison.title, comparison.toolkit, comparison.started_by_city) == (
        "Language, side by side",
        assessment.toolkit_version.toolkit,
        alba.city,
    )
    assert (own.assessment_id, own.agreed_by_id, own.agreed_at, own.shares_context) == (assessment.pk, alba.user.pk, NOW, True)
    assert (theirs.assessment_id, theirs.agreed_at, theirs.shares_context, theirs.comparison_id) == (None, None, False, comparison.pk)
    assert acts(alba) == [("comparison_proposed", str(alba.user.pk), "")]
    assert acts(brume) == [("comparison_proposed_by_other_city", "", "alba")]


def test_an_organisation_of_the_city_is_asked_and_a_department_is_laid_at_once(two):
    alba, _brume = two
    theirs = make_organisation(alba.city, "theirs")
    library = make_organisation(alba.city, "library", is_department=True)
    ngo = make_assessment(alba, organisation=theirs)
    department = make_assessment(alba, subject=Subject.DEPARTMENT, organisation=library)

    propose(alba, make_assessment(alba), others=[ngo, department])

    with city_scope(alba.city.pk):
        agreed = {side.assessment_id: side.is_shown for side in ComparisonSide.objects.all()}
    assert (agreed[ngo.pk], agreed[department.pk], len(agreed)) == (False, True, 3)


def test_proposals_that_cannot_be(two):
    alba, brume = two
    city, again = make_assessment(alba), make_assessment(alba)
    ngo = make_assessment(alba, organisation=make_organisation(alba.city, "theirs"))
    checklist = make_assessment(alba, make_shipped_version(CHECKLIST))
    many = neighbours(*"CDEFGH")
    stranger = make_city()

    for refused, sides in (
        (operations.NobodyAsked, {}),
        (operations.LaidAlready, {"others": [city]}),
        (operations.LaidAlready, {"others": [again, again]}),
        (operations.AnotherToolkit, {"others": [checklist]}),
        (operations.CityOutOfReach, {"cities": [stranger]}),
        (operations.CityOutOfReach, {"cities": [alba.city]}),
        (operations.CityOutOfReach, {"cities": [brume.city, brume.city]}),
        (operations.TooManySides, {"cities": [place.city for place in many]}),
    ):
        with pytest.raises(refused):
            propose(alba, city, **sides)
    with pytest.raises(operations.NotYoursToLay):
        propose(alba, ngo, cities=[brume.city])
    with city_scope(alba.city.pk):
        assert ComparisonSide.objects.count() == 0


def test_cities_of_the_network_are_near_and_others_are_not():
    network = Network.objects.create(slug="roof", name="Roof")
    one, other = make_association(network=network), make_association(network=network)
    alba, brume, cote, far = make_city("alba", one), make_city("brume", one), make_city("cote", other), make_city("far")

    assert [city.slug for city in cities_near(alba)] == ["alba", "brume", "cote"]
    assert list(cities_near(far)) == [far]
    assert brume in cities_near(cote)


# --- who consents -----------------------------------------------------------------------------------------------------


def test_each_speaks_for_itself_only(two):
    alba, _brume = two
    theirs = make_organisation(alba.city, "theirs")
    library = make_organisation(alba.city, "library", is_department=True)
    made = {
        "city": make_assessment(alba),
        "department": make_assessment(alba, subject=Subject.DEPARTMENT, organisation=library),
        "ngo": make_assessment(alba, organisation=theirs),
        "practice": make_assessment(alba, subject=Subject.PRACTICE, subject_name="Café"),
        "practice of the ngo": make_assessment(alba, subject=Subject.PRACTICE, subject_name="Table", organisation=theirs),
    }
    people = {
        "officer": alba,
        "admin": make_place(alba.city, Role.CITY_ADMIN),
        "staff": make_place(alba.city, Role.PROVIDER_STAFF, organisation=theirs),
        "staff of another": make_place(alba.city, Role.PROVIDER_STAFF, organisation=make_organisation(alba.city)),
        "staff of the library": make_place(alba.city, Role.PROVIDER_STAFF, organisation=library),
        "staff that left": make_place(alba.city, Role.PROVIDER_STAFF, organisation=theirs, ended_at=LATER),
        "support group": make_place(alba.city, Role.SUPPORT_GROUP_MEMBER),
        "volunteer": make_place(alba.city, Role.VOLUNTEER, organisation=theirs),
    }

    with city_scope(alba.city.pk):
        found = {who: {name for name, assessment in made.items() if speaks_for(place, assessment)} for who, place in people.items()}
        listed = {who: set(assessments_spoken_for(place)) for who, place in people.items()}

    of_the_city = {"city", "department", "practice"}
    assert found == {
        "officer": of_the_city,
        "admin": of_the_city,
        "staff": {"ngo", "practice of the ngo"},
        **{who: set() for who in ("staff of another", "staff of the library", "staff that left", "support group", "volunteer")},
    }
    assert listed == {who: {made[name] for name in names} for who, names in found.items()}


def test_an_officer_cannot_consent_for_an_organisation_of_the_own_city(two):
    alba, _brume = two
    theirs = make_organisation(alba.city, "theirs")
    ngo = make_assessment(alba, organisation=theirs)
    staff = make_place(alba.city, Role.PROVIDER_STAFF, organisation=theirs)
    comparison = propose(alba, make_assessment(alba), others=[ngo])

    with city_scope(alba.city.pk):
        asked = ComparisonSide.objects.get(assessment=ngo)
        assert asked not in sides_spoken_for(alba)
        assert list(sides_spoken_for(staff)) == [asked]
        for assessment in (ngo, Assessment.objects.exclude(pk=ngo.pk).first()):
            with pytest.raises(operations.NotYoursToLay):
                operations.agree_to_comparison(place=alba, side=asked, assessment=assessment, shares_context=False, now=LATER)
    assert len(seen_by(alba, comparison).sides) == 1
    consent(staff, comparison, ngo)
    assert len(seen_by(alba, comparison).sides) == 2


def test_what_can_be_laid_is_of_the_same_toolkit_and_one_s_own(two):
    alba, brume = two
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])
    fitting = make_assessment(brume, finished=True)
    make_assessment(brume, make_shipped_version(CHECKLIST))
    make_assessment(brume, organisation=make_organisation(brume.city))

    with city_scope(brume.city.pk):
        assert can_be_laid(brume, comparison, side_in(brume, comparison)) == [fitting]


def test_consents_that_cannot_be(two):
    alba, brume = two
    first = make_assessment(alba)
    comparison = propose(alba, first, cities=[brume.city], others=[make_assessment(alba)])
    asked = side_in(brume, comparison)
    other = make_assessment(brume, make_shipped_version(CHECKLIST))

    with city_scope(brume.city.pk), pytest.raises(operations.AnotherToolkit):
        operations.agree_to_comparison(place=brume, side=asked, assessment=other, shares_context=False, now=LATER)
    with city_scope(alba.city.pk):
        one, two_of_them = sides_spoken_for(alba).order_by("pk")
        with pytest.raises(operations.TakesPartAlready):
            operations.agree_to_comparison(place=alba, side=one, assessment=first, shares_context=True, now=LATER)
        with pytest.raises(operations.TakesPartAlready):
            decline_comparison(place=alba, side=one, now=LATER)
        operations.end_consent(place=alba, side=one, now=LATER)
        with pytest.raises(operations.LaidAlready):
            operations.agree_to_comparison(place=alba, side=one, assessment=two_of_them.assessment, shares_context=True, now=LATER)


# --- what lies on the table -------------------------------------------------------------------------------------------


def test_before_it_agrees_a_city_learns_title_toolkit_and_who_asks_and_nothing_else():
    alba, brume, cote = neighbours("Alba", "Brume", "Cote")
    own = make_assessment(alba)
    give(alba, own, "KF1.Q1", "yes")
    comparison = propose(alba, own, cities=[brume.city, cote.city])
    consent(cote, comparison)

    found = seen_by(brume, comparison)

    assert [(part.name, part.is_mine, part.runs) for part in found.parts] == [("Brume", True, False)]
    assert (found.comparison.title, found.comparison.started_by_city.name) == ("Side by side", "Alba")
    assert (found.sides, found.takes_part) == ((), False)


def test_a_city_that_was_asked_and_said_nothing_is_known_to_the_asking_city_only():
    alba, brume, cote = neighbours("Alba", "Brume", "Cote")
    comparison = propose(alba, make_assessment(alba), cities=[brume.city, cote.city])
    consent(cote, comparison)
    side = side_in(brume, comparison)
    with city_scope(brume.city.pk):
        decline_comparison(place=brume, side=side, now=LATER)

    assert [part.name for part in seen_by(alba, comparison).parts] == ["Alba", "Brume", "Cote"]
    assert [part.name for part in seen_by(cote, comparison).parts] == ["Cote", "Alba"]
    assert acts(cote)[-1][0] == "comparison_declined_by_other_city"


def test_two_cities_that_agreed_see_the_same_own_side_first(two):
    alba, brume = two
    ours, theirs = make_assessment(alba), make_assessment(brume, make_version(), themes=["KF1", "CF"])
    give(alba, ours, "KF1.Q1", "yes")
    give(brume, theirs, "KF1.Q1", "no")
    comparison = propose(alba, ours, cities=[brume.city])
    consent(brume, comparison, theirs)

    here, there = seen_by(alba, comparison), seen_by(brume, comparison)

    assert [side.name for side in here.sides] == ["Alba", "Brume"]
    assert [side.name for side in there.sides] == ["Brume", "Alba"]
    assert states(here) == states(there)[::-1] == [{"KF1.Q1": State.MET}, {"KF1.Q1": State.UNMET}]


def test_notes_evidence_names_and_words_never_leave_and_context_only_where_it_is_shared(two):
    alba, brume = two
    theirs = make_assessment(brume)
    give(brume, theirs, "KF1.Q1", "no", note="SECRET NOTE")
    in_words = next(item.code for item in package_of(theirs.toolkit_version).answerable() if item.is_open)
    give(brume, theirs, in_words, text="SECRET WORDS")
    give(brume, theirs, "CF.F1", text="A law of 2024.", note="SECRET CONTEXT NOTE")
    make_link(brume, theirs, "KF1.Q1", title="SECRET LINK")
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])

    consent(brume, comparison, theirs)
    without = repr(seen_by(alba, comparison))
    end(brume, comparison)
    consent(brume, comparison, theirs, shares_context=True)
    found = seen_by(alba, comparison)

    assert "A law" not in without
    assert found.sides[1].context == {"CF.F1": "A law of 2024."}
    assert "SECRET" not in without + repr(found)


def test_only_columns_of_the_consent_are_read_from_the_database(two):
    """The texts of notes and of answers in words do not even leave the database."""
    alba, brume = two
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])
    consent(brume, comparison)

    with CaptureQueriesContext(connection) as queries:
        seen_by(alba, comparison)

    of_answers = [query["sql"] for query in queries if 'FROM "assessments_answer"' in query["sql"]]
    assert len(of_answers) == 1
    assert '"note"' not in of_answers[0] and '"text"' not in of_answers[0]


def test_the_end_of_a_consent_counts_at_once_for_everybody(two):
    alba, brume = two
    theirs = make_assessment(brume)
    give(brume, theirs, "KF1.Q1", "no")
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])
    consent(brume, comparison, theirs, shares_context=True)
    assert len(seen_by(alba, comparison).sides) == 2

    end(brume, comparison)

    here, there = seen_by(alba, comparison), seen_by(brume, comparison)
    assert [(side.name, len(side.marks) > 0) for side in here.sides] == [("Alba", True)]
    assert [(part.name, part.runs) for part in here.parts] == [("Alba", True), ("Brume", False)]
    assert there.sides == ()
    assert acts(alba)[-1] == ("comparison_consent_ended_by_other_city", "", "brume")
    with pytest.raises(operations.DoesNotTakePart):
        end(brume, comparison)


def test_who_ended_it_can_come_back(two):
    alba, brume = two
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])
    consent(brume, comparison)
    end(brume, comparison)

    consent(brume, comparison)

    assert [side.name for side in seen_by(alba, comparison).sides] == ["Alba", "Brume"]


def test_a_decline_is_known_to_the_city_that_asked_and_waits_no_more(two):
    alba, brume = two
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])
    side = side_in(brume, comparison)
    with city_scope(brume.city.pk):
        assert waiting_for(brume) == 1

        decline_comparison(place=brume, side=side, now=LATER)

        assert waiting_for(brume) == 0
    assert acts(alba)[-1] == ("comparison_declined_by_other_city", "", "brume")
    assert acts(brume)[-1] == ("comparison_declined", str(brume.user.pk), "")


def test_reading_is_written_into_the_journal_of_both_and_names_nobody_to_the_other(two):
    alba, brume = two
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])
    consent(brume, comparison)

    with city_scope(alba.city.pk):
        record_comparison_read(place=alba, comparison=comparison, city_ids=[alba.city.pk, brume.city.pk], now=LATER)

    assert acts(alba)[-1] == ("comparison_read", str(alba.user.pk), "")
    assert acts(brume)[-1] == ("comparison_read_by_other_city", "", "alba")


def test_a_city_that_left_the_network_is_not_read_any_more(two):
    alba, brume = two
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])
    consent(brume, comparison)
    brume.city.association = make_association()
    brume.city.save()

    assert [side.name for side in seen_by(alba, comparison).sides] == ["Alba"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["agree", "end", "decline"])), max_size=8))
def test_a_side_without_consent_never_yields_a_value(db, steps):
    """Whatever three cities do in whatever order: who sees whom is exactly the pairs whose consents run."""
    places = neighbours(*(f"{name}-{uuid4().hex}" for name in "ABC"))
    made = [make_assessment(place, themes=["KF1", "CF"]) for place in places]
    for place, assessment in zip(places, made, strict=True):
        give(place, assessment, "KF1.Q1", "yes")
    comparison = propose(places[0], made[0], cities=[places[1].city, places[2].city])
    runs = [True, False, False]
    for who, what in steps:
        runs[who] = walk(places[who], comparison, made[who], what, runs[who])

        for place, own in zip(places, runs, strict=True):
            found = seen_by(place, comparison)
            expected = {other.city.name for other, running in zip(places, runs, strict=True) if running} if own else set()
            assert {side.name for side in found.sides} == expected
            assert len(found.sides) == len(expected)


def walk(place, comparison, assessment, what, runs):
    side = side_in(place, comparison)
    with city_scope(place.city.pk):
        try:
            if what == "agree":
                operations.agree_to_comparison(place=place, side=side, assessment=assessment, shares_context=True, now=LATER)
                return True
            step = operations.end_consent if what == "end" else decline_comparison
            step(place=place, side=side, now=LATER)
        except operations.ComparisonRefused:
            return runs
    return False


def test_sheets_come_only_from_sides_that_agreed_whatever_is_asked_for(two):
    alba, brume = two
    comparison = propose(alba, make_assessment(alba), cities=[brume.city])
    consent(brume, comparison)
    end(brume, comparison)
    with city_scope(alba.city.pk, brume.city.pk):
        sides = list(ComparisonSide.objects.filter(comparison=comparison))

    with no_city():
        found = sheets_by_consent(sides)

    assert [sheet.assessment.city_id for sheet in found.values()] == [alba.city.pk]
    with no_city(), pytest.raises(NoCityScope):
        list(ComparisonSide.objects.all())


@pytest.mark.parametrize("answers", [1, 4])
def test_reading_costs_the_same_queries(two, answers, django_assert_num_queries):
    alba, brume = two
    ours, theirs = make_assessment(alba), make_assessment(brume)
    for code in ("KF1.Q1", "KF1.Q2", "KF2.Q1", "CF.F1")[:answers]:
        for place, assessment in ((alba, ours), (brume, theirs)):
            give(place, assessment, code, **({"text": "Words."} if code.startswith("CF") else {"value": "yes"}))
    comparison = propose(alba, ours, cities=[brume.city], shares_context=True)
    consent(brume, comparison, theirs, shares_context=True)
    seen_by(alba, comparison)

    # own sides, cities near, all sides, assessments, answers, context, and the names of the own city's sides
    with django_assert_num_queries(7):
        seen_by(alba, comparison)

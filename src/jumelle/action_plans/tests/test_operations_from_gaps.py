import pytest

from jumelle.action_plans.models import LineOrigin, Plan
from jumelle.action_plans.operations import (
    AllHaveLines,
    GapChoice,
    GapUnknown,
    HeaderGiven,
    NothingChosen,
    PlanApproved,
    make_lines_from_gaps,
    remove_line,
)
from jumelle.action_plans.queries import content_of, gaps_of, lines_of, missing_in, sources_of, to_reword
from jumelle.action_plans.tests.factories import LATER, NOW, make_plan
from jumelle.assessments.operations import choose_factor
from jumelle.assessments.tests.factories import CHECKLIST, give, make_assessment, make_place, make_shipped_version, shipped_package
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db
HEADER = HeaderGiven("Language for all", "Aubrelle", "", "en")


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def assessment(place):
    """A tip for KF8 as a whole, one for KF9.Q1 alone, none for KF1; KF2 was not chosen."""
    assessment = make_assessment(place, themes=["KF1", "KF2", "KF8", "KF9"])
    given = {"KF1.Q1": "no", "KF1.Q2": "yes", "KF2.Q1": "no", "KF8.Q1": "partly", "KF8.Q2": "no", "KF9.Q1": "no"}
    for code, value in given.items():
        give(place, assessment, code, value)
    choose(place, assessment, "KF1", "KF8", "KF9")
    return assessment


def choose(place, assessment, *codes):
    for code in codes:
        with city_scope(place.here.id):
            choose_factor(place=place, assessment=assessment, section_code=code, reason="It matters", now=LATER)


def make(place, assessment, *choices, into=HEADER):
    with city_scope(place.here.id):
        return make_lines_from_gaps(place=place, assessment=assessment, choices=choices, into=into, now=LATER)


def found(place, assessment):
    with city_scope(place.here.id):
        return gaps_of(assessment)


def origins_of(place, line):
    with city_scope(place.here.id):
        return sorted(LineOrigin.objects.filter(line=line).values_list("kind", "code"))


def test_gaps_are_those_of_chosen_themes_with_the_nearest_tip_first(place, assessment):
    gaps = found(place, assessment)

    assert [(theme.result.theme.code, [gap.code for gap in theme.gaps]) for theme in gaps.themes] == [
        ("KF1", ["KF1.Q1"]),
        ("KF8", ["KF8.Q2", "KF8.Q1"]),  # what is missing, then what is partly there
        ("KF9", ["KF9.Q1"]),
    ]
    starts = {code: [start.code for start in gap.starts] for code, gap in gaps.open.items()}
    assert starts == {"KF1.Q1": [], "KF8.Q2": ["KF8.T1"], "KF8.Q1": ["KF8.T1"], "KF9.Q1": ["KF9.T1"]}


def test_line_from_a_tip_has_its_words_and_nothing_else(place, assessment):
    made = make(place, assessment, GapChoice("KF9.Q1", "KF9.T1"))

    (line,) = made.lines
    tip = next(row for row in shipped_package("language-learning-support").support if row.code == "KF9.T1")
    assert line.action == f"{tip.title['en']}\n{tip.text['en']}"
    assert (line.results, line.starts_on, line.ends_on, line.lead, line.evaluation) == ("", None, None, "", "")
    assert origins_of(place, line) == [("gap", "KF9.Q1"), ("support", "KF9.T1")]
    assert (made.plan.title, made.plan.assessment) == ("Language for all", assessment)


def test_gaps_that_begin_with_the_same_tip_become_one_line(place, assessment):
    made = make(place, assessment, GapChoice("KF8.Q2", "KF8.T1"), GapChoice("KF1.Q1"), GapChoice("KF8.Q1", "KF8.T1"))

    assert [origins_of(place, line) for line in made.lines] == [
        [("gap", "KF8.Q1"), ("gap", "KF8.Q2"), ("support", "KF8.T1")],
        [("gap", "KF1.Q1")],
    ]


def test_line_without_a_tip_has_the_words_of_the_gap_and_is_listed_to_be_reworded(place, assessment):
    made = make(place, assessment, GapChoice("KF1.Q1"), GapChoice("KF9.Q1", "KF9.T1"))

    with city_scope(place.here.id):
        content = content_of(made.plan, NOW)
        sources = sources_of(content.lines)
    assert content.lines[0].action == shipped_package("language-learning-support").item("KF1.Q1").text["en"]
    assert to_reword(content, sources) == {content.lines[0].line_id}
    assert [(each.what, len(each.lines)) for each in missing_in(content)] == [("lead", 2), ("dates", 2), ("measures", 2), ("results", 2)]


def test_words_are_in_the_language_of_the_plan(place, assessment):
    made = make(place, assessment, GapChoice("KF1.Q1"), into=HeaderGiven("Langue", "Aubrelle", "", "fr"))

    assert made.lines[0].action == shipped_package("language-learning-support").item("KF1.Q1").text["fr"]


def test_criteria_of_the_toolkit_become_expected_results(place):
    assessment = make_assessment(place, make_shipped_version(CHECKLIST), themes=["UT1"])
    give(place, assessment, "UT1.C01", "not_ticked")
    choose(place, assessment, "UT1")

    (line,) = make(place, assessment, GapChoice("UT1.C01")).lines

    criterion = next(row for row in shipped_package(CHECKLIST).support if row.code == "UT1.S2")
    assert line.results == f"{criterion.title['en']}\n{criterion.text['en']}"
    assert origins_of(place, line) == [("gap", "UT1.C01"), ("support", "UT1.S2")]


def test_nothing_is_made_twice(place, assessment):
    made = make(place, assessment, GapChoice("KF1.Q1"))

    again = make(place, assessment, GapChoice("KF1.Q1"), GapChoice("KF9.Q1"), into=made.plan)
    with pytest.raises(AllHaveLines):
        make(place, assessment, GapChoice("KF1.Q1"), GapChoice("KF9.Q1"))

    assert [origins_of(place, line) for line in again.lines] == [[("gap", "KF9.Q1")]]
    with city_scope(place.here.id):
        assert Plan.objects.count() == 1
        assert len(lines_of(made.plan)) == 2
        assert gaps_of(assessment).themes[0].gaps[0].line == made.lines[0]


def test_gap_of_a_removed_line_is_open_again(place, assessment):
    (line,) = make(place, assessment, GapChoice("KF1.Q1")).lines
    with city_scope(place.here.id):
        remove_line(place=place, line=line, now=LATER)

    assert "KF1.Q1" in found(place, assessment).open


@pytest.mark.parametrize(
    ("choices", "refusal"),
    [
        ([], NothingChosen),
        ([GapChoice("KF2.Q1")], GapUnknown),  # its theme was not chosen
        ([GapChoice("KF1.Q2")], GapUnknown),  # in place
        ([GapChoice("KF1.Q1", "KF9.T1")], GapUnknown),  # a tip from elsewhere
        ([GapChoice("NO.SUCH")], GapUnknown),
    ],
)
def test_choice_refused_makes_no_plan(place, assessment, choices, refusal):
    with pytest.raises(refusal):
        make(place, assessment, *choices)

    with city_scope(place.here.id):
        assert not Plan.objects.exists()


def test_approved_plan_takes_no_lines(place, assessment):
    plan = make_plan(place, approved=True)

    with pytest.raises(PlanApproved):
        make(place, assessment, GapChoice("KF1.Q1"), into=plan)

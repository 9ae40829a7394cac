import pytest

from jumelle.assessments.enums import Subject
from jumelle.assessments.queries import results_of, sheet_of, sheets_of
from jumelle.assessments.tests.factories import (
    CHECKLIST,
    GRID,
    give,
    make_assessment,
    make_place,
    make_shipped_version,
)
from jumelle.cities.enums import OrganisationType
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_organisation
from jumelle.engines.scoring.findings import Condition, Standing
from jumelle.engines.scoring.tally import Progress, State
from jumelle.engines.scoring.verdict import Band
from jumelle.toolkits.tests.factories import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place()


def test_sheet_of_the_whole_checklist_has_93_items(place):
    assessment = make_assessment(place, make_shipped_version(CHECKLIST))

    with city_scope(place.city.id):
        sheet = sheet_of(assessment)

    assert [len(theme.entries) for theme in sheet.themes] == [10, 15, 17, 19, 9, 10, 13]
    assert [group.section.code for group in sheet.theme("UT4").groups] == ["UT4", "UT4LA"]
    assert sheet.progress == Progress(0, 93)


def test_sheet_of_the_benchmark_counts_28_questions_and_keeps_7_context_factors_beside(place):
    assessment = make_assessment(place)

    with city_scope(place.city.id):
        sheet = sheet_of(assessment)

    assert (sheet.progress, len(sheet.context), len(sheet.all_entries)) == (Progress(0, 28), 7, 35)


def test_unconfirmed_proposals_are_not_applicable(place):
    ngo = make_organisation(place.city, kind=OrganisationType.NGO)
    assessment = make_assessment(place, make_shipped_version(CHECKLIST), organisation=ngo)

    with city_scope(place.city.id):
        sheet = sheet_of(assessment)

    assert sheet.progress == Progress(0, 83)
    assert sheet.all_entries["UT4LA.C01"].state is State.NA
    assert not sheet.all_entries["UT4LA.C01"].applies


def test_a_note_or_a_flag_alone_is_no_answer(place):
    assessment = make_assessment(place)
    give(place, assessment, "KF1.Q1", note="Ask the mayor.", come_back=True)

    with city_scope(place.city.id):
        sheet = sheet_of(assessment)

    assert sheet.progress == Progress(0, 28)
    assert [entry.code for entry in sheet.come_back] == ["KF1.Q1"]


def test_do_not_know_is_an_answer(place):
    assessment = make_assessment(place, themes=["KF1"])
    give(place, assessment, "KF1.Q1", "unknown")

    with city_scope(place.city.id):
        assert sheet_of(assessment).progress == Progress(1, 2)


@pytest.mark.parametrize(
    ("ticked", "not_ticked", "band", "provisional"),
    [(10, 0, Band.ALL, False), (9, 1, Band.SOME, False), (3, 1, Band.SOME, True), (0, 10, Band.NONE, False)],
)
def test_checklist_gives_the_verdict_of_the_source_in_its_words(place, ticked, not_ticked, band, provisional):
    assessment = make_assessment(place, make_shipped_version(CHECKLIST), themes=["UT1"])
    for number in range(1, ticked + not_ticked + 1):
        give(place, assessment, f"UT1.C{number:02}", "ticked" if number <= ticked else "not_ticked")

    with city_scope(place.city.id):
        results = results_of(assessment)

    for found in (results.verdict, results.themes[0].verdict):
        assert (found.verdict.band, found.verdict.provisional) == (band, provisional)
        assert (found.verdict.ticked, found.verdict.of) == (ticked, 10)
        assert found.words.when == band.value


def test_untouched_checklist_has_no_verdict(place):
    assessment = make_assessment(place, make_shipped_version(CHECKLIST))

    with city_scope(place.city.id):
        assert results_of(assessment).verdict is None


def test_benchmark_has_no_verdict_but_a_standing_per_key_factor(place):
    assessment = make_assessment(place)
    give(place, assessment, "KF1.Q1", "yes")
    give(place, assessment, "KF1.Q2", "yes")
    give(place, assessment, "KF2.Q1", "no")
    give(place, assessment, "KF3.Q1", "yes")
    give(place, assessment, "KF3.Q2", "partly")
    give(place, assessment, "KF4.Q1", "unknown")

    with city_scope(place.city.id):
        results = results_of(assessment)

    standings = {result.theme.code: result.standing for result in results.themes}
    assert results.verdict is None
    assert standings["KF1"] == Standing(Condition.IN_PLACE, settled=True)
    assert standings["KF2"] == Standing(Condition.MISSING, settled=False)
    assert standings["KF3"] == Standing(Condition.PARTLY, settled=True)
    assert standings["KF4"] == Standing(Condition.NOT_KNOWN, settled=False)
    assert standings["KF5"] is None
    assert "CF" not in standings


def test_context_stands_beside_and_never_inside(place):
    assessment = make_assessment(place)
    before = _figures(place, assessment)
    with city_scope(place.city.id):
        codes = [entry.code for entry in results_of(assessment).context]
    for code in codes:
        give(place, assessment, code, text="A law.")

    assert len(codes) == 7
    assert _figures(place, assessment) == before


def _figures(place, assessment):
    with city_scope(place.city.id):
        results = results_of(assessment)
    return results.tally, results.share, [result.tally for result in results.themes]


def test_grid_says_in_what_it_is_exemplary_and_gives_no_mark(place):
    assessment = make_assessment(
        place, make_shipped_version(GRID), subject=Subject.PRACTICE, subject_name="Language café", themes=["D4", "D5"]
    )
    with city_scope(place.city.id):
        entries = {theme.code: theme.entries for theme in sheet_of(assessment).themes}
    for entry in entries["D4"]:
        give(place, assessment, entry.code, entry.levels[0].value)
    for entry in entries["D5"]:
        give(place, assessment, entry.code, entry.levels[1].value)

    with city_scope(place.city.id):
        results = results_of(assessment)

    assert [result.theme.code for result in results.exemplary] == ["D4"]
    assert dict(results.themes[1].dimension.degrees) == {"full": 0, "large": 4, "small": 0, "none": 0}
    assert results.verdict is None


def test_open_question_that_is_not_for_us_leaves_the_count(place):
    ngo = make_organisation(place.city, kind=OrganisationType.NGO)
    items = [
        {
            "code": "A.Q2",
            "section": "A",
            "kind": "question",
            "text": {"fr": "Lesquels ?", "en": "Which ones?"},
            "answer": "text",
            "applies_to": ["health"],
        },
        {
            "code": "A1.Q1",
            "section": "A1",
            "kind": "question",
            "text": {"fr": "Et là ?", "en": "And there?"},
            "answer": "in_place",
        },
    ]
    assessment = make_assessment(place, make_version(items=items, support=[]), organisation=ngo)

    with city_scope(place.city.id):
        sheet = sheet_of(assessment)

    assert sheet.all_entries["A.Q2"].state is State.NA
    assert sheet.progress == Progress(0, 1)


def test_sheets_of_many_cost_one_query(place, django_assert_num_queries):
    version = make_shipped_version()
    made = [make_assessment(place, version) for _ in range(3)]
    give(place, made[1], "KF1.Q1", "yes")

    with city_scope(place.city.id):
        sheet_of(made[0])  # reads the package
        with django_assert_num_queries(1):
            sheets = sheets_of(made)

    assert [sheet.progress.answered for sheet in sheets] == [0, 1, 0]

"""The words of a summary: languages, lists, conclusions, figures."""

from dataclasses import replace

import pytest

from jumelle.engines.scoring.tally import State
from jumelle.publishing.summary_document import SHORT_LIST, document_of
from jumelle.publishing.summary_words import Words, date_words, language_name, locale_of, state_word
from jumelle.publishing.tests.samples import NOTES, NOW, package_at, sample_document, sample_summary
from jumelle.toolkits.package.model import Package, Shown

CHECKLIST = package_at("refugee-inclusion/1.0.0")
BENCHMARK = package_at("language-learning-support/1.0.0")
GRID = package_at("practice-evaluation-grid/1.0.0")


def test_text_in_another_language_says_which_one():
    document = sample_document("ar", CHECKLIST)

    assert (document.title.language, document.title.direction) == ("fr", "ltr")
    assert document.title.tag == language_name("fr", "ar")
    assert document.languages_note != ""


def test_text_in_the_readers_language_says_nothing():
    document = sample_document("fr", CHECKLIST)

    assert (document.title.tag, document.languages_note) == ("", "")


def test_item_in_another_language_than_the_rest_is_marked_itself():
    summary = sample_summary("ar", CHECKLIST)
    group = summary.sections[0].groups[0]
    line = replace(group.lines[0], text=Shown("A wording of its own", "en"))
    section = replace(summary.sections[0], groups=(replace(group, lines=(line, *group.lines[1:])),))

    document = document_of(replace(summary, sections=(section, *summary.sections[1:])), address="", now=NOW)

    first, second, *_ = document.chapters[0].groups[0].entries
    assert first.wording.tag == language_name("en", "ar")
    assert second.wording.tag == ""


@pytest.mark.parametrize(("written_in", "direction"), [("fr", "ltr"), ("ar", "rtl"), ("ti", "ltr"), ("uk", "ltr")])
def test_note_keeps_the_direction_and_gets_the_language_of_its_letters(written_in: str, direction: str):
    document = sample_document("en", CHECKLIST, notes=[NOTES[written_in]])

    notes = {(entry.note.language, entry.note.direction) for chapter in document.chapters for entry in entries(chapter) if entry.note}
    assert notes == {(written_in, direction)}


def test_every_item_stands_in_the_document_once():
    document = sample_document("fr", BENCHMARK)

    codes = [entry.code for chapter in (*document.chapters, *document.context) for entry in entries(chapter)]
    assert codes == [item.code for item in BENCHMARK.items if item.answer != "none"]


def test_context_factors_stand_beside():
    document = sample_document("fr", BENCHMARK)

    assert [chapter.code for chapter in document.context] == ["CF"]
    assert "CF" not in [row.code for row in document.overview.rows]


def test_unanswered_items_are_said_to_be_so():
    document = sample_document("en", CHECKLIST, answered=False)

    words = {entry.sign.word.text for chapter in document.chapters for entry in entries(chapter)}
    assert words == {"Not answered"}
    assert document.conclusion is None
    assert [points.empty != "" for points in document.lists] == [True, True, False]


def test_theme_that_was_not_chosen_is_named():
    document = sample_document("en", CHECKLIST)

    assert [title.text for title in document.left_out] == ["General checklist"]


def test_verdict_is_in_the_words_of_the_source():
    document = sample_document("en", CHECKLIST)

    verdict = CHECKLIST.verdict("some", "package")
    assert document.conclusion is not None
    assert document.conclusion.sign.word == Words(verdict.label["en"], "en", "ltr")
    assert document.conclusion.sign.shape == "partly"


def test_advice_is_said_once_unless_a_chapter_differs():
    document = sample_document("en", CHECKLIST)

    assert document.conclusion.advice is not None
    repeated = [chapter.conclusion.advice for chapter in document.chapters if chapter.conclusion.sign == document.conclusion.sign]
    assert set(repeated) == {None}


def test_grid_has_no_overall_mark():
    document = sample_document("en", GRID)

    assert document.conclusion is None
    assert document.overview.total.sign is None


def test_benchmark_word_is_ours_and_its_count_stands_beside():
    document = sample_document("en", BENCHMARK)

    first = document.chapters[0].conclusion
    assert (first.sign.word.text, first.count) == ("Partly in place", "1 of 2 fully in place")


def test_long_list_names_codes_chapter_by_chapter():
    document = sample_document("en", CHECKLIST)

    strengths = document.lists[0]
    count = sum(entry.sign.shape == "done" for chapter in document.chapters for entry in entries(chapter))
    assert count > SHORT_LIST
    assert strengths.points == ()
    assert sum(len(group.codes) for group in strengths.groups) == count


def test_short_list_gives_the_wordings():
    document = sample_document("en", BENCHMARK)

    strengths = document.lists[0]
    assert (len(strengths.points) <= SHORT_LIST, strengths.groups) == (True, ())
    assert strengths.points[0].wording.text == BENCHMARK.item(strengths.points[0].code).text["en"]


def test_figures_add_up():
    document = sample_document("en", CHECKLIST)

    overview = document.overview
    assert overview.total.counts == tuple(sum(column) for column in zip(*(row.counts for row in overview.rows), strict=True))


def test_choice_stands_at_the_head_and_in_its_chapter():
    document = sample_document("fr", CHECKLIST)

    assert [chapter.code for chapter in document.chosen] == ["UT2", "UT5"]
    assert document.chosen[0].reason.text == NOTES["fr"]
    assert document.chosen[0].chosen_on == "3 mars 2026"


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "3 mars 2026"), ("en", "3 March 2026"), ("ar", "3 مارس 2026"), ("uk", "3 березня 2026\u202fр."), ("ti", "መጋቢት 3, 2026")],
)
def test_dates_are_in_words(language: str, words: str):
    assert date_words(NOW.date(), language).replace("\u00a0", "\u202f") == words


def test_unknown_locale_falls_back_to_english():
    assert str(locale_of("xx")) == "en_GB"


def test_states_have_the_words_of_their_kind():
    assert [state_word(State.MET, kind) for kind in ("benchmark", "checklist", "grid")] == ["In place", "In place", "Fully met"]
    assert [state_word(state, "checklist", is_ticked=True) for state in (State.MET, State.UNMET)] == ["Ticked", "Not ticked"]


@pytest.mark.parametrize(
    ("package", "word", "count"),
    [(CHECKLIST, "Ticked", "boxes of"), (package_at("support-group-check/1.0.0"), "In place", "fully in place")],
    ids=["boxes", "with something between"],
)
def test_boxes_are_ticked_and_only_boxes(package: Package, word: str, count: str):
    document = sample_document("en", package)

    assert document.overview.columns[0].word == word
    assert count in (document.conclusion or document.chapters[0].conclusion).count
    assert ("Ticked" in str(document)) is (word == "Ticked")


def entries(chapter):
    return [entry for group in chapter.groups for entry in group.entries]

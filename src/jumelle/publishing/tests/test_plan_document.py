"""The words of a plan: four fields, six columns, where lines come from, what is missing."""

from dataclasses import replace
from datetime import date

import pytest

from jumelle.action_plans.content import LineContent, OriginContent
from jumelle.publishing.plan_document import ApprovalRecord, News, plan_document
from jumelle.publishing.plan_parts import MeasurePart, NewsPart, OriginPart, Piece, PlanDocument
from jumelle.publishing.plan_words import shortened, version_words
from jumelle.publishing.summary_parts import Fact, Sign
from jumelle.publishing.summary_words import Words
from jumelle.publishing.tests.plan_samples import ADDRESS, GAP, NOW, PRACTICE, TEXTS, bare_line, sample_document, sample_line, sample_plan


def document_of(*lines: LineContent, language: str = "en", **fields: object) -> PlanDocument:
    plan = replace(sample_plan("en"), lines=lines, **fields)  # type: ignore[arg-type]
    return plan_document(plan, language=language, address=ADDRESS, now=NOW)


def english(text: str) -> Words:
    return Words(text, "en", "ltr")


def test_head_has_the_four_fields_of_the_template():
    document = document_of()

    assert document.facts == (
        Fact("Title of the programme", english("Learning the language together")),
        Fact("Mentee city", english("Sonnebourg")),
        Fact("Mentor city", english("Ville de Hautepierre")),
        Fact("Date and version", english("3 March 2026 – Version 2: Revised plan")),
    )


def test_plan_without_a_programme_says_so():
    document = document_of(mentor="")

    assert document.facts[2] == Fact("Mentor city", english("Without a mentor city"))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"version": 0, "version_name": ""}, "Draft"),
        ({"version": 1, "version_name": "first_list"}, "Version 1: First list of actions"),
        ({"version": 4, "version_name": "own", "own_name": "For the council"}, "Version 4: For the council"),
    ],
)
def test_version_is_called_by_its_name(fields: dict[str, object], words: str):
    assert version_words(replace(sample_plan(), **fields)) == words  # type: ignore[arg-type]


def test_columns_are_six_and_each_line_fills_them():
    document = document_of(sample_line(1, "en"))

    assert document.columns == ("Actions", "Expected results", "Timetable", "Lead", "Resources and partners", "Evaluation of success")
    texts = TEXTS["en"]
    assert document.lines[0].cells == (
        (Piece("", english(texts["action"])),),
        (Piece("", english(texts["results"])),),
        (Piece("Start", english("1 April 2026")), Piece("End", english("31 December 2026")), Piece("", english(texts["timetable"]))),
        (Piece("", english(texts["lead"])), Piece("", english("Sonnebourg Solidaire"))),
        (
            Piece("Staff", english(texts["staff"])),
            Piece("Partners", english(texts["partners"])),
            Piece("Planned funding", english(texts["funding"])),
        ),
        (Piece("", english(texts["evaluation"])),),
    )
    assert document.lines[0].measures == (
        MeasurePart(
            english("People at the tables each week"),
            (
                Piece("Where we start from", english("12")),
                Piece("Target", english("60")),
                Piece("Target date", english("31 December 2026")),
                Piece("Source", english("Attendance sheets")),
                Piece("Reached so far", english("25")),
                Piece("Reached on", english("1 February 2026")),
            ),
        ),
    )


def test_line_says_where_it_comes_from_by_code():
    document = document_of(sample_line(1, "en", origins=(GAP, PRACTICE, OriginContent("meeting", dated_on=date(2026, 1, 8)))))

    assert document.lines[0].origins == (
        OriginPart("Gap of an assessment", "KF8.Q2", "language-learning-support 1.0.0", None, "", ""),
        OriginPart("Good practice", "", "", english("Tables de conversation"), "4 May 2025", PRACTICE.url),
        OriginPart("Meeting", "", "", None, "8 January 2026", ""),
    )


def test_what_is_missing_is_marked_in_its_column_and_listed():
    document = document_of(sample_line(1, "en"), bare_line(2, "en"))

    gap = english("Still missing")
    assert document.lines[1].cells[1:] == (
        (Piece("", gap, is_gap=True),),
        (Piece("Start", english("still missing"), is_gap=True), Piece("End", english("still missing"), is_gap=True)),
        (Piece("", gap, is_gap=True),),
        (Piece("", english("–"), is_gap=True),),
        (Piece("Measure", english("still missing"), is_gap=True),),
    )
    assert [(missing.number, missing.gaps) for missing in document.missing] == [
        ("2", "expected results · dates · lead · measure of success")
    ]


def test_one_missing_date_is_named():
    document = document_of(sample_line(1, "en", ends_on=None, timetable=""))

    assert document.lines[0].cells[2] == (
        Piece("Start", english("1 April 2026")),
        Piece("End", english("still missing"), is_gap=True),
    )


def test_line_that_was_given_up_lacks_nothing():
    document = document_of(replace(bare_line(1, "en"), status="dropped"))

    assert document.missing == ()
    assert document.lines[0].sign == Sign("na", english("Given up"))


@pytest.mark.parametrize(
    ("reader", "written_in", "language", "direction"),
    [("fr", "ar", "ar", "rtl"), ("ar", "fr", "fr", "ltr"), ("en", "ti", "ti", "ltr"), ("en", "fr", "fr", "ltr"), ("ar", "ar", "ar", "rtl")],
)
def test_what_people_wrote_keeps_its_language_and_direction(reader: str, written_in: str, language: str, direction: str):
    document = sample_document(reader, written_in)

    assert document.direction == ("rtl" if reader == "ar" else "ltr")
    assert {(piece.words.language, piece.words.direction) for line in document.lines for piece in line.cells[0]} == {(language, direction)}
    assert (document.languages_note == "") == (reader == written_in)


def test_latest_news_stands_under_its_line():
    plan = replace(sample_plan("en"), lines=(sample_line(1, "en"), sample_line(2, "en")))
    news = {plan.lines[1].line_id: News("2026-Q1", "stalled", "The room is closed.", "Find another room")}

    document = plan_document(plan, language="en", address="", now=NOW, news=news)

    told = NewsPart("1st quarter 2026", Sign("flag", english("Stalled")), english("The room is closed."), english("Find another room"))
    assert [line.news for line in document.lines] == [None, told]


def test_approval_says_who_and_when():
    approval = ApprovalRecord("Town council", date(2026, 2, 26))

    document = plan_document(sample_plan("en"), language="en", address="", now=NOW, approval=approval)

    assert document.approval == (Fact("Approved by", english("Town council")), Fact("Approved on", english("26 February 2026")))


@pytest.mark.parametrize(
    ("text", "short"),
    [("a plain line", "a plain line"), ("two\nlines", "two lines"), ("one two three four", "one two…"), ("x" * 40, "x" * 11 + "…")],
)
def test_shortened_text_ends_with_a_whole_word_where_it_can(text: str, short: str):
    assert shortened(text, 12) == short

"""What people typed, made fit for a document."""

import pytest

from jumelle.publishing.writing import clean, direction_of, likely_language, script_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("plain", "plain"),
        ("NUL\x00 and bell\x07", "NUL and bell"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("tab\there", "tab here"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("turned \u202egnirts\u202c back", "turned gnirts back"),
        ("isolated \u2067x\u2069", "isolated x"),
        ("marks \u200f\u200e stay", "marks \u200f\u200e stay"),
        ("half \ud83d gone", "half  gone"),
        ("\ufefforder\ufffe", "order"),
        ("non-character \U0001ffff", "non-character"),
        ("  spaces  \n  inside ", "spaces\n  inside"),
    ],
)
def test_clean_takes_away_traps_and_nothing_else(typed: str, kept: str):
    assert clean(typed) == kept


@pytest.mark.parametrize(
    ("text", "direction"),
    [("Bonjour", "ltr"), ("مرحبا KF8.Q2", "rtl"), ("12 % (شريك)", "rtl"), ("ሰላም", "ltr"), ("12 – 14", "rtl"), ("", "rtl")],
)
def test_direction_follows_the_first_letter(text: str, direction: str):
    assert direction_of(text, otherwise="rtl") == direction


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Une note", "fr"),
        ("ملاحظة عن KF8", "ar"),
        ("መዘኻኸሪ", "ti"),
        ("Нотатка", "uk"),
        ("Σημείωση", "el"),
        ("12 / 14", ""),
        ("说明", ""),
    ],
)
def test_likely_language_takes_the_first_candidate_in_the_script(text: str, language: str):
    assert likely_language(text, ["fr", "ar", "en"]) == language


def test_likely_language_prefers_the_languages_of_the_city():
    assert likely_language("یادداشت", ["nl", "fa", "ar"]) == "fa"


def test_script_is_that_of_most_letters():
    assert script_of("KF8 ملاحظة طويلة") == "ARABIC"

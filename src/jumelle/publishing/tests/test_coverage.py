"""What our fonts can print: the list, the replacement, and typst itself on whatever people may type."""

import pytest
import typst
from babel import Locale
from django.conf import settings
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from jumelle.publishing.coverage import COVERAGE, families, family_of, printable
from jumelle.publishing.typeset import HERE
from jumelle.publishing.writing import clean

TEMPLATE = """
#set document(title: "t")
#set text(font: ({families}), fallback: false)
#set page(width: 200pt, height: auto)
#let it = sys.inputs.text
#it
#text(weight: "bold", "\\u{{2067}}" + it + "\\u{{2069}}")
"""


def compile_text(text: str) -> bytes:
    names = ", ".join(f'"{family.name}"' for family in families())
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"])
    source = TEMPLATE.format(families=names).encode()
    return typst.compile(source, font_paths=fonts, ignore_system_fonts=True, sys_inputs={"text": text}, pdf_standards=["ua-1"])


def test_coverage_is_that_of_the_fonts():
    found: dict[str, set[int]] = {}
    for path in sorted(COVERAGE.parent.glob("*.ttf")):
        font = TTFont(path)
        chars = {char for char in font.getBestCmap() if char >= 32}
        name = font["name"].getDebugName(16) or font["name"].getDebugName(1)
        found[name] = found.get(name, chars) & chars

    listed = {family.name: {c for s, e in zip(family.starts, family.ends, strict=True) for c in range(s, e + 1)} for family in families()}

    assert listed == found


def test_template_asks_for_the_families_in_the_same_order():
    house = (HERE / "typst" / "house.typ").read_text()
    line = next(line for line in house.splitlines() if line.startswith("#let fonts"))
    assert line == "#let fonts = (" + ", ".join(f'"{family.name}"' for family in families()) + ")"


def test_every_letter_of_the_toolkits_is_printed():
    texts = (path.read_text(encoding="utf-8") for path in (settings.CONTENT_DIR / "toolkits").rglob("*.yaml"))
    missing = {char for text in texts for char in text if not char.isspace() and not family_of(char)}
    assert missing == set()


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_every_letter_of_dates_and_names_of_languages_is_printed(language: str):
    locale = Locale.parse(language)
    words = [*locale.months["format"]["wide"].values(), *(locale.languages.get(code, "") for code, _ in settings.LANGUAGES)]
    assert {char for char in "".join(words) if not char.isspace() and not family_of(char)} == set()


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Où ? 3 ≥ 2 → ✓ ☐ 👍", "Où ? 3 ≥ 2 → ✓ ☐ 👍"),
        ("中文字 and ქართული", "[…] and […]"),
        ("narrow\u202fspace", "narrow\u00a0space"),
        ("e\u0301", "é"),
        ("h\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301", "h" + "\u0301" * 4),
        ("a\u064b", "a"),
    ],
)
def test_printable_says_where_a_letter_is_missing(text: str, printed: str):
    assert printable(text) == printed


def test_long_words_may_break():
    longest = max(printable("https://example.org/" + "a" * 10_000).split("\u200b"), key=len)
    assert len(longest) <= 21


def test_words_of_usual_length_stay_whole():
    assert "\u200b" not in printable("Donaudampfschifffahrtsgesellschaft und الاستقلالية")


@given(st.text(max_size=40))
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_can_be_printed(text: str):
    assert compile_text(printable(clean(text))).startswith(b"%PDF")


@given(st.text(st.sampled_from("aé\u0301\u064b\u0651ش\u200d\u200c\u200fሀ\u135fЙ\u0306👍🏽\ufe0f→ \n"), max_size=12))
@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_accents_of_one_script_on_letters_of_another_can_be_printed(text: str):
    assert compile_text(printable(clean(text))).startswith(b"%PDF")

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.often import OFTEN

from jumelle.toolkits.package.wording import Mark, word_diff

SIGNS = {Mark.EQUAL: "=", Mark.REMOVED: "-", Mark.ADDED: "+"}


def shown(before, after):
    return [SIGNS[segment.mark] + segment.text for segment in word_diff(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "segments"),
    [
        ("", "", []),
        ("Is there a plan?", "Is there a plan?", ["=Is there a plan?"]),
        ("", "Is there?", ["+Is there?"]),
        ("Is there?", "", ["-Is there?"]),
        ("how you can help", "how you could help", ["=how you ", "-can", "+could", "= help"]),
        ("Is it free?", "Is it free or cheap?", ["=Is it free", "+ or cheap", "=?"]),
        ("one small step on", "one big leap on", ["=one ", "-small step", "+big leap", "= on"]),
        ("l’offre", "l’aide", ["=l’", "-offre", "+aide"]),
        ("هل تعرفون الدروس؟", "هل تجدون الدروس؟", ["=هل ", "-تعرفون", "+تجدون", "= الدروس؟"]),
        ("ቋንቋ ይማራሉ።", "ቋንቋ ይናገራሉ።", ["=ቋንቋ ", "-ይማራሉ", "+ይናገራሉ", "=።"]),
        ("a\n\nb", "a\n\nc", ["=a\n\n", "-b", "+c"]),
    ],
    ids=["empty", "same", "new", "gone", "word", "insertion", "run", "elision", "arabic", "tigrinya", "paragraphs"],
)
def test_word_diff_shows_whole_words(before, after, segments):
    assert shown(before, after) == segments


def test_a_letter_with_a_mark_of_its_own_stays_in_its_word():
    assert shown("mange\u0301 ici", "mangé ici") == ["-mange\u0301", "+mangé", "= ici"]


def test_long_texts_are_compared_in_good_time():
    words = [f"word{number}" for number in range(1_500)]
    changed = [word if number % 7 else word.upper() for number, word in enumerate(words)]

    segments = word_diff(" ".join(words), " ".join(changed))

    assert sum(segment.mark is Mark.ADDED for segment in segments) == 215


PIECES = st.lists(st.sampled_from(["the", "city", "plan", " ", "\n\n", "?", ".", "’", "été", "مدينة", "😀", "e\u0301"]), max_size=20).map(
    "".join
)
ANY_TEXT = PIECES | st.text(max_size=30)


@settings(max_examples=OFTEN, deadline=None)
@given(ANY_TEXT, ANY_TEXT)
def test_both_texts_can_be_read_in_the_segments(before, after):
    segments = word_diff(before, after)

    assert "".join(segment.text for segment in segments if segment.mark is not Mark.ADDED) == before
    assert "".join(segment.text for segment in segments if segment.mark is not Mark.REMOVED) == after
    assert all(segment.text for segment in segments)
    assert all(one.mark != other.mark for one, other in pairwise(segments))

"""What people typed, made fit for a document: without invisible traps, with its direction and its likely language."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

RIGHT_TO_LEFT = frozenset({"ar", "fa", "ps", "ur", "ckb", "he", "dv", "sd", "ug"})

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Characters without a meaning in a text: controls, lone halves, non-characters, annotations, language tags; and the marks that
# turn the direction of all that follows. Left-to-right and right-to-left marks stay: writers of Arabic need them.
_TRAPS = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069\u206a-\u206f\U000e0000-\U000e0fff]"
)
_MANY_LINES = re.compile(r"\n{3,}")

_SCRIPT_OF_LANGUAGE = {
    **dict.fromkeys(("ar", "fa", "ps", "ur", "ckb"), "ARABIC"),
    **dict.fromkeys(("ti", "am"), "ETHIOPIC"),
    **dict.fromkeys(("uk", "ru", "bg", "sr", "mk", "be"), "CYRILLIC"),
    "el": "GREEK",
}
_LANGUAGE_OF_SCRIPT = {"ARABIC": "ar", "ETHIOPIC": "ti", "CYRILLIC": "uk", "GREEK": "el"}
_LETTERS_LOOKED_AT = 200


def clean(text: str) -> str:
    """Return the text without what no document can hold: XML, PDF and spreadsheets all refuse such characters."""
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    text = _TRAPS.sub("", text)
    text = "".join(char for char in text if ord(char) & 0xFFFE != 0xFFFE)
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _MANY_LINES.sub("\n\n", lines).strip()


def direction_of(text: str, otherwise: str) -> str:
    """Return "ltr" or "rtl" by the first letter that has a direction, as `dir=auto` does in browsers."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return otherwise


def language_direction(language: str) -> str:
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def script_of(text: str) -> str:
    """Return the script of most of the first letters, such as LATIN or ETHIOPIC; "" when there are none."""
    letters = [char for char in text[: 4 * _LETTERS_LOOKED_AT] if char.isalpha()][:_LETTERS_LOOKED_AT]
    counts = Counter(unicodedata.name(char, "").partition(" ")[0] for char in letters)
    return counts.most_common(1)[0][0] if counts else ""


def likely_language(text: str, candidates: Iterable[str]) -> str:
    """
    Guess in which language something was typed, so that a screen reader takes the right voice.

    The first candidate that is written in the script of the text; else the usual language of that script here; else "".
    """
    script = script_of(text)
    if not script:
        return ""
    for language in candidates:
        if _SCRIPT_OF_LANGUAGE.get(language.split("-")[0], "LATIN") == script:
            return language
    return _LANGUAGE_OF_SCRIPT.get(script, "")

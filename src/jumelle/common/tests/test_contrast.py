"""Every pair of colours that meets on a screen, light and dark, by the formula of WCAG 2.2 (1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[1] / "static" / "common" / "css" / "tokens.css"
VERBS = ("diagnose", "map", "plan", "offer", "practise", "listen", "report", "twin")
STATES = ("done", "partly", "missing", "unknown")
TEXT, MARK = 4.5, 3.0

NEUTRAL_GROUNDS = ("paper", "surface", "sunken")
TEXT_PAIRS = [
    *[(ink, ground) for ink in ("ink", "quiet", "link") for ground in NEUTRAL_GROUNDS],
    *[(colour, ground) for colour in VERBS + STATES for ground in NEUTRAL_GROUNDS],
    *[(colour, f"{colour}-wash") for colour in (*VERBS, *STATES, "link")],
    *[(ink, f"{colour}-wash") for ink in ("ink", "quiet") for colour in (*VERBS, *STATES, "link")],
    *[("on-accent", colour) for colour in (*VERBS, *STATES, "link", "ink")],
    *[("ink", f"map-{step}") for step in (0, 1)],
]
MARK_PAIRS = [
    *[(mark, ground) for mark in ("edge", "focus") for ground in NEUTRAL_GROUNDS],
    *[(mark, f"{colour}-wash") for mark in ("edge", "focus") for colour in (*VERBS, *STATES, "link")],
]


def colours_of(scheme: str) -> dict[str, str]:
    light, dark = TOKENS.read_text(encoding="utf-8").split("@media (prefers-color-scheme: dark)")
    pattern = re.compile(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6});")
    found = dict(pattern.findall(light))
    return {**found, **dict(pattern.findall(dark))} if scheme == "dark" else found


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_gives_the_figures_of_the_standard():
    assert (round(ratio("#ffffff", "#000000"), 1), round(ratio("#777777", "#ffffff"), 2)) == (21.0, 4.48)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT_PAIRS, TEXT), (MARK_PAIRS, MARK)], ids=["text", "marks"])
def test_every_pair_has_enough_contrast(scheme, pairs, least):
    colours = colours_of(scheme)

    too_weak = {f"{one} on {other}": round(found, 2) for one, other in pairs if (found := ratio(colours[one], colours[other])) < least}

    assert too_weak == {}


def test_light_and_dark_name_the_same_colours():
    light, dark = TOKENS.read_text(encoding="utf-8").split("@media (prefers-color-scheme: dark)")
    named = re.compile(r"--([a-z0-9-]+):\s*#[0-9a-f]{6};")

    assert set(named.findall(dark)) == set(named.findall(light))

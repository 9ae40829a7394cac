"""The table in docs/explanation/mappings.md is the test."""

from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jumelle.toolkits.mapping.model import Relation
from jumelle.toolkits.mappings import REASON_SENTENCES
from jumelle.toolkits.package.model import Scale
from jumelle.toolkits.package.sheets import Level, Meaning
from jumelle.toolkits.suggest import Suggestion, suggest

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "explanation" / "mappings.md"
MEANINGS = get_args(Meaning)


def scale_of(meanings: dict[str, Meaning]) -> Scale:
    """A scale with these values, each with its meaning."""
    words = {"fr": "x", "en": "x"}
    levels = (Level(scale="s", value=value, label=words, meaning=meaning, rubric=words) for value, meaning in meanings.items())
    return Scale("s", tuple(levels))


SCALES = {
    "yes, partly, no": scale_of({"yes": "met", "partly": "partly", "no": "unmet", "na": "na", "unknown": "unknown"}),
    "ticked, not ticked": scale_of({"ticked": "met", "not_ticked": "unmet", "na": "na"}),
    "four degrees": scale_of({"full": "met", "large": "partly", "small": "partly", "none": "unmet", "na": "na", "unknown": "unknown"}),
}


def table() -> dict[tuple[str, str, str], str]:
    """What the document says: per relation, answer there and scale here, the cell."""
    lines = DOCUMENT.read_text(encoding="utf-8").split("## The table")[1].split("##")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    scales = rows[0][2:]
    cells = [((row[0].strip("`"), row[1].strip("`"), scale), cell) for row in rows[2:] for scale, cell in zip(scales, row[2:], strict=True)]
    assert len(dict(cells)) == len(cells), "a case stands twice"
    return dict(cells)


def words_of(suggestion: Suggestion) -> str:
    value = f"**{suggestion.value}**" if suggestion.value else "–"
    return f"{value} `{suggestion.reason}`"


def test_table_has_every_case():
    assert set(table()) == set(product(get_args(Relation), MEANINGS, SCALES))


@pytest.mark.parametrize(("case", "cell"), table().items(), ids=lambda value: "-".join(value) if isinstance(value, tuple) else "")
def test_table_holds(case: tuple[str, str, str], cell: str):
    relation, meaning, scale = case

    assert words_of(suggest(relation=relation, meaning=meaning, scale=SCALES[scale])) == cell


def test_sentences_are_those_of_the_screens():
    lines = DOCUMENT.read_text(encoding="utf-8").split("## The sentences")[1].split("##")[0].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]

    assert {key.strip("`"): sentence for key, sentence in rows} == {key: str(sentence) for key, sentence in REASON_SENTENCES.items()}


@pytest.mark.parametrize("relation", get_args(Relation))
def test_nothing_is_suggested_where_there_is_nothing_to_choose(relation: Relation):
    assert suggest(relation=relation, meaning="met", scale=None) == Suggestion(None, "no_scale")


scales = st.lists(st.sampled_from(MEANINGS), max_size=8).map(lambda meanings: scale_of({f"v{n}": m for n, m in enumerate(meanings)}))


@given(relation=st.sampled_from(get_args(Relation)), meaning=st.sampled_from(MEANINGS), scale=scales)
def test_only_a_value_of_the_scale_is_suggested_and_never_more_than_follows(relation: Relation, meaning: Meaning, scale: Scale):
    value = suggest(relation=relation, meaning=meaning, scale=scale).value

    if value is None:
        return
    suggested = scale.level(value).meaning
    assert relation != "overlaps"
    assert [level.meaning for level in scale.levels].count(suggested) == 1
    has_partly = any(level.meaning == "partly" for level in scale.levels)
    lower = {("part_of", "unmet", "partly")} if has_partly else {("part_of", "partly", "unmet"), ("equal", "partly", "unmet")}
    assert suggested == meaning or (relation, meaning, suggested) in lower
    assert suggested != "met" or (meaning == "met" and relation in ("equal", "wider"))

"""The table in docs/explanation/divergence-and-small-groups.md is the test."""

from pathlib import Path

import pytest

from jumelle.engines.consensus.divergence import Divergence, divergence_of, ranked
from jumelle.engines.consensus.replies import Item, Reply, evenly_spaced
from jumelle.engines.scoring.tally import State

DOCUMENT = Path(__file__).resolve().parents[5] / "docs" / "explanation" / "divergence-and-small-groups.md"
SAID = {
    "no": State.UNMET,
    "partly": State.PARTLY,
    "yes": State.MET,
    "not applicable": State.NA,
    "don’t know": State.UNKNOWN,
    "no answer": State.UNANSWERED,
}
SCALE = evenly_spaced(["no", "partly", "yes"])


def worked_example() -> list[dict[str, str]]:
    table = DOCUMENT.read_text(encoding="utf-8").split("## 4.")[1].split("## 5.")[0]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("|")]
    lines = [[cell.strip() for cell in row] for row in rows]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]


def item_of(row: dict[str, str]) -> Item:
    replies = [
        Reply("everybody", state, said if said in ("no", "partly", "yes") else "")
        for said, state in SAID.items()
        for _ in range(int(row[said]))
    ]
    return Item(row["item"], SCALE, tuple(replies))


def words_of(divergence: Divergence) -> dict[str, str]:
    levels = dict.fromkeys(level for level in (divergence.lowest, divergence.highest) if level)
    return {
        "disagreement": "–" if divergence.percent is None else f"{divergence.percent} %",
        "levels": " to ".join(levels) or "–",
        "majority": "not applicable" if divergence.is_mostly_na else divergence.majority or "–",
        "share of don’t know": f"{divergence.unknown_share:.0%}".replace("%", " %"),
    }


@pytest.mark.parametrize("row", worked_example(), ids=lambda row: row["item"])
def test_worked_example_holds(row):
    divergence = divergence_of(item_of(row))

    assert words_of(divergence) == {name: row[name] for name in words_of(divergence)}
    assert divergence.asked == 10


def test_worked_example_is_in_order():
    rows = worked_example()

    order = ranked(divergence_of(item_of(row)) for row in rows)

    assert [divergence.code for divergence in order] == [row["item"] for row in sorted(rows, key=lambda row: int(row["place"]))]
    assert len(rows) == 13

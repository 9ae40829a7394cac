"""The table in docs/explanation/scores.md is the test."""

from pathlib import Path

import pytest

from jumelle.engines.scoring.findings import Standing, standing_of
from jumelle.engines.scoring.share import share_of
from jumelle.engines.scoring.tally import Mark, State, Tally, progress_of, tally_of
from jumelle.engines.scoring.verdict import verdict_of

DOCUMENT = Path(__file__).resolve().parents[5] / "docs" / "explanation" / "scores.md"
STATES = {
    "met": State.MET,
    "partly": State.PARTLY,
    "unmet": State.UNMET,
    "not known": State.UNKNOWN,
    "not answered": State.UNANSWERED,
    "not applicable": State.NA,
}


def worked_example() -> list[dict[str, str]]:
    table = DOCUMENT.read_text(encoding="utf-8").split("## 7. A worked example")[1]
    rows = [line.strip("|").split("|") for line in table.splitlines() if line.startswith("|")]
    lines = [[cell.strip() for cell in row] for row in rows]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[2:]]


def marks_of(row: dict[str, str]) -> list[Mark]:
    count, opened = {name: int(row[name]) for name in STATES}, int(row["open"])
    count["not answered"] -= opened
    marks = [Mark(f"{name}{n}", state) for name, state in STATES.items() for n in range(count[name])]
    marks += [Mark(f"written{n}", State.WRITTEN, scaled=False) for n in range(int(row["written"]))]
    return marks + [Mark(f"open{n}", State.UNANSWERED, scaled=False) for n in range(opened)]


def words_of(tally: Tally) -> dict[str, str]:
    verdict, share, standing = verdict_of(tally), share_of(tally), standing_of(tally)
    return {
        "N": str(tally.total),
        "applicable": str(tally.applicable),
        "answered": str(tally.answered),
        "progress": f"{progress_of(tally).percent} %",
        "verdict": f"{verdict.band}{', provisional' if verdict.provisional else ''}" if verdict else "–",
        "share": "–" if share.percent is None else f"{share.percent} %",
        "coverage": f"{share.judged} of {share.of}",
        "standing": word_of(standing),
    }


def word_of(standing: Standing | None) -> str:
    if standing is None:
        return "–"
    return standing.condition.replace("_", " ") + ("" if standing.settled else ", so far")


@pytest.mark.parametrize("row", worked_example(), ids=lambda row: row["part"])
def test_worked_example_holds(row):
    tally = tally_of(marks_of(row))

    assert words_of(tally) == {name: row[name] for name in words_of(tally)}


def test_worked_example_has_every_verdict():
    assert len(worked_example()) == 15
    assert {row["verdict"].split(",")[0] for row in worked_example()} == {"all", "some", "none", "–"}

"""The tables in docs/explanation/versions-and-codes.md are the test."""

import re
from pathlib import Path

from django.conf import settings

from jumelle.toolkits.package.links import Fate
from jumelle.toolkits.package.offers import choices
from jumelle.toolkits.package.upgrade import Step, plan_upgrade
from jumelle.toolkits.package.yaml_folder import read_folder

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "explanation" / "versions-and-codes.md"
TOOLKIT = settings.CONTENT_DIR / "toolkits" / "language-learning-support"


def table_with(heading):
    """The cells of the table whose first heading this is, without its two head lines."""
    _, _, after = DOCUMENT.read_text().partition(f"| {heading} |")
    lines = after.split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def words(proposed, allowed):
    return [word for word in [proposed, *allowed.split(", ")] if word != "–"]


def code_in(cell):
    found = re.match(r"`(.+?)`", cell)
    return found.group(1) if found else ""


def test_choices_are_those_of_the_document():
    fitting = {"KF1.Q1": frozenset({"yes"})}

    told = {what: words(proposed, allowed) for what, _when, proposed, allowed in table_with("what became of it")}

    assert told == {fate: list(choices(Step("KF1.Q1", fate, value_fits=fitting))) for fate in Fate if fate is not Fate.NEW}


def test_key_factor_8_is_carried_over_as_the_document_says():
    plan = plan_upgrade([read_folder(TOOLKIT / "0.9.0"), read_folder(TOOLKIT / "1.0.0")])

    told = [(code_in(old), what, code_in(new), words(*rest)) for old, what, new, *rest in table_with("question in 0.9.0")]

    assert told == [(step.code, step.fate, "".join(step.to), list(choices(step))) for step in plan.steps]

"""
Whoever is asked whatever and says whatever: where nobody was to be told who said what, fewer than five are never shown.

Each example is a round in the database, read and drawn as the pages read and draw it, and then forgotten.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.models import Assessment, Respondent, RespondentAnswer, Round
from jumelle.assessments.queries import sheet_of
from jumelle.assessments.queries.divergence import Discussion, Show, discussion_of
from jumelle.assessments.tests.factories import NOW, make_assessment, make_place
from jumelle.assessments.views.divergence import Painter
from jumelle.assessments.views.found import reader_of
from jumelle.assessments.views.side_by_side import RoundAddresses
from jumelle.cities.tenancy import city_scope
from jumelle.engines.disclosure.thresholds import K_INSIDE

pytestmark = pytest.mark.django_db

THEMES = ("KF1", "KF8", "CF")
ITEMS = ("KF1.Q1", "KF1.Q2", "KF8.Q1", "CF.F1")
VALUES = ("yes", "partly", "no", "na", "unknown", "")
MANY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Person:
    """said: item → value; "" and for an open question: nothing but a note, or a text."""

    role: str
    themes: tuple[str, ...]
    sent_in: bool
    withdrawn: bool
    said: dict[str, str]


people = st.lists(
    st.builds(
        Person,
        role=st.sampled_from(RespondentRole.values),
        themes=st.lists(st.sampled_from(THEMES), min_size=1, unique=True).map(tuple),
        sent_in=st.sampled_from([True, True, True, False]),
        withdrawn=st.sampled_from([False, False, False, False, True]),
        said=st.dictionaries(st.sampled_from(ITEMS), st.sampled_from(VALUES)),
    ),
    max_size=22,
)


@contextmanager
def forgotten() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def lay_open(assessment: Assessment, crowd: Iterable[tuple[int, Person]]) -> Round:
    """As it would stand after everybody has answered, in this order; each text tells its author's number."""
    common = {"city_id": assessment.city_id}
    opened = Round.objects.create(assessment=assessment, answer_until=NOW.date(), started_at=NOW, opened_at=NOW, **common)
    for number, person in crowd:
        respondent = Respondent.objects.create(
            round=opened,
            role=person.role,
            name=f"Canary-Name-{number}.",
            themes=[theme for theme in THEMES if theme in person.themes],
            language="en",
            invited_at=NOW,
            sent_in_at=NOW if person.sent_in else None,
            withdrawn_at=NOW if person.withdrawn else None,
            **common,
        )
        RespondentAnswer.objects.bulk_create(
            RespondentAnswer(
                respondent=respondent,
                item_code=code,
                value="" if code.startswith("CF") else value,
                text=f"Text-{number}." if code.startswith("CF") and value else "",
                note=f"Note-{number}.",
                private_note=f"Canary-Private-{number}.",
                answered_at=NOW,
                **common,
            )
            for code, value in person.said.items()
            if code.partition(".")[0] in person.themes
        )
    return opened


def drawn(discussion: Discussion) -> dict[str, str]:
    """Item → everything that the page shows of it."""
    painter = Painter(reader_of(discussion.sheet), RoundAddresses(discussion.round, "here"), THEMES, unfolded=True)
    screens = {point.code: painter.point(point).said for point in discussion.shown(Show.ALL)}
    return {
        code: "".join((said.bar, said.words, said.facts, said.written, said.table, said.notes)) if said else ""
        for code, said in screens.items()
    }


@MANY
@given(crowd=people)
def test_no_group_that_is_shown_has_fewer_than_five_people(shared: Assessment, crowd: list[Person]):
    with forgotten(), city_scope(shared.city_id):
        discussion = discussion_of(lay_open(shared, enumerate(crowd)), reads=lambda _point: True)
        html = drawn(discussion)

    for point in discussion.points:
        asked = Counter(person.role for person in crowd if counts(person) and point.theme.code in person.themes)
        if asked.total() < K_INSIDE:
            assert (point.divergence, point.groups, point.written, point.notes, html[point.code]) == (None, (), (), (), "")
            continue
        sizes = [group.size for group in point.groups]
        assert min(sizes) >= K_INSIDE
        assert [sum(asked[role] for role in group.keys) for group in point.groups] == sizes
        assert sorted(role for group in point.groups for role in group.keys) == sorted(asked)
        assert [group.distribution.asked for group in point.divergence.by_group] == sizes
        assert [int(size) for size in re.findall(r'data-label="in all">(\d+)<', html[point.code])] == (sizes if len(sizes) > 1 else [])
        told = {voice.role for voice in (*point.notes, *point.written)} - {""}
        assert all(asked[role] >= K_INSIDE and (role,) in [group.keys for group in point.groups] for role in told)
    assert "Canary" not in "".join(html.values()) + repr(discussion)


def counts(person: Person) -> bool:
    return person.sent_in and not person.withdrawn


@MANY
@given(crowd=people)
def test_only_those_who_sent_in_are_heard(shared: Assessment, crowd: list[Person]):
    with forgotten(), city_scope(shared.city_id):
        discussion = discussion_of(lay_open(shared, enumerate(crowd)), reads=lambda _point: True)

    silent = [number for number, person in enumerate(crowd) if not counts(person)]
    heard = {voice.text for point in discussion.points for voice in (*point.notes, *point.written)}
    assert not heard & {f"{kind}-{number}." for kind in ("Note", "Text") for number in silent}
    assert discussion.sent_in == len(crowd) - len(silent)


@MANY
@given(crowd=people, chance=st.randoms(use_true_random=False))
def test_who_came_first_changes_nothing(shared: Assessment, crowd: list[Person], chance: Random):
    """So the order of notes says neither when somebody answered nor who it was."""
    shuffled = list(enumerate(crowd))
    chance.shuffle(shuffled)
    found = []
    for order in (list(enumerate(crowd)), shuffled):
        with forgotten(), city_scope(shared.city_id):
            found.append(drawn(discussion_of(lay_open(shared, order), reads=lambda _point: True)))

    assert found[0] == found[1]


@pytest.fixture
def shared() -> Assessment:
    place = make_place()
    assessment = make_assessment(place, themes=list(THEMES))
    with city_scope(assessment.city_id):
        assert set(ITEMS) <= set(sheet_of(assessment).all_entries)
    return assessment

"""Several people at the same moment, each on a connection of their own."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connections

from jumelle.action_plans.content import line_from_json
from jumelle.action_plans.enums import VersionName
from jumelle.action_plans.models import Plan, PlanLine, PlanLineRevision
from jumelle.action_plans.operations import (
    LineChangedMeanwhile,
    PlanRefused,
    approve_version,
    columns_of,
    edit_line,
    make_version,
    move_line,
)
from jumelle.action_plans.queries import lines_of, newest_version, version_content
from jumelle.action_plans.tests.factories import LATER, NOW, make_line, make_plan
from jumelle.assessments.tests.factories import make_place
from jumelle.audit.operations import verify_chain
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 8
EDITS = 50


def together(act, inputs):
    """What each of the inputs led to: "saved", or the name of the refusal."""

    def one(given):
        try:
            act(given)
        except PlanRefused as refusal:
            return type(refusal).__name__
        else:
            return "saved"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(PEOPLE) as people:
        return Counter(people.map(one, inputs))


def edit(place, line_id, revision, action):
    with city_scope(place.here.id):
        line = PlanLine.objects.get(pk=line_id)
        edit_line(place=place, line=line, given=replace(columns_of(line), action=action, revision=revision), now=LATER)


def texts_ever_saved(place, line):
    with city_scope(place.here.id):
        earlier = [line_from_json(kept.content).action for kept in PlanLineRevision.objects.filter(line=line)]
        return [*earlier, PlanLine.objects.get(pk=line.pk).action]


def test_of_fifty_edits_upon_the_same_state_one_is_stored_and_the_others_are_told():
    place = make_place()
    line = make_line(make_plan(place), "before")

    outcome = together(lambda number: edit(place, line.pk, 1, f"text {number}"), range(EDITS))

    assert outcome == Counter({"LineChangedMeanwhile": EDITS - 1, "saved": 1})
    assert len(texts_ever_saved(place, line)) == 2


def test_fifty_parallel_edits_of_one_line_are_all_kept_when_each_looks_again():
    """Whoever is told reads the stored line and replaces it: each of the fifty texts stays, as the line or as an earlier state."""
    place = make_place()
    line = make_line(make_plan(place), "before")

    def insist(number):
        revision = 1
        while True:
            try:
                return edit(place, line.pk, revision, f"text {number}")
            except LineChangedMeanwhile as told:
                revision = told.stored.revision

    outcome = together(insist, range(EDITS))

    assert outcome == Counter({"saved": EDITS})
    assert sorted(texts_ever_saved(place, line)) == sorted(["before", *(f"text {number}" for number in range(EDITS))])
    assert verify_chain(place.chain) == []


def test_fifty_parallel_edits_of_fifty_lines_are_all_stored():
    place = make_place()
    plan = make_plan(place)
    lines = [make_line(plan, f"before {number}") for number in range(EDITS)]

    outcome = together(lambda number: edit(place, lines[number].pk, 1, f"text {number}"), range(EDITS))

    with city_scope(place.here.id):
        assert [line.action for line in lines_of(plan)] == [f"text {number}" for number in range(EDITS)]
        assert PlanLineRevision.objects.count() == EDITS
    assert outcome == Counter({"saved": EDITS})
    assert verify_chain(place.chain) == []


def test_moves_at_the_same_moment_lose_no_line_and_no_place():
    place = make_place()
    plan = make_plan(place)
    lines = [make_line(plan, str(number)) for number in range(6)]

    def move(number):
        with city_scope(place.here.id):
            move_line(place=place, line=PlanLine.objects.get(pk=lines[number].pk), down=number % 2 == 0, now=LATER)

    together(move, [*range(6)] * 3)

    with city_scope(place.here.id):
        found = list(lines_of(plan))
    assert (sorted(line.action for line in found), [line.position for line in found]) == (list("012345"), [1, 2, 3, 4, 5, 6])


def test_no_edit_slips_into_a_plan_that_is_being_approved():
    place = make_place()
    plan = make_plan(place)
    line = make_line(plan, "before")
    with city_scope(place.here.id):
        version = make_version(place=place, plan=plan, name=VersionName.FIRST_LIST, now=NOW)

    def act(number):
        if number:
            return edit(place, line.pk, 1, f"text {number}")
        with city_scope(place.here.id):
            return approve_version(place=place, version=version, body="Council", approved_on=NOW.date(), today=NOW.date(), now=LATER)

    together(act, range(PEOPLE))

    with city_scope(place.here.id):
        frozen = not Plan.objects.get(pk=plan.pk).can_be_changed
        promised = version_content(newest_version(plan)).lines[0].action
        assert not frozen or PlanLine.objects.get(pk=line.pk).action == promised


def test_versions_made_at_the_same_moment_are_counted_apart():
    place = make_place()
    plan = make_plan(place)
    make_line(plan)

    def make(_number):
        with city_scope(place.here.id):
            make_version(place=place, plan=plan, name=VersionName.REVISED, now=NOW)

    outcome = together(make, range(PEOPLE))

    with city_scope(place.here.id):
        assert sorted(plan.versions.values_list("number", flat=True)) == list(range(1, PEOPLE + 1))
    assert outcome == Counter({"saved": PEOPLE})


def test_what_is_read_can_be_given_back_unchanged():
    """The tests above rest upon it: `columns_of` reads back what `edit_line` takes."""
    place = make_place()
    line = make_line(make_plan(place), complete=True, measured=True)

    with city_scope(place.here.id):
        assert not edit_line(place=place, line=line, given=columns_of(line), now=LATER).changed

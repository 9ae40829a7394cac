from datetime import date

import pytest

from jumelle.action_plans.content import line_from_json
from jumelle.action_plans.enums import OriginKind
from jumelle.action_plans.models import LineOrigin, PlanLine, PlanLineRevision
from jumelle.action_plans.operations import (
    LabelMissing,
    NoteChangedMeanwhile,
    OriginFixed,
    PlanApproved,
    TextTooLong,
    add_origin,
    mark_of,
    move_line,
    note_privately,
    remove_line,
    remove_origin,
    restore_line,
    show_line,
)
from jumelle.action_plans.queries import lines_of, removed_lines_of
from jumelle.action_plans.tests.factories import LATER, make_line, make_plan
from jumelle.assessments.operations import LinkRefused
from jumelle.assessments.tests.factories import make_place
from jumelle.audit.models import Event
from jumelle.cities.tenancy import city_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def plan(place):
    return make_plan(place)


def do(operation, place, **arguments):
    with city_scope(place.here.id):
        return operation(place=place, now=LATER, **arguments)


def actions(place, plan):
    with city_scope(place.here.id):
        return [line.action for line in lines_of(plan)]


def test_line_is_removed_and_brought_back(place, plan):
    line = make_line(plan, "first")
    make_line(plan, "second")

    do(remove_line, place, line=line)

    assert actions(place, plan) == ["second"]
    with city_scope(place.here.id):
        assert [each.action for each in removed_lines_of(plan)] == ["first"]
    do(restore_line, place, line=line)
    assert actions(place, plan) == ["first", "second"]


@pytest.mark.parametrize(
    ("which", "down", "moved", "order"),
    [
        (0, True, True, ["b", "a", "c"]),
        (2, False, True, ["a", "c", "b"]),
        (0, False, False, ["a", "b", "c"]),
        (2, True, False, ["a", "b", "c"]),
    ],
)
def test_line_changes_places_with_its_neighbour(place, plan, which, down, moved, order):
    lines = [make_line(plan, action) for action in "abc"]

    assert do(move_line, place, line=lines[which], down=down) is moved
    assert actions(place, plan) == order


def test_move_passes_over_removed_lines(place, plan):
    first = make_line(plan, "a")
    make_line(plan, "gone", removed=True)
    make_line(plan, "b")

    do(move_line, place, line=first, down=True)

    assert actions(place, plan) == ["b", "a"]


def test_removed_line_does_not_move(place, plan):
    line = make_line(plan, removed=True)
    make_line(plan)

    assert do(move_line, place, line=line, down=True) is False


def test_approval_freezes_order_and_lines_but_not_what_is_shown(place):
    plan = make_plan(place, approved=True)
    line = make_line(plan, "a")
    gone = make_line(plan, "gone", removed=True)
    make_line(plan, "b")

    for operation, arguments in [
        (remove_line, {"line": line}),
        (restore_line, {"line": gone}),
        (move_line, {"line": line, "down": True}),
        (add_origin, {"line": line, "kind": OriginKind.VISIT, "label": "Visit"}),
    ]:
        with pytest.raises(PlanApproved):
            do(operation, place, **arguments)

    assert actions(place, plan) == ["a", "b"]
    assert do(show_line, place, line=line, is_public=True).is_public
    assert do(note_privately, place, line=line, note="still possible", seen=mark_of("")).private_note == "still possible"


def test_origin_is_added_and_removed_and_the_earlier_state_keeps_it(place, plan):
    line = make_line(plan)

    origin = do(
        add_origin, place, line=line, kind=OriginKind.VISIT, label="Second visit", url="https://example.org/v", dated_on=date(2026, 2, 1)
    )
    do(remove_origin, place, origin=origin)

    with city_scope(place.here.id):
        assert not LineOrigin.objects.exists()
        kept = [line_from_json(each.content).origins for each in PlanLineRevision.objects.order_by("revision")]
        assert PlanLine.objects.get(pk=line.pk).revision == 3
    assert [[each.label for each in origins] for origins in kept] == [[], ["Second visit"]]


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        ({"label": " "}, LabelMissing),
        ({"label": "x" * 301}, LabelMissing),
        ({"label": "Visit", "url": "javascript:alert(1)"}, LinkRefused),
    ],
)
def test_origin_refused_leaves_nothing(place, plan, arguments, refusal):
    line = make_line(plan)

    with pytest.raises(refusal):
        do(add_origin, place, line=line, kind=OriginKind.MEETING, **arguments)

    with city_scope(place.here.id):
        assert (LineOrigin.objects.count(), PlanLine.objects.get(pk=line.pk).revision) == (0, 1)


def test_gap_stays_with_the_line_that_was_made_from_it(place, plan):
    line = make_line(plan, from_gap=True)

    with city_scope(place.here.id):
        origin = LineOrigin.objects.get(line=line)
    with pytest.raises(OriginFixed):
        do(remove_origin, place, origin=origin)


def test_private_note_is_not_overwritten_unseen(place, plan):
    line = make_line(plan, private_note="first")
    do(note_privately, place, line=line, note="theirs", seen=mark_of("first"))

    with pytest.raises(NoteChangedMeanwhile) as told:
        do(note_privately, place, line=line, note="mine", seen=mark_of("first"))

    assert (told.value.typed, told.value.stored) == ("mine", "theirs")
    assert do(note_privately, place, line=line, note="mine", seen=mark_of("theirs")).private_note == "mine"


def test_private_note_has_a_limit_and_stands_in_no_journal(place, plan):
    line = make_line(plan)

    with pytest.raises(TextTooLong):
        do(note_privately, place, line=line, note="x" * 10_001, seen=mark_of(""))
    do(note_privately, place, line=line, note="Secretnote", seen=mark_of(""))

    assert not any("Secretnote" in str(event.data) for event in Event.objects.all())

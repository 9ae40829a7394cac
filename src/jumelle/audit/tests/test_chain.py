"""Sixty and more ways to falsify the journal: each is found."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from jumelle.audit.models import ChainHead, Event
from jumelle.audit.operations import chains, record, seal_of, verify_chain
from jumelle.common.triggers import drop_triggers, install_triggers

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
ONE, TWO = "city:11111111", "city:22222222"
LENGTH = 6


def fill(chain: str) -> None:
    for number in range(LENGTH):
        record(
            chain=chain,
            action=f"answer_saved_{number}",
            now=NOW + timedelta(minutes=number),
            actor=f"person-{number}",
            role="integration_officer",
            object_type="Answer",
            object_id=f"object-{number}",
            reason="asked by the city",
            data={"rows": number},
        )


@pytest.fixture
def journal(db):
    """Two chains of six events, in a database whose append-only triggers an enemy has taken away."""
    fill(ONE)
    fill(TWO)
    drop_triggers()


def anchors() -> dict[str, tuple[int, str]]:
    return {head.chain: (head.number, head.seal) for head in ChainHead.objects.all()}


def problems(known: dict[str, tuple[int, str]] | None = None) -> list[str]:
    known = known or {}
    return [problem for chain in sorted({*chains(), *known}) for problem in verify_chain(chain, known.get(chain))]


def event(number: int, chain: str = ONE) -> Event:
    return Event.objects.get(chain=chain, number=number)


# --- the ways ----------------------------------------------------------------------------------------------------------

Tampering = Callable[[], None]


def edit(event_number: int, **values: object) -> Tampering:
    return lambda: Event.objects.filter(chain=ONE, number=event_number).update(**values) and None


def delete(*numbers: int) -> Tampering:
    return lambda: Event.objects.filter(chain=ONE, number__in=numbers).delete() and None


def delete_and_close_the_gap(number: int) -> Tampering:
    def tamper() -> None:
        Event.objects.filter(chain=ONE, number=number).delete()
        for later in range(number + 1, LENGTH + 1):
            Event.objects.filter(chain=ONE, number=later).update(number=later - 1)
        ChainHead.objects.filter(chain=ONE).update(number=LENGTH - 1)

    return tamper


def exchange(first: int, second: int) -> Tampering:
    def tamper() -> None:
        for old, new in ((first, 1000), (second, first), (1000, second)):
            Event.objects.filter(chain=ONE, number=old).update(number=new)

    return tamper


def exchange_contents(first: int, second: int) -> Tampering:
    def tamper() -> None:
        one, two = event(first), event(second)
        Event.objects.filter(pk=one.pk).update(action=two.action, object_id=two.object_id, at=two.at)
        Event.objects.filter(pk=two.pk).update(action=one.action, object_id=one.object_id, at=one.at)

    return tamper


def cut(keep: int, *, with_head: bool) -> Tampering:
    """Take the end away; with the head, so that the chain looks whole from inside."""

    def tamper() -> None:
        Event.objects.filter(chain=ONE, number__gt=keep).delete()
        if with_head and keep:
            ChainHead.objects.filter(chain=ONE).update(number=keep, seal=event(keep).seal)
        elif with_head:
            ChainHead.objects.filter(chain=ONE).delete()

    return tamper


def insert(number: int, *, seal_like: int | None = None, with_head: bool = False) -> Tampering:
    def tamper() -> None:
        for later in range(LENGTH, number - 1, -1):
            Event.objects.filter(chain=ONE, number=later).update(number=later + 1)
        forged = Event(chain=ONE, number=number, at=NOW, actor="person-0", action="answer_saved_0", data={})
        forged.seal = event(seal_like).seal if seal_like else "0" * 64
        forged.save(force_insert=True)
        if with_head:
            last = Event.objects.filter(chain=ONE).order_by("-number")[0]
            ChainHead.objects.filter(chain=ONE).update(number=last.number, seal=last.seal)

    return tamper


def move_to_other_chain(number: int, to: int) -> Tampering:
    return lambda: Event.objects.filter(chain=ONE, number=number).update(chain=TWO, number=to) and None


def exchange_chains() -> None:
    for model in (Event, ChainHead):
        for old, new in ((ONE, "aside"), (TWO, ONE), ("aside", TWO)):
            model.objects.filter(chain=old).update(chain=new)


def copy_chain_under_another_name() -> None:
    for row in Event.objects.filter(chain=ONE):
        row.pk, row.chain = None, "city:33333333"
        row.save(force_insert=True)
    head = ChainHead.objects.get(chain=ONE)
    ChainHead.objects.create(chain="city:33333333", number=head.number, seal=head.seal)


def put_back_an_event_of_another_past() -> None:
    """A copy of the journal is taken, one more event is written, the copy is put back, others follow: two rightly sealed events 7."""
    head = ChainHead.objects.get(chain=ONE)
    other_past = record(chain=ONE, action="answer_deleted", now=NOW)
    other_past.delete()
    ChainHead.objects.filter(chain=ONE).update(number=head.number, seal=head.seal)
    for action in ("answer_saved", "answer_read"):
        record(chain=ONE, action=action, now=NOW)
    Event.objects.filter(chain=ONE, number=LENGTH + 1).delete()
    other_past.pk = None
    other_past.save(force_insert=True)


def seal_anew_with_another_key(settings) -> Tampering:
    """The enemy knows the method but not the key."""

    def tamper() -> None:
        right, settings.AUDIT_KEY = settings.AUDIT_KEY, "the enemy's own key " * 3
        Event.objects.filter(chain=ONE, number=3).update(actor="somebody else")
        previous = event(2).seal
        for number in range(3, LENGTH + 1):
            row = event(number)
            previous = seal_of(row, previous)
            Event.objects.filter(pk=row.pk).update(seal=previous)
        ChainHead.objects.filter(chain=ONE).update(seal=previous)
        settings.AUDIT_KEY = right

    return tamper


NEW_VALUES = {
    "at": NOW + timedelta(minutes=1, microseconds=1),
    "actor": "person-9",
    "role": "city_admin",
    "action": "answer_read",
    "object_type": "Note",
    "object_id": "object-9",
    "reason": "",
    "data": {"rows": 99},
    "seal": "f" * 64,
    "number": 77,
}
SEEN_FROM_INSIDE: dict[str, Tampering] = {
    **{f"edit {name} of event {number}": edit(number, **{name: value}) for name, value in NEW_VALUES.items() for number in (1, 3, LENGTH)},
    "edit data by one key": edit(2, data={"rows": 1, "more": 0}),
    "edit data by type": edit(2, data={"rows": "1"}),
    "edit time by a day": edit(4, at=NOW - timedelta(days=1)),
    **{f"delete event {number}": delete(number) for number in range(1, LENGTH + 1)},
    "delete two events": delete(2, 3),
    "delete the first half": delete(1, 2, 3),
    "delete all but the last": delete(1, 2, 3, 4, 5),
    **{f"delete event {number} and close the gap": delete_and_close_the_gap(number) for number in range(1, LENGTH)},
    **{f"exchange events {number} and {number + 1}": exchange(number, number + 1) for number in range(1, LENGTH)},
    "exchange first and last": exchange(1, LENGTH),
    "exchange the contents of two": exchange_contents(2, 5),
    **{f"cut after {keep}": cut(keep, with_head=False) for keep in range(LENGTH)},
    "insert at the end": insert(LENGTH + 1),
    "insert at the end, with the head": insert(LENGTH + 1, with_head=True),
    "insert with a copied seal": insert(LENGTH + 1, seal_like=LENGTH, with_head=True),
    "insert in the middle": insert(3),
    "insert in the middle, with the head": insert(3, seal_like=2, with_head=True),
    "insert at the beginning": insert(1, with_head=True),
    "move an event to the other chain": move_to_other_chain(LENGTH, LENGTH + 1),
    "move a middle event to the other chain": move_to_other_chain(3, LENGTH + 1),
    "exchange the two chains": exchange_chains,
    "copy a chain under another name": copy_chain_under_another_name,
    "head with another number": lambda: ChainHead.objects.filter(chain=ONE).update(number=LENGTH - 1) and None,
    "head with another seal": lambda: ChainHead.objects.filter(chain=ONE).update(seal="0" * 64) and None,
    "head with the other chain's seal": lambda: ChainHead.objects.filter(chain=ONE).update(seal=event(LENGTH, TWO).seal) and None,
    "an event of another past": put_back_an_event_of_another_past,
    "head deleted": lambda: ChainHead.objects.filter(chain=ONE).delete() and None,
}
SEEN_FROM_OUTSIDE: dict[str, Tampering] = {f"cut after {keep} together with the head": cut(keep, with_head=True) for keep in range(LENGTH)}


def test_untouched_journal_is_whole(journal):
    assert problems(anchors()) == []


@pytest.mark.parametrize("tamper", SEEN_FROM_INSIDE.values(), ids=SEEN_FROM_INSIDE.keys())
def test_tampering_is_found(journal, tamper):
    tamper()

    assert problems() != []


@pytest.mark.parametrize("tamper", SEEN_FROM_OUTSIDE.values(), ids=SEEN_FROM_OUTSIDE.keys())
def test_end_cut_off_with_its_head_is_found_by_the_anchor(journal, tamper):
    noted = anchors()

    tamper()

    assert problems(noted) != []


def test_missing_event_is_named(journal):
    delete(3)()

    assert f"{ONE}: event 3 is missing" in problems()


def test_sealing_anew_without_the_key_is_found(journal, settings):
    seal_anew_with_another_key(settings)()

    assert problems() != []


def test_there_are_sixty_ways_and_more(capsys):
    count = len(SEEN_FROM_INSIDE) + len(SEEN_FROM_OUTSIDE) + 1

    with capsys.disabled():
        print(f"\n{count} ways to falsify the journal")
    assert count >= 60


# --- the database's own rule -------------------------------------------------------------------------------------------


@pytest.fixture
def guarded(db):
    install_triggers()
    fill(ONE)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET actor = 'nobody'",
        "UPDATE audit_event SET seal = seal",
        "UPDATE audit_event SET number = number + 1 WHERE number = 6",
        "DELETE FROM audit_event",
        "DELETE FROM audit_event WHERE number = 6",
    ],
)
def test_database_refuses_to_change_or_delete_an_event(guarded, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert problems() == []


def test_orm_cannot_change_or_delete_an_event_either(guarded):
    for change in (event(2).delete, Event.objects.all().delete, lambda: Event.objects.update(actor=""), event(3).save):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()

    assert problems() == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a word of SQLite")
def test_replacing_an_event_is_refused(guarded):
    """SQLite's OR REPLACE asks the trigger that forbids deleting only because recursive_triggers is on."""
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT OR REPLACE INTO audit_event "
            "(id, chain, number, at, actor, role, action, object_type, object_id, reason, data, seal) "
            "SELECT id, chain, number, at, 'nobody', role, action, object_type, object_id, reason, data, seal "
            "FROM audit_event WHERE number = 2"
        )

    assert problems() == []


# --- many at once ------------------------------------------------------------------------------------------------------


def test_fifty_records_at_once_keep_the_numbers_without_a_gap(transactional_db):
    failures: list[Exception] = []

    def write(person: int) -> None:
        try:
            for number in range(5):
                record(chain=ONE, action="answer_saved", now=NOW, actor=f"person-{person}", data={"n": number})
        except Exception as error:  # shown by the assertion below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(person,)) for person in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert list(Event.objects.filter(chain=ONE).order_by("number").values_list("number", flat=True)) == list(range(1, 51))
    assert problems() == []


def test_record_that_is_rolled_back_leaves_no_gap(db):
    record(chain=ONE, action="first", now=NOW)
    with transaction.atomic():
        record(chain=ONE, action="never happened", now=NOW)
        transaction.set_rollback(True)
    record(chain=ONE, action="second", now=NOW)

    assert list(Event.objects.values_list("number", "action")) == [(1, "first"), (2, "second")]
    assert problems() == []


# --- commands ----------------------------------------------------------------------------------------------------------


def test_verify_says_that_all_is_whole(guarded, capsys):
    call_command("audit_verify")

    assert capsys.readouterr().out == "1 chains, 6 events: whole.\n"


def test_verify_names_what_was_changed_and_fails(journal, capsys):
    install_triggers()
    drop_triggers()
    edit(3, actor="nobody")()
    install_triggers()

    with pytest.raises(CommandError, match="1 problems") as failed:
        call_command("audit_verify")

    assert failed.value.returncode == 1
    assert "event 3 was changed" in capsys.readouterr().out


def test_verify_looks_at_one_chain_when_asked(journal, capsys):
    edit(3, actor="nobody")()
    install_triggers()

    call_command("audit_verify", TWO)

    assert "1 chains, 6 events" in capsys.readouterr().out


def test_verify_misses_the_rules_that_somebody_took_away(journal, capsys):
    with pytest.raises(CommandError, match="2 problems"):
        call_command("audit_verify")

    said = capsys.readouterr().out
    assert "audit_event_no_delete" in said
    assert "audit_event_no_update" in said


def test_anchor_kept_elsewhere_finds_a_journal_that_was_cut(journal, tmp_path, capsys):
    call_command("audit_anchor")
    kept = tmp_path / "anchor.json"
    kept.write_text(capsys.readouterr().out)
    cut(2, with_head=True)()
    install_triggers()

    call_command("audit_verify")
    with pytest.raises(CommandError, match="1 problems"):
        call_command("audit_verify", "--anchor", str(kept))

    assert json.loads(kept.read_text())["chains"][TWO] == {"number": LENGTH, "seal": event(LENGTH, TWO).seal}


def test_anchor_of_a_chain_that_is_gone_is_noticed(journal, tmp_path, capsys):
    call_command("audit_anchor")
    (tmp_path / "anchor.json").write_text(capsys.readouterr().out)
    cut(0, with_head=True)()
    install_triggers()

    with pytest.raises(CommandError, match="problems"):
        call_command("audit_verify", "--anchor", str(tmp_path / "anchor.json"))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"chains": {"a": 1}}', '{"chains": {"a": {"number": "x", "seal": ""}}}'])
def test_senseless_anchor_is_refused_in_a_sentence(db, tmp_path, text):
    (tmp_path / "anchor").write_text(text)

    with pytest.raises(CommandError, match="is not what `jumelle audit anchor` prints"):
        call_command("audit_verify", "--anchor", str(tmp_path / "anchor"))


def test_unknown_chain_is_named(db):
    with pytest.raises(CommandError, match="no chain city:0"):
        call_command("audit_verify", "city:0")

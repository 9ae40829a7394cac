"""
The two engines of answering together: 30 respondents who answered 93 items, and a large table of many small counts.

No database and no page: only the processor time that the engines add to a request. Limits: 50 ms to merge the roles of
every item and to put 93 items in order, 1 s to protect a table of 30 areas by 12 levels.
    .venv/bin/python benchmarks/divergence.py
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from jumelle.engines.consensus.divergence import divergence_of, ranked
from jumelle.engines.consensus.replies import Item, Reply, evenly_spaced
from jumelle.engines.disclosure.grouping import merge_small_groups
from jumelle.engines.disclosure.table import protect_table
from jumelle.engines.disclosure.thresholds import K_INSIDE, K_PUBLIC
from jumelle.engines.scoring.tally import State

RANK_LIMIT_MS, TABLE_LIMIT_MS = 50, 1000
RESPONDENTS, ITEMS, AREAS, LEVELS, ROUNDS = 30, 93, 30, 12, 15
ROLES = ("department", "ngo", "migrants", "provider", "support_group", "volunteer", "other")
STATES = {"no": State.UNMET, "partly": State.PARTLY, "yes": State.MET, "na": State.NA, "unknown": State.UNKNOWN, "": State.UNANSWERED}
SCALE = evenly_spaced(["no", "partly", "yes"])


def make_items(rng: random.Random) -> list[Item]:
    roles = [rng.choice(ROLES) for _ in range(RESPONDENTS)]
    return [Item(f"I{number}", SCALE, tuple(make_reply(role, rng) for role in roles)) for number in range(ITEMS)]


def make_reply(role: str, rng: random.Random) -> Reply:
    value, state = rng.choice(list(STATES.items()))
    return Reply(role, state, value if state in (State.UNMET, State.PARTLY, State.MET) else "")


def rank(items: list[Item]) -> None:
    found = []
    for item in items:
        sizes = {role: sum(reply.group == role for reply in item.replies) for role in ROLES}
        found.append(divergence_of(item, merge_small_groups(sizes, K_INSIDE).keys))
    assert len(ranked(found)) == ITEMS


def median_ms(act: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        act()
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


def main() -> int:
    rng = random.Random(3)  # noqa: S311 (the same invented figures each time)
    items = make_items(rng)
    table = {f"area {row:02}": {f"level {column:02}": int(rng.paretovariate(0.6)) for column in range(LEVELS)} for row in range(AREAS)}

    rank_ms = median_ms(lambda: rank(items))
    table_ms = median_ms(lambda: protect_table(table, K_PUBLIC))
    shown = sum(not cell.is_withheld for cell in protect_table(table, K_PUBLIC).cells.values())
    print(
        f"{RESPONDENTS} respondents, {ITEMS} items; a table of {AREAS} × {LEVELS}, {shown} cells of it shown; median of {ROUNDS} runs each"
    )
    print(f"items in order {rank_ms:.1f} ms (limit {RANK_LIMIT_MS}), table protected {table_ms:.0f} ms (limit {TABLE_LIMIT_MS})")
    return 0 if rank_ms <= RANK_LIMIT_MS and table_ms <= TABLE_LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())

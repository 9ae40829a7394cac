#!/usr/bin/env python3
"""
How fast a server that was killed (-9) answers again on the same data: ten times; limit 10 s for the slowest.

    .venv/bin/python benchmarks/start_after_kill.py
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.durability.installation import Installation

ROUNDS, LIMIT_S = 10, 10


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="jumelle-start-") as folder:
        installation = Installation(Path(folder))
        first = installation.start()
        took = []
        for _ in range(ROUNDS):
            installation.kill()
            took.append(installation.start())
        installation.kill()
    kept = max(took) <= LIMIT_S
    print(f"first start {first:.1f} s; after kill -9: median {sorted(took)[ROUNDS // 2]:.1f} s")
    print(f"slowest {max(took):.1f} s (limit {LIMIT_S} s): {'kept' if kept else 'NOT KEPT'}")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())

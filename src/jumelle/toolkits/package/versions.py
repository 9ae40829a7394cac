"""Semantic versions as text that sorts."""

import re

_DIGITS = re.compile(r"^[0-9]+$")


def sort_key(version: str) -> str:
    """
    Return a text that sorts as the version does: 0.9.0 before 1.0.0-rc.1 before 1.0.0 before 1.10.0.

    Source: Semantic Versioning 2.0.0, § 11.
    """
    numbers, _, pre = version.partition("-")
    head = ".".join(part.zfill(5) for part in numbers.split("."))
    if not pre:
        return f"{head}~"  # a release comes after its release candidates
    parts = [f"0{part.zfill(10)}" if _DIGITS.match(part) else f"1{part}" for part in pre.split(".")]
    return f"{head}-{'.'.join(parts)}"[:120]

"""
The printing press: turns a typst template and its data into a PDF, in a process of its own.

Typst keeps what it has set for the next time: some hundred megabytes in a worker that lives for days. A process of its own gives
them back with the last page, can be stopped when a text takes too long, and knows no secret of ours.
"""

import json
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PROGRAM = Path(__file__).resolve().with_name("typeset.py")
TIMEOUT_S = 30


class PrintingFailed(Exception):
    """The press stopped or took too long. The message never quotes what people typed: it goes to the logs."""


@dataclass(frozen=True, slots=True)
class Job:
    """
    template: a file of `typst/`; data: plain values, which the template gets as JSON, so that they can never become markup.
    timestamp: seconds since 1970, UTC.
    """

    template: str
    data: dict[str, Any]
    timestamp: int


def print_pdf(job: Job) -> bytes:
    """
    Raises:
        PrintingFailed: see the class.
    """
    try:
        done = subprocess.run(  # noqa: S603 (our own program, no shell; what people typed goes in as data)
            [sys.executable, "-I", str(PROGRAM)],
            input=json.dumps(asdict(job)).encode(),
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as error:
        raise PrintingFailed(f"{job.template} took more than {TIMEOUT_S} s") from error
    if done.returncode:
        raise PrintingFailed(f"{job.template}: {_without_quotes(done.stderr.decode(errors='replace'))}")
    return done.stdout


def _without_quotes(message: str) -> str:
    """The first words of typst's message, up to where it begins to quote."""
    return re.split(r"[`\"“«\n]", message.strip(), maxsplit=1)[0][:80].strip()

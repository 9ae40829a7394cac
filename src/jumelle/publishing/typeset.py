"""
A program of its own, started by `press`: reads a job as JSON, writes the PDF. Without Django, settings or secrets.

No font of the system, no package, no network; PDF/UA-1 or nothing.
"""

import json
import sys
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).resolve().parent


def typeset(job: dict[str, Any]) -> bytes:
    """
    Args:
        job: the fields of `press.Job`.
    Raises:
        typst.TypstError: the template does not fit the data, or a letter has no glyph.
    """
    templates = HERE / "typst"
    return typst.compile(
        templates / job["template"],
        root=templates,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[HERE / "fonts"]),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(job["data"])},
        pdf_standards=["ua-1"],
        timestamp=job["timestamp"],
    )


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(typeset(json.load(sys.stdin.buffer)))
    except typst.TypstError as error:
        sys.exit(error.message)

"""
Looks through every text of the repository for what must not be there: secrets, places of the machine that it was written on,
host names of package registries.

    python tests/architecture/no_secrets.py
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BINARY = {".woff2", ".ttf", ".png", ".jpg", ".ico", ".mo", ".pdf", ".xlsx", ".docx", ".gz"}
BIGGEST = 2_000_000
# Written apart, so that this file does not find itself.
REGISTRIES = ["py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js.org", "npm" + "js.com", "ruby" + "gems.org", "crates" + ".io"]
PLACES = ["/" + "work/", "/" + "root/", "shared/" + "design", "shared/" + "style", "shared/" + "field", "shared/" + "sources"]
RULES: dict[str, re.Pattern[str]] = {
    "a private key": re.compile("-----BEGIN " + r"[A-Z ]*PRIVATE KEY-----"),
    "a token of a code host": re.compile(r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bglpat-[\w-]{20,}"),
    "a key of a cloud": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "a token of a chat": re.compile(r"\bxox[abpr]-[\w-]{10,}"),
    "a secret with a value": re.compile(
        r"(?i)\b[A-Z_]*(?:SECRET|AUDIT|FIELD|BACKUP)_KEYS?\s*=\s*['\"]?(?:\w+:)?[A-Za-z0-9+/=_-]{24,}['\"]?\s*$"
    ),
    "a password in an address": re.compile(
        r"\b[a-z]+://[\w.-]+:(?!(?i:password|secret)@|\$|\{|<)[^@\s/'\"{}<>]{6,}@(?!127\.0\.0\.1|localhost)"
    ),
    "a host of a package registry": re.compile("|".join(map(re.escape, REGISTRIES))),
    "a place of the machine that this was written on": re.compile("|".join(map(re.escape, PLACES)) + r"|/home/(?!jumelle\b)[a-z]\w+/"),
}


def problems_of_line(line: str) -> list[str]:
    return [name for name, pattern in RULES.items() if pattern.search(line)]


def text_files() -> list[Path]:
    """What git tracks, and what it would track if it were added."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    names = listed.split("\0") if listed else [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if ".venv" not in path.parts]
    paths = [ROOT / name for name in names if name]
    return [path for path in paths if path.is_file() and path.suffix not in BINARY and path.stat().st_size < BIGGEST]


def findings() -> list[str]:
    """One sentence for each line that holds something."""
    found = []
    for path in text_files():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, start=1):
            found += [f"{path.relative_to(ROOT)}, line {number}: {problem}." for problem in problems_of_line(line)]
    return found


def main() -> int:
    found = findings()
    for sentence in found:
        print(sentence)
    print(f"{len(text_files())} files, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""The summary as a PDF for people with and without a screen reader: tagged, PDF/UA-1, A4."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import qrcode
import qrcode.image.svg

from jumelle.publishing.coverage import printable
from jumelle.publishing.press import Job, print_pdf
from jumelle.publishing.summary_parts import Document

LONG_ENTRY = 900  # characters: a row of the table with more may go on over the page; a shorter one stays whole


def summary_pdf(document: Document, *, now: datetime) -> bytes:
    """
    Raises:
        PrintingFailed: the press stopped or took too long.
    """
    return print_pdf(Job(template="summary.typ", data=printable_data(document), timestamp=int(now.timestamp())))


def printable_data(document: Document) -> dict[str, Any]:
    """Return what the template reads: the document with every text as our fonts can print it."""
    data: dict[str, Any] = _fitted(asdict(document))
    data["address"] = document.address
    data["shown_address"] = printable(document.address)
    data["qr"] = _qr(document.address) if document.address else ""
    return data


def _fitted(value: Any) -> Any:
    """Addresses stay as they are, beside the form that is shown."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list | tuple):
        return [_fitted(part) for part in value]
    if not isinstance(value, dict):
        return value
    fitted = {key: _fitted(part) for key, part in value.items()}
    if "url" in value:
        fitted |= {"url": value["url"], "shown": printable(value["url"])}
    if "wording" in value and "evidence" in value:
        fitted["long"] = _length(value) > LONG_ENTRY
    return fitted


def _length(entry: dict[str, Any]) -> int:
    agreed = entry["agreed"] or {}
    pieces = [entry["wording"], entry["told"], entry["note"], agreed.get("reason"), agreed.get("minority"), agreed.get("present")]
    typed = sum(len(piece["text"]) for piece in pieces if piece)
    return typed + 150 * len(entry["evidence"])


def _qr(address: str) -> str:
    """A square code as SVG."""
    picture = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathImage, border=0)
    return picture.to_string(encoding="unicode")

"""A document as data for a template of `typst/`: every text as our fonts can print it, addresses as they are beside what is shown."""

from typing import Any

import qrcode
import qrcode.image.svg

from jumelle.publishing.coverage import printable


def paper_data(document: dict[str, Any], *, long_word: int) -> dict[str, Any]:
    """
    Args:
        document: with its `address`, "" for none.
        long_word: see `coverage.printable`.
    """
    address = document["address"]
    data: dict[str, Any] = _fitted(document, long_word)
    return data | {"address": address, "shown_address": printable(address), "qr": square_code(address) if address else ""}


def _fitted(value: Any, long_word: int) -> Any:
    if isinstance(value, str):
        return printable(value, long_word=long_word)
    if isinstance(value, list | tuple):
        return [_fitted(part, long_word) for part in value]
    if not isinstance(value, dict):
        return value
    fitted = {key: _fitted(part, long_word) for key, part in value.items()}
    if "url" in value:
        fitted |= {"url": value["url"], "shown": fitted["url"]}
    return fitted


def square_code(address: str) -> str:
    """A square code as SVG, such as telephones read."""
    picture = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathImage, border=0)
    return picture.to_string(encoding="unicode")

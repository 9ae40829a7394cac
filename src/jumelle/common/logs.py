"""Links that open something stand in addresses; an address may stand in a log line, such a link may not."""

import logging
import re

# The last part of `/en/answer/<token>/` and `/en/invitation/<token>/`.
_LINK = re.compile(r"(/(?:answer|invitation)/)[^/\s?\"']+")


class HideLinks(logging.Filter):
    """Writes `…` where the secret of a link would stand, in whatever a logger says."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if _LINK.search(text):
            record.msg, record.args = _LINK.sub(r"\1…", text), ()
        return True

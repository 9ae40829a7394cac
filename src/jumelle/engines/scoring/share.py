"""The only percentage in Jumelle's results. It is ours, not a source's: every screen that shows it must say so."""

from dataclasses import dataclass

from jumelle.engines.scoring.tally import Tally

MINIMUM_COVERAGE = 0.5  # ours: with less than half of the items judged, a percentage would tell more than is known
PARTLY = 0.5  # ours: "partly" counts half


@dataclass(frozen=True, slots=True)
class Share:
    """
    value: 0-1, how much of what was judged is in place; None when the coverage is below `MINIMUM_COVERAGE`.
    coverage: 0-1, judged items among the applicable ones that have a scale.
    judged, of: the n and N of the coverage, to be shown beside every value.
    """

    value: float | None
    coverage: float
    judged: int
    of: int

    @property
    def percent(self) -> int | None:
        """The value in whole percent, half up; None as the value."""
        return None if self.value is None else int(self.value * 100 + 0.5)


def share_of(tally: Tally) -> Share:
    """
    Return the share in place: met counts 1, partly 1/2, unmet 0.

    "Not applicable" is left out of both n and N. "Don't know" and unanswered items are not scored, but lower the
    coverage, so that they can't be hidden. Open questions have no share.
    """
    judged, of = tally.judged, tally.scaled
    coverage = judged / of if of else 0.0
    if judged == 0 or coverage < MINIMUM_COVERAGE:
        return Share(None, coverage, judged, of)
    return Share((tally.met + PARTLY * tally.partly) / judged, coverage, judged, of)

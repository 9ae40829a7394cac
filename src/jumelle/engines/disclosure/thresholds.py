"""
How many people it takes. Figures that leave an organisation need more of them.

Source: the French statistical office releases no figure from tax files on fewer than 11 persons; staff surveys commonly
ask for 5.
"""

K_INSIDE = 5  # inside one organisation, for its own staff
K_PUBLIC = 11  # public, or from one organisation to another
ROUNDING = 5  # counts are shown to the nearest multiple


def rounded(count: int) -> int:
    """A count of 0 or more people to the nearest multiple of `ROUNDING`; 11 and 12 become 10, 13 becomes 15."""
    return (count + ROUNDING // 2) // ROUNDING * ROUNDING


def steps_to(k: int) -> tuple[int, ...]:
    """
    The thresholds to apply one after the other, ending with k.

    What is decided for `K_INSIDE` also holds for every higher threshold. So a reader of both figures, those of the
    organisation and the public ones, cannot set them against each other.

    Raises:
        ThresholdTooLow: k is below 3.
    """
    if k < 3:
        raise ThresholdTooLow(k)
    return (K_INSIDE, k) if k > K_INSIDE else (k,)


class ThresholdTooLow(ValueError):
    """A threshold below 3: of two people, each knows the other by leaving out oneself."""


class CountNegative(ValueError):
    """A count of people is 0 or more; names the group or the cell."""

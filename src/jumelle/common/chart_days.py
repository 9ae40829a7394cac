"""Days across the width of a chart: which months are shown, where a day lies, and what stands on the axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from django.utils.translation import get_language

from jumelle.common.chart_canvas import text_em
from jumelle.common.charts import NO_BREAK

OPEN_DAYS = 92  # what is drawn at least of a row whose end or start is not set: about a quarter
NEAR_DAYS = 366  # today is not drawn when it is further than this from all else
LAST = date.max.toordinal()
STEPS = (1, 3, 6, 12, 24, 36, 60, 120, 240, 600, 1200, 2400, 6000, 12000, 24000, 60000, 120000)  # months between two lines of the axis
MONTH_EM, YEAR_EM = 3.4, 2.8  # room for a short name of a month, for a year


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a share of the width; `anchor` is the side of the text that stands there."""

    words: str
    share: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Axis:
    """Lines at `shares`; `months` is empty where a step is a year or more."""

    shares: Sequence[float]
    months: Sequence[Label]
    years: Sequence[Label]


@dataclass(frozen=True, slots=True)
class Days:
    """Whole months from the ordinal `first` to before `last`; `margin` is a share of the width, left free on both sides."""

    first: int
    last: int
    margin: float

    def share(self, ordinal: float) -> float:
        return self.margin + (1 - 2 * self.margin) * (ordinal - self.first) / (self.last - self.first)

    def start(self, day: date) -> float:
        return self.share(day.toordinal())

    def middle(self, day: date) -> float:
        return self.share(day.toordinal() + 0.5)

    def end(self, day: date) -> float:
        return self.share(day.toordinal() + 1)

    def has(self, day: date) -> bool:
        return self.first <= day.toordinal() < self.last

    def label(self, words: str, share: float, reach_em: float) -> Label:
        """The words around `share`, or at the edge where there is no room for half of them."""
        half = text_em(words) / 2 / reach_em
        if share < half:
            return Label(words, 0, "start")
        return Label(words, 1, "end") if share > 1 - half else Label(words, share, "middle")


def days_around(
    days: Sequence[date], *, open_from: Sequence[date], open_until: Sequence[date], today: date | None, margin: float
) -> Days | None:
    """
    Return the whole months that hold all the days; None without any.

    Args:
        open_from: starts without an end; room is left after them, as far as today.
        open_until: ends without a start; room is left before them.
    """
    ordinals = [day.toordinal() for day in days]
    ordinals += [min(day.toordinal() + OPEN_DAYS, LAST) for day in open_from]
    ordinals += [max(day.toordinal() - OPEN_DAYS, 1) for day in open_until]
    if not ordinals:
        return None
    if today and (open_from or min(ordinals) - NEAR_DAYS <= today.toordinal() <= max(ordinals) + NEAR_DAYS):
        ordinals.append(today.toordinal())
    return Days(first_day(month_of(min(ordinals))), first_day(month_of(max(ordinals)) + 1), margin)


def month_of(ordinal: int) -> int:
    """Months since the year 0."""
    day = date.fromordinal(ordinal)
    return day.year * 12 + day.month - 1


def first_day(month: int) -> int:
    year, place = divmod(month, 12)
    return date(year, place + 1, 1).toordinal() if year <= date.max.year else LAST + 1


def axis_of(days: Days, reach_em: float) -> Axis:
    """Return lines at the start of months, quarters, half years or years, so many that their names fit into `reach_em`."""
    months = range(month_of(days.first), month_of(days.last - 1) + 1)
    step = next(step for step in STEPS if len(ticks(months, step)) <= max(1, reach_em // (MONTH_EM if step < 12 else YEAR_EM)))
    shown = ticks(months, step)
    shares = [days.share(first_day(month)) for month in shown]
    names = [month_name(month) for month in shown] if step < 12 else []
    years = [str(month // 12) if n == 0 or month // 12 != shown[n - 1] // 12 else "" for n, month in enumerate(shown)]
    return Axis(shares, apart(days, names, shares, reach_em), apart(days, years, shares, reach_em))


def ticks(months: range, step: int) -> range:
    return range(-(-months.start // step) * step, months.stop, step)


def apart(days: Days, names: Sequence[str], shares: Sequence[float], reach_em: float) -> list[Label]:
    """The names that do not lie on the one before; the line of the axis stays without a name."""
    kept: list[Label] = []
    free_from = 0.0
    for words, share in zip(names, shares, strict=False):
        label, size = days.label(words, share, reach_em), text_em(words) / reach_em
        start = {"start": 0.0, "middle": label.share - size / 2, "end": 1 - size}[label.anchor]
        if words and start >= free_from:
            kept.append(label)
            free_from = start + size + 0.25 / reach_em
    return kept


def month_name(month: int) -> str:
    return format_date(date(2000, month % 12 + 1, 1), "LLL", locale=reader_locale())


def day_words(day: date) -> str:
    """The day with its month in words, in the language of the page."""
    return format_date(day, "long", locale=reader_locale())


def whole_day(day: date) -> str:
    """The same, not to be parted at the end of a line."""
    return day_words(day).replace(" ", NO_BREAK)


def reader_locale() -> Locale:
    language = get_language() or "en"
    try:
        return Locale.parse("en_GB" if language == "en" else language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")

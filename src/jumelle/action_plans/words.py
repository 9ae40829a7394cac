"""How quarters are said on pages."""

from babel.dates import format_date
from django.utils.translation import gettext as _

from jumelle.action_plans.quarters import Quarter
from jumelle.common.chart_days import reader_locale


def quarter_words(quarter: Quarter) -> str:
    """Such as "January to March 2026": a number of a quarter says little to people."""
    first, last = (format_date(day, "LLLL", locale=reader_locale()) for day in (quarter.first_day, quarter.last_month))
    return _("%(first)s to %(last)s %(year)s") % {"first": first, "last": last, "year": quarter.year}

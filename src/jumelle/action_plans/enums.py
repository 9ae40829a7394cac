from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LineStatus(models.TextChoices):
    """How an action stands. A person says so; nothing changes it by itself."""

    PLANNED = "planned", pgettext_lazy("an action", "Planned")
    IN_PROGRESS = "in_progress", pgettext_lazy("an action", "In progress")
    STALLED = "stalled", pgettext_lazy("an action", "Stalled")
    DONE = "done", pgettext_lazy("an action", "Done")
    DROPPED = "dropped", pgettext_lazy("an action", "Given up")


RUNNING = (LineStatus.PLANNED, LineStatus.IN_PROGRESS, LineStatus.STALLED)


class OriginKind(models.TextChoices):
    """Where a line was born."""

    GAP = "gap", _("Gap of an assessment")
    SUPPORT = "support", _("Tip, criterion or example of a toolkit")
    PRACTICE = "practice", _("Good practice")
    VISIT = "visit", _("Visit")
    MEETING = "meeting", _("Meeting")


class VersionName(models.TextChoices):
    """Names of versions. Source: mentoring guide, chapter 5 (what each of the three visits leads to)."""

    FIRST_LIST = "first_list", _("First list of actions")
    REVISED = "revised", _("Revised plan")
    CONSOLIDATED = "consolidated", _("Consolidated plan")
    OWN = "own", _("A name of our own")

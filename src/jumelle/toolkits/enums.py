from django.db import models
from django.utils.translation import gettext_lazy as _


class ToolkitKind(models.TextChoices):
    BENCHMARK = "benchmark", _("Benchmark")
    CHECKLIST = "checklist", _("Checklist")
    GRID = "grid", _("Evaluation grid")
    FORM = "form", _("Form")


class VersionStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from jumelle.cities.models import Association
from jumelle.toolkits.enums import ToolkitKind, VersionStatus


class Toolkit(models.Model):
    """A benchmark, checklist, grid or form, whatever its version. Not data of a city: what is published is for all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(max_length=80, unique=True, help_text=_("The id of the package; it never changes"))
    kind = models.CharField(max_length=10, choices=ToolkitKind.choices)
    association = models.ForeignKey(
        Association,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Who brought it; empty when it is shipped with Jumelle"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ToolkitKind.values), name="toolkit_kind_is_known"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_shipped(self) -> bool:
        return self.association_id is None


class VersionManager(models.Manager["ToolkitVersion"]):
    """Leaves the content, some hundred kilobytes, in the database: `queries.package_of` keeps it ready in memory."""

    def get_queryset(self) -> models.QuerySet["ToolkitVersion"]:
        return super().get_queryset().defer("content")


class ToolkitVersion(models.Model):
    """One version of a toolkit with all its content, which never changes once published: answers are pinned to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    toolkit = models.ForeignKey(Toolkit, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=60, help_text=_("Semantic version, such as 1.0.0"))
    sort_key = models.CharField(max_length=120, help_text=_("The version in a form that sorts as text"))
    status = models.CharField(max_length=10, choices=VersionStatus.choices)
    sha256 = models.CharField(max_length=64, unique=True, help_text=_("Of the canonical content, in hexadecimal"))
    content = models.JSONField(help_text=_("The canonical package: one list of records per sheet"))
    languages = models.JSONField(default=list, help_text=_("BCP 47 tags, in the order of the package"))
    loaded_at = models.DateTimeField()

    objects = VersionManager()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["toolkit", "version"], name="toolkit_version_once"),
            models.CheckConstraint(condition=models.Q(status__in=VersionStatus.values), name="toolkit_version_status_is_known"),
        ]
        indexes = [models.Index(fields=["toolkit", "status", "-sort_key"], name="toolkit_version_newest_first")]

    def __str__(self) -> str:
        return f"{self.toolkit.slug} {self.version}" if "toolkit" in self._state.fields_cache else f"version {self.version}"

    @property
    def is_published(self) -> bool:
        return self.status == VersionStatus.PUBLISHED

    @property
    def is_draft(self) -> bool:
        return self.status == VersionStatus.DRAFT

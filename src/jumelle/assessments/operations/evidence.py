"""Evidence: links and files that show that an answer is true."""

import hashlib
import os
import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _

from jumelle.assessments.enums import EvidenceAudience, EvidenceKind
from jumelle.assessments.file_types import FileType, sniff
from jumelle.assessments.models import Assessment, Evidence
from jumelle.assessments.operations.answering import AssessmentFinished, ItemUnknown
from jumelle.assessments.operations.journal import note_act
from jumelle.assessments.queries.sheet import can_be_answered
from jumelle.cities.access import Place
from jumelle.toolkits.queries import package_of

_UNSAFE_IN_NAMES = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|\u202a-\u202e\u2066-\u2069]')


class EvidenceRefused(Exception):
    """The evidence was not taken; `sentence` says why and what to do."""

    sentence = _("Add a link or a file.")


class LinkRefused(EvidenceRefused):
    sentence = _("This is not a web address. It starts with https:// or http://.")


class FileTypeRefused(EvidenceRefused):
    sentence = _("This kind of file is not taken. Save it as PDF, PNG, JPG, DOCX, XLSX, ODT, ODS or plain text, without macros.")


class FileTooLarge(EvidenceRefused):
    sentence = _("The file is larger than 10 MB. Make it smaller, or add a link to it.")


@transaction.atomic
def add_evidence(
    *,
    place: Place,
    assessment: Assessment,
    code: str,
    title: str,
    dated_on: date,
    audience: EvidenceAudience,
    now: datetime,
    url: str = "",
    upload: "UploadedFile[Any] | None" = None,
) -> Evidence:
    """
    Put a link or a file beside an answer.

    Raises:
        EvidenceRefused: or one of its kinds; nothing was kept.
        ItemUnknown, AssessmentFinished: see the classes.
    """
    if not assessment.is_open:
        raise AssessmentFinished
    _check_item(assessment, code)
    evidence = Evidence(
        city_id=assessment.city_id,
        assessment=assessment,
        item_code=code,
        title=title.strip()[:200],
        dated_on=dated_on,
        audience=audience,
        added_by=place.user,
        added_at=now,
    )
    if upload:
        _keep_file(evidence, upload)
    else:
        evidence.kind, evidence.url = EvidenceKind.LINK, checked_link(url)
    try:
        evidence.save(force_insert=True)
        data = {"assessment": str(assessment.pk), "item": code, "kind": evidence.kind, "audience": evidence.audience}
        note_act(place, "evidence_added", "Evidence", evidence.pk, now=now, data=data)
    except Exception:
        if evidence.file:
            evidence.file.delete(save=False)  # no row will ever point to it
        raise
    return evidence


@transaction.atomic
def remove_evidence(*, place: Place, evidence: Evidence, now: datetime) -> Evidence:
    """
    Take evidence out of sight; it can be brought back.

    Raises:
        AssessmentFinished: a finished assessment keeps its evidence.
    """
    return _set_removed(place, evidence, now, now, "evidence_removed")


@transaction.atomic
def restore_evidence(*, place: Place, evidence: Evidence, now: datetime) -> Evidence:
    """
    Raises:
        AssessmentFinished: a finished assessment keeps its evidence.
    """
    return _set_removed(place, evidence, None, now, "evidence_restored")


def _set_removed(place: Place, evidence: Evidence, removed_at: datetime | None, now: datetime, action: str) -> Evidence:
    if not evidence.assessment.is_open:
        raise AssessmentFinished
    if bool(evidence.removed_at) != bool(removed_at):
        evidence.removed_at = removed_at
        evidence.save(update_fields=["removed_at"])
        data = {"assessment": str(evidence.assessment_id), "item": evidence.item_code}
        note_act(place, action, "Evidence", evidence.pk, now=now, data=data)
    return evidence


def _check_item(assessment: Assessment, code: str) -> None:
    package = package_of(assessment.toolkit_version)
    if not package.has_item(code) or not can_be_answered(package.item(code)):
        raise ItemUnknown(code)
    if package.top_section_of(package.item(code).section).code not in assessment.themes:
        raise ItemUnknown(code)


def checked_link(url: str) -> str:
    """
    The web address without blanks around it.

    Raises:
        EvidenceRefused: it is empty.
        LinkRefused: it is no web address.
    """
    url = url.strip()
    if not url:
        raise EvidenceRefused
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and not parts.username
    except ValueError:
        sound = False
    if not sound or len(url) > 1000 or re.search(r"\s", url):
        raise LinkRefused
    return url


def _keep_file(evidence: Evidence, upload: "UploadedFile[Any]") -> None:
    checked = checked_upload(upload)
    evidence.kind = EvidenceKind.FILE
    evidence.sha256, evidence.file_name = checked.sha256, checked.name
    store_file(evidence.file, checked)


@dataclass(frozen=True, slots=True)
class CheckedUpload:
    """A file that may be kept. name: what it is offered under; kind: told by its content."""

    data: bytes
    kind: FileType
    name: str
    sha256: str


def checked_upload(upload: "UploadedFile[Any]") -> CheckedUpload:
    """
    Raises:
        EvidenceRefused: the file is empty, or FileTooLarge, FileTypeRefused.
    """
    if not upload.size:
        raise EvidenceRefused
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise FileTooLarge
    data = upload.read()
    kind = sniff(data)
    if kind is None:
        raise FileTypeRefused
    return CheckedUpload(data, kind, shown_name(upload.name or "", kind), hashlib.sha256(data).hexdigest())


def store_file(field: FieldFile, checked: CheckedUpload) -> None:
    """Under a random name, on the disk when this returns; the row is the caller's to save."""
    field.save(f"{uuid.uuid4().hex}.{checked.kind.extension}", ContentFile(checked.data), save=False)
    _make_durable(field.path)


def shown_name(name: str, kind: FileType) -> str:
    """The name under which the file is offered again: harmless, short, and with the ending that its content has."""
    stem = _UNSAFE_IN_NAMES.sub("", PurePath(name.replace("\\", "/")).name).strip(" .")
    if stem.lower().endswith((f".{kind.extension}", ".jpeg")):
        stem = stem.rpartition(".")[0]
    return f"{stem[:150].strip() or 'file'}.{kind.extension}"


def _make_durable(path: str) -> None:
    """The row is on the disk when it is acknowledged; so must be the file and its place in the folder."""
    for target in (path, os.path.dirname(path)):  # noqa: PTH120 (a plain descriptor is needed, not a Path)
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

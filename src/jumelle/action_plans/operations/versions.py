"""Named versions, which never change, and their approval."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from jumelle.action_plans.content import to_json
from jumelle.action_plans.enums import VersionName
from jumelle.action_plans.models import Approval, Plan, PlanVersion
from jumelle.action_plans.operations.journal import note_act
from jumelle.action_plans.operations.planning import PlanRefused, locked_plan
from jumelle.action_plans.queries import content_of, differs, newest_version, version_content
from jumelle.assessments.operations.answering import tidy
from jumelle.assessments.operations.evidence import checked_link, checked_upload, store_file
from jumelle.cities.access import Place

OWN_NAME_LIMIT = 100
BODY_LIMIT = 200


class VersionRefused(PlanRefused):
    sentence = _("The version was not made.")


class NothingToKeep(VersionRefused):
    sentence = _("The plan has no lines yet: there is nothing to keep as a version.")


class NameMissing(VersionRefused):
    sentence = _("Give the version a name of your own, in at most 100 characters.")


class ApprovalRefused(PlanRefused):
    sentence = _("The approval was not recorded.")


class BodyMissing(ApprovalRefused):
    sentence = _("Say who approved the plan, in at most 200 characters, such as: municipal council.")


class ApprovedInFuture(ApprovalRefused):
    sentence = _("The day of the approval lies in the future. Record it when it has happened.")


class NotTheNewest(ApprovalRefused):
    sentence = _("There is a newer version. Approve that one: what is approved must be the plan that the city works with.")


class ChangedSinceVersion(ApprovalRefused):
    sentence = _("The plan was changed after this version was made. Make a new version, then approve that one.")


class ApprovedAlready(ApprovalRefused):
    sentence = _("This version is approved already.")


class LinkAndFile(ApprovalRefused):
    sentence = _("Give a link or a file, not both.")


@transaction.atomic
def make_version(*, place: Place, plan: Plan, name: VersionName, now: datetime, own_name: str = "") -> PlanVersion:
    """
    Keep the plan as it stands now, under a name.

    Args:
        own_name: needed for `VersionName.OWN`, ignored otherwise.
    Raises:
        NothingToKeep, NameMissing, PlanApproved: see the classes.
    """
    own_name = tidy(own_name) if name == VersionName.OWN else ""
    if name == VersionName.OWN and not 0 < len(own_name) <= OWN_NAME_LIMIT:
        raise NameMissing
    fresh = locked_plan(plan)
    content = content_of(fresh, now)
    if not content.lines:
        raise NothingToKeep
    newest = newest_version(fresh)
    number = newest.number + 1 if newest else 1
    content = replace(content, version=number, version_name=name, own_name=own_name)
    version = PlanVersion.objects.create(
        city_id=fresh.city_id,
        plan=fresh,
        number=number,
        name=name,
        own_name=own_name,
        content=to_json(content),
        made_by=place.user,
        made_at=now,
    )
    note_act(place, "plan_version_made", "PlanVersion", version.pk, now=now, data={"plan": str(plan.pk), "number": number, "name": name})
    return version


@transaction.atomic
def approve_version(
    *,
    place: Place,
    version: PlanVersion,
    body: str,
    approved_on: date,
    today: date,
    now: datetime,
    document_url: str = "",
    upload: "UploadedFile[Any] | None" = None,
) -> Approval:
    """
    Record that a body approved a version. From now on the plan's columns stay as they are, until a new version is started.

    Args:
        today: in the city's own time zone.
    Raises:
        ApprovalRefused: one of its kinds; nothing was kept.
        EvidenceRefused: the link or the file is not taken (`assessments.operations`).
        PlanApproved: see the class.
    """
    body = tidy(body)
    if not 0 < len(body) <= BODY_LIMIT:
        raise BodyMissing
    if approved_on > today:
        raise ApprovedInFuture
    if upload and document_url.strip():
        raise LinkAndFile
    fresh = _locked_plan_of(version)
    _check_newest(fresh, version, now)
    approval = Approval(
        city_id=version.city_id, version=version, body=body, approved_on=approved_on, recorded_by=place.user, recorded_at=now
    )
    if upload:
        _keep_document(approval, upload)
    elif document_url.strip():
        approval.document_url = checked_link(document_url)
    try:
        approval.save(force_insert=True)
        fresh.revising_since = None
        fresh.save(update_fields=["revising_since"])
        data = {"plan": str(fresh.pk), "number": version.number}
        note_act(place, "plan_approved", "Approval", approval.pk, now=now, data=data)
    except Exception:
        if approval.document:
            approval.document.delete(save=False)  # no row will ever point to it
        raise
    return approval


def _locked_plan_of(version: PlanVersion) -> Plan:
    """
    Raises:
        ApprovedAlready, PlanApproved: see the classes.
    """
    if Approval.objects.filter(version=version).exists():
        raise ApprovedAlready
    return locked_plan(version.plan)


def _check_newest(plan: Plan, version: PlanVersion, now: datetime) -> None:
    newest = newest_version(plan)
    if newest is None or newest.pk != version.pk:
        raise NotTheNewest
    if differs(content_of(plan, now), version_content(version)):
        raise ChangedSinceVersion


def _keep_document(approval: Approval, upload: "UploadedFile[Any]") -> None:
    checked = checked_upload(upload)
    approval.sha256, approval.document_name = checked.sha256, checked.name
    store_file(approval.document, checked)

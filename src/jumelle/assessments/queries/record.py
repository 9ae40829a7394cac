"""
An assessment as one plain record with everything that was ever answered in it: for keeping, and to prove that nothing was lost.

The same assessment gives the same bytes. No person stands in it, and nothing of a round that only its respondents know.
"""

import json
from collections.abc import Iterable
from typing import Any

from jumelle.assessments.models import AgreedAnswer, Answer, AnswerRevision, Assessment, ChosenFactor, Evidence, Upgrade

FORMAT = "jumelle-assessment/1"


def record_of(assessment: Assessment) -> dict[str, Any]:
    """Return plain values only: text, numbers, lists and dictionaries; moments in ISO 8601, UTC."""
    version = assessment.toolkit_version
    return {
        "format": FORMAT,
        "toolkit": {"id": version.toolkit.slug, "version": version.version, "sha256": version.sha256},
        "subject": assessment.subject,
        "subject_name": assessment.subject_name,
        "organisation_type": assessment.organisation_type,
        "period": [assessment.period_start_on.isoformat(), assessment.period_end_on.isoformat()],
        "themes": assessment.themes,
        "started_at": _moment(assessment.started_at),
        "finished_at": _moment(assessment.finished_at),
        "answers": _answers(assessment),
        "evidence": _evidence(assessment),
        "chosen": _chosen(assessment),
        "agreed": _agreed(assessment),
        "upgrades": _upgrades(assessment),
    }


def record_bytes(assessment: Assessment) -> bytes:
    return json.dumps(record_of(assessment), ensure_ascii=False, sort_keys=True, indent=1).encode()


def _answers(assessment: Assessment) -> list[dict[str, Any]]:
    """Valid ones and archived ones, each with its earlier states, oldest first."""
    rows = Answer.objects.filter(assessment=assessment).select_related("archived_by", "carried_from")
    earlier: dict[Any, list[AnswerRevision]] = {}
    for state in AnswerRevision.objects.filter(answer__assessment=assessment).order_by("revision"):
        earlier.setdefault(state.answer_id, []).append(state)
    found = [
        {
            "code": row.item_code,
            **_state(row),
            "to_confirm": row.to_confirm,
            "wording": row.wording,
            "archived_at": _moment(row.archived_by.made_at) if row.archived_by else None,
            "carried_from": row.carried_from.item_code if row.carried_from else None,
            "earlier": [_state(state) for state in earlier.get(row.pk, ())],
        }
        for row in rows
    ]
    return _sorted(found)


def _state(row: Answer | AnswerRevision) -> dict[str, Any]:
    return {
        "revision": row.revision,
        "value": row.value,
        "text": row.text,
        "note": row.note,
        "come_back": row.come_back,
        "proposed": row.proposed,
        "answered_at": _moment(row.answered_at),
    }


def _evidence(assessment: Assessment) -> list[dict[str, Any]]:
    return _sorted(
        {
            "code": row.item_code,
            "title": row.title,
            "kind": row.kind,
            "url": row.url,
            "file_name": row.file_name,
            "sha256": row.sha256,
            "dated_on": row.dated_on.isoformat(),
            "audience": row.audience,
            "removed_at": _moment(row.removed_at),
        }
        for row in Evidence.objects.filter(assessment=assessment)
    )


def _chosen(assessment: Assessment) -> list[dict[str, Any]]:
    rows = ChosenFactor.objects.filter(assessment=assessment).select_related("archived_by")
    return _sorted(
        {
            "code": row.section_code,
            "reason": row.reason,
            "chosen_at": _moment(row.chosen_at),
            "archived_at": _moment(row.archived_by.made_at) if row.archived_by else None,
        }
        for row in rows
    )


def _agreed(assessment: Assessment) -> list[dict[str, Any]]:
    rows = AgreedAnswer.objects.filter(round__assessment=assessment).select_related("meeting")
    return _sorted(
        {
            "code": row.item_code,
            "revision": row.revision,
            "value": row.value,
            "text": row.text,
            "reason": row.reason,
            "minority_note": row.minority_note,
            "agreed_at": _moment(row.agreed_at),
            "meeting": {"held_on": row.meeting.held_on.isoformat(), "present": row.meeting.present} if row.meeting else None,
        }
        for row in rows
    )


def _upgrades(assessment: Assessment) -> list[dict[str, Any]]:
    """Those that hold; one that was taken back has left nothing behind."""
    rows = Upgrade.objects.filter(assessment=assessment, undone_at=None).select_related("from_version", "to_version")
    return [
        {
            "from": row.from_version.version,
            "to": row.to_version.version,
            "themes_before": row.themes_before,
            "decisions": row.decisions,
            "made_at": _moment(row.made_at),
        }
        for row in rows.order_by("made_at", "pk")
    ]


def _sorted(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """By code, then by everything else: ids are random and say nothing."""
    return sorted(rows, key=lambda row: (row["code"], json.dumps(row, sort_keys=True, ensure_ascii=False)))


def _moment(moment: Any) -> str | None:
    return moment.isoformat() if moment else None

"""What a group agreed upon after it had talked about the answers, and whether the assessment still says so."""

from collections.abc import Mapping

from django.db.models import QuerySet

from jumelle.assessments.models import AgreedAnswer, Assessment, ConsensusMeeting, Round
from jumelle.assessments.queries.sheet import Entry, Sheet


def meetings_of(round: Round) -> QuerySet[ConsensusMeeting]:
    """The last one first."""
    return ConsensusMeeting.objects.filter(round=round).order_by("-held_on", "-noted_at", "pk")


def agreed_in(round: Round) -> dict[str, AgreedAnswer]:
    """Item code → what holds now; earlier revisions stay in the table."""
    return _last_of(AgreedAnswer.objects.filter(round=round).order_by("revision"))


def agreed_answers_of(assessment: Assessment) -> dict[str, AgreedAnswer]:
    """Item code → what was agreed last, in whichever round."""
    return _last_of(AgreedAnswer.objects.filter(round__assessment=assessment).order_by("agreed_at", "revision"))


def agreements_on(assessment: Assessment, item_code: str) -> QuerySet[AgreedAnswer]:
    """Everything that was ever agreed on one item, the last first."""
    found = AgreedAnswer.objects.filter(round__assessment=assessment, item_code=item_code)
    return found.select_related("meeting").order_by("-agreed_at", "-revision")


def holds(agreed: AgreedAnswer, entry: Entry) -> bool:
    """Does the assessment still say what was agreed? Not if somebody answered otherwise since, or if it waits to be confirmed."""
    return (agreed.value, agreed.text) == (entry.value, entry.text) and not entry.to_confirm


def agreements_that_hold(sheet: Sheet) -> dict[str, AgreedAnswer]:
    """One query."""
    entries: Mapping[str, Entry] = sheet.all_entries
    found = agreed_answers_of(sheet.assessment)
    return {code: agreed for code, agreed in found.items() if code in entries and holds(agreed, entries[code])}


def _last_of(found: QuerySet[AgreedAnswer]) -> dict[str, AgreedAnswer]:
    return {agreed.item_code: agreed for agreed in found.select_related("meeting")}

"""Newer versions of the toolkit: the preview with a choice for each answer, the step back, and what was archived."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from jumelle.assessments import operations
from jumelle.assessments.models import Answer, Assessment, Evidence
from jumelle.assessments.queries import evidence_visible_to
from jumelle.assessments.queries.record import record_bytes
from jumelle.assessments.queries.upgrading import (
    Preview,
    archived_answers_of,
    can_be_undone,
    newer_versions_of,
    preview_of,
    upgrades_of,
)
from jumelle.assessments.views.found import assessment_or_404, frame, may
from jumelle.assessments.views.screens import Addresses, Reader, Words, reader_for
from jumelle.cities.requests import PlacedRequest
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.package.comparison import Part, TextChange
from jumelle.toolkits.package.links import Block, Fate
from jumelle.toolkits.package.offers import Choice, Offer
from jumelle.toolkits.package.sheets import Section
from jumelle.toolkits.package.upgrade import Step

FATE_HEADINGS: dict[Fate, Promise] = {
    Fate.REWORDED: gettext_lazy("Asked in other words, with the same meaning"),
    Fate.RESCALED: gettext_lazy("Same question, other choices"),
    Fate.SPLIT: gettext_lazy("Split into several questions"),
    Fate.MERGED: gettext_lazy("Put together with others"),
    Fate.REPLACED: gettext_lazy("Replaced by a question with another meaning"),
    Fate.REMOVED: gettext_lazy("No longer asked"),
}
CHOICE_LABELS: dict[Choice, tuple[Promise, Promise]] = {
    Choice.KEEP: (gettext_lazy("Keep it"), gettext_lazy("The answer holds as it is, with the wording that was answered.")),
    Choice.CONFIRM: (
        gettext_lazy("Carry it over, to be confirmed"),
        gettext_lazy("It waits beside the new question and counts once somebody confirms it."),
    ),
    Choice.ARCHIVE: (gettext_lazy("Archive it"), gettext_lazy("It stays readable, but is no longer an answer.")),
}
BLOCKS: dict[Block, Promise] = {
    Block.GONE: gettext_lazy("The question is gone, and the new version does not say why."),
    Block.TEXT: gettext_lazy("The question reads differently, and the new version does not say whether it means the same."),
    Block.SCALE: gettext_lazy("The choices have changed, and the new version does not say how."),
    Block.NOT_ASKED: gettext_lazy("The question is no longer asked, and the new version does not say why."),
    Block.SAME_TARGET: gettext_lazy("Two questions lead to the same new one, each with its own meaning."),
}


class StepScreen(NamedTuple):
    """
    One answered item and what may be decided for it.

    changes: the wording in the reader's language, as segments; new: the questions that the answer would live on under.
    """

    code: str
    question: Words
    answer: Words
    text: str
    note: str
    notes: tuple[Words, ...]
    changes: tuple[TextChange, ...]
    new: tuple[tuple[str, Words], ...]
    choices: list[dict[str, Any]]
    block: Promise | str


def upgrade(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    versions = newer_versions_of(assessment)
    if request.method == "POST":
        return apply(request, assessment, versions)
    if not versions:
        messages.info(request, _("There is no newer version of this toolkit to go over to."))
        return redirect(Addresses(assessment, city)["overview"])
    wanted = request.GET.get("to")
    return show_preview(request, assessment, versions, version_or_404(versions, wanted) if wanted else versions[0], {})


def version_or_404(versions: Iterable[ToolkitVersion], wanted: str) -> ToolkitVersion:
    for version in versions:
        if str(version.pk) == wanted:
            return version
    raise Http404


def apply(request: PlacedRequest, assessment: Assessment, versions: list[ToolkitVersion]) -> HttpResponse:
    if assessment.is_open and not may(request, "assessments.upgrade", assessment):
        raise PermissionDenied
    version = next((version for version in versions if str(version.pk) == request.POST.get("to")), None)
    if version is None:  # it was withdrawn meanwhile, or the assessment was finished
        messages.error(request, operations.VersionNotInLine.sentence)
        return redirect(Addresses(assessment, request.place.here.slug)["overview"])
    chosen = {key.removeprefix("choice-"): str(value) for key, value in request.POST.items() if key.startswith("choice-")}
    try:
        done = operations.upgrade_assessment(
            place=request.place,
            assessment=assessment,
            version=version,
            chosen=choices_of(chosen),
            further_themes=request.POST.getlist("theme"),
            seen=request.POST.get("seen", ""),
            now=timezone.now(),
        )
    except operations.UpgradeRefused as refusal:
        messages.error(request, refusal.sentence)
        return show_preview(request, assessment, newer_versions_of(assessment), version, chosen, status=409)
    messages.success(request, upgraded_sentence(done.to_version.version))
    return redirect(Addresses(assessment, request.place.here.slug)["overview"])


def upgraded_sentence(version: str) -> str:
    words = {"version": version}
    return _("The assessment is now on version %(version)s. You can take this step back until somebody edits something.") % words


def choices_of(posted: Mapping[str, str]) -> dict[str, Choice]:
    """
    Raises:
        ChoiceUnknown: a word that is no choice at all.
    """
    try:
        return {code: Choice(value) for code, value in posted.items()}
    except ValueError:
        raise operations.ChoiceUnknown from None


def show_preview(
    request: PlacedRequest,
    assessment: Assessment,
    versions: list[ToolkitVersion],
    version: ToolkitVersion,
    chosen: Mapping[str, str],
    status: int = 200,
) -> HttpResponse:
    preview = preview_of(assessment, version)
    language = get_language() or "en"
    old, new = reader_for(assessment.toolkit_version, language), reader_for(version, language)
    further = request.POST.getlist("theme")
    context = {
        **frame(request, assessment, "upgrade"),
        "version": version,
        "versions": [other for other in versions if other.pk != version.pk],
        "groups": [group for fate in FATE_HEADINGS if (group := group_of(preview, fate, old, new, chosen))],
        "kept": sum(offer.step.fate is Fate.UNCHANGED for offer in preview.offers.values()),
        "blocked": [step_screen(step, preview.answers.get(step.code), old, new) for step in preview.blocked],
        "added": [(step.code, new.words(step.new_items[0].text)) for step in added_here(preview)],
        "further": [further_row(theme, new, further) for theme in preview.further],
        "seen": preview.seen,
        "may_upgrade": may(request, "assessments.upgrade", assessment),
    }
    return render(request, "assessments/upgrade.html", context, status=status)


def further_row(theme: Section, reader: Reader, ticked: Collection[str]) -> dict[str, Any]:
    label = f"{theme.number} {reader.words(theme.title).text}".strip()
    return {"code": theme.code, "label": label, "attrs": reader.words(theme.title).attrs, "checked": theme.code in ticked}


def added_here(preview: Preview) -> list[Step]:
    """New questions in the themes that the assessment goes on with."""
    newer, themes = preview.plan.newer, {theme.code for theme in preview.themes}
    return [step for step in preview.plan.new if newer.top_section_of(step.new_items[0].section).code in themes]


def group_of(preview: Preview, fate: Fate, old: Reader, new: Reader, chosen: Mapping[str, str]) -> dict[str, Any] | None:
    offers = [offer for offer in preview.offers.values() if offer.step.fate is fate]
    if not offers:
        return None
    steps = [step_screen(offer.step, preview.answers[offer.step.code], old, new, offer, chosen) for offer in offers]
    return {"fate": fate.value, "heading": FATE_HEADINGS[fate], "steps": steps}


def step_screen(
    step: Step, answer: Answer | None, old: Reader, new: Reader, offer: Offer | None = None, chosen: Mapping[str, str] | None = None
) -> StepScreen:
    item = old.package.item(step.code)
    value = answer.value if answer else ""
    wanted = (chosen or {}).get(step.code) or (offer.default if offer else "")
    return StepScreen(
        code=step.code,
        question=old.words(answer.wording if answer and answer.wording else item.text),
        answer=next((option.label for option in old.options(item) if option.value == value), Words(value and str(_("Does not apply")))),
        text=answer.text if answer else "",
        note=answer.note if answer else "",
        notes=tuple(new.words(note) for note in step.notes),
        changes=changes_for(step, new),
        new=tuple((each.code, new.words(each.text)) for each in step.new_items if each.code != step.code or not step.keeps_meaning),
        choices=[choice_row(choice, str(wanted)) for choice in offer.choices] if offer else [],
        block=BLOCKS[step.block] if step.block else "",
    )


def changes_for(step: Step, reader: Reader) -> tuple[TextChange, ...]:
    """Changed wordings in the language that the reader sees; only the question and what one chooses from."""
    shown = [change for change in step.words if change.part in (Part.TEXT, Part.LABEL, Part.RUBRIC, Part.HELP)]
    language = reader.package.text({change.language: "." for change in shown}, reader.language).language
    return tuple(change for change in shown if change.language == language)


def choice_row(choice: Choice, wanted: str) -> dict[str, Any]:
    label, rubric = CHOICE_LABELS[choice]
    return {"value": choice.value, "label": label, "rubric": rubric, "checked": choice.value == wanted}


def undo(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    if assessment.is_open and not may(request, "assessments.upgrade", assessment):
        raise PermissionDenied
    try:
        back = operations.undo_upgrade(place=request.place, assessment=assessment, now=timezone.now())
    except operations.UpgradeRefused as refusal:
        messages.error(request, refusal.sentence)
    except operations.AssessmentFinished:
        messages.error(request, _("The assessment was finished meanwhile: it keeps its version."))
    else:
        words = {"version": back.from_version.version}
        messages.success(request, _("Taken back: the assessment is on version %(version)s again, with every answer as before.") % words)
    return redirect(Addresses(assessment, city)["overview"])


def archive(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """Answers of earlier versions that are no longer answers, as they were given."""
    assessment = assessment_or_404(request, pk)
    answers = archived_answers_of(assessment)
    evidence = list(evidence_visible_to(request.place, assessment))
    newest = upgrades_of(assessment).first()
    context = {
        **frame(request, assessment, "archive"),
        "groups": archive_groups(answers, evidence),
        "count_words": ngettext("%(count)s answer is archived.", "%(count)s answers are archived.", len(answers)) % {"count": len(answers)},
        "may_undo": bool(newest and can_be_undone(assessment, newest) and may(request, "assessments.upgrade", assessment)),
        "newest": newest,
    }
    return render(request, "assessments/archive.html", context)


def archive_groups(answers: Iterable[Answer], evidence: Collection[Evidence]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    language = get_language() or "en"
    for answer in answers:
        step = answer.archived_by
        if step is None:
            continue
        reader = reader_for(step.from_version, language)
        group = groups.setdefault(step.from_version.version, {"version": step.from_version.version, "at": step.made_at, "answers": []})
        carried_to = step.decisions.get(answer.item_code, {}).get("to", [])
        beside = [] if carried_to else [piece for piece in evidence if piece.item_code == answer.item_code]
        group["answers"].append({**archived_screen(answer, reader), "carried_to": carried_to, "evidence": beside})
    return list(groups.values())


def archived_screen(answer: Answer, reader: Reader) -> dict[str, Any]:
    item = reader.package.item(answer.item_code)
    label = next((option.label for option in reader.options(item) if option.value == answer.value), Words(answer.value))
    return {
        "code": answer.item_code,
        "question": reader.words(answer.wording or item.text),
        "answer": label,
        "text": answer.text,
        "note": answer.note,
        "at": answer.answered_at,
    }


def record(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """Everything that was ever answered, as JSON: written into the journal before it is handed over."""
    assessment, now = assessment_or_404(request, pk), timezone.now()
    operations.record_reading(place=request.place, assessment=assessment, what="assessment_record_exported", now=now)
    response = HttpResponse(record_bytes(assessment), content_type="application/json; charset=utf-8")
    name = f"{city}-{assessment.toolkit_version.toolkit.slug}-{timezone.localdate(now):%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

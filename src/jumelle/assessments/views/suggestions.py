"""What other answers of the same subject suggest, by the mappings between toolkits: shown with reasons, taken over only when ticked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from jumelle.assessments import operations
from jumelle.assessments.queries import Sheet, sheet_of
from jumelle.assessments.queries.suggestions import Hint, hints_for, mappings_in
from jumelle.assessments.views.answering import FinishedMeanwhile, may_write
from jumelle.assessments.views.found import assessment_or_404, frame, may, reader_of
from jumelle.assessments.views.screens import Words, attributes, theme_label
from jumelle.cities.requests import PlacedRequest
from jumelle.toolkits.mapping.model import ToolkitMapping
from jumelle.toolkits.mappings import REASON_SENTENCES, RELATION_WORDS


def suggestions(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    if request.method == "POST":
        return take(request, sheet_of(assessment))
    return show(request, sheet_of(assessment))


def show(request: PlacedRequest, sheet: Sheet, ticked: Collection[str] = (), error: str = "", status: int = 200) -> HttpResponse:
    hints = hints_for(request.place, sheet)
    items = items_of(sheet, hints, ticked)
    beside = [item for item in items if not item["is_suggested"]]
    context = {
        **frame(request, sheet.assessment, "suggestions"),
        "suggested": [item for item in items if item["is_suggested"]],
        "beside": by_theme(beside),
        "beside_count": len(beside),
        "mappings": [mapping_screen(mapping) for mapping in mappings_in(hints)],
        "may_answer": may(request, "assessments.answer", sheet.assessment),
        "error": error,
    }
    return render(request, "assessments/suggestions.html", context, status=status)


def items_of(sheet: Sheet, hints: Iterable[Hint], ticked: Collection[str]) -> list[dict[str, Any]]:
    """The hints under the questions that wait, in the order of the sheet."""
    reader = reader_of(sheet)
    items: dict[str, dict[str, Any]] = {}
    for hint in hints:
        entry = hint.entry
        theme = sheet.theme_of(entry.code)
        item = items.setdefault(
            entry.code,
            {
                "code": entry.code,
                "question": reader.words(entry.wording),
                "theme": theme.code,
                "theme_label": theme_label(reader, theme),
                "revision": entry.revision,
                "hints": [],
                "is_suggested": False,
            },
        )
        item["hints"].append(hint_screen(sheet, hint, hint.key in ticked))
        item["is_suggested"] |= hint.suggestion.value is not None
    return list(items.values())


def by_theme(items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    themes: dict[str, dict[str, Any]] = {}
    for item in items:
        themes.setdefault(item["theme"], {"label": item["theme_label"], "items": []})["items"].append(item)
    return list(themes.values())


def hint_screen(sheet: Sheet, hint: Hint, is_ticked: bool) -> dict[str, Any]:
    there, answered, suggestion = reader_of(hint.source), hint.answered, hint.suggestion
    assessment = hint.source.assessment
    return {
        "key": hint.key,
        "code": answered.code,
        "question": there.words(answered.wording),
        "toolkit": there.words(hint.source.package.title),
        "period_start_on": assessment.period_start_on,
        "period_end_on": assessment.period_end_on,
        "answer": there.label(answered, answered.value) if answered.value else Words(""),
        "text": answered.text,
        "note": answered.note,
        "answered_at": answered.answer and answered.answer.answered_at,
        "relation": RELATION_WORDS[hint.link.row.relation],
        "why": words_of(hint.link.mapping, hint.link.row.why),
        "reason": REASON_SENTENCES[suggestion.reason],
        "value": reader_of(sheet).label(hint.entry, suggestion.value) if suggestion.value else None,
        "is_ticked": is_ticked,
    }


def mapping_screen(mapping: ToolkitMapping) -> dict[str, Any]:
    return {
        "title": words_of(mapping, mapping.title),
        "summary": words_of(mapping, mapping.summary),
        "attribution": words_of(mapping, mapping.attribution),
    }


def words_of(mapping: ToolkitMapping, texts: Mapping[str, str]) -> Words:
    page_language = get_language() or "en"
    text, language = mapping.text(texts, page_language)
    return Words(text, attributes(language, page_language))


# --- taking over ------------------------------------------------------------------------------------------------------


def take(request: PlacedRequest, sheet: Sheet) -> HttpResponse:
    keys = request.POST.getlist("take")
    try:
        if not may_write(request, sheet.assessment):
            raise operations.AssessmentFinished
        page = operations.take_suggestions(
            place=request.place, assessment=sheet.assessment, keys=keys, revisions=revisions_in(request), now=timezone.now()
        )
    except operations.SuggestionRefused as refusal:
        return show(request, sheet, keys, str(refusal.sentence), status=422)
    except operations.AssessmentFinished:
        messages.error(request, FinishedMeanwhile.sentence)
        return redirect("assessments:overview", city=request.place.here.slug, pk=sheet.assessment.pk)
    if page.saved:
        messages.success(request, taken_sentence(len(page.saved)))
    for code, refused in page.refused.items():
        messages.error(request, f"{code}: {refused.sentence}")
    return redirect(request.path)


def revisions_in(request: PlacedRequest) -> dict[str, int]:
    """By item, the state that the page showed; what is not a number counts as none."""
    found: Sequence[tuple[str, str]] = [
        (key.removesuffix("-revision"), str(value)) for key, value in request.POST.items() if key.endswith("-revision")
    ]
    return {code: int(value) for code, value in found if value.isdecimal() and len(value) < 10}


def taken_sentence(count: int) -> str:
    return ngettext(
        "%(count)s answer is taken over, with a note that says where it comes from.",
        "%(count)s answers are taken over, with a note that says where each comes from.",
        count,
    ) % {"count": count}

"""Answering: one theme a page, all items on one page, one item at a time, and the earlier states of an answer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jumelle.assessments import operations
from jumelle.assessments.forms import AnswerForm
from jumelle.assessments.models import Assessment, Evidence
from jumelle.assessments.operations import AnsweredMeanwhile, AnswerRefused, Given
from jumelle.assessments.queries import (
    Entry,
    Sheet,
    Theme,
    answer_with_person,
    evidence_visible_to,
    revisions_of,
    sees_names,
    sheet_of,
)
from jumelle.assessments.queries.agreed import agreements_on
from jumelle.assessments.views.found import assessment_or_404, frame, may, reader_of
from jumelle.assessments.views.screens import Addresses, Reader, Words, groups_of, theme_label
from jumelle.assessments.views.side_by_side import agreed_screen
from jumelle.cities.requests import PlacedRequest
from jumelle.toolkits.queries import package_of


class FinishedMeanwhile(AnswerRefused):
    """Shown beside what was typed, so that it can be copied."""

    sentence = gettext_lazy("Not saved: the assessment was finished meanwhile. Copy your text, and ask for it to be reopened.")


class NotUnderstood(AnswerRefused):
    sentence = gettext_lazy("Not saved: the form came back incomplete. Check this answer and save again.")


def theme(request: PlacedRequest, city: str, pk: UUID, code: str) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    sheet = sheet_of(assessment)
    found = theme_or_404(sheet, code)
    if request.method == "POST":
        return save(request, sheet, found, next_address(sheet, found, city))
    return show_theme(request, sheet, found, {})


def all_items(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    sheet = sheet_of(assessment)
    if request.method == "POST":
        return save(request, sheet, None, Addresses(assessment, city)["results"])
    return show_all(request, sheet, {})


def theme_or_404(sheet: Sheet, code: str) -> Theme:
    try:
        return sheet.theme(code)
    except KeyError:
        raise Http404 from None


def next_address(sheet: Sheet, found: Theme, city: str) -> str:
    urls = Addresses(sheet.assessment, city)
    after = neighbour(sheet, found, 1)
    return urls.for_code("theme", after.code) if after else urls["results"]


def neighbour(sheet: Sheet, found: Theme, step: int) -> Theme | None:
    at = sheet.themes.index(found) + step
    return sheet.themes[at] if 0 <= at < len(sheet.themes) else None


# --- saving a page ----------------------------------------------------------------------------------------------------


def save(request: PlacedRequest, sheet: Sheet, only: Theme | None, onward: str) -> HttpResponse:
    """
    Take what can be taken; if something cannot, the page comes back with all that was typed.

    Args:
        only: the theme of the page; None for the page of all items.
    """
    given, refused = typed_in(request, [only] if only else sheet.themes, AnswerForm)
    saved: Mapping[str, int] = {}
    try:
        if not may_write(request, sheet.assessment):
            raise operations.AssessmentFinished
        page = operations.save_page(place=request.place, assessment=sheet.assessment, given=given, now=timezone.now())
        refused |= page.refused
        saved = page.saved
    except operations.AssessmentFinished:
        refused |= {code: FinishedMeanwhile(code, each) for code, each in given.items()}
    take_back(request, sheet)
    confirm(request, sheet)
    if refused:
        return show_again(request, sheet, only, refused, saved)
    if saved:
        messages.success(request, saved_sentence(len(saved)))
    else:
        messages.info(request, _("Nothing had changed, so nothing was saved."))
    return redirect(onward if request.POST.get("go") == "next" else request.path)


def typed_in(
    request: PlacedRequest, themes: Iterable[Theme], form_class: type[AnswerForm]
) -> tuple[dict[str, Given], dict[str, AnswerRefused]]:
    """What came back with a page: by item what can be taken, and what is incomplete."""
    entries = [entry for found in themes for group in found.groups for entry in group.entries]
    forms = {entry.code: form_class(request.POST, prefix=entry.code) for entry in entries}
    posted = {code: form for code, form in forms.items() if form.is_posted}
    refused: dict[str, AnswerRefused] = {code: NotUnderstood(code, form.given) for code, form in posted.items() if not form.is_valid()}
    return {code: form.given for code, form in posted.items() if code not in refused}, refused


def may_write(request: PlacedRequest, assessment: Assessment) -> bool:
    """
    Is the assessment open to this person's answers? False when it is finished.

    Raises:
        PermissionDenied: it is open, but not to this person.
    """
    if may(request, "assessments.answer", assessment):
        return True
    if assessment.is_open:
        raise PermissionDenied
    return False


def take_back(request: PlacedRequest, sheet: Sheet) -> None:
    code = request.POST.get("take_back")
    if not code or code not in sheet.all_entries or not sheet.assessment.is_open:
        return
    try:
        operations.take_back_proposal(place=request.place, assessment=sheet.assessment, code=code, now=timezone.now())
    except (operations.NotProposed, operations.AssessmentFinished):
        messages.info(request, _("There was no proposal to take back any more."))
    else:
        messages.success(request, _("The proposal is taken back: this question waits for your answer."))


def confirm(request: PlacedRequest, sheet: Sheet) -> None:
    """Say that an answer carried over from an earlier version holds; what else was typed on the page is saved already."""
    code = request.POST.get("confirm")
    if not code or code not in sheet.all_entries or not sheet.assessment.is_open:
        return
    try:
        operations.confirm_answer(place=request.place, assessment=sheet.assessment, code=code, now=timezone.now())
    except operations.UpgradeRefused as refusal:
        messages.info(request, refusal.sentence)
    except operations.AssessmentFinished:
        messages.error(request, _("The assessment was finished meanwhile. Nothing was confirmed."))
    else:
        messages.success(request, _("Confirmed: the answer counts again."))


def saved_sentence(count: int) -> str:
    return ngettext(
        "%(count)s answer is saved. Its earlier state is kept.",
        "%(count)s answers are saved. Their earlier states are kept.",
        count,
    ) % {"count": count}


def show_again(
    request: PlacedRequest,
    sheet: Sheet,
    only: Theme | None,
    refused: Mapping[str, AnswerRefused],
    saved: Mapping[str, int],
) -> HttpResponse:
    if saved:
        messages.success(request, saved_sentence(len(saved)))
    fresh = sheet_of(sheet.assessment)
    status = 409 if any(isinstance(refusal, AnsweredMeanwhile) for refusal in refused.values()) else 422
    if only:
        return show_theme(request, fresh, fresh.theme(only.code), refused, status)
    return show_all(request, fresh, refused, status)


# --- showing ----------------------------------------------------------------------------------------------------------


def show_theme(request: PlacedRequest, sheet: Sheet, found: Theme, refused: Mapping[str, AnswerRefused], status: int = 200) -> HttpResponse:
    shared = frame(request, sheet.assessment, "theme")
    evidence = evidence_visible_to(request.place, sheet.assessment)
    context = {
        **shared,
        **theme_screen(sheet, found, refused, shared["urls"], evidence),
        "read_only": is_read_only(request, sheet.assessment, refused),
    }
    return render(request, "assessments/theme.html", context, status=status)


def theme_screen(
    sheet: Sheet, found: Theme, refused: Mapping[str, AnswerRefused], urls: Addresses, evidence: Iterable[Evidence] = ()
) -> dict[str, Any]:
    """What a page of one theme shows, for the team and for somebody who answers alone."""
    reader, before, after = reader_of(sheet), neighbour(sheet, found, -1), neighbour(sheet, found, 1)
    return {
        "page_url": urls.for_code("theme", found.code),
        "item_level": 3 if len(found.groups) > 1 else 2,
        "theme": found,
        "section": found.section,
        "title": reader.words(found.section.title),
        "summary": reader.words(found.section.summary),
        "why": reader.words(found.section.why),
        "help": reader.help_for_section(found.section),
        "groups": groups_of(reader, found.groups, evidence, refused, urls),
        "refused": refused_links(refused, found.entries),
        "place_in_row": sheet.themes.index(found) + 1,
        "themes_count": len(sheet.themes),
        "before": before and neighbour_link(before, reader, urls),
        "after": after and neighbour_link(after, reader, urls),
    }


def show_all(request: PlacedRequest, sheet: Sheet, refused: Mapping[str, AnswerRefused], status: int = 200) -> HttpResponse:
    reader, assessment = reader_of(sheet), sheet.assessment
    evidence = list(evidence_visible_to(request.place, assessment))
    shared = frame(request, assessment, "all")
    themes = [
        {
            "theme": found,
            "label": theme_label(reader, found),
            "attrs": reader.words(found.section.title).attrs,
            "groups": groups_of(reader, found.groups, evidence, refused, shared["urls"], as_rows=True),
        }
        for found in sheet.themes
    ]
    context = {
        **shared,
        "page_url": shared["urls"]["all"],
        "sheet": sheet,
        "themes": themes,
        "scales": scales_of(sheet, reader),
        "refused": refused_links(refused, sheet.all_entries.values()),
        "read_only": is_read_only(request, assessment, refused),
    }
    return render(request, "assessments/all.html", context, status=status)


def is_read_only(request: PlacedRequest, assessment: Assessment, refused: Mapping[str, AnswerRefused]) -> bool:
    """What was refused must stay in its fields, whatever else has changed."""
    return not refused and not may(request, "assessments.answer", assessment)


def neighbour_link(found: Theme, reader: Reader, urls: Addresses) -> dict[str, Any]:
    url = urls.for_code("theme", found.code)
    return {"url": url, "label": theme_label(reader, found), "attrs": reader.words(found.section.title).attrs}


def refused_links(refused: Mapping[str, AnswerRefused], entries: Any) -> list[str]:
    """Codes of the refused items, in the order of the page."""
    return [entry.code for entry in entries if entry.code in refused]


def scales_of(sheet: Sheet, reader: Reader) -> list[Sequence[Any]]:
    """The scales in use, to explain each level once at the head of a long page."""
    found = {entry.item.answer: reader.options(entry.item) for entry in sheet.all_entries.values() if entry.levels}
    return list(found.values())


# --- one item ---------------------------------------------------------------------------------------------------------


def answer(request: PlacedRequest, city: str, pk: UUID, code: str) -> HttpResponse:
    """Save one item: a fragment for autosave.js, a redirect to the item for everyone else."""
    assessment = assessment_or_404(request, pk)
    form = AnswerForm(request.POST, prefix=code)
    try:
        saved = save_item(request, assessment, code, form)
    except operations.ItemUnknown:
        raise Http404 from None
    except AnswerRefused as refusal:
        return tell_refusal(request, sheet_of(assessment), code, refusal)
    if by_script(request):
        context = {"saved": saved, "name": f"{code}-revision", "now": timezone.localtime()}
        return render(request, "assessments/fragments/saved.html", context)
    messages.success(request, saved_sentence(1) if saved.changed else _("Nothing had changed, so nothing was saved."))
    return redirect(f"{Addresses(assessment, city).for_code('theme', theme_code_of(assessment, code))}#{code}")


def save_item(request: PlacedRequest, assessment: Assessment, code: str, form: AnswerForm) -> operations.Saved:
    """
    Raises:
        AnswerRefused: one of its kinds, those of this page included.
    """
    if not form.is_valid():
        raise NotUnderstood(code, form.given)
    if not may_write(request, assessment):
        raise FinishedMeanwhile(code, form.given)
    try:
        return operations.save_answer(place=request.place, assessment=assessment, code=code, given=form.given, now=timezone.now())
    except operations.AssessmentFinished:
        raise FinishedMeanwhile(code, form.given) from None


def tell_refusal(request: PlacedRequest, sheet: Sheet, code: str, refusal: AnswerRefused) -> HttpResponse:
    """Why, beside what was typed; of a conflict both states and the two ways out."""
    entry, theme = entry_or_404(sheet, code), sheet.theme_of(code)
    is_conflict = isinstance(refusal, AnsweredMeanwhile)
    status = 409 if is_conflict else 422
    if not by_script(request):
        return show_theme(request, sheet, theme, {code: refusal}, status)
    if not is_conflict:
        return render(request, "assessments/fragments/refused.html", {"refusal": refusal}, status=status)
    urls = Addresses(sheet.assessment, request.place.here.slug)
    item = reader_of(sheet).item(entry, urls=urls, refused=refusal)
    context = {"item": item, "back": f"{urls.for_code('theme', theme.code)}#{code}"}
    return render(request, "assessments/fragments/conflict.html", context, status=status)


def by_script(request: PlacedRequest) -> bool:
    return request.headers.get("X-Autosave") == "1"


def theme_code_of(assessment: Assessment, code: str) -> str:
    package = package_of(assessment.toolkit_version)
    return package.top_section_of(package.item(code).section).code


def entry_or_404(sheet: Sheet, code: str) -> Entry:
    entry = sheet.all_entries.get(code)
    if entry is None:
        raise Http404
    return entry


def history(request: PlacedRequest, city: str, pk: UUID, code: str) -> HttpResponse:
    """Every state that an answer has had. Who answered is shown to those who may know; reading it is recorded."""
    assessment = assessment_or_404(request, pk)
    sheet = sheet_of(assessment)
    entry = entry_or_404(sheet, code)
    reader, found = reader_of(sheet), answer_with_person(assessment, code)
    states = [found, *revisions_of(found)] if found else []
    with_names = sees_names(request.place)
    if with_names and states:
        operations.record_reading(
            place=request.place, assessment=assessment, what="answer_history_read", item_code=code, now=timezone.now()
        )
    context = {
        **frame(request, assessment, "history"),
        "entry": entry,
        "question": reader.words(entry.wording),
        "theme": sheet.theme_of(code),
        "theme_label": theme_label(reader, sheet.theme_of(code)),
        "states": [state_of(request, state, reader, entry, with_names) for state in states],
        "agreements": [
            {"at": agreed.agreed_at, "screen": agreed_screen(agreed, entry, reader)} for agreed in agreements_on(assessment, code)
        ],
    }
    return render(request, "assessments/history.html", context)


def state_of(request: PlacedRequest, state: Any, reader: Reader, entry: Entry, with_names: bool) -> dict[str, Any]:
    return {
        "state": state,
        "answer": reader.label(entry, state.value) if state.value else Words(""),
        "who": who(request, state, with_names),
    }


def who(request: PlacedRequest, state: Any, with_names: bool) -> str:
    if state.proposed:
        return _("Proposed by Jumelle, because of the kind of organisation")
    if state.answered_by_id == request.user.pk:
        return _("You")
    if state.answered_by is None:
        return _("Somebody who has left")
    return (state.answered_by.name or _("(no name given)")) if with_names else _("Somebody of the team")

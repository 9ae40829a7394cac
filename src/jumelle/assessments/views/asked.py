"""Answering alone: the questionnaire of one respondent, with an account or as a guest, and sending it in."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from jumelle.assessments import operations
from jumelle.assessments.forms import AloneForm
from jumelle.assessments.operations import AnsweredMeanwhile, AnsweringRefused, AnswerRefused
from jumelle.assessments.queries import Questionnaire, Theme, questionnaire_of, respondent_of
from jumelle.assessments.views.answering import (
    NotUnderstood,
    by_script,
    entry_or_404,
    neighbour,
    theme_or_404,
    theme_screen,
    typed_in,
)
from jumelle.assessments.views.found import other_language, reader_of
from jumelle.assessments.views.screens import AskedAddresses, theme_label
from jumelle.cities import guests
from jumelle.cities.requests import PlacedRequest
from jumelle.engines.disclosure.thresholds import K_INSIDE


class NotTaken(AnswerRefused):
    """Nothing can be changed any more; shown beside what was typed, so that it can be copied."""

    def __init__(self, code: str, given: operations.Given, why: AnsweringRefused) -> None:
        super().__init__(code, given)
        self.sentence = why.sentence


def questionnaire_or_404(request: PlacedRequest, pk: UUID | None) -> Questionnaire:
    """Only one's own; missing, withdrawn and somebody else's are the same."""
    found = respondent_of(request.place, pk)
    if found is None:
        raise Http404
    return questionnaire_of(found)


def addresses_of(request: PlacedRequest, asked: Questionnaire) -> AskedAddresses:
    return AskedAddresses(asked.respondent, "" if request.place.guest_pass else request.place.here.slug)


def frame(request: PlacedRequest, asked: Questionnaire) -> dict[str, Any]:
    """What the pages of one questionnaire share. A guest's have no rail and no account."""
    reader, today = reader_of(asked.sheet), timezone.localdate()
    return {
        "layout": "assessments/asked/guest.html" if request.place.guest_pass else "assessments/asked/member.html",
        "city": request.place.here,
        "respondent": asked.respondent,
        "round": asked.round,
        "assessment": asked.assessment,
        "progress": asked.sheet.progress,
        "urls": addresses_of(request, asked),
        "toolkit_title": reader.words(reader.package.title),
        "content_language": other_language(reader),
        "can_be_changed": asked.can_be_changed(today),
        "can_be_sent": asked.can_be_sent(today),
        "fewest": K_INSIDE,
    }


# --- the overview -----------------------------------------------------------------------------------------------------


@never_cache
def overview(request: PlacedRequest, city: str = "", pk: UUID | None = None) -> HttpResponse:
    asked = questionnaire_or_404(request, pk)
    shared, reader = frame(request, asked), reader_of(asked.sheet)
    rows = [
        {
            "url": shared["urls"].for_code("theme", found.code),
            "label": theme_label(reader, found),
            "attrs": reader.words(found.section.title).attrs,
            "summary": reader.words(found.section.summary),
            "progress": found.progress,
            "asks": bool(found.entries),
        }
        for found in asked.sheet.themes
    ]
    going_on = next((row for row in rows if row["asks"] and not row["progress"].is_complete), None)
    return render(request, "assessments/asked/overview.html", {**shared, "themes": rows, "going_on": going_on})


# --- one theme --------------------------------------------------------------------------------------------------------


@never_cache
def theme(request: PlacedRequest, code: str, city: str = "", pk: UUID | None = None) -> HttpResponse:
    asked = questionnaire_or_404(request, pk)
    found = theme_or_404(asked.sheet, code)
    return save(request, asked, found) if request.method == "POST" else show_theme(request, asked, found, {})


def save(request: PlacedRequest, asked: Questionnaire, found: Theme) -> HttpResponse:
    """Take what can be taken; if something cannot, the page comes back with all that was typed."""
    given, refused = typed_in(request, [found], AloneForm)
    saved: Mapping[str, int] = {}
    try:
        page = operations.save_respondent_page(respondent=asked.respondent, given=given, now=timezone.now())
        refused |= page.refused
        saved = page.saved
    except AnsweringRefused as why:
        refused |= {code: NotTaken(code, each, why) for code, each in given.items()}
    if saved:
        messages.success(request, saved_sentence(len(saved)))
    if refused:
        status = 409 if any(isinstance(refusal, AnsweredMeanwhile) for refusal in refused.values()) else 422
        fresh = questionnaire_of(asked.respondent)
        return show_theme(request, fresh, theme_or_404(fresh.sheet, found.code), refused, status)
    if not saved:
        messages.info(request, _("Nothing had changed, so nothing was saved."))
    return redirect(next_address(request, asked, found) if request.POST.get("go") == "next" else request.path)


def saved_sentence(count: int) -> str:
    return ngettext("%(count)s answer is saved.", "%(count)s answers are saved.", count) % {"count": count}


def next_address(request: PlacedRequest, asked: Questionnaire, found: Theme) -> str:
    urls, after = addresses_of(request, asked), neighbour(asked.sheet, found, 1)
    return urls.for_code("theme", after.code) if after else urls["send_in"]


def show_theme(
    request: PlacedRequest, asked: Questionnaire, found: Theme, refused: Mapping[str, AnswerRefused], status: int = 200
) -> HttpResponse:
    shared = frame(request, asked)
    context = {
        **shared,
        **theme_screen(asked.sheet, found, refused, shared["urls"]),
        "read_only": not refused and not shared["can_be_changed"],
    }
    return render(request, "assessments/asked/theme.html", context, status=status)


# --- one item ---------------------------------------------------------------------------------------------------------


@never_cache
def answer(request: PlacedRequest, code: str, city: str = "", pk: UUID | None = None) -> HttpResponse:
    """Save one item: a fragment for autosave.js, a redirect to the item for everyone else."""
    asked = questionnaire_or_404(request, pk)
    form = AloneForm(request.POST, prefix=code)
    try:
        saved = save_item(asked, code, form)
    except operations.ItemUnknown:
        raise Http404 from None
    except AnswerRefused as refusal:
        return tell_refusal(request, questionnaire_of(asked.respondent), code, refusal)
    if by_script(request):
        context = {"saved": saved, "name": f"{code}-revision", "now": timezone.localtime()}
        return render(request, "assessments/fragments/saved.html", context)
    messages.success(request, saved_sentence(1) if saved.changed else _("Nothing had changed, so nothing was saved."))
    theme_code = asked.sheet.theme_of(code).code
    return redirect(f"{addresses_of(request, asked).for_code('theme', theme_code)}#{code}")


def save_item(asked: Questionnaire, code: str, form: AloneForm) -> operations.Saved:
    """
    Raises:
        AnswerRefused: one of its kinds, those of this page included.
    """
    if not form.is_valid():
        raise NotUnderstood(code, form.given)
    try:
        return operations.save_respondent_answer(respondent=asked.respondent, code=code, given=form.given, now=timezone.now())
    except AnsweringRefused as why:
        raise NotTaken(code, form.given, why) from None


def tell_refusal(request: PlacedRequest, asked: Questionnaire, code: str, refusal: AnswerRefused) -> HttpResponse:
    """Why, beside what was typed; of two windows both states and the two ways out."""
    entry, found = entry_or_404(asked.sheet, code), asked.sheet.theme_of(code)
    is_conflict = isinstance(refusal, AnsweredMeanwhile)
    status = 409 if is_conflict else 422
    if not by_script(request):
        return show_theme(request, asked, found, {code: refusal}, status)
    if not is_conflict:
        return render(request, "assessments/fragments/refused.html", {"refusal": refusal}, status=status)
    urls = addresses_of(request, asked)
    item = reader_of(asked.sheet).item(entry, urls=urls, refused=refusal)
    context = {"item": item, "back": f"{urls.for_code('theme', found.code)}#{code}", "is_alone": True}
    return render(request, "assessments/fragments/conflict.html", context, status=status)


# --- the end ----------------------------------------------------------------------------------------------------------


@never_cache
def send_in(request: PlacedRequest, city: str = "", pk: UUID | None = None) -> HttpResponse:
    asked = questionnaire_or_404(request, pk)
    urls = addresses_of(request, asked)
    if request.method == "POST":
        takes_back = request.POST.get("go") == "take_back"
        act = operations.take_back if takes_back else operations.send_in
        try:
            act(place=request.place, respondent=asked.respondent, now=timezone.now())
        except AnsweringRefused as why:
            messages.error(request, why.sentence)
            return redirect(urls["overview"])
        if takes_back:
            messages.success(request, _("Your answers are back with you. Change them, then send in again."))
        return redirect(urls["overview"] if takes_back else urls["done"])
    reader = reader_of(asked.sheet)
    open_themes = [
        {"url": urls.for_code("theme", found.code), "label": theme_label(reader, found), "attrs": reader.words(found.section.title).attrs}
        for found in asked.sheet.themes
        if found.entries and not found.progress.is_complete
    ]
    return render(request, "assessments/asked/send_in.html", {**frame(request, asked), "open_themes": open_themes, "notes": asked.notes})


@never_cache
def done(request: PlacedRequest, city: str = "", pk: UUID | None = None) -> HttpResponse:
    asked = questionnaire_or_404(request, pk)
    if asked.respondent.sent_in_at is None:
        return redirect(addresses_of(request, asked)["overview"])
    return render(request, "assessments/asked/done.html", frame(request, asked))


def leave(request: PlacedRequest) -> HttpResponse:
    """On a borrowed device: this browser forgets the questionnaire. What was saved stays saved."""
    guests.forget_pass(request.session)
    messages.success(request, _("This browser has forgotten the questionnaire. What you saved and sent in is kept."))
    return redirect("portal:start")

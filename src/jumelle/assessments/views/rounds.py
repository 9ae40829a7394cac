"""Facilitating: start a round, ask people, see who has sent in, open the answers, close."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jumelle.assessments import operations
from jumelle.assessments.enums import RespondentRole
from jumelle.assessments.forms_rounds import LastDayForm, NewLinkForm, RespondentForm, RoundForm
from jumelle.assessments.models import Assessment, Respondent, Round
from jumelle.assessments.operations.rounds import RoundRefused
from jumelle.assessments.queries import RespondentProgress, respondents_of, rounds_of, running_round_of, themes_to_ask
from jumelle.assessments.views.course import section_label
from jumelle.assessments.views.found import assessment_or_404, frame, may
from jumelle.assessments.views.screens import Addresses, reader_for
from jumelle.cities.operations import record_reading
from jumelle.cities.queries import people_of
from jumelle.cities.requests import PlacedRequest
from jumelle.common.tables import Column, Table
from jumelle.engines.disclosure.thresholds import K_INSIDE

FIRST_CHOICE_DAYS = 21


def round(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    found = list(rounds_of(assessment))
    running = next((each for each in found if each.closed_at is None), None)
    context = {
        **frame(request, assessment, "round"),
        "round": running,
        "earlier": [each for each in found if each.closed_at],
        "may_facilitate": may(request, "assessments.facilitate", assessment),
        **(standing_of_round(request, running) if running else {}),
    }
    return render(request, "assessments/rounds/round.html", context)


def standing_of_round(request: PlacedRequest, running: Round) -> dict[str, Any]:
    """Who was asked and how far they are; nothing of what they said."""
    people = respondents_of(running)
    count = sum(bool(person.respondent.sent_in_at) for person in people)
    return {
        "table": people_table(request, running, people) if people else None,
        "asked_count": len(people),
        "sent_in_count": count,
        "refusal": operations.refusal_to_open(count, shows_names=running.shows_names),
        "is_over": running.answer_until < timezone.localdate(),
        "without_migrants": not any(person.respondent.role == RespondentRole.MIGRANTS for person in people),
    }


def people_table(request: PlacedRequest, running: Round, people: list[RespondentProgress]) -> Table:
    may_change = running.is_collecting and request.place.opens("assessments:round_again")
    answered = [_("Answered")] if running.shows_names else []
    labels = [_("Who"), _("As"), _("Reached by"), *answered, _("Sent in")] + ([_("Change")] if may_change else [])
    urls = Addresses(running.assessment, request.place.here.slug)
    collecting = _("Who was asked, and how far they are. What they answered is shown to nobody before the answers are opened.")
    return Table(
        collecting if running.is_collecting else _("Who was asked, and who has sent in"),
        [Column(label) for label in labels],
        [person_row(person, running, urls, may_change) for person in people],
    )


def person_row(person: RespondentProgress, running: Round, urls: Addresses, may_change: bool) -> list[Any]:
    """
    How much somebody answered is told only where names are shown.

    Otherwise it would tell who said what: of five who were asked, the one who answered most is known wherever one alone answered.
    """
    respondent = person.respondent
    name = f"{respondent.name} ({respondent.organisation.name})" if respondent.organisation else respondent.name
    sent_in = date_format(localtime(respondent.sent_in_at), "MONTH_DAY_FORMAT") if respondent.sent_in_at else _("no")
    answered = [_("%(answered)s of %(asked)s") % {"answered": person.answered, "asked": person.asked}] if running.shows_names else []
    row: list[Any] = [name, respondent.get_role_display(), reached_by(respondent), *answered, sent_in]
    if may_change:
        row.append(changes_of(respondent, urls))
    return row


def reached_by(respondent: Respondent) -> str:
    held = respondent.guest_pass
    if respondent.user_id:
        return _("account")
    if held is None or held.withdrawn_at or held.expires_at <= timezone.now():
        return _("link, closed")
    return _("link, opened") if held.used_at else _("link, not opened yet")


def changes_of(respondent: Respondent, urls: Addresses) -> SafeString:
    links = [(urls.for_respondent("round_withdraw", respondent.pk), _("Ask no more"), respondent.name)]
    if respondent.sent_in_at is None:
        again = _("Remind") if respondent.user_id else _("New link")
        links.insert(0, (urls.for_respondent("round_again", respondent.pk), again, respondent.name))
    return format_html_join(" · ", '<a href="{}">{}<span class="only-read">: {}</span></a>', links)


# --- starting and the last day ----------------------------------------------------------------------------------------


def start(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    form = RoundForm(request.POST or None, initial={"answer_until": timezone.localdate() + timedelta(days=FIRST_CHOICE_DAYS)})
    if running_round_of(assessment) or not assessment.is_open:
        return redirect("assessments:round", city=city, pk=pk)
    if request.method == "POST" and form.is_valid():
        try:
            operations.start_round(
                place=request.place,
                assessment=assessment,
                shows_names=form.cleaned_data["shows_names"] == "yes",
                answer_until=form.cleaned_data["answer_until"],
                now=timezone.now(),
            )
        except (operations.LastDayPassed, operations.LastDayTooFar) as refusal:
            form.add_error("answer_until", refusal.sentence)
        except (operations.RoundRunning, operations.AssessmentFinished):
            return redirect("assessments:round", city=city, pk=pk)
        else:
            messages.success(request, _("The round is started. Now ask the people who shall answer."))
            return redirect("assessments:round", city=city, pk=pk)
    return show_form(request, assessment, "assessments/rounds/start.html", form)


def last_day(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment, running = collecting_or_404(request, pk)
    form = LastDayForm(request.POST or None, initial={"answer_until": running.answer_until})
    if request.method == "POST" and form.is_valid():
        day = form.cleaned_data["answer_until"]
        try:
            operations.change_last_day(place=request.place, round=running, answer_until=day, now=timezone.now())
        except RoundRefused as refusal:
            form.add_error("answer_until", refusal.sentence)
        else:
            messages.success(request, _("The last day is changed. Links that still run follow."))
            return redirect("assessments:round", city=city, pk=pk)
    return show_form(request, assessment, "assessments/rounds/last_day.html", form)


def show_form(request: PlacedRequest, assessment: Assessment, template: str, form: Form, **more: Any) -> HttpResponse:
    context = {**frame(request, assessment, "round_form"), "form": form, **more}
    return render(request, template, context, status=422 if form.errors else 200)


def collecting_or_404(request: PlacedRequest, pk: UUID) -> tuple[Assessment, Round]:
    assessment = assessment_or_404(request, pk)
    return assessment, get_object_or_404(rounds_of(assessment), opened_at=None, closed_at=None)


# --- people -----------------------------------------------------------------------------------------------------------


def invite(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """The list of members stands in the form; reading it is recorded."""
    assessment, running = collecting_or_404(request, pk)
    reader = reader_for(assessment.toolkit_version, get_language() or "en")
    people = list(people_of(request.place.here))
    form = RespondentForm(
        request.POST or None,
        city=request.place.here,
        people=people,
        themes=[(section.code, section_label(reader, section)) for section in themes_to_ask(assessment)],
        initial={"language": get_language()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.invite_respondent(place=request.place, round=running, now=timezone.now(), **form.cleaned_data)
        except RoundRefused as refusal:
            form.add_error(None, refusal.sentence)
        except operations.AssessmentFinished:
            form.add_error(None, _("The assessment is finished: nobody could answer. Reopen it first."))
        else:
            messages.success(request, _("The mail is on its way. Ask somebody else?"))
            return redirect("assessments:round_invite" if request.POST.get("go") == "more" else "assessments:round", city=city, pk=pk)
    record_reading(place=request.place, what="members_read", now=timezone.now(), count=len(people))
    return show_form(request, assessment, "assessments/rounds/invite.html", form, round=running)


def again(request: PlacedRequest, city: str, pk: UUID, respondent: UUID) -> HttpResponse:
    """Remind, or give a new link; a guest who has begun begins anew, and the page says so before."""
    assessment, running, person = person_or_404(request, pk, respondent)
    form = NewLinkForm(request.POST if request.method == "POST" else None, needs_address=person.respondent.user_id is None)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data.get("email", "")
        try:
            operations.invite_again(place=request.place, respondent=person.respondent, email=email, now=timezone.now())
        except RoundRefused as refusal:
            form.add_error(None, refusal.sentence)
        except operations.AssessmentFinished:
            form.add_error(None, _("The assessment is finished: nobody could answer. Reopen it first."))
        else:
            messages.success(request, _("The mail is on its way."))
            return redirect("assessments:round", city=city, pk=pk)
    return show_form(request, assessment, "assessments/rounds/again.html", form, round=running, person=person)


def withdraw(request: PlacedRequest, city: str, pk: UUID, respondent: UUID) -> HttpResponse:
    assessment, running, person = person_or_404(request, pk, respondent)
    if request.method == "POST":
        try:
            operations.withdraw_respondent(place=request.place, respondent=person.respondent, now=timezone.now())
        except RoundRefused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, _("This person is asked no more, and the link is closed. You can ask again at any time."))
        return redirect("assessments:round", city=city, pk=pk)
    return show_form(request, assessment, "assessments/rounds/withdraw.html", Form(), round=running, person=person)


def person_or_404(request: PlacedRequest, pk: UUID, respondent: UUID) -> tuple[Assessment, Round, RespondentProgress]:
    assessment, running = collecting_or_404(request, pk)
    person = next((each for each in respondents_of(running) if each.respondent.pk == respondent), None)
    if person is None:
        raise Http404
    return assessment, running, person


# --- opening and closing ----------------------------------------------------------------------------------------------


def open_answers(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """Before: what will be visible to whom. It cannot be undone."""
    assessment = assessment_or_404(request, pk)
    running = running_round_of(assessment)
    if running is None or not running.is_collecting:
        return redirect("assessments:round", city=city, pk=pk)
    if request.method == "POST":
        try:
            operations.open_round(place=request.place, round=running, now=timezone.now())
        except operations.RoundCannotOpen as refusal:
            messages.error(request, f"{refusal.sentence} {refusal.remedy}")
        except operations.RoundNotCollecting:
            messages.info(request, _("The answers were opened already."))
        else:
            messages.success(request, _("The answers are open. Discuss first what people see differently."))
        return redirect("assessments:round", city=city, pk=pk)
    standing = standing_of_round(request, running)
    if standing["refusal"]:
        return redirect("assessments:round", city=city, pk=pk)
    return show_form(request, assessment, "assessments/rounds/open.html", Form(), round=running, fewest=K_INSIDE, **standing)


def close(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    running = running_round_of(assessment)
    if running is None:
        return redirect("assessments:round", city=city, pk=pk)
    if request.method == "POST":
        try:
            operations.close_round(place=request.place, round=running, now=timezone.now())
        except operations.RoundClosed:
            messages.info(request, _("The round was closed already."))
        else:
            messages.success(request, _("The round is closed. You can start another one, for instance in a year."))
        return redirect("assessments:round", city=city, pk=pk)
    return show_form(request, assessment, "assessments/rounds/close.html", Form(), round=running)

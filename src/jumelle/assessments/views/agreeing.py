"""What the group agrees upon: one item with all that was said about it, and what everybody said alike in one step."""

from textwrap import shorten
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jumelle.assessments.forms_agreeing import AgreeForm, MeetingForm, SaidByAllForm
from jumelle.assessments.models import Answer, ConsensusMeeting, Round
from jumelle.assessments.operations import AnswerRefused, AssessmentFinished, agreeing
from jumelle.assessments.operations.rounds import RoundRefused
from jumelle.assessments.queries import answer_with_person, answers_of
from jumelle.assessments.queries.agreed import agreements_on, meetings_of
from jumelle.assessments.queries.divergence import Discussion, Point, discussion_of
from jumelle.assessments.views import divergence as pages
from jumelle.assessments.views.found import may, reader_of
from jumelle.assessments.views.screens import Reader, Words
from jumelle.assessments.views.side_by_side import RoundAddresses, agreed_screen
from jumelle.cities.requests import PlacedRequest

LABEL_LETTERS = 80
FIELD_OF = {
    agreeing.NothingAgreed: "value",
    agreeing.ReasonNeeded: "reason",
    agreeing.PresentMissing: "present",
    agreeing.MeetingAhead: "held_on",
}


def agree(request: PlacedRequest, city: str, pk: UUID, round: UUID, code: str) -> HttpResponse:
    """Everybody who sees the assessment reads; those who run the round write."""
    assessment, opened = pages.opened_or_404(request, pk, round)
    discussion = discussion_of(opened, reads=lambda point: point.code == code)
    point, answer = pages.point_or_404(discussion, code), answer_with_person(assessment, code)
    form = agree_form(request, discussion, point, answer)
    if request.method != "POST":
        return show_point(request, discussion, point, answer, form if pages.may_agree(request, opened, assessment) else None)
    if not may(request, "assessments.facilitate", assessment):
        raise PermissionDenied
    conflict = write_down(request, opened, code, form) if form.is_valid() else None
    if conflict or form.errors:
        return show_point(request, discussion, point, answer, form, conflict)
    messages.success(request, _("It is written down, and stands as the answer of the assessment. Earlier states are kept."))
    return redirect(onward(request, discussion, point))


def agree_form(request: PlacedRequest, discussion: Discussion, point: Point, answer: Answer | None) -> AgreeForm:
    agreed = point.agreed
    initial: dict[str, Any] = {
        "value": agreed.value if agreed else point.said_by_all,
        "text": agreed.text if agreed else "",
        "reason": agreed.reason if agreed else "",
        "minority_note": agreed.minority_note if agreed else "",
        "revision": agreed.revision if agreed else 0,
        "answer_revision": answer.revision if answer else 0,
    }
    if agreed:
        initial["meeting"] = str(agreed.meeting_id) if agreed.meeting_id else MeetingForm.NONE
    return AgreeForm(
        request.POST if request.method == "POST" else None,
        options=options_of(reader_of(discussion.sheet), point),
        meetings=meetings_to_choose(discussion.round),
        today=timezone.localdate(),
        initial=initial,
    )


def options_of(reader: Reader, point: Point) -> list[tuple[str, SafeString, SafeString]]:
    options = reader.options(point.entry.item) if point.entry.levels else ()
    return [(option.value, html_of(option.label), html_of(option.rubric)) for option in options]


def html_of(words: Words) -> SafeString:
    return format_html("<span{}>{}</span>", words.attrs, words.text)


def meetings_to_choose(opened: Round) -> list[tuple[ConsensusMeeting, str]]:
    return [(meeting, meeting_label(meeting)) for meeting in meetings_of(opened)]


def meeting_label(meeting: ConsensusMeeting) -> str:
    day, present = date_format(meeting.held_on, "DATE_FORMAT"), shorten(meeting.present, LABEL_LETTERS, placeholder="…")
    return _("%(day)s, with: %(present)s") % {"day": day, "present": present}


def write_down(request: PlacedRequest, opened: Round, code: str, form: AgreeForm) -> agreeing.AgreedMeanwhile | None:
    """What was refused stands in the form; a conflict is returned."""
    try:
        agreeing.agree(place=request.place, round=opened, code=code, agreement=form.agreement, meeting=form.held, now=timezone.now())
    except agreeing.AgreedMeanwhile as conflict:
        return conflict
    except (AnswerRefused, RoundRefused) as refusal:
        field = FIELD_OF.get(type(refusal), "")
        field = "text" if field == "value" and "text" in form.fields else field
        form.add_error(field or None, refusal.sentence)
    except AssessmentFinished:
        form.add_error(None, _("Not saved: the assessment was finished meanwhile. Copy your text, and ask for it to be reopened."))
    return None


def onward(request: PlacedRequest, discussion: Discussion, point: Point) -> str:
    """The next point of the list that one came from, or back to it."""
    show, urls = pages.wanted(request), RoundAddresses(discussion.round, request.place.here.slug)
    suffix = pages.choices(discussion, show)["suffix"]
    shown = discussion.shown(show) if show.takes(point) else discussion.points
    at = shown.index(point) + 1
    if request.POST.get("go") == "next" and at < len(shown):
        return urls.for_code("agree", shown[at].code) + suffix
    return f"{urls['divergence']}{suffix}#{point.code}"


def show_point(
    request: PlacedRequest,
    discussion: Discussion,
    point: Point,
    answer: Answer | None,
    form: AgreeForm | None,
    conflict: agreeing.AgreedMeanwhile | None = None,
) -> HttpResponse:
    reader, show = reader_of(discussion.sheet), pages.wanted(request)
    earlier = [each for each in agreements_on(discussion.round.assessment, point.code) if each != point.agreed]
    context = {
        **pages.table_frame(request, discussion, "agree"),
        **pages.choices(discussion, show),
        "point": pages.screens_of(request, discussion, [point], unfolded=True)[0],
        "fewest": pages.K_INSIDE,
        "form": form,
        "now_answered": answered(reader, point, answer),
        "earlier": [{"agreed": each, "screen": agreed_screen(each, point.entry, reader)} for each in earlier],
        "conflict": conflict and conflict_screen(reader, point, conflict),
    }
    status = 409 if conflict else 422 if form and form.errors else 200
    return render(request, "assessments/rounds/agree.html", context, status=status)


def answered(reader: Reader, point: Point, answer: Answer | None) -> dict[str, Any] | None:
    """What the assessment says by itself."""
    if answer is None or not (answer.value or answer.text):
        return None
    return {"answer": reader.label(point.entry, answer.value) if answer.value else Words(""), "text": answer.text}


def conflict_screen(reader: Reader, point: Point, conflict: agreeing.AgreedMeanwhile) -> dict[str, Any]:
    """Only what is not as the person saw it, and the box that says "mine instead"."""
    stored, answer, seen = conflict.stored, conflict.answer, conflict.agreement
    revisions = stored.revision if stored else 0, answer.revision if answer else 0
    return {
        "stored": agreed_screen(stored, point.entry, reader) if stored and revisions[0] != seen.revision else None,
        "answer": answered(reader, point, answer) if revisions[1] != seen.answer_revision else None,
        "over": f"{revisions[0]}-{revisions[1]}",
    }


# --- what everybody said alike ----------------------------------------------------------------------------------------


def agree_as_said(request: PlacedRequest, city: str, pk: UUID, round: UUID) -> HttpResponse:
    """A list to tick: nothing is agreed by itself."""
    assessment, opened = pages.opened_or_404(request, pk, round)
    if request.method != "POST" and not pages.may_agree(request, opened, assessment):
        return redirect("assessments:divergence", city=city, pk=pk, round=round)
    discussion = discussion_of(opened)
    form = said_by_all_form(request, discussion)
    if request.method == "POST" and form.is_valid():
        refused = write_down_all(request, opened, form)
        if not form.errors and not refused:
            return redirect("assessments:divergence", city=city, pk=pk, round=round)
        if refused:
            return redirect("assessments:agree_as_said", city=city, pk=pk, round=round)
    context = {**pages.table_frame(request, discussion, "agree_as_said"), "form": form, "count": len(discussion.said_by_all)}
    return render(request, "assessments/rounds/agree_as_said.html", context, status=422 if form.errors else 200)


def said_by_all_form(request: PlacedRequest, discussion: Discussion) -> SaidByAllForm:
    reader, answers = reader_of(discussion.sheet), answers_of(discussion.round.assessment)
    items = [item_choice(reader, point, answers.get(point.code)) for point in discussion.said_by_all]
    return SaidByAllForm(
        request.POST if request.method == "POST" else None,
        items=items,
        meetings=meetings_to_choose(discussion.round),
        today=timezone.localdate(),
        initial={"reason": _("Everybody who answered said the same.")},
    )


def item_choice(reader: Reader, point: Point, answer: Answer | None) -> tuple[str, SafeString]:
    """What all said, and the question; also what the assessment says, where that is something else."""
    value = point.said_by_all
    label = format_html("<b>{}</b> – {}", html_of(reader.label(point.entry, value)), html_of(reader.words(point.entry.item.text)))
    if answer and answer.value and answer.value != value:
        now = _("The assessment says now: %(answer)s") % {"answer": reader.label(point.entry, answer.value).text}
        label = format_html('{} <span class="small">({})</span>', label, now)
    return f"{point.code}:{answer.revision if answer else 0}", format_html("<span>{}</span>", label)


def write_down_all(request: PlacedRequest, opened: Round, form: SaidByAllForm) -> bool:
    """Was something refused? What went wrong with all stands in the form."""
    try:
        done = agreeing.agree_as_said(
            place=request.place,
            round=opened,
            codes=form.codes,
            reason=form.cleaned_data["reason"],
            meeting=form.held,
            now=timezone.now(),
        )
    except RoundRefused as refusal:
        form.add_error(FIELD_OF.get(type(refusal)), refusal.sentence)
        return False
    except AssessmentFinished:
        form.add_error(None, _("Not saved: the assessment was finished meanwhile. Copy your text, and ask for it to be reopened."))
        return False
    if done.codes:
        messages.success(request, agreed_sentence(len(done.codes)))
    for code, reason in done.refused.items():
        messages.error(request, f"{code}: {reason.sentence}")
    return bool(done.refused)


def agreed_sentence(count: int) -> str:
    return ngettext(
        "%(count)s point is agreed, and stands as the answer of the assessment.",
        "%(count)s points are agreed, and stand as the answers of the assessment.",
        count,
    ) % {"count": count}

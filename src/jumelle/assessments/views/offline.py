"""Working offline: the workbook to take away, and the way back with a look before anything is saved."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from jumelle.assessments import operations
from jumelle.assessments.forms import WorkbookForm
from jumelle.assessments.models import Assessment
from jumelle.assessments.offline.preview import Preview, preview_of
from jumelle.assessments.offline.read import Row, WorkbookRefused, read_workbook
from jumelle.assessments.offline.write import write_workbook
from jumelle.assessments.operations import Given
from jumelle.assessments.queries import Sheet, sheet_of
from jumelle.assessments.views.found import assessment_or_404, frame, may, reader_of
from jumelle.assessments.views.screens import Addresses, Reader
from jumelle.cities.requests import PlacedRequest

XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PREVIEW_LIFE_S = 4 * 3600


def download(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    assessment = assessment_or_404(request, pk)
    now = timezone.now()
    data = write_workbook(sheet_of(assessment), language=get_language() or "en", now=now)
    operations.record_reading(place=request.place, assessment=assessment, what="answers_exported", now=now)
    name = f"{assessment.toolkit_version.toolkit.slug}-{timezone.localdate(now).isoformat()}.xlsx"
    return HttpResponse(
        data,
        content_type=XLSX_MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def upload(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    """A file is read and shown; only the second post, with what was shown, saves anything."""
    assessment = assessment_or_404(request, pk)
    if not may(request, "assessments.answer", assessment):
        if assessment.is_open:
            raise PermissionDenied
        messages.error(request, _("The assessment is finished: it takes no more answers. Ask for it to be reopened."))
        return redirect("assessments:overview", city=city, pk=pk)
    if request.method != "POST":
        return show(request, assessment, WorkbookForm())
    if "taken" in request.POST:
        return take(request, assessment, city)
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, assessment, form, status=422)
    sheet = sheet_of(assessment)
    try:
        reading = read_workbook(form.cleaned_data["file"].read(), sheet)
    except WorkbookRefused as refusal:
        return show(request, assessment, form, status=422, refusal=refusal)
    return show_preview(request, sheet, preview_of(reading, sheet))


def show(request: PlacedRequest, assessment: Assessment, form: WorkbookForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {**frame(request, assessment, "offline_import"), "form": form, **more}
    return render(request, "assessments/offline.html", context, status=status)


def show_preview(request: PlacedRequest, sheet: Sheet, preview: Preview) -> HttpResponse:
    reader = reader_of(sheet)
    context = {
        **frame(request, sheet.assessment, "offline_import"),
        "preview": preview,
        "new": [row_screen(row, reader, sheet) for row in preview.new],
        "conflicts": [row_screen(row, reader, sheet) for row in preview.conflicts],
        "taken": sealed(request, sheet.assessment, preview),
    }
    return render(request, "assessments/offline_preview.html", context, status=422 if preview.problems else 200)


def row_screen(row: Row, reader: Reader, sheet: Sheet) -> dict[str, Any]:
    entry, given = row.entry, row.given
    return {
        "row": row.number,
        "code": entry.code,
        "theme": sheet.theme_of(entry.code).code,
        "question": reader.words(entry.wording),
        "given": given,
        "answer": reader.label(entry, given.value),
        "stored": reader.stored(entry, entry.answer),
        "is_new": entry.answer is None,
    }


def sealed(request: PlacedRequest, assessment: Assessment, preview: Preview) -> str:
    """
    The rows that were shown, signed, for the confirming post: nothing waits on the server.

    A conflicting row carries the state that was shown beside it: that, and no later one, is what the person may replace.
    """
    rows = [row_data(row, row.given.revision) for row in preview.new]
    conflicts = [row_data(row, row.entry.revision) for row in preview.conflicts]
    return signing.dumps({"rows": rows, "conflicts": conflicts}, salt=salt(request, assessment), compress=True)


def row_data(row: Row, revision: int) -> list[Any]:
    given = row.given
    return [row.entry.code, given.value, given.text, given.note, given.come_back, revision]


def salt(request: PlacedRequest, assessment: Assessment) -> str:
    return f"assessments.offline:{assessment.pk}:{request.user.pk}"


def take(request: PlacedRequest, assessment: Assessment, city: str) -> HttpResponse:
    try:
        shown = signing.loads(request.POST["taken"], salt=salt(request, assessment), max_age=PREVIEW_LIFE_S)
    except signing.BadSignature:
        messages.error(request, _("This preview has expired. Upload the file again; nothing was saved."))
        return redirect("assessments:offline_import", city=city, pk=assessment.pk)
    wanted = set(request.POST.getlist("replace"))
    rows = shown["rows"] + [row for row in shown["conflicts"] if row[0] in wanted]
    given = {code: Given(*values) for code, *values in rows}
    try:
        page = operations.import_offline(place=request.place, assessment=assessment, given=given, now=timezone.now())
    except operations.AssessmentFinished:
        messages.error(request, _("The assessment was finished meanwhile: nothing was saved."))
        return redirect("assessments:overview", city=city, pk=assessment.pk)
    tell(request, page)
    return redirect(Addresses(assessment, city)["overview"])


def tell(request: PlacedRequest, page: operations.PageSaved) -> None:
    count = len(page.saved)
    messages.success(
        request,
        ngettext(
            "%(count)s answer was taken from the file. Its earlier state is kept.",
            "%(count)s answers were taken from the file. Their earlier states are kept.",
            count,
        )
        % {"count": count},
    )
    if page.refused:
        sentence = _("Not taken, because somebody answered them in these minutes: %(codes)s. Upload the file again.")
        messages.error(request, sentence % {"codes": ", ".join(page.refused)})

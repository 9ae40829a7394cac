"""Bringing lines in from a workbook: a file is read and shown, and only what was shown is taken."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jumelle.action_plans.content import line_from_json, line_to_json
from jumelle.action_plans.follow_up_forms import WorkbookForm
from jumelle.action_plans.importing.preview import Preview, Proposal, known_of, preview_of, row_in_words
from jumelle.action_plans.importing.read import read_workbook
from jumelle.action_plans.importing.sheets import WorkbookRefused
from jumelle.action_plans.models import Plan
from jumelle.action_plans.operations.importing import Imported, Taken, import_lines
from jumelle.action_plans.operations.planning import PlanRefused
from jumelle.action_plans.views.found import closed_sentence, frame, may, plan_or_404
from jumelle.action_plans.views.screens import attributes, short
from jumelle.cities.requests import PlacedRequest

PREVIEW_LIFE_S = 4 * 3600
SEALED_LIMIT = 4_000_000  # letters; a form of more than 5 MB is not taken (settings: DATA_UPLOAD_MAX_MEMORY_SIZE)


def upload(request: PlacedRequest, city: str, pk: UUID) -> HttpResponse:
    plan = plan_or_404(request, pk)
    if not may(request, "action_plans.write", plan):
        messages.error(request, closed_sentence(plan))
        return redirect("action_plans:overview", city=city, pk=pk)
    if request.method != "POST":
        return show(request, plan, WorkbookForm())
    if "taken" in request.POST:
        return take(request, plan, city)
    form = WorkbookForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, plan, form, status=422)
    known = known_of(plan)
    try:
        preview = preview_of(read_workbook(form.cleaned_data["file"].read(), known), plan, known)
    except WorkbookRefused as refusal:
        return show(request, plan, form, status=422, refusal=refusal)
    sealed = seal(request, plan, preview)
    if len(sealed) > SEALED_LIMIT:
        form.add_error("file", _("The workbook holds too much text to be taken at once. Split it into two."))
        return show(request, plan, form, status=422)
    return show_preview(request, plan, preview, sealed)


def show(request: PlacedRequest, plan: Plan, form: WorkbookForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {**frame(request, plan, "import"), "form": form, **more}
    return render(request, "action_plans/import.html", context, status=status)


def show_preview(request: PlacedRequest, plan: Plan, preview: Preview, sealed: str) -> HttpResponse:
    attrs = attributes(plan.language)
    context = {
        **frame(request, plan, "import"),
        "preview": preview,
        "new": [{"row": row, "action": short(row.line.action), "facts": row_in_words(row.line)} for row in preview.new],
        "changed": [changed_screen(row) for row in preview.changed if not row.is_later],
        "later": [changed_screen(row) for row in preview.changed if row.is_later],
        "attrs": attrs,
        "taken": sealed,
    }
    return render(request, "action_plans/import_preview.html", context, status=422 if preview.problems else 200)


def changed_screen(row: Proposal) -> dict[str, Any]:
    return {"row": row, "action": short(row.line.action), "changes": row.changes}


# --- what was shown, and nothing else ---------------------------------------------------------------------------------


def seal(request: PlacedRequest, plan: Plan, preview: Preview) -> str:
    """The rows that were shown, signed, for the confirming post: nothing waits on the server, and nothing else can be taken."""
    rows = [[row.number, line_to_json(row.line), row.revision, row.is_later] for row in (*preview.new, *preview.changed)]
    return signing.dumps(rows, salt=salt(request, plan), compress=True)


def salt(request: PlacedRequest, plan: Plan) -> str:
    return f"action_plans.import:{plan.pk}:{request.user.pk}"


def take(request: PlacedRequest, plan: Plan, city: str) -> HttpResponse:
    try:
        shown = signing.loads(request.POST["taken"], salt=salt(request, plan), max_age=PREVIEW_LIFE_S)
    except signing.BadSignature:
        messages.error(request, _("This preview has expired. Upload the file again; nothing was saved."))
        return redirect("action_plans:import", city=city, pk=plan.pk)
    wanted = set(request.POST.getlist("replace"))
    rows = [
        Taken(number, line_from_json(line), revision) for number, line, revision, is_later in shown if not is_later or str(number) in wanted
    ]
    try:
        imported = import_lines(place=request.place, plan=plan, rows=rows, now=timezone.now())
    except PlanRefused as refusal:
        messages.error(request, refusal.sentence)
    else:
        tell(request, imported)
    return redirect("action_plans:overview", city=city, pk=plan.pk)


def tell(request: PlacedRequest, imported: Imported) -> None:
    added, changed = len(imported.added), len(imported.changed)
    if added:
        messages.success(
            request,
            ngettext("%(count)s new line was taken from the file.", "%(count)s new lines were taken from the file.", added)
            % {"count": added},
        )
    if changed:
        sentence = ngettext(
            "%(count)s line was changed from the file. Its earlier state is kept.",
            "%(count)s lines were changed from the file. Their earlier states are kept.",
            changed,
        )
        messages.success(request, sentence % {"count": changed})
    for number, refusal in imported.refused.items():
        messages.error(request, _("Row %(number)s was not taken: %(why)s") % {"number": number, "why": refusal.sentence})
    if not (added or changed or imported.refused):
        messages.info(request, _("Nothing was chosen, so nothing was taken."))

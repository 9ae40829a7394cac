"""The gallery: every component in every state, to look at and to test. Nothing here reads or writes data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi

from jumelle.common import gallery_examples as examples


def gallery(request: HttpRequest) -> HttpResponse:
    """`?dir=rtl` mirrors the page, `?form=wrong` shows a form that came back."""
    direction = request.GET.get("dir") or ("rtl" if get_language_bidi() else "ltr")
    rtl = direction == "rtl"
    form = examples.CourseForm({} if request.GET.get("form") == "wrong" else None, prefix="course")
    context = {
        "text_direction": "rtl" if rtl else "ltr",
        "rail": examples.rail(),
        "form": form,
        "charts": examples.chart_figures(rtl=rtl),
        "table": examples.table(),
        **examples.component_values(),
    }
    return render(request, "common/gallery.html", context)

"""Reading pages for everyone: no session is needed, no cookie is set."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.gzip import gzip_page

from jumelle.toolkits import queries
from jumelle.toolkits.enums import ToolkitKind
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.search import MAX_QUERY, Hit
from jumelle.toolkits.views.guide import neighbours, section_view
from jumelle.toolkits.views.reading import published_or_404, reading_context

MAX_HITS = 100
GROUPS = (
    (_("To see where you stand"), (ToolkitKind.BENCHMARK, ToolkitKind.CHECKLIST, ToolkitKind.GRID)),
    (_("To work with another city"), (ToolkitKind.FORM,)),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One toolkit of the list."""

    package: Package
    kind: str | Promise
    items: int


@gzip_page
def toolkit_list(request: HttpRequest) -> HttpResponse:
    entries = [
        Entry(package, ToolkitKind(package.kind).label, len(package.answerable()))
        for package in map(queries.package_of, queries.latest_versions())
    ]
    groups = [
        (heading, found)
        for heading, kinds in GROUPS
        if (found := [entry for kind in kinds for entry in entries if entry.package.kind == kind])
    ]
    context = {"groups": groups, "shown_languages": (get_language() or "en",)}
    return render(request, "toolkits/list.html", context)


@gzip_page
def toolkit_latest(request: HttpRequest, toolkit: str) -> HttpResponse:
    version = queries.latest_version_of(toolkit)
    if version is None:
        raise Http404
    return _contents(request, version)


@gzip_page
def version_contents(request: HttpRequest, toolkit: str, version: str) -> HttpResponse:
    return _contents(request, published_or_404(toolkit, version))


def _contents(request: HttpRequest, version: ToolkitVersion) -> HttpResponse:
    context = reading_context(request, version)
    package: Package = context["package"]
    others = [other for other in queries.published_versions().filter(toolkit=version.toolkit_id) if other.version != version.version]
    context |= {
        "sections": [section_view(package, section) for section in package.top_sections()],
        "scales": [package.scale(name) for name in package.scale_names()],
        "other_versions": others,
        "is_latest": not others or others[0].sort_key < version.sort_key,
    }
    return render(request, "toolkits/contents.html", context)


@gzip_page
def section_read(request: HttpRequest, toolkit: str, version: str, code: str) -> HttpResponse:
    found = published_or_404(toolkit, version)
    package = queries.package_of(found)
    if not package.has_section(code):
        raise Http404
    section = package.section(code)
    if section.parent:
        return redirect(address_of(package, code))
    before, after = neighbours(package, section)
    context = reading_context(request, found)
    context |= {"view": section_view(package, section), "before": before, "after": after}
    return render(request, "toolkits/section.html", context)


def item_redirect(request: HttpRequest, toolkit: str, version: str, code: str) -> HttpResponse:
    """The lasting address of a code: leads to the page where it stands."""
    package = queries.package_of(published_or_404(toolkit, version))
    if code not in package.codes():
        raise Http404
    return redirect(address_of(package, code))


def address_of(package: Package, code: str) -> str:
    """The page and place of a section, item, support, reference or term."""
    section = section_of(package, code)
    arguments = {"toolkit": package.id, "version": package.version}
    if not section:
        name = "glossary" if any(term.code == code for term in package.glossary) else "version"
        return f"{reverse(f'toolkits:{name}', kwargs=arguments)}#{code}"
    top = package.top_section_of(section).code
    page = reverse("toolkits:section", kwargs={**arguments, "code": top})
    return page if code == top else f"{page}#{code}"


def section_of(package: Package, code: str) -> str:
    """Code of the section that a code stands in; "" for terms and verdicts, which stand in none."""
    if package.has_section(code):
        return code
    if package.has_item(code):
        return package.item(code).section
    targets = {row.code: row.for_ for row in package.support} | {row.code: row.for_ for row in package.references}
    return section_of(package, targets[code]) if code in targets else ""


@gzip_page
def version_print(request: HttpRequest, toolkit: str, version: str) -> HttpResponse:
    context = reading_context(request, published_or_404(toolkit, version))
    package: Package = context["package"]
    context["sections"] = [section_view(package, section, level=2) for section in package.top_sections()]
    context["scales"] = [package.scale(name) for name in package.scale_names()]
    return render(request, "toolkits/print.html", context)


@gzip_page
def version_glossary(request: HttpRequest, toolkit: str, version: str) -> HttpResponse:
    context = reading_context(request, published_or_404(toolkit, version))
    if not context["package"].glossary:
        raise Http404
    return render(request, "toolkits/glossary.html", context)


@gzip_page
def toolkit_search(request: HttpRequest, toolkit: str) -> HttpResponse:
    version = queries.latest_version_of(toolkit)
    if version is None:
        raise Http404
    query = request.GET.get("q", "")[:MAX_QUERY].strip()
    context = reading_context(request, version)
    hits = queries.search_in(version, query, context["shown_languages"][0])
    context |= {
        "query": query,
        "count": len(hits),
        "hits": [_hit(context["package"], hit) for hit in hits[:MAX_HITS]],
        "limit": MAX_HITS,
    }
    return render(request, "toolkits/search.html", context)


def _hit(package: Package, hit: Hit) -> dict[str, Any]:
    section = package.top_section_of(hit.entry.section) if hit.entry.section else None
    return {"entry": hit.entry, "snippet": hit.snippet, "section": section, "url": address_of(package, hit.entry.code)}

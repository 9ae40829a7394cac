"""What every reading page needs: the version of the address, the languages to show, the words of the kinds."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from jumelle.toolkits import queries
from jumelle.toolkits.enums import ToolkitKind
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.views.guide import LanguageView, language_view, language_views


def published_or_404(slug: str, version: str) -> ToolkitVersion:
    found = queries.published_versions().filter(toolkit__slug=slug, version=version).first()
    if found is None:
        raise Http404
    return found


def shown_languages(request: HttpRequest, package: Package) -> tuple[str, ...]:
    """The reader's language, and a second one of the package when the address asks for it (`?with=en`)."""
    reader = get_language() or "en"
    second = request.GET.get("with", "")
    return (reader, second) if second in package.language_codes and second != reader else (reader,)


def reading_context(request: HttpRequest, version: ToolkitVersion) -> dict[str, Any]:
    """
    The context of a page about one version.

    fallback: the language that everything is shown in because the package does not have the reader's; None if it has it.
    draft: the reader's language when the package calls it a draft.
    with_query: "?with=en" for the links to further pages, or "".
    """
    package = queries.package_of(version)
    languages = shown_languages(request, package)
    shown = package.text(package.title, languages[0])
    second = languages[1] if len(languages) > 1 else ""
    return {
        "package": package,
        "version": version,
        "kind": ToolkitKind(package.kind).label,
        "shown_languages": languages,
        "second_language": language_view(second) if second else None,
        "other_languages": _others(package, languages),
        "fallback": language_view(shown.language) if shown.language != languages[0] else None,
        "draft": _draft(package, languages[0]),
        "with_query": f"?with={second}" if second else "",
        "title_language": shown.language if shown.language != languages[0] else "",
        "title": shown.text,
    }


def _others(package: Package, languages: tuple[str, ...]) -> list[LanguageView]:
    """The languages that can be put beside the reader's."""
    return [view for view in language_views(package) if view.code not in languages and len(package.languages) > 1]


def _draft(package: Package, reader: str) -> LanguageView | None:
    return next((view for view in language_views(package) if view.code == reader and view.is_draft), None)

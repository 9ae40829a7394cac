"""The toolkits behind the codes of a plan: their words, and whether a line still has the words of its gap."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jumelle.action_plans.content import LineContent, OriginContent, PlanContent
from jumelle.action_plans.enums import OriginKind
from jumelle.assessments.operations.answering import tidy
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.queries import package_of


@dataclass(frozen=True, slots=True)
class Source:
    """is_public: anyone may read it in the guides."""

    package: Package
    is_public: bool

    def texts(self, code: str) -> Mapping[str, str]:
        """The words of a section, an item or a support, per language; {} for a code that the package does not have."""
        if self.package.has_item(code):
            return self.package.item(code).text
        if self.package.has_section(code):
            return self.package.section(code).title
        found = next((row for row in self.package.support if row.code == code), None)
        return (found.title or found.text) if found else {}


Sources = Mapping[tuple[str, str], Source]


def sources_of(lines: Iterable[LineContent]) -> Sources:
    """(toolkit, version) → the package, for every code of these lines; one query, the packages come from memory."""
    wanted = {(origin.toolkit, origin.version) for line in lines for origin in line.origins if origin.toolkit}
    if not wanted:
        return {}
    slugs = {toolkit for toolkit, _version in wanted}
    found = ToolkitVersion.objects.filter(toolkit__slug__in=slugs).select_related("toolkit").defer("content")
    return {
        (version.toolkit.slug, version.version): Source(package_of(version), version.is_published)
        for version in found
        if (version.toolkit.slug, version.version) in wanted
    }


def to_reword(content: PlanContent, sources: Sources) -> frozenset[str]:
    """Ids of the lines whose action is still nothing but the words of the gap that they were made from."""
    return frozenset(line.line_id for line in content.lines if line.action in _words_of_gaps(line.origins, sources))


def _words_of_gaps(origins: Iterable[OriginContent], sources: Sources) -> set[str]:
    return {
        tidy(text)
        for origin in origins
        if origin.kind == OriginKind.GAP and (source := sources.get((origin.toolkit, origin.version)))
        for text in source.texts(origin.code).values()
    }

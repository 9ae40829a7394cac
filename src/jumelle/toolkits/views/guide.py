"""A package as it is read: sections with what belongs to them, ready for a template."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from jumelle.toolkits.package.model import Package, Scale
from jumelle.toolkits.package.sheets import Item, Reference, Section, Support

ITEM_HEADINGS: dict[str, str | Promise] = {
    "question": _("Questions to ask yourselves"),
    "check": _("Checklist"),
    "indicator": _("Indicators"),
    "context_factor": _("Factors outside your control"),
    "field": _("What to write down"),
    "column": _("Columns of the table"),
    "point": _("Key points"),
}
SUPPORT_HEADINGS: dict[str, str | Promise] = {
    "benefit": _("What you gain"),
    "criterion": _("What makes it work"),
    "tip": _("Practical tips"),
    "warning": _("Mind"),
    "action_hint": _("What you can do"),
    "example": _("Examples"),
}
BEFORE_ITEMS = ("benefit", "criterion")
AFTER_ITEMS = ("warning", "tip", "action_hint", "example")


@dataclass(frozen=True, slots=True)
class GroupView:
    kind: str
    heading: str | Promise
    rows: tuple[Support, ...]


@dataclass(frozen=True, slots=True)
class ItemView:
    """
    details: the items that detail this one.
    scale: None for an item that is answered in words, or not at all.
    """

    item: Item
    details: tuple["ItemView", ...]
    criteria: tuple[Support, ...]
    support: tuple[GroupView, ...]
    scale: Scale | None


@dataclass(frozen=True, slots=True)
class SectionView:
    """
    level: of its heading, 1 to 4; what stands in it has the next one.
    """

    section: Section
    heading: str | Promise
    items: tuple[ItemView, ...]
    before: tuple[GroupView, ...]
    after: tuple[GroupView, ...]
    references: tuple[Reference, ...]
    children: tuple["SectionView", ...]
    level: int

    @property
    def inner_level(self) -> int:
        return self.level + 1

    @property
    def item_level(self) -> int:
        return self.level + 2


@dataclass(frozen=True, slots=True)
class LanguageView:
    """A language that the package has, and its address in this page."""

    code: str
    name: str
    direction: str
    is_draft: bool


def section_view(package: Package, section: Section, level: int = 1) -> SectionView:
    main = tuple(item for item in package.items_of(section.code) if not item.parent)
    return SectionView(
        section=section,
        heading=ITEM_HEADINGS[main[0].kind] if main else "",
        items=tuple(item_view(package, item) for item in main),
        before=_groups(package.support_for(section.code), BEFORE_ITEMS),
        after=_groups(package.support_for(section.code), AFTER_ITEMS),
        references=package.references_for(section.code),
        children=tuple(section_view(package, child, level + 1) for child in package.sections_in(section.code)),
        level=level,
    )


def item_view(package: Package, item: Item) -> ItemView:
    return ItemView(
        item=item,
        details=tuple(item_view(package, detail) for detail in package.details_of(item.code)),
        criteria=package.criteria_of(item),
        support=_groups(package.support_for(item.code), (*BEFORE_ITEMS, *AFTER_ITEMS)),
        scale=package.scale(item.answer) if item.has_scale else None,
    )


def _groups(rows: Iterable[Support], kinds: Iterable[str]) -> tuple[GroupView, ...]:
    rows = tuple(rows)
    groups = ((kind, tuple(row for row in rows if row.kind == kind)) for kind in kinds)
    return tuple(GroupView(kind, SUPPORT_HEADINGS[kind], found) for kind, found in groups if found)


def neighbours(package: Package, section: Section) -> tuple[Section | None, Section | None]:
    """The top sections before and after this one."""
    tops = package.top_sections()
    at = tops.index(section)
    return (tops[at - 1] if at else None), (tops[at + 1] if at + 1 < len(tops) else None)


def language_views(package: Package) -> tuple[LanguageView, ...]:
    return tuple(language_view(language.code, is_draft=language.state == "draft") for language in package.languages)


def language_view(code: str, *, is_draft: bool = False) -> LanguageView:
    try:
        info = get_language_info(code)
    except KeyError:
        return LanguageView(code, code, "auto", is_draft)
    return LanguageView(code, info["name_local"], "rtl" if info["bidi"] else "ltr", is_draft)

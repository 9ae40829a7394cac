"""Templates, tags and style sheets: every component is drawn, nothing is inline, nothing is too heavy."""

import gzip
import re
from pathlib import Path

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from jumelle.common import gallery_examples as examples
from jumelle.common.templatetags import look
from jumelle.common.views import gallery

COMMON = Path(__file__).parents[1]
TEMPLATES = COMMON / "templates"
CSS = COMMON / "static" / "common" / "css"
SPRITE = COMMON / "static" / "common" / "img" / "icons.svg"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html"))
SMALLEST_SYSTEM_FONT_SHEETS = ("tokens.css", "base.css", "layout.css", "components.css", "print.css")


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


def tag_html(source: str, **context: object) -> str:
    return Template("{% load look %}" + source).render(Context(context))


@pytest.mark.parametrize("path", [p for p in PAGES if p.parent.name == "components"], ids=name_of)
def test_each_component_begins_with_what_it_accepts(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]

    assert re.match(r"\{# .+ #\}$", first)


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_no_template_has_anything_inline_or_from_elsewhere(path):
    text = path.read_text(encoding="utf-8")

    found = re.findall(r"\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|data:image|(?:src|href)=\"https?://", text)

    assert found == []


def test_components_are_included_with_only():
    loose = [
        f"{name_of(path)}: {found}"
        for path in PAGES
        for found in re.findall(r"\{% include \"components/[^%]*%\}", path.read_text(encoding="utf-8"))
        if " only %}" not in found
    ]

    assert loose == []


def test_every_icon_that_is_named_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', SPRITE.read_text(encoding="utf-8")))
    named = {name for path in PAGES for name in re.findall(r'\{% icon "([a-z]+)"', path.read_text(encoding="utf-8"))}

    assert named | set(examples.ICONS) | set(look.VERBS) | set(look.STATES) | look.TURNS <= drawn


def test_style_sheets_know_no_left_and_right():
    physical = re.compile(r"(?<![a-z-])(?:left|right)(?![a-z])|(?:margin|padding|border)-(?:top|bottom)|(?<![a-z-])(?:width|height):")

    found = {
        path.name: physical.findall(re.sub(r"/\*.*?\*/|@(?:media|container)[^{]*", "", path.read_text(encoding="utf-8"), flags=re.S))
        for path in CSS.glob("*.css")
    }

    assert {name: words for name, words in found.items() if words} == {}


def test_style_sheets_weigh_at_most_12_kb():
    assert sum(len(gzip.compress((CSS / name).read_bytes())) for name in SMALLEST_SYSTEM_FONT_SHEETS) <= 12 * 1024


@pytest.mark.parametrize(("folder", "most"), [("noto-arabic", 30_000), ("noto-ethiopic", 32_000)])
def test_web_fonts_leave_room_under_60_kb(folder, most):
    fonts = COMMON / "static" / "vendored" / folder

    assert sum(font.stat().st_size for font in fonts.glob("*.woff2")) <= most
    assert {"OFL.txt", "VERSION.txt"} <= {path.name for path in fonts.iterdir()}


@pytest.mark.parametrize("query", ["", "?dir=rtl", "?form=wrong"])
def test_the_gallery_is_drawn(query):
    response = gallery(RequestFactory().get(f"/en/gallery/{query}"))

    html = response.content.decode()

    assert response.status_code == 200
    assert f'dir="{"rtl" if "rtl" in query else "ltr"}"' in html
    assert html.count("<svg") > 60
    assert ("answers need another look" in html) is (query == "?form=wrong")


@pytest.mark.parametrize("name", ["404.html", "403.html", "403_csrf.html", "429.html", "500.html"])
def test_error_pages_are_drawn_without_any_context(name):
    assert "<h1" in render_to_string(name)


def test_a_missing_page_does_not_repeat_the_address_asked_for():
    request = RequestFactory().get("/en/w/secret-city/")

    assert "secret-city" not in render_to_string("404.html", {"languages": []}, request=request)


def test_an_icon_is_decoration_unless_it_has_a_label():
    assert 'aria-hidden="true"' in tag_html('{% icon "flag" %}')
    assert 'role="img" aria-label="a &lt; b"' in tag_html('{% icon "flag" label=words %}', words="a < b")
    assert "icon--turns" in tag_html('{% icon "next" %}')


def test_block_tags_escape_words_but_keep_their_body():
    html = tag_html('{% callout "warning" title=title %}<p>{{ text }}</p>{% endcallout %}', title="<b>", text="<i>")

    assert "&lt;b&gt;" in html
    assert "<p>&lt;i&gt;</p>" in html


def test_a_qr_code_draws_each_dark_module_once():
    html = tag_html('{% qr "https://example.org/" "Start" %}')

    assert 'role="img" aria-label="Start"' in html
    assert list(look.dark_runs([[True, True, False, True]])) == ["M0 0h2v1h-2z", "M3 0h1v1h-1z"]


RAIL = [
    {"verb": "diagnose", "label": "Diagnose", "url": "/d", "current": False},
    {"verb": "map", "label": "Map", "url": None, "current": False},
    {"verb": "plan", "label": "Plan", "url": "/p", "current": True},
]


def test_neighbours_in_the_year_skip_what_cannot_be_opened():
    steps = look.steps_of(RAIL)

    assert (steps["previous"]["verb"], steps["current"]["verb"], steps["next"]) == ("diagnose", "plan", None)


def test_outside_the_year_the_bar_leads_to_its_first_open_verb():
    steps = look.steps_of([{**step, "current": False} for step in RAIL])

    assert (steps["previous"], steps["current"], steps["next"]["verb"]) == (None, None, "diagnose")


def test_pages_are_numbered_with_gaps_and_counted():
    page = Paginator(range(117), 10).page(12)

    html = render_to_string("components/pagination.html", {"page": page, "query": "q=a&amp;b=c"})

    assert "111 to 117 of 117" in html
    assert 'aria-current="page">12<' in html
    assert "page=13" not in html


def test_a_form_that_came_back_links_each_error_to_its_field():
    form = examples.CourseForm({"c-title": "Evening course"}, prefix="c")

    html = str(form)

    assert 'value="Evening course"' in html
    assert '<a href="#id_c-starts_on">' in html
    assert 'id="id_c-starts_on_error"' in html
    assert 'aria-describedby="id_c-starts_on_error"' in html.replace("  ", " ")
    assert '<a href="#id_c-in_place">' in html


def test_radio_cards_show_the_rubric_of_each_level():
    html = str(examples.CourseForm(prefix="c")["in_place"])

    assert html.count("radio-card__rubric") == 4
    assert "It is written down" in html

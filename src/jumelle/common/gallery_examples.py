"""Invented content of the gallery. Not translated: only the people who build screens read it."""

import math
from datetime import date
from typing import Any

from django import forms
from django.core.paginator import Paginator

from jumelle.common import charts
from jumelle.common.chart_dots import DotRow, dots, dots_table
from jumelle.common.chart_timeline import Milestone, TimelineBar, timeline, timeline_table
from jumelle.common.forms import RadioCards
from jumelle.common.tables import Column, Table

LEVELS = {
    "yes": ("Yes", "It is written down, known to the staff and used at least twice a year."),
    "partly": ("Partly", "Some services do it, or it is done without a rule."),
    "no": ("No", "Nobody does it yet."),
    "na": ("Not applicable", ""),
    "unknown": ("I do not know", "We will ask the people who know."),
}


class CourseForm(forms.Form):
    title = forms.CharField(label="What is the course called?", help_text="As learners know it.", max_length=80)
    email = forms.EmailField(label="Which address should learners write to?", required=False)
    level = forms.ChoiceField(label="Which level is it for?", choices=[("", "Choose"), ("a1", "A1"), ("a2", "A2")])
    starts_on = forms.DateField(label="When does it start?", widget=forms.DateInput(attrs={"type": "date"}))
    about = forms.CharField(label="What will people learn?", widget=forms.Textarea(attrs={"rows": 4}))
    place = forms.ChoiceField(
        label="Where does it take place?",
        choices=[("room", "In a room"), ("outside", "Outside"), ("online", "Online")],
        widget=forms.RadioSelect,
    )
    with_childcare = forms.BooleanField(label="Somebody looks after the children", required=False)
    hours = forms.MultipleChoiceField(
        label="At which hours?",
        required=False,
        choices=[("morning", "In the morning"), ("evening", "In the evening")],
        widget=forms.CheckboxSelectMultiple,
    )
    leaflet = forms.FileField(label="Is there a leaflet?", required=False, help_text="PDF, at most 10 MB.")
    in_place = forms.ChoiceField(
        label="Do you ask newcomers which hours suit them?",
        choices=[(value, label) for value, (label, _rubric) in LEVELS.items()],
        widget=RadioCards(rubrics={value: rubric for value, (_label, rubric) in LEVELS.items()}),
    )


def rail() -> list[dict[str, Any]]:
    words = ("Diagnose", "Map", "Plan", "Offer", "Practise", "Listen", "Report", "Twin")
    return [{"verb": word.lower(), "label": word, "url": "#main" if n < 4 else None, "current": n == 0} for n, word in enumerate(words)]


def component_values() -> dict[str, Any]:
    return {
        "states": ["done", "partly", "missing", "unknown", "na"],
        "verbs": ["diagnose", "map", "plan", "offer", "practise", "listen", "report", "twin"],
        "icons": ICONS,
        "callouts": ["info", "success", "warning", "error", "accent"],
        "facts": [
            {"icon": "calendar", "text": "Tuesday and Thursday, 18:30 to 20:30"},
            {"icon": "place", "text": "Library of the North, 12 minutes on foot"},
            {"icon": "euro", "text": "Free"},
            {"icon": "person", "text": "4 places left"},
        ],
        "crumbs": [{"label": "My city", "url": "#"}, {"label": "Diagnose", "url": "#"}],
        "links": [
            {"label": "Answer", "url": "#", "current": True},
            {"label": "Results", "url": "#", "current": False},
            {"label": "Summary", "url": "#", "current": False},
        ],
        "steps": [
            {"label": "Choose the guide", "state": "done", "url": "#"},
            {"label": "Choose the themes", "state": "current", "url": None},
            {"label": "Answer", "state": "", "url": None},
        ],
        "definitions": [
            {"label": "Guide", "value": "Language learning, version 2.0.0"},
            {"label": "Period", "value": "January to June 2026"},
            {"label": "Who answers", "value": "The city, two schools and one association of migrants"},
        ],
        "options": [
            {"value": value, "label": label, "rubric": rubric, "checked": value == "partly"} for value, (label, rubric) in LEVELS.items()
        ],
        "page": Paginator(range(117), 10).page(5),
        "first": {
            "lang": "en",
            "dir": "ltr",
            "name": "English",
            "text": "The course is free. You can come without papers.",
            "draft": False,
        },
        "second": {"lang": "ar", "dir": "rtl", "name": "العربية", "text": "الدورة مجانية. يمكنك الحضور بدون أوراق.", "draft": True},
    }


def table() -> Table:
    columns = [
        Column("Key factor", sort_url="?sort=factor", sorted="ascending"),
        Column("In place", numeric=True, sort_url="?sort=done"),
        Column("Partly", numeric=True),
        Column("Answered", numeric=True),
    ]
    rows = [
        ["Analysis of needs", 3, 1, "4 of 4"],
        ["Courses at hours that suit people who work or look after children", 1, 2, "3 of 4"],
        ["Volunteers", 0, 1, "1 of 2"],
    ]
    return Table("Answers by key factor", columns, rows, total=["All", 4, 4, "8 of 10"])


def chart_figures(*, rtl: bool) -> list[dict[str, Any]]:
    return [
        {
            "title": "Places by level",
            "sentence": "Most places are for beginners; nothing is offered above B1.",
            "svg": charts.bar_chart(BARS, title="Places by level", description="Three bars.", rtl=rtl),
            "table": charts.bar_table(BARS, caption="Places by level", label="Level", figure="Places"),
        },
        {
            "title": "Answers by key factor",
            "sentence": "Needs are well known; volunteers are the gap.",
            "svg": charts.stacked_bar(STACKS, title="Answers by key factor", description="Three bars cut by state.", rtl=rtl),
            "table": charts.stacked_table(STACKS, caption="Answers by key factor", label="Key factor"),
        },
        {
            "kind": "radar",
            "title": "All key factors",
            "sentence": "Two factors are strong, one is not known yet.",
            "note": "This percentage is ours, not the source's.",
            "svg": charts.radar(AXES, title="All key factors", description="A radar of eleven axes.", rtl=rtl),
            "table": charts.radar_table(AXES, caption="All key factors", label="Key factor", figure="In place"),
        },
        {
            "title": "Places by district",
            "sentence": "The east has three times as many places as the north.",
            "svg": charts.district_map(
                DISTRICTS, PLACES, breaks=[10, 20, 40, 60], title="Places by district", description="Six districts.", unit="places"
            ),
            "table": charts.map_table(DISTRICTS, PLACES, caption="Places by district", label="District", figure="Places", unit="places"),
        },
        {
            "title": "Actions of two years",
            "sentence": "Two of five actions run; one waits, and one has no dates yet.",
            "svg": timeline(ACTIONS, title="Actions of two years", description="Five bars in time.", rtl=rtl, today=date(2026, 9, 14)),
            "table": timeline_table(ACTIONS, caption="Actions of two years", label="Action"),
        },
        {
            "title": "Three cities, item by item",
            "sentence": "All three know the needs; childcare is where they can learn from each other.",
            "svg": dots(COMPARED, sides=SIDES, title="Three cities, item by item", description="Marks at three levels.", rtl=rtl),
            "table": dots_table(COMPARED, sides=SIDES, caption="Three cities, item by item", label="Item"),
        },
    ]


BARS = [
    charts.Bar("Beginners, reading and writing in another script", 48, "48 of 60 taken"),
    charts.Bar("A1 to A2", 36, "36 of 60 taken"),
    charts.Bar("B1", 6, "6 of 60 taken"),
]
STACKS = [
    charts.Stack("Analysis of needs", {"done": 5, "partly": 2, "missing": 1}),
    charts.Stack("Courses at hours that suit people who work or look after children", {"done": 1, "partly": 3, "missing": 2, "unknown": 2}),
    charts.Stack("Volunteers", {}),
]
NAMES = ("Analysis of needs", "Information", "Orientation", "Hours and places", "Childcare", "Literacy first", "Teachers")
AXES = [
    charts.Axis(f"KF{n + 1}", name, None if n == 4 else share)
    for n, (name, share) in enumerate(
        zip(
            (*NAMES, "Volunteers", "Work and language", "Culture and sport", "Evaluation"),
            (0.9, 0.5, 0.6, 0.3, 0, 0.75, 0.4, 0.2, 0.55, 0.8, 0.35),
            strict=True,
        )
    )
]


def hexagon(x: float, y: float) -> list[tuple[float, float]]:
    return [(x + 0.0105 * math.cos(a * math.pi / 3), y + 0.0068 * math.sin(a * math.pi / 3)) for a in range(6)]


DISTRICTS = [
    charts.District(code, name, [hexagon(x, y)])
    for code, name, x, y in (
        ("N", "North", 4.38, 50.8836),
        ("NE", "Meadows", 4.39575, 50.8777),
        ("E", "East gate", 4.39575, 50.8659),
        ("S", "South", 4.38, 50.86),
        ("W", "Old harbour", 4.36425, 50.8659),
        ("C", "Centre", 4.38, 50.8718),
    )
]
PLACES: dict[str, float | None] = {"N": 8, "NE": 34, "E": 72, "S": 18, "W": None, "C": 55}
ACTIONS = [
    TimelineBar(
        "Ask newcomers at the school gate which hours suit them",
        date(2026, 2, 2),
        date(2026, 5, 29),
        "done",
        [Milestone("100 answers", date(2026, 4, 15))],
    ),
    TimelineBar(
        "Evening courses in the library, with somebody who looks after the children",
        date(2026, 6, 1),
        date(2027, 6, 30),
        "in_progress",
        [Milestone("two groups are full", date(2026, 10, 1)), Milestone("no waiting list", date(2027, 6, 30))],
    ),
    TimelineBar("Train twelve volunteers", date(2026, 9, 1), None, "stalled", [Milestone("twelve are trained", None)]),
    TimelineBar("Café of languages", None, None, "planned"),
    TimelineBar("A bus to the school on Saturdays", None, date(2026, 3, 31), "dropped"),
]
SIDES = ["Pont-sur-Lys, March 2026", "Neuville, May 2026", "Saint-Aubin, May 2026"]
COMPARED = [
    DotRow("KF1.Q1", "Is there an analysis of the needs of learners, and is it renewed every two years?", ["done", "done", "done"]),
    DotRow("KF4.Q2", "Does somebody look after the children during the course?", ["missing", "partly", "done"]),
    DotRow("KF8.Q2", "Are volunteers prepared before they begin?", ["partly", "unknown", "na"]),
    DotRow("KF9.Q1", "Do employers give time for the course?", ["missing", "missing", "unanswered"]),
]
# fmt: off
ICONS = [
    "diagnose", "map", "plan", "offer", "practise", "listen", "report", "twin", "done", "partly", "missing", "unknown", "na", "check",
    "cross", "question", "flag", "note", "file", "link", "download", "print", "search", "exit", "language", "warning", "info", "next",
    "previous", "down", "person", "clock", "calendar", "place", "euro", "home", "lock", "eye", "add", "edit", "undo",
]
# fmt: on

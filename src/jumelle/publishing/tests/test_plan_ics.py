"""The calendar of a plan, read line by line as RFC 5545 says, by a strict reader of our own."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from icalendar import Calendar

from jumelle.action_plans.content import MeasureContent
from jumelle.publishing.plan_ics import NothingDated, plan_ics
from jumelle.publishing.tests.plan_samples import ADDRESS, APPROVAL, NOW, TEXTS, bare_line, sample_line, sample_plan
from jumelle.publishing.tests.samples import HOSTILE

_LINE = re.compile(r'(?P<name>[A-Z-]+)(?P<parameters>(?:;[A-Z-]+=(?:"[^"]*"|[^;:,"]*))*):(?P<value>[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*)')


@dataclass
class Component:
    name: str
    properties: dict[str, tuple[str, str]] = field(default_factory=dict)
    parts: list["Component"] = field(default_factory=list)

    def value(self, name: str) -> str:
        return self.properties[name][1]


def strictly_read(data: bytes) -> Component:
    """Lines end with CRLF, hold at most 75 octets, and are whole characters; each property of an event stands once."""
    assert data.endswith(b"\r\n")
    physical = data[:-2].split(b"\r\n")
    assert [line for line in physical if len(line) > 75 or b"\n" in line or b"\r" in line] == []
    assert all(line.decode() for line in physical)
    stack = [Component("")]
    for line in data[:-2].replace(b"\r\n ", b"").decode().split("\r\n"):
        found = _LINE.fullmatch(line)
        assert found, line
        name, value = found["name"], found["value"]
        if name == "BEGIN":
            stack.append(Component(value))
        elif name == "END":
            done = stack.pop()
            assert done.name == value
            stack[-1].parts.append(done)
        else:
            assert name not in stack[-1].properties, name
            stack[-1].properties[name] = (found["parameters"], value)
    (calendar,) = stack.pop().parts
    return calendar


def unescaped(value: str) -> str:
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), value
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value)


def calendar_of(*lines: object, **options: object) -> Component:
    plan = replace(sample_plan("en"), lines=lines)  # type: ignore[arg-type]
    return strictly_read(plan_ics(plan, language="en", address=ADDRESS, now=NOW, **options))  # type: ignore[arg-type]


def test_calendar_says_what_it_is():
    calendar = calendar_of(sample_line(1, "en"))

    assert calendar.name == "VCALENDAR"
    assert calendar.properties == {
        "PRODID": ("", "-//Jumelle//Action plan//EN"),
        "VERSION": ("", "2.0"),
        "CALSCALE": ("", "GREGORIAN"),
        "METHOD": ("", "PUBLISH"),
        "NAME": (";LANGUAGE=en", "Learning the language together – Sonnebourg"),
        "X-WR-CALNAME": (";LANGUAGE=en", "Learning the language together – Sonnebourg"),
    }


def test_name_of_the_calendar_is_escaped_too():
    plan = sample_plan("en", title="Learn, speak; meet \\ stay")

    calendar = strictly_read(plan_ics(plan, language="en", address="", now=NOW))

    assert [unescaped(calendar.value(name)) for name in ("NAME", "X-WR-CALNAME")] == ["Learn, speak; meet \\ stay – Sonnebourg"] * 2


def test_line_has_an_event_for_its_start_its_end_and_each_dated_measure():
    line = sample_line(1, "en", measures=(MeasureContent("Tables"), MeasureContent("People", target="60", due_on=date(2026, 12, 31))))

    calendar = calendar_of(line)

    events = [(part.value("UID"), part.properties["DTSTART"], unescaped(part.value("SUMMARY"))) for part in calendar.parts]
    action, identity = TEXTS["en"]["action"], line.line_id
    assert events == [
        (f"{identity}-start@jumelle", (";VALUE=DATE", "20260401"), f"Start: {action}"),
        (f"{identity}-end@jumelle", (";VALUE=DATE", "20261231"), f"End: {action}"),
        (f"{identity}-measure-2@jumelle", (";VALUE=DATE", "20261231"), "Measure: People, target 60"),
    ]


def test_event_is_complete():
    line = sample_line(1, "en", ends_on=None, measures=())

    (event,) = calendar_of(line, revisions={line.line_id: 7}).parts

    description = unescaped(event.properties.pop("DESCRIPTION")[1]).split("\n")
    assert event.properties == {
        "UID": ("", f"{line.line_id}-start@jumelle"),
        "DTSTAMP": ("", "20260303T090000Z"),
        "DTSTART": (";VALUE=DATE", "20260401"),
        "DTEND": (";VALUE=DATE", "20260402"),
        "SUMMARY": (";LANGUAGE=en", event.value("SUMMARY")),
        "SEQUENCE": ("", "7"),
        "STATUS": ("", "CONFIRMED"),
        "TRANSP": ("", "TRANSPARENT"),
        "URL": ("", ADDRESS),
    }
    assert description == [
        line.action,
        "Lead: Social service",
        "How it stands: In progress",
        "Action plan: Learning the language together, Version 2: Revised plan",
    ]


def test_approval_is_an_event():
    plan = sample_plan("en", lines=0)

    (event,) = strictly_read(plan_ics(plan, language="en", address="", now=NOW, approval=APPROVAL)).parts

    assert (event.value("UID"), event.value("DTSTART")) == (f"{plan.plan_id}-approval-2@jumelle", "20260226")
    assert event.value("SUMMARY") == "Approved by Conseil municipal: Learning the language together"


def test_line_that_was_given_up_cancels_its_events():
    calendar = calendar_of(sample_line(1, "en", status="dropped"))

    assert {part.value("STATUS") for part in calendar.parts} == {"CANCELLED"}


def test_later_file_moves_the_same_events():
    before = calendar_of(sample_line(1, "en"), revisions={sample_line(1).line_id: 1})
    after = calendar_of(sample_line(1, "en", action="Reworded", starts_on=date(2026, 5, 1)), revisions={sample_line(1).line_id: 2})

    assert [part.value("UID") for part in before.parts] == [part.value("UID") for part in after.parts]
    assert {part.value("SEQUENCE") for part in after.parts} == {"2"}


@pytest.mark.parametrize(("reader", "written_in"), [("en", "fr"), ("en", "ar"), ("fr", "ti"), ("ar", "fr")])
def test_calendar_speaks_the_language_of_the_plan(reader: str, written_in: str):
    data = plan_ics(sample_plan(written_in), language=reader, address="", now=NOW)

    calendar = strictly_read(data)

    assert calendar.properties["NAME"][0] == f";LANGUAGE={written_in}"
    assert {part.properties["DESCRIPTION"][0] for part in calendar.parts} == {f";LANGUAGE={written_in}"}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_lines_stay_one_text(name: str):
    text = HOSTILE[name]
    plan = sample_plan("fr", title=text)
    plan = replace(plan, lines=(sample_line(1, action=text, lead=text), sample_line(2)))

    data = plan_ics(plan, language="fr", address=ADDRESS, now=NOW)

    assert [part.name for part in strictly_read(data).parts] == ["VEVENT"] * 6
    assert len(Calendar.from_ical(data).walk("VEVENT")) == 6


def test_text_that_looks_like_a_property_stays_text():
    (event, *_others) = calendar_of(sample_line(1, "en", action="Meet\r\nATTENDEE:mailto:x@example.org\nEND:VEVENT")).parts

    assert "ATTENDEE" not in event.properties
    assert unescaped(event.value("SUMMARY")) == "Start: Meet ATTENDEE:mailto:x@example.org END:VEVENT"


def test_last_day_of_all_is_no_trouble():
    (event,) = calendar_of(sample_line(1, "en", starts_on=None, ends_on=date.max, measures=())).parts

    assert event.value("DTSTART") == "99991231"
    assert "DTEND" not in event.properties


def test_plan_without_a_date_is_no_calendar():
    with pytest.raises(NothingDated):
        calendar_of(bare_line(1, "en"))

"""
The dates of a plan for a calendar: the start and the end of each line, the dates of its measures, the approval.

All are events of a whole day: the calendars of offices leave tasks (VTODO) out when they import a file. An event keeps its UID from file
to file, so that a later file moves it instead of adding another.
Source: RFC 5545, and RFC 7986 for the name of the calendar.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from jumelle.action_plans.content import LineContent, MeasureContent, PlanContent
from jumelle.action_plans.enums import LineStatus
from jumelle.publishing.plan_document import ApprovalRecord
from jumelle.publishing.plan_words import shortened, version_words
from jumelle.publishing.summary_words import Reader

PRODUCER = "-//Jumelle//Action plan//EN"
UID_DOMAIN = "jumelle"  # no host: an event stays the same when the site moves
SHORT_SUMMARY = 160  # characters


class NothingDated(Exception):
    """The plan has no day yet: a calendar without an event is none."""


def plan_ics(
    content: PlanContent,
    *,
    language: str,
    address: str,
    now: datetime,
    approval: ApprovalRecord | None = None,
    revisions: Mapping[str, int] | None = None,
    city_languages: Sequence[str] = (),
) -> bytes:
    """
    Args:
        language: of the reader; taken where the language of the plan is none of the interface.
        address: of the page that shows the plan, "" for none.
        revisions: id of the line → how often it was changed, so that calendars see which file is newer.
        city_languages: in which people here are likely to have written, besides that of the plan.
    Raises:
        NothingDated: see the class.
    """
    language = content.language if content.language in dict(settings.LANGUAGES) else language
    with translation.override(language):
        reader = Reader(language, (content.language, *city_languages))
        return _Writer(content, reader, address, now, revisions or {}).calendar(approval).to_ical()


class _Writer:
    def __init__(self, content: PlanContent, reader: Reader, address: str, now: datetime, revisions: Mapping[str, int]) -> None:
        self.content = content
        self.reader = reader
        self.address = address
        self.now = now
        self.revisions = revisions

    def calendar(self, approval: ApprovalRecord | None) -> Calendar:
        calendar = Calendar()
        calendar.add("prodid", PRODUCER)
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        name = f"{self.content.title} – {self.content.mentee}"
        self.say(calendar, "name", name)
        self.say(calendar, "x-wr-calname", name)
        for line in self.content.lines:
            for event in self.events_of(line):
                calendar.add_component(event)
        if approval:
            calendar.add_component(self.approved(approval))
        if not calendar.subcomponents:
            raise NothingDated
        return calendar

    def events_of(self, line: LineContent) -> Iterable[Event]:
        if line.starts_on:
            yield self.dated(line, "start", line.starts_on, _("Start: %(what)s") % {"what": line.action})
        if line.ends_on:
            yield self.dated(line, "end", line.ends_on, _("End: %(what)s") % {"what": line.action})
        for number, measure in enumerate(line.measures, start=1):
            if measure.due_on:
                yield self.dated(line, f"measure-{number}", measure.due_on, self.due(measure))

    def due(self, measure: MeasureContent) -> str:
        if measure.target:
            return _("Measure: %(what)s, target %(target)s") % {"what": measure.what, "target": measure.target}
        return _("Measure: %(what)s") % {"what": measure.what}

    def dated(self, line: LineContent, kind: str, day: date, summary: str) -> Event:
        event = self.whole_day(f"{line.line_id}-{kind}", day, summary)
        event.add("status", "CANCELLED" if line.status == LineStatus.DROPPED else "CONFIRMED")
        self.say(event, "description", "\n".join(self.described(line)))
        if line.line_id in self.revisions:
            event.add("sequence", self.revisions[line.line_id])
        return event

    def described(self, line: LineContent) -> Iterable[str]:
        content = self.content
        yield line.action
        if lead := line.lead or line.lead_organisation:
            yield _("Lead: %(lead)s") % {"lead": lead}
        yield _("How it stands: %(status)s") % {"status": LineStatus(line.status).label}
        yield _("Action plan: %(title)s, %(version)s") % {"title": content.title, "version": version_words(content)}

    def approved(self, approval: ApprovalRecord) -> Event:
        content = self.content
        summary = _("Approved by %(body)s: %(title)s") % {"body": approval.body, "title": content.title}
        event = self.whole_day(f"{content.plan_id}-approval-{content.version}", approval.approved_on, summary)
        event.add("status", "CONFIRMED")
        return event

    def whole_day(self, identity: str, day: date, summary: str) -> Event:
        event = Event()
        event.add("uid", f"{identity}@{UID_DOMAIN}")
        event.add("dtstamp", self.now.astimezone(UTC))
        event.add("dtstart", day)
        if day < date.max:
            event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        self.say(event, "summary", shortened(summary, SHORT_SUMMARY))
        if self.address:
            event.add("url", self.address)
        return event

    def say(self, component: Calendar | Event, name: str, text: str) -> None:
        """A text with the language of most of its letters. As `vText`, or the library would not escape names that it does not know."""
        words = self.reader.typed(text)
        component.add(name, vText(words.text), parameters={"LANGUAGE": words.language})

"""A calendar as RFC 5545 wants it, with what Google, Apple and Thunderbird add to it."""

import datetime
import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from diary.feed.events import Event

MEDIA_TYPE = "text/calendar; charset=utf-8"
ASKED_AGAIN_AFTER = datetime.timedelta(hours=1)
ONE_DAY = datetime.timedelta(days=1)
# Of the control characters RFC 5545 lets only these through; teachers paste all of them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def calendar_file(events: Iterable[Event], *, name: str, host: str, made_at: datetime.datetime) -> bytes:
    """The same bytes for the same events. `made_at` (aware) is when the address was."""
    calendar = Calendar()
    calendar.add("prodid", "-//asurso//diary//RU")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", settings.TIME_ZONE)
    calendar.add("refresh-interval", ASKED_AGAIN_AFTER, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for event in events:
        calendar.add_component(_component(event, host, made_at))
    # The rules of the zone from the year before on: all of them since 1970 are a page of history.
    calendar.add_missing_timezones(first_date=datetime.date(made_at.year - 1, 1, 1))
    return bytes(calendar.to_ical())


def _component(event: Event, host: str, made_at: datetime.datetime) -> CalendarEvent:
    component = CalendarEvent()
    component.add("uid", f"{event.uid}@{host}")
    component.add("dtstamp", made_at)
    component.add("sequence", event.version - 1)
    component.add("summary", _CONTROL.sub("", event.title))
    component.add("dtstart", _zoned(event.starts))
    component.add("dtend", _zoned(event.ends) if _is_instant(event) else event.ends + ONE_DAY)
    component.add("status", "CANCELLED" if event.is_cancelled else "CONFIRMED")
    component.add("categories", [event.category])
    # A cancelled lesson, or one to prepare, keeps nobody busy.
    component.add("transp", "OPAQUE" if _is_instant(event) and not event.is_cancelled else "TRANSPARENT")
    component.add("class", "PRIVATE")
    if event.place:
        component.add("location", _CONTROL.sub("", event.place))
    if event.text:
        component.add("description", _CONTROL.sub("", event.text))
    return component


def _is_instant(event: Event) -> bool:
    return isinstance(event.starts, datetime.datetime)


def _zoned(moment: datetime.datetime | datetime.date) -> datetime.datetime | datetime.date:
    if isinstance(moment, datetime.datetime):
        return moment.astimezone(ZoneInfo(settings.TIME_ZONE))
    return moment

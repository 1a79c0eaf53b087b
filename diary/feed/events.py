"""What a calendar shows of a student: lessons with their changes, planned tests, homework due. No marks, no
absences, no debts: a calendar is read on screens that others see (demand row 37)."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diary.models import Homework, local_name
from diary.week import works_ahead
from schedule.changes import Before, changes_of, describe
from schedule.models import Lesson
from schedule.weeks import DAY, room_text
from schools.family import Child, places_of
from schools.models import Information, short_name
from schools.places import Place

DAYS_BACK, DAYS_AHEAD = 14 * DAY, 90 * DAY


@dataclass(frozen=True)
class Event:
    """`starts` and `ends` are aware instants, or for the whole of a day both that day. `version` rises with
    every change."""

    uid: str
    starts: datetime.datetime | datetime.date
    ends: datetime.datetime | datetime.date
    title: str
    text: str
    place: str
    version: int
    category: str
    is_cancelled: bool = False


def events_of(child: Child, *, now: datetime.datetime) -> Iterator[Event]:
    """From DAYS_BACK to DAYS_AHEAD, as the reader of `child` may see them at `now` (aware). Five statements
    at most."""
    since, until = now.date() - DAYS_BACK, now.date() + DAYS_AHEAD
    places = places_of(child)
    if child.shows(Information.TIMETABLE):
        yield from _lessons(child.student.pk, places, since, until, now)
    if child.shows(Information.HOMEWORK):
        yield from _homework(child.student.pk, places, since, until, now)


def _lessons(
    student: int, places: list[Place], since: datetime.date, until: datetime.date, now: datetime.datetime
) -> Iterator[Event]:
    rows = list(_lesson_rows(student, places, since, until))
    changes = changes_of(Q(lesson__in=[row["pk"] for row in rows]))
    for row in rows:
        yield _lesson(row, changes.get(row["pk"], []), now)


def _lesson_rows(
    student: int, places: list[Place], since: datetime.date, until: datetime.date
) -> QuerySet[Any, dict[str, Any]]:
    names = ("course__subject__name", "room__name")
    teacher = ("teacher__surname", "teacher__first_name", "teacher__patronymic")
    return (
        Lesson.objects.of_student(places, since, until)
        .in_order()
        .values(
            "pk", "date", "starts", "ends", "state", "teacher", "room", "version", *names, *teacher,
            ahead=works_ahead(student),
        )
    )  # fmt: skip


def _lesson(row: dict[str, Any], changes: list[Before], now: datetime.datetime) -> Event:
    change = describe(changes, state=row["state"], teacher=row["teacher"], room=row["room"])
    cancelled = row["state"] == Lesson.State.CANCELLED
    tests = [] if cancelled else [_test(work) for work in row["ahead"] if not work["due"]]
    teacher = short_name(row["teacher__surname"], row["teacher__first_name"], row["teacher__patronymic"])
    lines = [change.text if change else "", *tests, _instead(teacher, change.was_teacher if change else "")]
    if change and change.was_room:
        lines.append(_("instead of %(what)s") % {"what": change.was_room})
    return Event(
        uid=f"lesson-{row['pk']}",
        starts=datetime.datetime.combine(row["date"], row["starts"], now.tzinfo),
        ends=datetime.datetime.combine(row["date"], row["ends"], now.tzinfo),
        title=_title(row["course__subject__name"], cancelled=cancelled, has_test=bool(tests)),
        text="\n".join(filter(None, lines)),
        place=room_text(row["room__name"]),
        version=row["version"],
        category=_("Test") if tests else _("Lesson"),
        is_cancelled=cancelled,
    )


def _title(subject: str, *, cancelled: bool, has_test: bool) -> str:
    """In words too: Google shows nothing of a cancelled event, others strike it through or do not."""
    if cancelled:
        return _("No lesson: %(subject)s") % {"subject": subject}
    return _("Test: %(subject)s") % {"subject": subject} if has_test else subject


def _test(work: dict[str, Any]) -> str:
    return str(work["title"] or capfirst(local_name(work["kind"], work["kind_en"])))


def _instead(teacher: str, was: str) -> str:
    return _("%(teacher)s instead of %(was)s") % {"teacher": teacher, "was": was} if was else teacher


def _homework(
    student: int, places: list[Place], since: datetime.date, until: datetime.date, now: datetime.datetime
) -> Iterator[Event]:
    """All-day events: tasks (VTODO) are shown by neither Google's calendar nor Apple's."""
    found = Homework.objects.of_student(student, places, since, until).filter(published_at__lte=now)
    rows = found.annotate(day=Coalesce("due_lesson__date", "due_on")).distinct().order_by("day", "pk")
    for pk, day, subject, text, version in rows.values_list(
        "pk", "day", "course__subject__name", "text", "version"
    ):
        yield Event(
            uid=f"homework-{pk}",
            starts=day,
            ends=day,
            title=_("Homework: %(subject)s") % {"subject": subject},
            text=text,
            place="",
            version=version,
            category=_("Homework"),
        )

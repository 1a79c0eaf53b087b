"""A class's week as it is taught: what happened to a lesson stands beside it."""

import datetime
from dataclasses import dataclass, field

from django.db.models import Q

from schedule.changes import Before, Change, changes_of, describe
from schedule.models import Lesson
from schedule.weeks import DAY, day_title, days_of, room_text
from schools.calendar import calendar_of
from schools.models import SchoolClass


@dataclass
class Entry:
    subject: str
    group: str
    teacher: str
    room: str
    was_teacher: str = ""
    was_room: str = ""
    change: Change | None = None
    cancelled: bool = False


@dataclass
class Slot:
    """All that a class does at one lesson number: one course, or several groups at once."""

    number: int
    time: str
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Day:
    title: str
    is_today: bool
    note: str
    lessons: list[Slot]


def class_days(school_class: SchoolClass, monday: datetime.date, *, today: datetime.date) -> list[Day]:
    """Monday to Saturday, and Sunday where it is taught."""
    lessons = list(
        Lesson.objects.filter(
            Q(course__school_class=school_class) | Q(course__group__classes=school_class),
            date__range=(monday, monday + 6 * DAY),
        )
        .with_names()
        .in_order()
    )
    changes = changes_of(Q(lesson__in=[lesson.pk for lesson in lessons]))
    slots: dict[datetime.date, dict[int, Slot]] = {}
    for lesson in lessons:
        day = slots.setdefault(lesson.date, {})
        slot = day.setdefault(lesson.number, Slot(lesson.number, f"{lesson.starts:%-H:%M}"))
        slot.entries.append(_entry(lesson, changes.get(lesson.pk, [])))
    calendar = calendar_of(school_class)
    return [
        Day(
            title=day_title(day),
            is_today=day == today,
            note=calendar.holiday_on(day),
            lessons=list(slots.get(day, {}).values()),
        )
        for day in days_of(monday)
        if day.isoweekday() != 7 or day in slots
    ]


def _entry(lesson: Lesson, changes: list[Before]) -> Entry:
    change = describe(changes, state=lesson.state, teacher=lesson.teacher_id, room=lesson.room_id)
    return Entry(
        subject=lesson.course.subject.name,
        group=lesson.course.group.name if lesson.course.group else "",
        teacher=lesson.teacher.short_name,
        room=room_text(lesson.room.name if lesson.room else None),
        was_teacher=change.was_teacher if change else "",
        was_room=change.was_room if change else "",
        change=change,
        cancelled=lesson.is_cancelled,
    )

"""A class's week as it is taught: what happened to a lesson stands beside it."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from schedule.changes import Before, Change, changes_of, describe, moved_to, places_left
from schedule.models import Lesson
from schedule.weeks import DAY, day_title, days_of, room_text
from schools.calendar import calendar_of
from schools.models import Group, SchoolClass
from schools.roles import Roles


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
    lesson: int | None = None  # whose page the reader may open


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


def class_days(
    school_class: SchoolClass, monday: datetime.date, *, today: datetime.date, reader: Any
) -> list[Day]:
    """Monday to Saturday, and Sunday where it is taught. Lessons whose page the account may open lead
    to it. A constant number of statements."""
    sunday = monday + 6 * DAY
    groups = Group.objects.filter(classes=school_class).values("pk")
    course = Q(course__school_class=school_class) | Q(course__group__in=groups)
    lessons = list(Lesson.objects.filter(course, date__range=(monday, sunday)).with_names().in_order())
    lesson_course = Q(lesson__course__school_class=school_class) | Q(lesson__course__group__in=groups)
    pks = [lesson.pk for lesson in lessons]
    changes = changes_of(Q(lesson__in=pks) | Q(was_date__range=(monday, sunday)) & lesson_course)
    readable = set(Lesson.objects.visible_to(reader).filter(pk__in=pks).values_list("pk", flat=True))
    week = _Week(school_class.label)
    for lesson in lessons:
        entry = week.entry(lesson, changes.get(lesson.pk, []))
        entry.lesson = lesson.pk if lesson.pk in readable else None
        week.put(lesson.date, lesson.number, lesson.starts, entry)
    for left in places_left(changes, monday, sunday):
        week.put(left.was_date, left.was_number, left.was_starts, week.gone(left))
    calendar = calendar_of(school_class)
    return [
        Day(
            title=day_title(day),
            is_today=day == today,
            note=calendar.holiday_on(day),
            lessons=week.slots_of(day),
        )
        for day in days_of(monday)
        if day.isoweekday() != 7 or week.slots_of(day)
    ]


class _Week:
    """The lessons of a class, put where they stand."""

    def __init__(self, class_label: str) -> None:
        self.class_label = class_label
        self.slots: dict[datetime.date, dict[int, Slot]] = defaultdict(dict)

    def put(self, day: datetime.date, number: int, starts: datetime.time, entry: Entry) -> None:
        slot = self.slots[day].setdefault(number, Slot(number, f"{starts:%-H:%M}"))
        slot.entries.append(entry)

    def slots_of(self, day: datetime.date) -> list[Slot]:
        return [slot for _number, slot in sorted(self.slots.get(day, {}).items())]

    def entry(self, lesson: Lesson, changes: list[Before]) -> Entry:
        change = describe(changes, state=lesson.state, teacher=lesson.teacher_id, room=lesson.room_id)
        subject, group = lesson.course.subject.name, lesson.course.group
        return Entry(
            subject=subject,
            group=short_group(group.name, subject, self.class_label) if group else "",
            teacher=lesson.teacher.short_name,
            room=room_text(lesson.room.name if lesson.room else None),
            was_teacher=change.was_teacher if change else "",
            was_room=change.was_room if change else "",
            change=change,
            cancelled=lesson.is_cancelled,
        )

    def gone(self, left: Before) -> Entry:
        """What stands at the place that a lesson has left."""
        group = short_group(left.group, left.subject, self.class_label)
        return Entry(left.subject, group, teacher="", room="", change=moved_to(left), cancelled=True)


def short_group(name: str, subject: str, class_label: str) -> str:
    """«1-я группа» of «6 «А», англ. яз., 1-я группа» on the page of 6 «А»: what stands there already,
    the class and the subject or its abbreviation, is left out. A name of nothing else stays."""
    parts = [part.strip() for part in name.split(",")]
    telling = [part for part in parts if not _is_class(part, class_label) and not _is_subject(part, subject)]
    return ", ".join(telling) or name


def _is_class(part: str, class_label: str) -> bool:
    def bare(text: str) -> str:
        return "".join(letter for letter in text.lower() if letter.isalnum())

    return bare(part) == bare(class_label)


def _is_subject(part: str, subject: str) -> bool:
    """Word for word the beginning of the subject: «англ. яз.» of «Английский язык»."""
    words, full = part.lower().replace(".", " ").split(), subject.lower().split()
    return len(words) <= len(full) and all(
        whole.startswith(word) for word, whole in zip(words, full, strict=False)
    )


def has_timetables(roles: Roles) -> bool:
    """Families, and those who work at a school; the figures of a territory need no timetable."""
    at_school = roles.is_employed or roles.is_head_teacher or roles.is_school_administrator
    return at_school or roles.is_student or roles.is_guardian

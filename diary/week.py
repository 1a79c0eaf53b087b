"""A student's days: lessons with homework, marks and absences, as plain text for the pages.

Everything is read with a fixed number of statements, as values and not as objects: the diary is what
a region opens in the evening (docs/performance.md).
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diary.homework.papers import Paper, papers, with_papers
from diary.letters import ABSENCE_LETTERS, absence_words
from diary.models import Absence, Homework, Mark, Remark, weight_in_force
from diary.roll import roll_lines
from schedule.changes import Before, Change, changes_of, describe, moved_to, places_left
from schedule.models import Lesson
from schedule.weeks import DAY, day_label, day_title, room_text
from schools.calendar import calendar_of
from schools.family import Child
from schools.models import Information, short_name
from schools.places import any_of, groups_of


@dataclass
class MarkLine:
    text: str
    tone: str
    kind: str
    weight: str  # «2», «1,5»; empty for an ordinary mark, of weight 1
    comment: str


@dataclass
class RemarkLine:
    kind: str
    label: str
    text: str


@dataclass
class AbsenceLine:
    code: str
    letter: str
    words: str


@dataclass
class HomeworkLine:
    text: str
    minutes: int | None
    when: str  # «задано 16 декабря в 14:20»
    subject: str
    papers: list[Paper]


@dataclass
class LessonLine:
    number: int | str
    time: str
    ends: str
    subject: str
    room: str = ""
    teacher: str = ""
    was_room: str = ""
    was_teacher: str = ""
    change: Change | None = None
    topic: str = ""
    homework: list[HomeworkLine] = field(default_factory=list)
    marks: list[MarkLine] = field(default_factory=list)
    absence: AbsenceLine | None = None
    remarks: list[RemarkLine] = field(default_factory=list)
    cancelled: bool = False


@dataclass
class Day:
    date: datetime.date
    title: str
    weekday_short: str
    number: int
    is_today: bool
    is_tomorrow: bool
    note: str
    lessons: list[LessonLine]

    @property
    def anchor(self) -> str:
        return f"d{self.date.isoformat()}"


def days_of_student(
    child: Child, since: datetime.date, until: datetime.date, *, now: datetime.datetime
) -> list[Day]:
    """Every day since…until, both included, as the reader of `child` may see it at `now` (aware)."""
    return _Days(child, since, until, now).build()


class _Days:
    """What one reading of the diary gathers: `build` reads, then puts the lines together."""

    def __init__(self, child: Child, since: datetime.date, until: datetime.date, now: datetime.datetime):
        self.child, self.since, self.until, self.now = child, since, until, now
        self.student = child.student

    def build(self) -> list[Day]:
        self.places = [*self.child.classes, *groups_of(self.student.pk)]
        lessons = list(self._lessons())
        self.changes = self._changes(lessons)
        self.marks = self._marks(lessons)
        self._read_roll()
        self.homework = self._homework(lessons)
        by_day: dict[datetime.date, list[LessonLine]] = defaultdict(list)
        for lesson in lessons:
            line = self._line(lesson)
            if line:
                by_day[lesson["date"]].append(line)
        self._add_lessons_moved_away(by_day)
        self._add_homework_of_no_lesson(by_day)
        return self._days(by_day)

    def _lessons(self) -> Any:
        return (
            Lesson.objects.of_student(self.places, self.since, self.until)
            .in_order()
            .values(
                "pk",
                "course",
                "date",
                "number",
                "starts",
                "ends",
                "state",
                "topic",
                "teacher",
                "room",
                "course__subject__name",
                "room__name",
                "teacher__surname",
                "teacher__first_name",
                "teacher__patronymic",
            )
        )

    def _changes(self, lessons: list[dict[str, Any]]) -> dict[int, list[Before]]:
        """Changes of these lessons, and of the student's lessons that left these days."""
        if not self.child.shows(Information.TIMETABLE):
            return {}
        left = any_of(self.places, self.since, self.until, date="was_date", course="lesson__course")
        return changes_of(Q(lesson__in=[lesson["pk"] for lesson in lessons]) | left)

    def _marks(self, lessons: list[dict[str, Any]]) -> dict[int, list[MarkLine]]:
        if not self.child.shows(Information.MARKS):
            return {}
        marks: dict[int, list[MarkLine]] = defaultdict(list)
        found = Mark.objects.published(self.now).filter(
            student=self.student.pk, work__lesson__in=[lesson["pk"] for lesson in lessons]
        )
        for lesson, text, tone, kind, kind_en, weight, comment in found.order_by(
            "work__kind__order", "work__number"
        ).values_list(
            "work__lesson",
            "value__text",
            "value__tone",
            "work__kind__name",
            "work__kind__name_en",
            weight_in_force("work"),
            "comment",
        ):
            name = kind_en if kind_en and get_language() == "en" else kind
            marks[lesson].append(MarkLine(text, tone, name, weight_text(weight), comment))
        return marks

    def _read_roll(self) -> None:
        """Remarks are granted with the marks: like a comment on one, they are the teacher's opinion."""
        self.absences: dict[int, AbsenceLine] = {}
        self.remarks: dict[int, list[RemarkLine]] = defaultdict(list)
        for line in roll_lines(
            absences=self.child.shows(Information.ATTENDANCE),
            remarks=self.child.shows(Information.MARKS),
            student=self.student.pk,
            lesson__date__range=(self.since, self.until),
        ):
            if line.is_remark:
                label = str(Remark.Kind(line.code).label)
                self.remarks[line.lesson].append(RemarkLine(line.code, label, line.text))
            else:
                letter = str(ABSENCE_LETTERS[Absence.Code(line.code)])
                words = absence_words(line.code, line.minutes)
                self.absences[line.lesson] = AbsenceLine(line.code, letter, words)

    def _homework(self, lessons: list[dict[str, Any]]) -> dict[Any, list[HomeworkLine]]:
        """By the lesson it is due at; by (course, day) where that lesson is not known."""
        if not self.child.shows(Information.HOMEWORK):
            return {}
        by_day = any_of(self.places, self.since, self.until, date="due_on", course="course")
        found = Homework.objects.filter(
            Q(due_lesson__in=[lesson["pk"] for lesson in lessons]) | Q(due_lesson__isnull=True) & by_day,
            published_at__lte=self.now,
        )
        rows = list(
            with_papers(found.addressed_to(self.student.pk, self.places))
            .order_by("pk")
            .values_list(
                "due_lesson",
                "course",
                "due_on",
                "course__subject__name",
                "text",
                "minutes",
                "published_at",
                "file_rows",
                "link_rows",
            )
        )
        homework: dict[Any, list[HomeworkLine]] = defaultdict(list)
        for due_lesson, course, due_on, subject, text, minutes, given, files, links in rows:
            line = HomeworkLine(text, minutes, self._set_at(given), subject, papers(files, links))
            homework[due_lesson or (course, due_on)].append(line)
        return homework

    def _set_at(self, given: datetime.datetime) -> str:
        local = given.astimezone(self.now.tzinfo)
        return _("set on %(day)s at %(time)s") % {"day": day_label(local.date()), "time": f"{local:%-H:%M}"}

    def _add_homework_of_no_lesson(self, by_day: dict[datetime.date, list[LessonLine]]) -> None:
        """Due on a day without a lesson of the course: a line of its own at the end of the day."""
        for due, homework in self.homework.items():
            if isinstance(due, tuple):
                line = LessonLine(number="", time="", ends="", subject=homework[0].subject, homework=homework)
                by_day[due[1]].append(line)

    def _line(self, lesson: dict[str, Any]) -> LessonLine | None:
        """One lesson; None where the reader may know neither the timetable nor anything of it."""
        pk = lesson["pk"]
        homework = self.homework.get(pk, []) + self.homework.pop((lesson["course"], lesson["date"]), [])
        line = LessonLine(
            number=lesson["number"],
            time=f"{lesson['starts']:%-H:%M}",
            ends=f"{lesson['ends']:%-H:%M}",
            subject=lesson["course__subject__name"],
            homework=homework,
            marks=self.marks.get(pk, []),
            absence=self.absences.get(pk),
            remarks=self.remarks.get(pk, []),
        )
        if self.child.shows(Information.TIMETABLE):
            self._add_timetable(line, lesson)
        elif not (line.homework or line.marks or line.absence or line.remarks):
            return None
        if self.child.shows(Information.PROGRAMME):
            line.topic = lesson["topic"]
        return line

    def _add_timetable(self, line: LessonLine, lesson: dict[str, Any]) -> None:
        line.room = room_text(lesson["room__name"])
        line.teacher = short_name(
            lesson["teacher__surname"], lesson["teacher__first_name"], lesson["teacher__patronymic"]
        )
        line.cancelled = lesson["state"] == Lesson.State.CANCELLED
        line.change = describe(
            self.changes.get(lesson["pk"], []),
            state=lesson["state"],
            teacher=lesson["teacher"],
            room=lesson["room"],
        )
        if line.change:
            line.was_teacher, line.was_room = line.change.was_teacher, line.change.was_room

    def _add_lessons_moved_away(self, by_day: dict[datetime.date, list[LessonLine]]) -> None:
        """At the place a lesson has left stands where it went."""
        for change in places_left(self.changes, self.since, self.until):
            gone = LessonLine(
                number=change.was_number,
                time=f"{change.was_starts:%-H:%M}",
                ends="",
                subject=change.subject,
                cancelled=True,
                change=moved_to(change),
            )
            by_day[change.was_date].append(gone)
            by_day[change.was_date].sort(key=lambda line: int(line.number))

    def _days(self, by_day: dict[datetime.date, list[LessonLine]]) -> list[Day]:
        today = self.now.date()
        calendar = calendar_of(self.child.school_class)
        count = (self.until - self.since).days + 1
        dates = [self.since + DAY * offset for offset in range(count)]
        return [
            Day(
                date=date,
                title=day_title(date),
                weekday_short=date_format(date, "D").lower(),
                number=date.day,
                is_today=date == today,
                is_tomorrow=date == today + DAY,
                note=calendar.holiday_on(date),
                lessons=by_day.get(date, []),
            )
            for date in dates
        ]


def weight_text(weight: Decimal) -> str:
    """«2», «1,5»; empty for 1, which goes without saying."""
    return "" if weight == 1 else number_format(weight.normalize(), use_l10n=True)

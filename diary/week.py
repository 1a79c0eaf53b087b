"""A student's days: lessons with homework, marks and absences, as plain text for the pages.

Everything is read with a fixed number of statements, as values and not as objects: the diary is what
a region opens in the evening (docs/performance.md).
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from diary.corrections.labels import Label, labels
from diary.homework.papers import Paper, papers, with_papers
from diary.letters import ABSENCE_LETTERS, absence_words
from diary.models import Absence, Homework, Mark, Point, Remark, Work, local_name, weight_in_force
from diary.roll import roll_lines
from schedule.changes import Before, Change, changes_of, describe, moved_to, places_left
from schedule.models import Lesson
from schedule.weeks import DAY, day_label, day_title, room_text
from schools.calendar import calendar_of
from schools.family import Child, places_of
from schools.models import Information, short_name
from schools.places import any_of


@dataclass
class MarkLine:
    text: str
    tone: str
    kind: str
    weight: str  # «2», «1,5»; empty for an ordinary mark, of weight 1
    comment: str
    is_corrected: bool = False  # in a closed term: the lesson's `corrections` tell how


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
    is_corrected: bool = False


@dataclass
class HomeworkLine:
    text: str
    minutes: int | None
    when: str  # «задано 16 декабря в 14:20»
    subject: str
    papers: list[Paper]


@dataclass
class AheadLine:
    """A test that is planned for the lesson, or a work of it that the student owes (`due`: «20 декабря»)."""

    text: str
    due: str = ""
    is_overdue: bool = False


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
    corrections: list[str] = field(default_factory=list)
    ahead: list[AheadLine] = field(default_factory=list)
    cancelled: bool = False
    history_url: str = ""  # where marks and absence open into who entered and changed them

    @property
    def says_something(self) -> bool:
        """Besides when and where it is."""
        parts = (self.homework, self.marks, self.absence, self.remarks, self.corrections, self.ahead)
        return any(parts)


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


@dataclass
class Entered:
    """Marks and absences by lesson, where whoever asks for the days has read them already."""

    marks: dict[int, list[MarkLine]]
    absences: dict[int, AbsenceLine]


def days_of_student(
    child: Child,
    since: datetime.date,
    until: datetime.date,
    *,
    now: datetime.datetime,
    entered: Entered | None = None,
) -> list[Day]:
    """Every day since…until, both included, as the reader of `child` may see it at `now` (aware). With
    `entered`, remarks are left out."""
    return _Days(child, since, until, now).build(entered)


class _Days:
    """What one reading of the diary gathers: `build` reads, then puts the lines together."""

    def __init__(self, child: Child, since: datetime.date, until: datetime.date, now: datetime.datetime):
        self.child, self.since, self.until, self.now = child, since, until, now
        self.student = child.student

    def build(self, entered: Entered | None) -> list[Day]:
        self.places = places_of(self.child)
        lessons = list(self._lessons())
        self.changes = self._changes(lessons)
        self.corrections = self._corrections()
        self._read_entries(lessons, entered)
        self.homework = self._homework(lessons)
        by_day: dict[datetime.date, list[LessonLine]] = defaultdict(list)
        for lesson in lessons:
            line = self._line(lesson)
            if line:
                by_day[lesson["date"]].append(line)
        self._add_lessons_moved_away(by_day)
        self._add_homework_of_no_lesson(by_day)
        return self._days(by_day)

    def _read_entries(self, lessons: list[dict[str, Any]], entered: Entered | None) -> None:
        self.absences: dict[int, AbsenceLine] = {}
        self.remarks: dict[int, list[RemarkLine]] = defaultdict(list)
        if entered is None:
            self.marks = self._marks(lessons)
            self._read_roll()
        else:
            self.marks, self.absences = entered.marks, entered.absences

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
                ahead=works_ahead(self.student.pk),
            )
        )

    def _changes(self, lessons: list[dict[str, Any]]) -> dict[int, list[Before]]:
        """Changes of these lessons, and of the student's lessons that left these days."""
        if not self.child.shows(Information.TIMETABLE):
            return {}
        left = any_of(self.places, self.since, self.until, date="was_date", course="lesson__course")
        return changes_of(Q(lesson__in=[lesson["pk"] for lesson in lessons]) | left)

    def _corrections(self) -> dict[int, list[Label]]:
        """By lesson. Only terms that are over can have been closed: of the others nobody asks."""
        terms = calendar_of(self.child.school_class).terms
        if all(self.since > term.until or term.until > self.now.date() for term in terms):
            return {}
        found: dict[int, list[Label]] = defaultdict(list)
        for label in labels(student=self.student.pk, lesson__date__range=(self.since, self.until)):
            if label.lesson and self.child.shows(label.information):
                found[label.lesson].append(label)
        return found

    def _marks(self, lessons: list[dict[str, Any]]) -> dict[int, list[MarkLine]]:
        if not self.child.shows(Information.MARKS):
            return {}
        marks: dict[int, list[MarkLine]] = defaultdict(list)
        found = Mark.objects.published(self.now).filter(
            student=self.student.pk, work__lesson__in=[lesson["pk"] for lesson in lessons]
        )
        for lesson, text, tone, kind, kind_en, weight, comment, correction in found.order_by(
            "work__kind__order", "work__number"
        ).values_list(
            "work__lesson",
            "value__text",
            "value__tone",
            "work__kind__name",
            "work__kind__name_en",
            weight_in_force("work"),
            "comment",
            "correction",
        ):
            name = local_name(kind, kind_en)
            line = MarkLine(text, tone, name, weight_text(weight), comment, correction is not None)
            marks[lesson].append(line)
        return marks

    def _read_roll(self) -> None:
        """Remarks are granted with the marks: like a comment on one, they are the teacher's opinion."""
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
                is_corrected = any(label.is_of_absence for label in self.corrections.get(line.lesson, ()))
                self.absences[line.lesson] = AbsenceLine(line.code, letter, words, is_corrected)

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
            corrections=[label.words for label in self.corrections.get(pk, ())],
        )
        line.ahead = list(self._ahead(lesson))
        if line.marks or line.absence or line.remarks:
            line.history_url = reverse("diary:cell-history", args=[pk, self.student.pk])
        if self.child.shows(Information.TIMETABLE):
            self._add_timetable(line, lesson)
        elif not line.says_something:
            return None
        if self.child.shows(Information.PROGRAMME):
            line.topic = lesson["topic"]
        return line

    def _ahead(self, lesson: dict[str, Any]) -> Iterator[AheadLine]:
        """Owed works with the marks; tests to come with the timetable, as changes of it are."""
        today = self.now.date()
        for work in lesson["ahead"]:
            text = work["title"] or capfirst(local_name(work["kind"], work["kind_en"]))
            if work["due"]:
                due = datetime.date.fromisoformat(work["due"])
                if self.child.shows(Information.MARKS):
                    yield AheadLine(text, day_label(due), is_overdue=due < today)
            elif lesson["date"] >= today and self.child.shows(Information.TIMETABLE):
                yield AheadLine(text)

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


def works_ahead(student: int) -> ArraySubquery:
    """For a queryset of lessons: planned tests, and works that the student owes, without the student's
    mark; each as {title, kind, kind_en, due}."""
    due = Point.objects.filter(work=OuterRef("pk"), student=student).values("due_on")
    works = (
        Work.objects.filter(~Exists(Mark.objects.filter(work=OuterRef("pk"), student=student)))
        .annotate(due=Subquery(due))
        .filter(Q(kind__is_test=True) | Q(due__isnull=False), lesson=OuterRef("pk"))
        .order_by("kind__order", "number")
    )
    columns = JSONObject(title="title", kind="kind__name", kind_en="kind__name_en", due="due")
    return ArraySubquery(works.values(row=columns))


def weight_text(weight: Decimal) -> str:
    """«2», «1,5»; empty for 1, which goes without saying."""
    return "" if weight == 1 else number_format(weight.normalize(), use_l10n=True)

"""Reads the printed journal of one course or of a class, with as many statements for one course as for
twenty."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from diary.models import Absence, Homework, Mark, Result
from diary.printing.record import (
    AttendanceLine,
    PrintedCourse,
    PrintedJournal,
    PrintedLesson,
    StudentLine,
)
from schedule.models import Lesson
from schedule.weeks import term_label
from schools.calendar import CalendarTerm
from schools.models import (
    Course,
    Enrolment,
    GroupMembership,
    SchoolClass,
    TeachingAssignment,
    short_name,
)

LESSON_COLUMNS = (
    "pk",
    "course",
    "date",
    "topic",
    "teacher",
    "planned_teacher",
    "teacher__surname",
    "teacher__first_name",
    "teacher__patronymic",
)
Stays = dict[int, list[tuple[datetime.date, datetime.date | None]]]  # by student, from–to


def course_journal(course: Course, since: datetime.date, until: datetime.date) -> PrintedJournal:
    """Of everybody on the course. `course` comes with its subject, class, group and organisation."""
    reading = _Reading([course], since, until)
    return PrintedJournal(
        school=course.organisation.short_name,
        title=f"{course.subject.name}, {course.audience}",
        since=since,
        until=until,
        courses=reading.courses(),
    )


def class_journal(school_class: SchoolClass, since: datetime.date, until: datetime.date) -> PrintedJournal:
    """Of the class's students in all courses, those of its groups included."""
    own = Course.objects.filter(school_class=school_class)
    in_groups = Course.objects.filter(group__classes=school_class)
    courses = (own | in_groups).select_related("subject", "school_class", "group").distinct()
    ordered = courses.order_by("subject__name", "group__name", "pk")
    reading = _Reading(ordered, since, until, of_class=school_class)
    return PrintedJournal(
        school=school_class.organisation.short_name,
        title=_("Class %(class)s") % {"class": school_class.label},
        since=since,
        until=until,
        courses=reading.courses(),
        students=reading.student_lines(),
        summary=reading.summary(),
        attendance=reading.attendance(),
    )


class _Reading:
    """What the pages are put together from. `of_class` leaves out the students of other classes."""

    def __init__(
        self,
        courses: Iterable[Course],
        since: datetime.date,
        until: datetime.date,
        of_class: SchoolClass | None = None,
    ) -> None:
        self.all_courses, self.since, self.until = list(courses), since, until
        self.of_class = of_class
        self._read_students()
        self._read_lessons()
        self._read_cells()
        self._read_results()

    # --- What is stored --------------------------------------------------------------------------

    def _read_students(self) -> None:
        """Names, and who is on which course on which days."""
        during: dict[str, Any] = {"since__lte": self.until}
        classes = {course.school_class_id for course in self.all_courses if course.school_class_id}
        groups = {course.group_id for course in self.all_courses if course.group_id}
        if self.of_class:
            classes.add(self.of_class.pk)
        self.names: dict[int, str] = {}
        self.people: dict[int, Any] = {}
        self.in_class: dict[int, Stays] = defaultdict(lambda: defaultdict(list))
        self.in_group: dict[int, Stays] = defaultdict(lambda: defaultdict(list))
        enrolments = Enrolment.objects.filter(school_class__in=classes, **during)
        self._read_ties(enrolments, "school_class", self.in_class)
        memberships = GroupMembership.objects.filter(group__in=groups, **during)
        if self.of_class:
            memberships = memberships.filter(student__in=list(self.in_class[self.of_class.pk]))
        self._read_ties(memberships, "group", self.in_group)
        self.teachers = self._read_teachers()

    def _read_ties(self, ties: QuerySet[Any], place: str, into: dict[int, Stays]) -> None:
        for tie in (
            ties.exclude(until__lt=self.since).select_related("student").order_by("student__sort_key", "pk")
        ):
            self.names[tie.student_id] = tie.student.roll_name
            self.people[tie.student_id] = tie.student
            into[getattr(tie, f"{place}_id")][tie.student_id].append((tie.since, tie.until))

    def _read_teachers(self) -> dict[int, list[str]]:
        teachers: dict[int, list[str]] = defaultdict(list)
        assignments = TeachingAssignment.objects.filter(course__in=self.all_courses, since__lte=self.until)
        for course, *names in (
            assignments.exclude(until__lt=self.since)
            .order_by("since", "pk")
            .values_list("course", "teacher__surname", "teacher__first_name", "teacher__patronymic")
        ):
            name = short_name(*names)
            if name not in teachers[course]:
                teachers[course].append(name)
        return teachers

    def _read_lessons(self) -> None:
        found = Lesson.objects.filter(course__in=self.all_courses, date__range=(self.since, self.until))
        self.lessons: dict[int, list[dict[str, Any]]] = defaultdict(list)
        given = found.exclude(state=Lesson.State.CANCELLED).in_order()
        for lesson in given.values(*LESSON_COLUMNS):
            self.lessons[lesson["course"]].append(lesson)
        self.given = given.order_by().values("pk")

    def _read_cells(self) -> None:
        self.marks: dict[tuple[int, int], list[str]] = defaultdict(list)
        self.kinds: dict[int, str] = {}
        marks = Mark.objects.filter(work__lesson__in=self.given).order_by("work__kind__order", "work__number")
        for lesson, student, text, corrected, letter, is_test in marks.values_list(
            "work__lesson",
            "student",
            "value__text",
            "correction",
            "work__kind__code",
            "work__kind__is_test",
        ):
            self.marks[lesson, student].append(f"{text}*" if corrected else text)
            if is_test:
                self.kinds[lesson] = letter
        absences = Absence.objects.filter(lesson__in=self.given)
        self.absences = {
            (lesson, student): code
            for lesson, student, code in absences.values_list("lesson", "student", "code")
        }
        # What names single students is between them and the teacher: on paper everybody would read it.
        homework = Homework.objects.filter(lesson__in=self.given, students=None).order_by("pk")
        self.homework: dict[int, list[str]] = defaultdict(list)
        for lesson, text in homework.values_list("lesson", "text"):
            self.homework[lesson].append(" ".join(text.split()))

    def _read_results(self) -> None:
        """Of terms that end within the period, and of the year with the last of them."""
        found = Result.objects.filter(course__in=self.all_courses).exclude(term__until__gt=self.until)
        found = found.exclude(term__until__lt=self.since)
        self.results: dict[int, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
        for course, student, kind, term_kind, number, text, corrected in found.order_by(
            "term__since", "kind"
        ).values_list("course", "student", "kind", "term__kind", "term__number", "value__text", "correction"):
            heading = self._heading(kind, term_kind, number)
            self.results[course][heading][student] = f"{text}*" if corrected else text

    def _heading(self, kind: str, term_kind: str | None, number: int | None) -> str:
        if term_kind and number:
            return term_label(CalendarTerm(term_kind, number, self.since, self.until))
        return str(Result.Kind(kind).label)

    # --- Put together ----------------------------------------------------------------------------

    def courses(self) -> list[PrintedCourse]:
        return [self._course(course) for course in self.all_courses]

    def _stays(self, course: Course) -> Stays:
        """Who is on the course; with `of_class`, of its students only."""
        if course.group_id:
            return self.in_group[course.group_id]
        return self.in_class[course.school_class_id or 0]

    def _course(self, course: Course) -> PrintedCourse:
        students = list(self._stays(course))
        results = self.results[course.pk]
        return PrintedCourse(
            subject=course.subject.name,
            audience=course.audience,
            teachers=", ".join(self.teachers[course.pk]),
            students=[self.names[student] for student in students],
            lessons=[self._lesson(lesson, students) for lesson in self.lessons[course.pk]],
            results=[
                (heading, [by_student.get(student, "") for student in students])
                for heading, by_student in results.items()
            ],
        )

    def _lesson(self, lesson: dict[str, Any], students: list[int]) -> PrintedLesson:
        substituted = lesson["teacher"] != lesson["planned_teacher"]
        names = (lesson["teacher__surname"], lesson["teacher__first_name"], lesson["teacher__patronymic"])
        return PrintedLesson(
            date=lesson["date"],
            kind=self.kinds.get(lesson["pk"], ""),
            topic=lesson["topic"],
            homework="; ".join(self.homework[lesson["pk"]]),
            substitute=short_name(*names) if substituted else "",
            cells=[self._cell(lesson["pk"], student) for student in students],
        )

    def _cell(self, lesson: int, student: int) -> str:
        """Marks, and the letter of an absence as it is printed."""
        letter = printed_letter(self.absences.get((lesson, student), ""))
        return " ".join(filter(None, [letter, *self.marks.get((lesson, student), [])]))

    # --- Of the whole class ----------------------------------------------------------------------

    def student_lines(self) -> list[StudentLine]:
        return [
            StudentLine(
                name=self.names[student],
                birth_date=self.people[student].birth_date,
                came=came if (came := min(since for since, _until in stays)) > self.since else None,
                left=left if (left := _last_day(stays)) and left < self.until else None,
            )
            for student, stays in self._class_stays().items()
        ]

    def summary(self) -> list[tuple[str, list[str]]]:
        """Results by subject and term, for the summary sheet («сводная ведомость»)."""
        columns: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
        for course in self.all_courses:
            for heading, by_student in self.results[course.pk].items():
                columns[course.subject.name, heading] |= by_student
        students = list(self._class_stays())
        return [
            (f"{subject}, {heading}", [by_student.get(student, "") for student in students])
            for (subject, heading), by_student in columns.items()
        ]

    def attendance(self) -> list[AttendanceLine]:
        """A day is missed when all of the student's own lessons of it are (rules.md, "Marks, absences,
        terms")."""
        lines = []
        for student in self._class_stays():
            line, by_day = AttendanceLine(self.names[student]), defaultdict(list)
            for course in self.all_courses:
                for lesson in self._attended_by(student, course):
                    code = self.absences.get((lesson["pk"], student), "")
                    by_day[lesson["date"]].append(code in Absence.AWAY)
                    if code in Absence.AWAY:
                        line.lessons[code] = line.lessons.get(code, 0) + 1
            line.days = sum(map(all, by_day.values()))
            lines.append(line)
        return lines

    def _attended_by(self, student: int, course: Course) -> list[dict[str, Any]]:
        """The course's lessons on the student's days."""
        stays = self._stays(course).get(student, [])
        return [
            lesson
            for lesson in self.lessons[course.pk]
            if any(
                since <= lesson["date"] and (not until or lesson["date"] <= until) for since, until in stays
            )
        ]

    def _class_stays(self) -> Stays:
        return self.in_class[self.of_class.pk] if self.of_class else {}


def _last_day(stays: list[tuple[datetime.date, datetime.date | None]]) -> datetime.date | None:
    """None while one of them has no end."""
    ends = [until for _since, until in stays]
    return None if None in ends else max(filter(None, ends))


def printed_letter(code: str) -> str:
    """On paper every absence is «Н», being late disappears, exempt is «осв» (rules.md)."""
    if code in Absence.AWAY:
        return pgettext("printed journal", "A")
    return pgettext("printed journal", "ex.") if code == Absence.Code.EXEMPT else ""

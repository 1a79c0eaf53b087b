"""What teachers wrote up to today: topics, roll calls, marks, homework."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from demo import curriculum as c
from demo.assignments import COMMENTS, homework
from demo.attendance import Attendance, Code
from demo.copying import copy_rows, take_keys
from demo.populating import CourseMade, SchoolMade
from demo.topics import topic
from diary.models import Absence, Homework, Mark, Scale, ScaleValue, Work, WorkKind
from schedule.models import Lesson
from schools.models import AcademicYear, Person

LEFT_UNFILLED = 0.012
COMMENTED, ANSWERS_TWICE, HOMEWORK_CHECKED = 0.06, 0.1, 0.2
CORRECTED = 0.002
CHECKING = datetime.timedelta(days=2)  # a test is handed back two days later
WEEKS_OF_A_YEAR = 38
LENIENT = (c.SPORT, c.ART, c.CRAFT, c.MUSIC)
# (tests, smaller works for the whole class), letters of kinds
WORKS: dict[str, tuple[str, str]] = {
    c.RUSSIAN: ("КНН", "СТИЧ"),
    c.LITERATURE: ("Ч", "ТЧ"),
    c.READING: ("К", "ТИ"),
    c.PHYSICS: ("К", "ЛЛС"),
    c.CHEMISTRY: ("К", "ЛАС"),
    c.BIOLOGY: ("К", "ЛТ"),
    c.COMPUTING: ("К", "АТ"),
    c.GEOGRAPHY: ("К", "АТ"),
    c.SPORT: ("З", "З"),
    c.ART: ("П", "А"),
    c.CRAFT: ("П", "А"),
    c.MUSIC: ("П", "Т"),
}
USUAL_WORKS = ("К", "СТ")


class Slot(NamedTuple):
    """A published lesson; cancelled ones are not among them."""

    pk: int
    course_id: int
    date: datetime.date
    shift: int
    number: int
    ends: datetime.time
    starts: datetime.time
    teacher_id: int


@dataclass
class Written:
    """Rows collected before they are copied; a mark's work is its place in `works`."""

    works: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    absences: list[dict[str, Any]] = field(default_factory=list)
    homework: list[dict[str, Any]] = field(default_factory=list)
    lessons: list[tuple[int, str, int, datetime.datetime]] = field(default_factory=list)
    # By course, its lessons with their numbers in the year.
    numbers: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))


class Journal:
    """Of one school, as it stands on `today` at `clock`, local time. `abilities` are given for the
    children whom visitors see first."""

    def __init__(
        self,
        made: SchoolMade,
        year: AcademicYear,
        today: datetime.date,
        clock: datetime.time,
        rng: Random,
        abilities: dict[Person, float],
    ) -> None:
        self.made, self.year, self.today, self.clock, self.rng = made, year, today, clock, rng
        self.written = Written()
        # A class writes one test a day: which course's, by class and day.
        self.test_days: dict[tuple[int, datetime.date], int] = {}
        self.places = {course.course.pk: place for place, course in enumerate(made.courses)}
        self.slots = self._slots()
        days = {slot.date for slots in self.slots.values() for slot in slots if slot.date <= today}
        students = [seat.student for seat in made.seats if seat.student]
        self.attendance = Attendance(students, sorted(days), rng)
        self.ability = {
            student.pk: abilities.get(student) or min(4.9, max(2.9, rng.gauss(4.0, 0.5)))
            for student in students
        }
        self.kinds = dict(WorkKind.objects.of(made.organisation.pk).values_list("code", "pk"))
        self.scales = dict(Scale.objects.values_list("code", "pk"))
        self.values = {
            (scale, text): pk for scale, text, pk in ScaleValue.objects.values_list("scale", "text", "pk")
        }

    def _slots(self) -> dict[int, list[Slot]]:
        lessons = Lesson.objects.filter(organisation=self.made.organisation)
        rows = lessons.exclude(state=Lesson.State.CANCELLED).order_by("date", "shift", "number")
        by_course: dict[int, list[Slot]] = defaultdict(list)
        for row in rows.values_list(*Slot._fields):
            slot = Slot(*row)
            by_course[slot.course_id].append(slot)
        return by_course

    def keep(self) -> None:
        for made in self.made.courses:
            CourseJournal(self, made).keep()
        self._save()

    def is_over(self, slot: Slot) -> bool:
        """What has not ended yet is not written down."""
        return (slot.date, slot.ends) <= (self.today, self.clock)

    def _save(self) -> None:
        written = self.written
        _write_lessons(written.lessons)
        copy_rows(Absence, written.absences)
        copy_rows(Homework, written.homework)
        for row, key in zip(written.works, take_keys(Work, len(written.works)), strict=True):
            row["id"] = key
        for row, key in zip(written.marks, take_keys(Mark, len(written.marks)), strict=True):
            row |= {"id": key, "work_id": written.works[row["work_id"]]["id"]}
        copy_rows(Work, written.works)
        copy_rows(Mark, written.marks)
        self._correct_some()

    def _correct_some(self) -> None:
        """Some marks were raised afterwards: the history has something to tell."""
        marks, four = self.written.marks, self.values[self.scales["five-point"], "4"]
        five = self.values[self.scales["five-point"], "5"]
        fours = [row["id"] for row in marks if row["value_id"] == four]
        chosen = self.rng.sample(fours, min(len(fours), int(len(marks) * CORRECTED) + 1))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE diary_mark SET value_id = %s, version = version + 1 WHERE id = ANY (%s)",
                [five, chosen],
            )
        raised = set(chosen)
        for row in marks:
            if row["id"] in raised:
                row["value_id"] = five


def _write_lessons(rows: list[tuple[int, str, int, datetime.datetime]]) -> None:
    """What `publish` made becomes what was taught."""
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE schedule_lesson AS lesson
            SET state = 'held', topic = held.topic, roll_called_by_id = held.by, roll_called_at = held.at
            FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::timestamptz[]) AS held (id, topic, by, at)
            WHERE lesson.id = held.id
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )


class CourseJournal:
    """Of one course: a class, or half of one, and its lessons in order."""

    def __init__(self, journal: Journal, made: CourseMade, dice: Random | None = None) -> None:
        self.journal, self.made, self.rng = journal, made, dice or journal.rng
        self.written, self.plan = journal.written, made.plan
        self.subject, self.grade = made.plan.subject, made.plan.school_class.grade
        self.slots = journal.slots[made.course.pk]
        self.students = [student.pk for student in made.students]
        bonus = 0.5 if self.subject in LENIENT else 0.0
        self.ability = {
            student: journal.ability[student] + self.rng.gauss(bonus, 0.25) for student in self.students
        }
        code = "passed" if self.subject in c.PASS_OR_FAIL else "five-point"
        self.scale = journal.scales[code]
        self.is_marked = self.grade >= c.FIRST_MARKED_GRADE and self.subject not in c.UNMARKED
        self.numbers: dict[tuple[int, str], int] = defaultdict(int)

    @property
    def before(self) -> int:
        """How many lessons of the year came before the first that is in the database."""
        return (self.slots[0].date - self.journal.year.since).days // 7 * self.plan.hours

    def is_test(self, number: int) -> bool:
        """Whether the whole class writes a test in the course's lesson `number`."""
        return self.is_marked and bool(self._whole_class_kind(number, tests=True))

    def keep(self) -> None:
        if not self.slots:
            return
        before = self.before
        for place, slot in enumerate(self.slots):
            if self.journal.is_over(slot):
                if self.rng.random() >= LEFT_UNFILLED:
                    self._keep_lesson(place, slot, before + place)
            elif self.is_marked and (test := self._test_at(slot, before + place)):
                self._add_work(slot, test)

    def _keep_lesson(self, place: int, slot: Slot, number: int) -> None:
        began = moment(slot.date, slot.starts) + datetime.timedelta(minutes=self.rng.randrange(2, 8))
        title = topic(self.subject, self.grade, number, self.plan.hours)
        self.written.lessons.append((slot.pk, title, slot.teacher_id, began))
        self.written.numbers[slot.course_id].append((slot.pk, number))
        present = self._call_roll(slot)
        if self.is_marked and present:
            self._mark(slot, number, present)
        self._set_homework(place, slot, number)

    def _call_roll(self, slot: Slot) -> list[int]:
        present = []
        for student in self.students:
            found = self.journal.attendance.at_lesson(student, slot.date, slot.number, self.subject)
            if found:
                self._add_absence(slot, student, *found)
            if found is None or found[0] == Code.LATE:
                present.append(student)
        return present

    def _add_absence(self, slot: Slot, student: int, code: str, minutes: int | None) -> None:
        self.written.absences.append(
            {"student_id": student, "lesson_id": slot.pk, "code": code, "minutes": minutes, "version": 1}
        )

    def _mark(self, slot: Slot, number: int, present: list[int]) -> None:
        kind = self._test_at(slot, number) or self._whole_class_kind(number, tests=False)
        if kind:
            work = self._add_work(slot, kind)
            handed_back = moment(slot.date, datetime.time(16, 40)) + CHECKING
            if self.journal.is_over(slot) and handed_back.date() <= self.journal.today:
                for student in present:
                    self._add_mark(work, student, handed_back, harder=0.2)
            return
        if self.scale != self.journal.scales["five-point"]:
            return
        self._ask(slot, "О", self._some(present, 0.3 if self.plan.hours == 1 else 0.15))
        if self.rng.random() < HOMEWORK_CHECKED:
            self._ask(slot, "ДЗ", self._some(present, 0.2))

    def _some(self, present: list[int], share: float) -> list[int]:
        count = max(1, round(len(present) * share * self.rng.uniform(0.5, 1.4)))
        return self.rng.sample(present, min(count, len(present)))

    def _ask(self, slot: Slot, kind: str, students: list[int]) -> None:
        """Some are asked a second time in the lesson: that is a second work of the kind."""
        at = moment(slot.date, slot.ends) + datetime.timedelta(minutes=self.rng.randrange(15))
        work = self._add_work(slot, kind)
        for student in students:
            self._add_mark(work, student, at)
        twice = [student for student in students if self.rng.random() < ANSWERS_TWICE]
        if twice and kind == "О":
            work = self._add_work(slot, kind)
            for student in twice:
                self._add_mark(work, student, at)

    def _test_at(self, slot: Slot, number: int) -> str:
        """The letter of the test that the class writes there, unless it writes another one that day."""
        kind = self._whole_class_kind(number, tests=True)
        if not kind:
            return ""
        day = id(self.plan.school_class), slot.date
        first = self.journal.test_days.setdefault(day, slot.course_id)
        return kind if first == slot.course_id else ""

    def _whole_class_kind(self, number: int, *, tests: bool) -> str:
        """The letter of what the whole class writes in the course's lesson `number`; mostly none.

        Tests come once in three weeks, smaller works between them (order 704: not more often than
        once in 2.5 weeks). Courses begin at different weeks and days.
        """
        number += self.journal.places[self.made.course.pk] * (self.plan.hours + 1)
        tests_written, works = WORKS.get(self.subject, USUAL_WORKS)
        between = max(5, self.plan.hours * 3)
        if self.subject in c.PASS_OR_FAIL:
            tests_written = works = "З"
        kinds, place = (tests_written, between - 2) if tests else (works, between // 2 - 1)
        return kinds[number // between % len(kinds)] if number % between == place else ""

    def _add_work(self, slot: Slot, kind: str) -> int:
        self.numbers[slot.pk, kind] += 1
        self.written.works.append(
            {
                "course_id": slot.course_id,
                "kind_id": self.journal.kinds[kind],
                "scale_id": self.scale,
                "lesson_id": slot.pk,
                "date": slot.date,
                "number": self.numbers[slot.pk, kind],
                "title": "",
                "due_at": None,
                "weight": None,
                "version": 1,
            }
        )
        return len(self.written.works) - 1

    def _add_mark(self, work: int, student: int, at: datetime.datetime, harder: float = 0.0) -> None:
        points = min(5, max(2, round(self.rng.gauss(self.ability[student] - harder, 0.65))))
        text = ("зч" if points > 2 else "нз") if self.subject in c.PASS_OR_FAIL else str(points)
        self.written.marks.append(
            {
                "work_id": work,
                "student_id": student,
                "year_id": self.journal.year.pk,
                "value_id": self.journal.values[self.scale, text],
                "comment": self.rng.choice(COMMENTS[points]) if self.rng.random() < COMMENTED else "",
                "published_at": at,
                "version": 1,
            }
        )

    def _set_homework(self, place: int, slot: Slot, number: int) -> None:
        if any(later.date == slot.date for later in self.slots[place + 1 : place + 2]):
            return  # of two lessons in a row the second sets it
        due = next((later for later in self.slots[place + 1 :] if later.date > slot.date), None)
        progress = min(1.0, number / (WEEKS_OF_A_YEAR * self.plan.hours))
        found = due and homework(self.subject, self.grade, progress, self.rng)
        if not (due and found):
            return
        text, minutes = found
        self.written.homework.append(
            {
                "course_id": slot.course_id,
                "lesson_id": slot.pk,
                "due_lesson_id": due.pk,
                "due_on": due.date,
                "text": text,
                "minutes": minutes,
                "group_id": None,
                "published_at": moment(slot.date, slot.ends),
                "version": 1,
            }
        )


def moment(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return datetime.datetime.combine(day, time, tzinfo=timezone.get_current_timezone())

"""Journals of given sizes for the bench, of a school made for it, and entries into them."""

import datetime
import json
import uuid
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from diary.models import Absence, Mark, Scale, ScaleValue, Work, WorkKind
from schedule.models import Lesson
from schools.models import (
    AcademicYear,
    Course,
    Employment,
    Enrolment,
    Organisation,
    Person,
    SchoolClass,
    Subject,
    TeachingAssignment,
    Term,
)

LOGIN = "bench-teacher"
MARKED, AWAY, SAID = 0.35, 0.06, 0.03  # shares of the cells
NAMES = ("Абрамова Дарья", "Воронцов Михаил", "Мусин-Пушкин Макар", "Константинопольская Елизавета")


class Journals:
    """One school with a teacher; each `make` adds a class with its course and a full term."""

    def __init__(self) -> None:
        self.rng, self.today, self.made = Random(4), timezone.localdate(), 0
        year = AcademicYear.of(self.today)
        demo = Organisation.objects.select_related("locality").order_by("pk").first()
        assert demo is not None, "the bench measures the demo region: make demo"
        self.school = Organisation.objects.create(locality=demo.locality, code="bench", short_name="Замер")
        self.year, self.since = year, self.today - datetime.timedelta(days=100)
        self.term = Term.objects.create(
            organisation=self.school, year=year, kind="half-year", number=1, since=self.since,
            until=self.today + datetime.timedelta(days=1),
        )  # fmt: skip
        self.teacher = Person.objects.create(
            surname="Измерова", first_name="Анна", account=User.objects.create(username=LOGIN)
        )
        Employment.objects.create(person=self.teacher, organisation=self.school, since=self.since)
        self.kinds = list(WorkKind.objects.filter(organisation=None).order_by("order")[:4])
        self.values = list(ScaleValue.objects.filter(scale__code=Scale.FIVE_POINT, points__gte=2))

    def make(self, students: int, lessons: int) -> Course:
        self.made += 1
        school_class = SchoolClass.objects.create(
            organisation=self.school, year=self.year, grade=7, letter=f"{self.made}"
        )
        subject = Subject.objects.create(organisation=self.school, name=f"Алгебра {self.made}")
        course = Course.objects.create(
            organisation=self.school, year=self.year, subject=subject, school_class=school_class,
            hours_per_week=3,
        )  # fmt: skip
        TeachingAssignment.objects.create(course=course, teacher=self.teacher, since=self.since)
        people = self._people(students)
        Enrolment.objects.bulk_create(
            Enrolment(student=person, school_class=school_class, since=self.since) for person in people
        )
        self._fill(course, people, self._lessons(course, lessons))
        return course

    def _people(self, number: int) -> list[Person]:
        names = [NAMES[each % len(NAMES)].split() for each in range(number)]
        return Person.objects.bulk_create(
            Person(surname=f"{surname}{each:02d}", first_name=first_name)
            for each, (surname, first_name) in enumerate(names)
        )

    def _lessons(self, course: Course, number: int) -> list[Lesson]:
        """The last one today: an entry goes there."""
        hours = {"starts": datetime.time(8), "ends": datetime.time(8, 40), "shift": 1}
        return Lesson.objects.bulk_create(
            Lesson(
                organisation=self.school, course=course, term=self.term, planned_teacher=self.teacher,
                teacher=self.teacher, number=1, date=self.today - datetime.timedelta(days=number - 1 - each),
                **hours,
            )
            for each in range(number)
        )  # fmt: skip

    def _fill(self, course: Course, people: list[Person], lessons: list[Lesson]) -> None:
        scale = self.values[0].scale
        works = Work.objects.bulk_create(
            Work(course=course, lesson=lesson, date=lesson.date, scale=scale, kind=kind)
            for number, lesson in enumerate(lessons[:-1])
            for kind in [self.kinds[3 if number % 12 == 7 else number % 3]]
        )
        marks, absences = [], []
        for work in works:
            for person in people:
                at = self.rng.random()
                if at < MARKED or work.kind.is_test:
                    said = "Решила двумя способами" if at < SAID else ""
                    marks.append(
                        Mark(
                            work=work, student=person, year=self.year, comment=said,
                            value=self.rng.choice(self.values), published_at=timezone.now(),
                        )
                    )  # fmt: skip
                elif at > 1 - AWAY:
                    absences.append(Absence(lesson=work.lesson, student=person, code="ill"))
        Mark.objects.bulk_create(marks)
        Absence.objects.bulk_create(absences)


class Entries:
    """A teacher's browser at the last column of a journal: every turn puts another mark into a cell."""

    def __init__(self, course: Course, address: str) -> None:
        self.address = address
        self.lesson = Lesson.objects.filter(course=course).latest("date")
        students = Enrolment.objects.filter(school_class=course.school_class_id).order_by("pk")
        self.students = list(students.values_list("student", flat=True))
        self.person = TeachingAssignment.objects.get(course=course).teacher_id
        self.cells: dict[int, dict[str, Any]] = {}
        self.turn = 0

    def one(self, client: Client) -> Any:
        return self._send(client, self.students[0])

    def column(self, client: Client) -> Any:
        """A pasted column: thirty entries, one after the other."""
        return [self._send(client, student) for student in self.students[:30]][-1]

    def _send(self, client: Client, student: int) -> Any:
        self.turn += 1
        cell = self.cells.get(student, {"token": "", "marks": [{"id": None}]})
        value = "45"[self.turn % 2]
        body = {
            "key": str(uuid.uuid4()),
            "person": self.person,
            "lesson": self.lesson.pk,
            "student": student,
            "shown": cell["token"],
            "marks": [{"id": cell["marks"][0]["id"], "value": value, "kind": None, "comment": ""}],
            "absence": {"code": ""},
            "point": None,
        }
        response = client.post(self.address, json.dumps(body), content_type="application/json")
        if response.status_code == 200:
            self.cells[student] = json.loads(response.content)["cell"]
        return response


class Measured(NamedTuple):
    """`send` and `send_floor` send entries instead of asking for the page and its floor."""

    name: str
    address: str
    floor: str
    send: Callable[[Client], Any] | None = None
    send_floor: Callable[[Client], Any] | None = None


def pages() -> list[Measured]:
    journals, found = Journals(), []
    for students, lessons in ((25, 30), (30, 40), (35, 60)):
        course = journals.make(students, lessons)
        page, floor = reverse("diary:journal", args=[course.pk]), reverse("floor-grid", args=[course.pk])
        found.append(Measured(f"grid {students} × {lessons}", page, floor))
    for name, title in (("one", "one entry"), ("column", "a pasted column of 30")):
        addresses, sent = [], []
        for view in ("diary:journal-entries", "floor-entry"):  # each in a journal of its own
            course = journals.make(30, 40)
            addresses.append(reverse(view, args=[course.pk]))
            sent.append(getattr(Entries(course, addresses[-1]), name))
        found.append(Measured(title, addresses[0], addresses[1], sent[0], sent[1]))
    return found

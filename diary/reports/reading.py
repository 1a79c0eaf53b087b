"""What reports are made of, for one student or for a class with as many statements.

The figures are those of the other pages: averages by `diary.averages`, missed lessons by
`diary.attendance`, results as they were decided, published marks only.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, Q

from diary.attendance.reading import Away, away
from diary.averages import Counted, average, counted_marks
from diary.courses import students_of_class
from diary.models import Result
from schedule.models import Lesson
from schools.family import Child, places_of
from schools.models import Course, Enrolment, Person, SchoolClass, Term
from schools.models.ties import everything
from schools.places import Place, classes_of, groups_of_each

# A result by the subject's name and the column: «term» with its kind and number, «year», «exam», «final».
Results = dict[tuple[str, tuple[str, str | None, int | None]], str]


@dataclass(frozen=True)
class Learner:
    """A student, the classes and groups of all days, and the kinds of information the reader may have."""

    student: Person
    places: list[Place]
    information: frozenset[str]


@dataclass
class Missed:
    """Lessons missed, by reason and by subject; days missed wholly; lessons that were begun late."""

    by_reason: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_subject: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    days: int = 0
    late: int = 0

    def add(self, line: Away) -> None:
        if line.is_missed:
            self.by_reason[line.code] += 1
            self.by_subject[line.subject] += 1
        self.late += line.is_late

    @property
    def lessons(self) -> int:
        return sum(self.by_reason.values())


@dataclass
class Progress:
    """Of one student in a period."""

    subjects: list[str]
    marks: dict[str, list[Counted]]
    missed: Missed

    def average(self, subject: str) -> Decimal | None:
        return average(self.marks.get(subject, []))


def learner_of(child: Child) -> Learner:
    """One statement."""
    return Learner(child.student, places_of(child), child.information)


def learners_of(school_class: SchoolClass, *, on: datetime.date) -> list[Learner]:
    """The students of a class on a day, in the order of the class list. Three statements."""
    students = students_of_class(school_class, on)
    enrolments: dict[int, list[Enrolment]] = defaultdict(list)
    for tie in Enrolment.objects.filter(student__in=students):
        enrolments[tie.student_id].append(tie)
    groups = groups_of_each(student.pk for student in students)
    return [
        Learner(each, [*classes_of(enrolments[each.pk]), *groups[each.pk]], frozenset(everything()))
        for each in students
    ]


def results_of(learners: list[Learner], *, year: int) -> list[Results]:
    """Of each learner in the year, whatever class or school it was decided in. One statement."""
    found: dict[int, Results] = defaultdict(dict)
    rows = Result.objects.filter(student__in=[learner.student.pk for learner in learners], year=year)
    for student, subject, kind, term_kind, number, text, correction in rows.order_by("at", "pk").values_list(
        "student", "course__subject__name", "kind", "term__kind", "term__number", "value__text", "correction"
    ):
        found[student][subject, (kind, term_kind, number)] = f"{text}*" if correction else text
    return [found[learner.student.pk] for learner in learners]


class Period:
    """Days of a school year, both included, and what the learners have in them as far as `now` (aware)."""

    def __init__(
        self,
        learners: list[Learner],
        since: datetime.date,
        until: datetime.date,
        *,
        year: int,
        now: datetime.datetime,
    ) -> None:
        self.learners, self.since, self.until = learners, since, until
        self.year, self.now = year, now
        self.students = [learner.student.pk for learner in learners]

    @cached_property
    def courses(self) -> list[Course]:
        """Of all learners, by the subject's name. One statement."""
        places = [place for learner in self.learners for place in self._places(learner)]
        of_places = Q(school_class__in={place.class_id for place in places if place.class_id})
        of_places |= Q(group__in={place.group_id for place in places if place.group_id})
        found = Course.objects.filter(of_places, year=self.year).select_related("subject")
        return list(found.order_by("subject__name", "pk"))

    def courses_of(self, learner: Learner) -> list[Course]:
        places = self._places(learner)
        return [course for course in self.courses if any(place.is_of(course) for place in places)]

    def subjects_of(self, learner: Learner) -> list[str]:
        return list(dict.fromkeys(course.subject.name for course in self.courses_of(learner)))

    def _places(self, learner: Learner) -> list[Place]:
        return [place for place in learner.places if place.meets(self.since, self.until)]

    def progress(self, terms: Iterable[Term]) -> list[Progress]:
        """Of each learner; `terms` are the year's. Three statements, and one for each term that the period
        touches."""
        marks, missed = self._marks(terms), self._missed()
        return [
            Progress(
                subjects=self.subjects_of(learner),
                marks=_by_subject(self.courses_of(learner), marks, learner.student.pk),
                missed=missed[learner.student.pk],
            )
            for learner in self.learners
        ]

    def _marks(self, terms: Iterable[Term]) -> dict[int, dict[int, list[Counted]]]:
        """By course and student, of the period's days."""
        marks: dict[int, dict[int, list[Counted]]] = defaultdict(lambda: defaultdict(list))
        for term in terms:
            if term.since > self.until or term.until < self.since:
                continue
            whole = self.since <= term.since and term.until <= self.until
            found = counted_marks(self.courses, term, self.students, published_at=self.now)
            for course, by_student in found.items():
                for student, given in by_student.items():
                    marks[course][student] += [each for each in given if whole or self._holds(each.date)]
        return marks

    def _holds(self, day: datetime.date) -> bool:
        return self.since <= day <= self.until

    def _missed(self) -> dict[int, Missed]:
        """Two statements."""
        last = min(self.until, self.now.date())
        by_day: dict[int, Counter[datetime.date]] = defaultdict(Counter)
        missed: dict[int, Missed] = defaultdict(Missed)
        for line in away(self.students, self.since, last):
            missed[line.student].add(line)
            by_day[line.student][line.date] += line.is_missed
        lessons = list(_lessons(self.courses, self.since, last))
        for learner in self.learners:
            given = self._given(learner, lessons)
            days = by_day[learner.student.pk].items()
            missed[learner.student.pk].days = sum(0 < given[date] <= count for date, count in days)
        return missed

    def _given(
        self, learner: Learner, lessons: list[tuple[int, datetime.date, int]]
    ) -> Counter[datetime.date]:
        """How many own lessons each school day had."""
        own = {
            course.pk: [place for place in learner.places if place.is_of(course)]
            for course in self.courses_of(learner)
        }
        given: Counter[datetime.date] = Counter()
        for course, date, count in lessons:
            if any(place.meets(date, date) for place in own.get(course, ())):
                given[date] += count
        return given


def _by_subject(
    courses: list[Course], marks: dict[int, dict[int, list[Counted]]], student: int
) -> dict[str, list[Counted]]:
    """Who moved within the period brought marks along, and these are among those of both courses."""
    found: dict[str, dict[int, Counted]] = defaultdict(dict)
    for course in courses:
        found[course.subject.name] |= {mark.mark: mark for mark in marks[course.pk].get(student, ())}
    return {
        subject: sorted(given.values(), key=lambda mark: (mark.date, mark.mark))
        for subject, given in found.items()
    }


def _lessons(courses: list[Course], since: datetime.date, until: datetime.date) -> Any:
    """(course, date, how many)."""
    found = Lesson.objects.filter(course__in=[course.pk for course in courses], date__range=(since, until))
    given = found.exclude(state=Lesson.State.CANCELLED).order_by()
    return given.values_list("course", "date").annotate(Count("pk"))

"""What a child learns in a term: its courses, with the results and the debts in each."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from diary.models import Mark, Point, Result, Work
from schedule.models import Lesson
from schools.family import Child, places_of
from schools.models import Course, Information
from schools.places import Place, groups_of


@dataclass
class ResultLine:
    """A decision of the year: `term` is (kind, number) of a term's result, None for the others."""

    kind: str
    term: tuple[str, int] | None
    text: str
    tone: str
    is_corrected: bool


@dataclass
class ChildCourse:
    """A course the child is on in the term, until a day; results of the whole year, in whatever class or
    school."""

    course: Course
    until: datetime.date
    results: list[ResultLine] = field(default_factory=list)
    debts: int = 0

    @property
    def name(self) -> str:
        return self.course.subject.name

    def is_told_of(self, term: Any, *, today: datetime.date) -> bool:
        """Whether the others of the course are the child's classmates: who left is told of them no more."""
        return self.until >= min(today, term.until)


def courses_of(child: Child, term: Any, *, today: datetime.date) -> list[ChildCourse]:
    """By the name of the subject. Of a subject that the child went on with in another class or group only
    the later course: the marks went along (`averages.counted_marks`). Two statements."""
    places = _places(places_of(child), term)
    if not places:
        return []
    of_places = Q(school_class__in=[place.class_id for place in places if place.class_id])
    of_places |= Q(group__in=[place.group_id for place in places if place.group_id])
    found = _with_lines(child, Course.objects.filter(of_places)).filter(
        organisation=term.organisation_id, year=term.year_id
    )
    courses = list(found.select_related("subject").order_by("subject__name", "pk"))
    until = {course.pk: max(_end(place) for place in places if place.is_of(course)) for course in courses}
    return [
        _lines_of(child, course, until[course.pk])
        for course in courses
        if not _goes_on_elsewhere(course, courses, until, min(today, term.until))
    ]


def _goes_on_elsewhere(
    course: Course, courses: list[Course], until: dict[int, datetime.date], day: datetime.date
) -> bool:
    """Left before `day`, with another course of the subject that lasted longer."""
    same = [until[other.pk] for other in courses if other.subject_id == course.subject_id]
    return until[course.pk] < min(day, max(same))


def course_of(child: Child, course_pk: int, terms: list[Any], *, today: datetime.date) -> Any:
    """(the course, those of `terms` in which the child was on it), or None. The course says `lessons_left`
    of the term of today and `tests_ahead`. Two statements at most."""
    student = child.student.pk
    found = _with_lines(child, Course.objects.filter(pk=course_pk)).annotate(
        lessons_left=_lessons_left(today), tests_ahead=_tests_ahead(student, today)
    )
    course: Any = found.select_related("subject", "school_class", "group").first()
    if course is None:
        return None
    candidates = child.classes if course.school_class_id else groups_of(student)
    places = [place for place in candidates if place.is_of(course)]
    own = [
        term
        for term in terms
        if (term.organisation_id, term.year_id) == (course.organisation_id, course.year_id)
        and _places(places, term)
    ]
    return (_lines_of(child, course, max(map(_end, places))), own) if own else None


def _places(places: Any, term: Any) -> list[Place]:
    return [place for place in places if place.meets(term.since, term.until)]


def _end(place: Place) -> datetime.date:
    return place.until or datetime.date.max


def _with_lines(child: Child, courses: QuerySet[Course]) -> QuerySet[Course]:
    """In the same statement: `result_rows` of the year, and `debts`, the number of works owed."""
    student = child.student.pk
    results = Result.objects.filter(
        student=student, year=OuterRef("year"), course__subject__name=OuterRef("subject__name")
    ).order_by("at", "pk")
    columns = JSONObject(
        kind="kind",
        term="term__kind",
        number="term__number",
        text="value__text",
        tone="value__tone",
        correction="correction",
    )
    owed = Point.objects.open().filter(student=student, work__course=OuterRef("pk"))
    by_course = owed.filter(work__lesson__term__closure=None).order_by().values("work__course")
    count = Subquery(by_course.annotate(count=Count("pk")).values("count"), output_field=IntegerField())
    return courses.annotate(result_rows=ArraySubquery(results.values(row=columns)), debts=Coalesce(count, 0))


def _lessons_left(today: datetime.date) -> Subquery:
    left = Lesson.objects.filter(
        course=OuterRef("pk"), date__gt=today, term__since__lte=today, term__until__gte=today
    ).exclude(state=Lesson.State.CANCELLED)
    counted = left.order_by().values("course").annotate(count=Count("pk")).values("count")
    return Subquery(counted, output_field=IntegerField())


def _tests_ahead(student: int, today: datetime.date) -> ArraySubquery:
    """Each as {title, kind, kind_en, weight, date}, the nearest first."""
    has_mark = Exists(Mark.objects.filter(work=OuterRef("pk"), student=student))
    tests = Work.objects.filter(
        ~has_mark, course=OuterRef("pk"), kind__is_test=True, lesson__date__gte=today
    ).exclude(lesson__state=Lesson.State.CANCELLED)
    columns = JSONObject(
        title="title", kind="kind__name", kind_en="kind__name_en", weight="kind__weight", date=F("date")
    )
    return ArraySubquery(tests.order_by("date", "pk").values(row=columns))


def _lines_of(child: Child, course: Any, until: datetime.date) -> ChildCourse:
    """Within what the reader may know."""
    found = ChildCourse(course, until)
    if child.shows(Information.MARKS):
        found.debts = course.debts
    if child.shows(Information.RESULTS):
        lines = [_result_line(row) for row in course.result_rows]
        found.results = list({(line.kind, line.term): line for line in lines}.values())
    return found


def _result_line(row: dict[str, Any]) -> ResultLine:
    term = (row["term"], row["number"]) if row["term"] else None
    return ResultLine(row["kind"], term, row["text"], row["tone"], row["correction"] is not None)

"""How complete a school's journals are, course by course. Every figure costs the same for one course as
for six hundred, and each leads to the cells behind it (`diary.completeness.findings`)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext, gettext_lazy

from diary.models import Homework, JournalRules, LessonProgramme, Mark
from diary.programme.progress import progress_of
from schedule.models import Lesson, LessonQuerySet
from schools.models import (
    Course,
    Enrolment,
    GroupMembership,
    Organisation,
    TeachingAssignment,
    Term,
    short_name,
    sort_key,
)
from schools.models.organisations import FIRST_GRADE

# A test is handed back within some days; a mark for a day longer ago than this was entered late.
MARKS_WITHIN = datetime.timedelta(days=7)


@dataclass
class CourseFigures:
    """What is missing in one course's journal in the term."""

    course: Course
    term: Term
    teachers: list[str] = field(default_factory=list)
    lessons: int = 0
    no_roll: int = 0
    no_topic: int = 0
    no_homework: int = 0
    late: int = 0  # rolls called and marks given late
    few_marks: int = 0  # students
    programme: str = ""  # what is amiss with it, in words: none, not approved, behind

    @property
    def is_complete(self) -> bool:
        return not any(self.lacks(kind) for kind in MISSING)

    def lacks(self, kind: str) -> bool:
        """`kind` is a key of MISSING."""
        return bool(getattr(self, kind))


# What may be missing, by the field of CourseFigures that counts it.
MISSING = {
    "no_roll": gettext_lazy("roll not called"),
    "no_topic": gettext_lazy("no topic"),
    "no_homework": gettext_lazy("no homework"),
    "late": gettext_lazy("entered late"),
    "few_marks": gettext_lazy("students with too few marks"),
    "programme": gettext_lazy("lesson programme"),
}


def terms_on(organisation: Organisation, day: datetime.date) -> list[Term]:
    """The terms of all grades that run on a day; in the holidays those that ended last."""
    terms = Term.objects.filter(organisation=organisation, since__lte=day)
    latest: dict[tuple[int, int], Term] = {}
    for term in terms.order_by("since"):
        latest[term.first_grade, term.last_grade] = term
    return list(latest.values())


def lessons_over(term: Any, today: datetime.date) -> LessonQuerySet:
    """Of the term or terms: those of days before `today` that were not cancelled. What is missing of the
    present day may still be written."""
    terms = term if isinstance(term, list) else [term]
    return Lesson.objects.filter(term__in=terms, date__lt=today).exclude(state=Lesson.State.CANCELLED)


WITHOUT_ROLL = Q(roll_called_at=None)
WITHOUT_TOPIC = Q(topic="")
WITHOUT_HOMEWORK = ~Exists(Homework.objects.filter(lesson=OuterRef("pk")))
# The roll is called at the lesson: on a later day it is called from memory.
ROLL_IS_LATE = Q(roll_called_at__date__gt=F("date"))
MARK_IS_LATE = Q(published_at__date__gt=F("work__date") + MARKS_WITHIN)


def school_figures(
    organisation: Organisation, terms: list[Term], *, today: datetime.date
) -> list[CourseFigures]:
    """Courses with lessons in the terms, in the order of their teachers."""
    counts = _lesson_counts(terms, today)
    courses = Course.objects.filter(pk__in=[course for course, _term in counts])
    by_pk = {course.pk: course for course in courses.select_related("subject", "school_class", "group")}
    by_term = {term.pk: term for term in terms}
    teachers = _teachers(by_pk, today)
    given, late = _marks(terms, today)
    students = _students(by_pk, today)
    amiss = programmes_amiss(by_pk, today)
    fewest = JournalRules.of(organisation.pk).fewest_marks
    rows = []
    for (course, term), count in counts.items():
        figures = CourseFigures(by_pk[course], by_term[term], teachers[course], **count)
        figures.late += late[course]
        figures.programme = amiss.get(course, "")
        if is_half_over(figures.term, today) and takes_marks(figures.course):
            figures.few_marks = sum(given[course, student] < fewest for student in students(by_pk[course]))
        rows.append(figures)
    return sorted(rows, key=lambda row: (*map(sort_key, row.teachers), sort_key(str(row.course))))


def takes_marks(course: Course) -> bool:
    """Grade 1 is taught without them; groups of it are told by `Course.is_taught_without_marks`."""
    return course.school_class is None or course.school_class.grade != FIRST_GRADE


def is_half_over(term: Term, today: datetime.date) -> bool:
    """Before that nobody has marks enough."""
    return today - term.since > (term.until - term.since) / 2


def _lesson_counts(terms: list[Term], today: datetime.date) -> dict[tuple[int, int], dict[str, Any]]:
    found = lessons_over(terms, today).order_by().values_list("course", "term")
    counted = found.annotate(
        lessons=Count("pk"),
        no_roll=Count("pk", filter=WITHOUT_ROLL),
        no_topic=Count("pk", filter=WITHOUT_TOPIC),
        no_homework=Count("pk", filter=WITHOUT_HOMEWORK),
        late=Count("pk", filter=ROLL_IS_LATE),
    )
    names = ("lessons", "no_roll", "no_topic", "no_homework", "late")
    return {(course, term): dict(zip(names, counts, strict=True)) for course, term, *counts in counted}


def _marks(terms: list[Term], today: datetime.date) -> tuple[dict[tuple[int, int], int], dict[int, int]]:
    """How many marks each student has on each course, and how many of a course's were given late."""
    counted = (
        Mark.objects.filter(work__lesson__term__in=terms).order_by().values_list("work__course", "student")
    )
    given: dict[tuple[int, int], int] = defaultdict(int)
    late: dict[int, int] = defaultdict(int)
    for course, student, count, late_count in counted.annotate(
        count=Count("pk"), late=Count("pk", filter=MARK_IS_LATE)
    ):
        given[course, student] = count
        late[course] += late_count
    return given, late


def programmes_amiss(courses: Iterable[int], today: datetime.date) -> dict[int, str]:
    """By course: it has no programme, nobody has approved it, or it is behind its plan. Two statements."""
    keys = list(courses)
    progress = progress_of(keys, today)
    states = dict(LessonProgramme.objects.filter(course__in=keys).values_list("course", "state"))
    amiss = {}
    for course in keys:
        if course not in progress:
            amiss[course] = gettext("no lesson programme")
        elif states.get(course) != LessonProgramme.State.APPROVED:
            amiss[course] = gettext("the lesson programme is not approved")
        elif progress[course].behind > 0:
            amiss[course] = progress[course].words
    return amiss


def _teachers(courses: Any, today: datetime.date) -> dict[int, list[str]]:
    teachers: dict[int, list[str]] = defaultdict(list)
    assigned = TeachingAssignment.objects.on(today).filter(course__in=list(courses)).order_by("since", "pk")
    names = ("teacher__surname", "teacher__first_name", "teacher__patronymic")
    for course, *name in assigned.values_list("course", *names):
        teachers[course].append(short_name(*name))
    return teachers


def _students(courses: dict[int, Course], today: datetime.date) -> Any:
    """A function from a course to the students on it today."""
    classes = {course.school_class_id for course in courses.values() if course.school_class_id}
    groups = {course.group_id for course in courses.values() if course.group_id}
    in_class: dict[int, list[int]] = defaultdict(list)
    in_group: dict[int, list[int]] = defaultdict(list)
    enrolled = Enrolment.objects.on(today).filter(school_class__in=classes)
    for school_class, student in enrolled.values_list("school_class", "student"):
        in_class[school_class].append(student)
    members = GroupMembership.objects.on(today).filter(group__in=groups)
    for group, student in members.values_list("group", "student"):
        in_group[group].append(student)

    def of(course: Course) -> list[int]:
        return in_group[course.group_id] if course.group_id else in_class[course.school_class_id or 0]

    return of

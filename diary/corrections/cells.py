"""The cell that a correction is about. A correction that is not saved yet names it just as well."""

import datetime
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from diary.access import courses_visible_to
from diary.models import Absence, Correction, Mark, Result, Work
from schedule.models import Lesson
from schools.models import Course, Enrolment, GroupMembership, Person, Term

Stored = Mark | Absence | Result
LONGEST_KEY = 18  # digits that are a number to the database


def stored(cell: Correction, *, lock: bool = False) -> Stored | None:
    """What stands in the cell now. With `lock` nobody changes it before the transaction ends."""
    found: Any
    if cell.subject == Correction.Subject.ABSENCE:
        found = Absence.objects.filter(lesson=cell.lesson_id, student=cell.student_id)
    elif cell.subject == Correction.Subject.RESULT:
        found = Result.objects.filter(
            kind=Result.Kind.TERM, course=cell.course_id, student=cell.student_id, term=cell.term_id
        ).select_related("value")
    elif cell.work_id:
        found = Mark.objects.filter(work=cell.work_id, student=cell.student_id).select_related("value")
    else:
        return None
    row: Stored | None = (found.select_for_update(of=("self",)) if lock else found).first()
    return row


def as_was(row: Stored | None) -> str:
    """For `Correction.was`."""
    if row is None:
        return ""
    if isinstance(row, Absence):
        return f"{row.code}:{row.minutes or ''}".rstrip(":")
    return row.value.text


# --- What an address asks for --------------------------------------------------------------------
def address_of(**cell: Any) -> str:
    """Where a correction of a cell is asked for; arguments as in `cell_of`."""
    return f"{reverse('diary:correction-new')}?{urlencode(cell)}"


def cell_of(asked: Mapping[str, str], user: Any) -> Correction:
    """The cell that an address names, among what the account may see:

    `result`; `course`, `term` and `student` for a result that may be missing; else `lesson` and
    `student` with `work` for its mark, `subject=absence`, or `subject=mark` for one more mark. With
    neither of these the cell of the grid is meant, and `subject` stays empty. Raises Http404.
    """
    if "lesson" in asked:
        return _at_lesson(asked, user)
    if "work" in asked:
        work = _get(Work.objects.filter(lesson=None), asked, "work")
        return _of_course(work.course_id, _term_of(work), asked, user, work=work, subject="mark")
    if "result" in asked:
        result = _get(Result.objects.filter(kind=Result.Kind.TERM).select_related("term"), asked, "result")
        named = {"student": str(result.student_id)}
        return _of_course(result.course_id, result.term, named, user, subject="result")
    term = _get(Term.objects.all(), asked, "term")
    return _of_course(_number(asked, "course"), term, asked, user, subject="result")


def _at_lesson(asked: Mapping[str, str], user: Any) -> Correction:
    given = Lesson.objects.visible_to(user).exclude(state=Lesson.State.CANCELLED).for_page(user)
    lesson = _get(given, asked, "lesson")
    student = _get(lesson.students_visible_to(user), asked, "student")
    work = _get(Work.objects.filter(lesson=lesson), asked, "work") if "work" in asked else None
    subject = "mark" if work else asked.get("subject", "")
    return Correction(
        course=lesson.course,
        term=lesson.term,
        student=student,
        lesson=lesson,
        work=work,
        subject=subject if subject in ("mark", "absence") else "",
    )


def _of_course(
    course_pk: int, term: Term, asked: Mapping[str, str], user: Any, *, subject: str, work: Work | None = None
) -> Correction:
    """Of a student of a course that was taught in the term. Who sees the course and does not write it
    comes to no student: PermissionDenied."""
    courses = courses_visible_to(user, timezone.localdate()).filter(lessons__term=term).distinct()
    course: Any = get_object_or_404(courses, pk=course_pk)
    if not course.is_mine:
        raise PermissionDenied
    student = _get(_students_of(course, term), asked, "student")
    return Correction(course=course, term=term, student=student, work=work, subject=subject)


def _students_of(course: Course, term: Term) -> QuerySet[Person]:
    """Who was in the course's class or group on some day of the term."""
    ties: Any = (
        Enrolment.objects.filter(school_class=course.school_class_id)
        if course.school_class_id
        else GroupMembership.objects.filter(group=course.group_id)
    )
    during = ties.filter(Q(until=None) | Q(until__gte=term.since), since__lte=term.until)
    return Person.objects.filter(pk__in=during.values("student"))


def _term_of(work: Work) -> Term:
    """Of a work without a lesson: that of its day in which its course was taught."""
    lessons = Lesson.objects.filter(
        course=work.course_id, term__since__lte=work.date, term__until__gte=work.date
    )
    return get_object_or_404(Term, pk__in=lessons.values("term"))


def _get(rows: Any, asked: Mapping[str, str], name: str) -> Any:
    return get_object_or_404(rows, pk=_number(asked, name))


def _number(asked: Mapping[str, str], name: str) -> int:
    """A key of an address; anything else does not exist."""
    text = asked.get(name, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY):
        raise Http404
    return int(text)


# --- Who may ask ---------------------------------------------------------------------------------
def may_ask(user: Any, course: Course, on: datetime.date) -> bool:
    """The course's teachers of the day, while employed there. Substitutes write in open terms only."""
    found: Any = courses_visible_to(user, on).filter(pk=course.pk).first()
    return bool(found and found.is_mine)

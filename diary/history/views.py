"""The pages of the history of a cell and of a student's results in a course."""

import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from diary.corrections.cells import address_of, may_ask
from diary.family import family_of
from diary.history.events import late_text
from diary.history.reading import Line, cell_history, result_history
from schedule.models import Lesson
from schedule.weeks import day_title, monday_of
from schools.family import Child, places_of
from schools.models import Course, Information, Person
from schools.places import groups_of


@require_safe
def cell(request: HttpRequest, pk: int, student_pk: int) -> HttpResponse:
    """Of one student at one lesson: to the staff who may open the lesson and see the student there, and to
    the student and the guardians, who read what was published of what they are granted."""
    lesson = Lesson.objects.visible_to(request.user).for_page(request.user).filter(pk=pk).first()
    if lesson is None:
        return _receipt(request, pk, student_pk)
    student = lesson.students_visible_to(request.user).filter(pk=student_pk).first()
    if student is None:
        return _receipt(request, pk, student_pk)
    context = {
        "student": student.roll_name,
        "place": _place(lesson),
        "back_url": f"{reverse('diary:lesson', args=[pk])}#student-{student.pk}",
        "correct_url": _correct_url(request.user, lesson, student.pk),
        "lines": [shown(line) for line in cell_history(lesson, student)],
    }
    return render(request, "diary/cell_history.html", context)


def _receipt(request: HttpRequest, pk: int, student_pk: int) -> HttpResponse:
    """The family's reading of a cell. Whoever may know neither marks nor attendance gets 404."""
    now = timezone.localtime()
    _children, child = family_of(request.user, student_pk, on=now.date())
    if not (child.shows(Information.MARKS) or child.shows(Information.ATTENDANCE)):
        raise Http404
    ever = (datetime.date.min, datetime.date.max)
    own = Lesson.objects.of_student(places_of(child), *ever)
    lesson = get_object_or_404(own.with_names(), pk=pk)
    lines = cell_history(lesson, child.student, published_at=now, information=child.information)
    week_url = reverse("diary:week", args=[student_pk, monday_of(lesson.date)])
    back_url = f"{week_url}#d{lesson.date.isoformat()}"
    return _family_page(request, child.student, _place(lesson), back_url, lines)


@require_safe
def result(request: HttpRequest, student_pk: int, course_pk: int) -> HttpResponse:
    """Of a student's results in a course, to the student and the guardians who are granted results."""
    now = timezone.localtime()
    _children, child = family_of(request.user, student_pk, on=now.date())
    if not child.shows(Information.RESULTS):
        raise Http404
    course = get_object_or_404(_courses_of(child).select_related("subject"), pk=course_pk)
    lines = result_history(course.pk, child.student, published_at=now)
    back_url = reverse("diary:week-now", args=[student_pk])
    return _family_page(request, child.student, course.subject.name, back_url, lines)


def _courses_of(child: Child) -> Any:
    """The courses of the student's classes and groups, those of earlier years too."""
    classes = [place.class_id for place in child.classes]
    groups = [place.group_id for place in groups_of(child.student.pk)]
    return Course.objects.filter(Q(school_class__in=classes) | Q(group__in=groups))


def _family_page(
    request: HttpRequest, student: Person, place: str, back_url: str, lines: list[Line]
) -> HttpResponse:
    context = {
        "student": student.roll_name,
        "place": place,
        "back_url": back_url,
        "is_family": True,
        "lines": [shown(line) for line in lines],
    }
    return render(request, "diary/cell_history.html", context)


def _place(lesson: Lesson) -> str:
    """«Алгебра, 7А, среда, 16 декабря»"""
    return f"{lesson.course.subject.name}, {lesson.course.audience}, {day_title(lesson.date)}"


def _correct_url(user: Any, lesson: Any, student: int) -> str:
    """Where the course's teacher asks to correct the cell of a closed term; empty for everybody else."""
    is_closed = hasattr(lesson.term, "closure") and not lesson.is_cancelled
    may = is_closed and lesson.is_mine and may_ask(user, lesson.course, timezone.localdate())
    return address_of(lesson=lesson.pk, student=student) if may else ""


def shown(line: Line) -> dict[str, Any]:
    """For `diary/_history_line.html`."""
    return {
        "at": date_format(line.at, "j E Y, H:i"),
        "iso": line.at.isoformat(timespec="minutes"),
        "what": line.what[:1].upper() + line.what[1:],
        "was": line.was,
        "became": line.became,
        "who": line.who,
        "means": line.means,
        "reason": line.reason,
        "late": late_text(line.days_late),
    }

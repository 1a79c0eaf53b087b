"""The page of a cell's history."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from diary.corrections.cells import address_of, may_ask
from diary.family import family_of
from diary.history.events import late_text
from diary.history.reading import Line, cell_history, result_history
from diary.week import courses_of, lessons_of
from schedule.models import Lesson
from schedule.weeks import day_title, monday_of
from schools.models import Information, Person


@require_safe
def cell(request: HttpRequest, pk: int, student_pk: int) -> HttpResponse:
    """Of one student at one lesson: to whoever may open the lesson and sees the student there, and as the
    receipt of a mark to the student's family."""
    lesson = Lesson.objects.visible_to(request.user).for_page(request.user).filter(pk=pk).first()
    if lesson is None or (student := _student_at(lesson, request.user, student_pk)) is None:
        return _receipt(request, pk, student_pk)
    context = {
        "student": student.roll_name,
        "lesson_title": _title(lesson),
        "back_url": f"{reverse('diary:lesson', args=[pk])}#student-{student.pk}",
        "correct_url": _correct_url(request.user, lesson, student.pk),
        "lines": [shown(line) for line in cell_history(lesson, student)],
    }
    return render(request, "diary/cell_history.html", context)


def _student_at(lesson: Lesson, user: Any, student_pk: int) -> Person | None:
    return lesson.students_visible_to(user).filter(pk=student_pk).first()


def _receipt(request: HttpRequest, pk: int, student_pk: int) -> HttpResponse:
    """What the family may know of it: what was published, of the kinds that its tie grants."""
    now = timezone.localtime()
    _children, child = family_of(request.user, student_pk, on=now.date())
    lesson = get_object_or_404(lessons_of(child).with_names(), pk=pk)
    lines = cell_history(
        lesson,
        child.student,
        published_at=now,
        marks=child.shows(Information.MARKS),
        absences=child.shows(Information.ATTENDANCE),
    )
    week = reverse("diary:week", args=[student_pk, monday_of(lesson.date)])
    context = {
        "student": child.student.roll_name,
        "lesson_title": _title(lesson),
        "back_url": f"{week}#d{lesson.date.isoformat()}",
        "is_family": True,
        "lines": [shown(line) for line in lines],
    }
    return render(request, "diary/cell_history.html", context)


@require_safe
def result_receipt(request: HttpRequest, student_pk: int, course_pk: int) -> HttpResponse:
    """Of a student's results in a course, to the family."""
    now = timezone.localtime()
    _children, child = family_of(request.user, student_pk, on=now.date())
    if not child.shows(Information.RESULTS):
        raise Http404
    course = get_object_or_404(courses_of(child).select_related("subject"), pk=course_pk)
    context = {
        "student": child.student.roll_name,
        "lesson_title": _("%(subject)s, results") % {"subject": course.subject.name},
        "back_url": reverse("diary:week-now", args=[student_pk]),
        "is_family": True,
        "lines": [shown(line) for line in result_history(course.pk, child.student, published_at=now)],
    }
    return render(request, "diary/cell_history.html", context)


def _title(lesson: Lesson) -> str:
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

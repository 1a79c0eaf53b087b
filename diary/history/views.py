"""The page of a cell's history."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from diary.corrections.cells import address_of, may_ask
from diary.history.events import late_text
from diary.history.reading import Line, cell_history
from schedule.models import Lesson
from schedule.weeks import day_title


@require_safe
def cell(request: HttpRequest, pk: int, student_pk: int) -> HttpResponse:
    """Of one student at one lesson, to whoever may open the lesson and sees the student there."""
    lesson = get_object_or_404(Lesson.objects.visible_to(request.user).for_page(request.user), pk=pk)
    student = get_object_or_404(lesson.students_visible_to(request.user), pk=student_pk)
    context = {
        "student": student.roll_name,
        "lesson_title": f"{lesson.course.subject.name}, {lesson.course.audience}, {day_title(lesson.date)}",
        "lesson_url": f"{reverse('diary:lesson', args=[pk])}#student-{student.pk}",
        "correct_url": _correct_url(request.user, lesson, student.pk),
        "lines": [shown(line) for line in cell_history(lesson, student)],
    }
    return render(request, "diary/cell_history.html", context)


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

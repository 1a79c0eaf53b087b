"""Lessons whose journal is about to be written by another page than the lesson's own."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from diary.lesson.page import LessonPage
from schedule.models import Lesson


def writable_lesson(request: HttpRequest, pk: int, *, from_its_day: bool = False) -> Any:
    """404 for a lesson that one may not see, 403 for one that one may not write: another teacher's, a
    cancelled one, one of a closed term; with `from_its_day` also one that is still to come."""
    user: Any = request.user
    lesson = get_object_or_404(Lesson.objects.visible_to(user).for_page(user), pk=pk)
    page = LessonPage(lesson, reader=user, now=timezone.localtime())
    if not (page.cells_open if from_its_day else page.may_edit):
        raise PermissionDenied
    return lesson

"""The page of one lesson."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diary.homework.load_page import warning_after
from diary.lesson.beside import with_what_is_beside
from diary.lesson.entries import NoLongerOpen, save_lesson
from diary.lesson.page import LessonPage
from schedule.models import Lesson
from schools.deadlocks import again_after_deadlock


@require_http_methods(["GET", "POST"])
@again_after_deadlock
def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.localtime()
    lessons = Lesson.objects.visible_to(request.user).for_page(request.user)
    person: Any = request.user.person  # type: ignore[union-attr]
    found = get_object_or_404(with_what_is_beside(lessons, person, on=now.date()), pk=pk)
    page = LessonPage(found, reader=request.user, now=now)
    # By this name the browser keeps what is not saved (static/js/kept-entries.js).
    kept_as = f"lesson-{pk}-{person.pk}"
    if request.method == "GET":
        return render(request, "diary/lesson.html", {**page.context(), "kept_as": kept_as})
    if not page.may_edit:
        raise PermissionDenied
    try:
        files = request.FILES.getlist("homework_files")
        refused = save_lesson(page, request.POST, by=person, files=files)
    except NoLongerOpen:
        raise PermissionDenied from None
    if not refused:
        messages.success(request, _("Saved"), extra_tags=kept_as)
        if page.sets_homework and (warning := warning_after(found)):
            messages.warning(request, warning)
        return redirect("diary:lesson", pk=pk)
    found = with_what_is_beside(lessons, person, on=now.date()).get(pk=pk)
    again = LessonPage(found, reader=request.user, now=now, typed=request.POST, refused=refused)
    return render(request, "diary/lesson.html", {**again.context(), "kept_as": kept_as}, status=422)

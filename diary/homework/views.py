"""Homework: its own page, files, copies, and how much is set for a day."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diary.homework.copying import copy, may_copy, targets
from diary.homework.files import hand_out
from diary.homework.load_page import load_page, warning_after
from diary.homework.sheet import HomeworkSheet
from diary.homework.writing import NoLongerOpen, take_back
from diary.lesson.page import LessonPage
from diary.marking import ChangedMeanwhile
from diary.models import Homework, HomeworkFile
from diary.typed import number
from schedule.models import Lesson
from schools.deadlocks import again_after_deadlock


@require_http_methods(["GET", "POST"])
@again_after_deadlock
def homework_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Another homework of a lesson: for a group, for single students."""
    return _sheet(request, _page_to_write(request, pk), None)


@require_http_methods(["GET", "POST"])
@again_after_deadlock
def homework(request: HttpRequest, pk: int) -> HttpResponse:
    found = _homework_to_see(request, pk)
    return _sheet(request, _page_to_write(request, found.lesson_id), found)


def _homework_to_see(request: HttpRequest, pk: int) -> Homework:
    seen = Homework.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("lesson", "due_lesson", "course"), pk=pk)


def _page_to_write(request: HttpRequest, lesson_pk: int) -> LessonPage:
    """404 for a lesson not seen, 403 for one that may not be written (now)."""
    found = get_object_or_404(Lesson.objects.visible_to(request.user).for_page(request.user), pk=lesson_pk)
    page = LessonPage(found, reader=request.user, now=timezone.localtime())
    if not page.may_edit:
        raise PermissionDenied
    return page


def _sheet(request: HttpRequest, page: LessonPage, found: Homework | None) -> HttpResponse:
    if request.method == "GET":
        return render(request, "diary/homework.html", HomeworkSheet(page, found).context())
    sheet = HomeworkSheet(page, found, typed=request.POST, files=request.FILES)
    try:
        saved = sheet.save(by=request.user.person)  # type: ignore[union-attr]
    except NoLongerOpen:
        raise PermissionDenied from None
    if not saved:
        return render(request, "diary/homework.html", sheet.context(), status=422)
    messages.success(request, _("Saved"))
    if warning := warning_after(page.lesson, sheet.homework):
        messages.warning(request, warning)
    return redirect("diary:lesson", pk=page.lesson.pk)


@require_POST
@again_after_deadlock
def homework_removal(request: HttpRequest, pk: int) -> HttpResponse:
    found = _homework_to_see(request, pk)
    page = _page_to_write(request, found.lesson_id)
    shown = request.POST.get("version", "")
    try:
        take_back(found, shown_version=number(shown))
    except NoLongerOpen:
        raise PermissionDenied from None
    except ChangedMeanwhile as changed:
        messages.error(request, str(changed))
        return redirect("diary:homework", pk=pk)
    messages.success(request, _("The homework is taken back."))
    return redirect("diary:lesson", pk=page.lesson.pk)


@require_http_methods(["GET", "POST"])
@again_after_deadlock
def homework_copies(request: HttpRequest, pk: int) -> HttpResponse:
    """To parallel classes of the teacher."""
    found = _homework_to_see(request, pk)
    page = _page_to_write(request, found.lesson_id)
    if not may_copy(found):
        raise PermissionDenied
    person, today = request.user.person, timezone.localdate()  # type: ignore[union-attr]
    outcomes: list[dict[str, Any]] = []
    if request.method == "POST":
        chosen = {number(key) for key in request.POST.getlist("course")}
        shown = {key: request.POST.get(f"shown-{key}", "") for key in chosen}
        outcomes = copy(found, shown, by=person, on=today)
    context = {
        "homework": found,
        "lesson": page.lesson,
        "outcomes": outcomes,
        "nothing_chosen": request.method == "POST" and not outcomes,
        "targets": targets(found, by=person, on=today),
    }
    is_done = request.method == "GET" or (outcomes and all(outcome["done"] for outcome in outcomes))
    return render(request, "diary/homework_copies.html", context, status=200 if is_done else 422)


@require_GET
def homework_load(request: HttpRequest, pk: int) -> HttpResponse:
    """How much is set for the days that a lesson's homework may be for. With `fragment` only the line
    for one of them, which a script puts beside the form."""
    lesson = get_object_or_404(Lesson.objects.visible_to(request.user).for_page(request.user), pk=pk)
    page = LessonPage(lesson, reader=request.user, now=timezone.localtime())
    context = load_page(page, request.GET)
    name = "diary/_homework_load.html" if "fragment" in request.GET else "diary/homework_load.html"
    return render(request, name, context)


@require_GET
def homework_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """For the staff who may open the lesson, and the families whose diary it stands in."""
    file = get_object_or_404(HomeworkFile.objects.select_related("homework"), pk=pk)
    if not file.homework.is_seen_by(request.user, at=timezone.localtime()):
        raise Http404
    try:
        return hand_out(file)
    except FileNotFoundError as gone:
        raise Http404 from gone

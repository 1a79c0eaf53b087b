"""Points («точка»): owed works of a lesson, of a course, one of them."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diary import points
from diary.lesson.access import writable_lesson
from diary.marking import Refused
from diary.models import Absence, Point
from diary.owed.closing import how_it_closes
from diary.owed.forms import OweForm, PointForm
from diary.owed.lists import points_of_course
from diary.scales.choosing import courses_headed
from diary.typed import number
from schedule.models import Lesson
from schools.models import Course


@require_http_methods(["GET", "POST"])
def point_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Those who were away are chosen to begin with."""
    lesson, today = writable_lesson(request, pk, from_its_day=True), timezone.localdate()
    away = Absence.objects.filter(lesson=lesson, code__in=Absence.AWAY).values_list("student", flat=True)
    planned = lesson.works.filter(kind__is_test=True).order_by("number").values_list("kind", flat=True)
    initial = {
        "due_on": max(today, points.next_lesson_day(lesson)),
        "students": list(away),
        "kind": planned.first(),  # what the lesson's marks are for: a mark of another kind settles nothing
    }
    form = OweForm(request.POST if request.method == "POST" else None, lesson=lesson, initial=initial)
    if form.is_valid():
        try:
            with transaction.atomic():
                for student in form.cleaned_data["students"]:
                    points.owe(
                        lesson,
                        student,
                        due_on=form.cleaned_data["due_on"],
                        kind=form.cleaned_data["kind"],
                        by=request.user.person,  # type: ignore[union-attr]
                        on=today,
                    )
        except Refused as refused:
            form.add_error("due_on", str(refused))
        else:
            messages.success(request, _("Saved"))
            return redirect("diary:lesson", pk=pk)
    return _page(request, "diary/point_new.html", lesson, form)


def _own_point(request: HttpRequest, pk: int) -> Point:
    """404 and 403 are those of its lesson."""
    seen = Lesson.objects.visible_to(request.user)
    found = Point.objects.with_state().filter(work__lesson__in=seen)
    found = found.select_related("work__kind", "work__scale", "student")
    point: Point = get_object_or_404(found, pk=pk)
    point.work.lesson = writable_lesson(request, point.work.lesson_id or 0)
    return point


@require_http_methods(["GET", "POST"])
def point(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own_point(request, pk)
    lesson: Any = found.work.lesson
    shown = request.POST.get("version", "")
    form = PointForm(request.POST if request.method == "POST" else None, initial={"due_on": found.due_on})
    if form.is_valid():
        try:
            points.put_off(
                found,
                due_on=form.cleaned_data["due_on"],
                on=timezone.localdate(),
                shown_version=number(shown),
            )
        except Refused as refused:
            form.add_error("due_on", str(refused))
        else:
            messages.success(request, _("Saved"))
            return redirect("diary:lesson", pk=found.work.lesson_id)
    return _page(request, "diary/point.html", lesson, form, point=found, closing=how_it_closes(found, lesson))


@require_POST
def point_withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    found = _own_point(request, pk)
    try:
        points.take_back(found, shown_version=number(request.POST.get("version", "")))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("diary:point", pk=pk)
    messages.success(request, _("The work is not waited for any more."))
    return redirect("diary:lesson", pk=found.work.lesson_id)


@require_GET
def course_points(request: HttpRequest, pk: int) -> HttpResponse:
    course = get_object_or_404(Course.objects.select_related("subject", "school_class", "group"), pk=pk)
    lists = points_of_course(course, reader=request.user, on=timezone.localdate())
    if lists is None:
        raise Http404
    headed = courses_headed(request.user, timezone.localdate()).filter(pk=pk)
    context = {"course": course, "lists": lists, "is_headed": headed.exists()}
    return render(request, "diary/course_points.html", context)


def _page(request: HttpRequest, template: str, lesson: Any, form: Any, **more: Any) -> HttpResponse:
    title = f"{lesson.course.subject.name}, {lesson.course.audience}"
    context = {"lesson": lesson, "title": title, "form": form, **more}
    return render(request, template, context, status=422 if form.errors else 200)

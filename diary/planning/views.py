"""Planned works, and the calendar of a class's tests."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diary.access import classes_seen_or_taught_by
from diary.lesson.access import writable_lesson
from diary.load_guard import Caution, cautions
from diary.marking import Refused
from diary.models import Work, WorkKind
from diary.planning import works
from diary.planning.calendar import month_pager, tests_of_month
from diary.planning.forms import WorkForm
from diary.typed import number
from schedule.models import Lesson


def _lessons(request: HttpRequest, lesson: Lesson) -> Any:
    """What may be planned for: the lesson itself and the teacher's later ones of the course."""
    today = timezone.localdate()
    own = Lesson.objects.taught_by(request.user.person, today)  # type: ignore[union-attr]
    later = own.filter(course=lesson.course, date__gte=today, term__closure=None)
    later = later.exclude(state=Lesson.State.CANCELLED)
    return (later | own.filter(pk=lesson.pk)).distinct().in_order()


@require_http_methods(["GET", "POST"])
def work_new(request: HttpRequest, pk: int) -> HttpResponse:
    lesson = writable_lesson(request, pk)
    test = WorkKind.objects.of(lesson.organisation_id).filter(is_test=True).first()
    form = WorkForm(
        request.POST if request.method == "POST" else None,
        lessons=_lessons(request, lesson),
        organisation=lesson.organisation_id,
        initial={"lesson": lesson.pk, "kind": test and test.pk},
    )
    asked = _asked(request, form)
    if form.is_valid() and not asked:
        try:
            data = form.cleaned_data
            works.plan(data["lesson"], kind=data["kind"], title=data["title"])
        except Refused as refused:
            form.add_error("kind", str(refused))
        else:
            messages.success(request, _("Planned"))
            return redirect("diary:lesson", pk=form.cleaned_data["lesson"].pk)
    return _page(request, lesson, form, asked)


def _asked(request: HttpRequest, form: WorkForm, *, besides: Work | None = None) -> list[Caution]:
    """What the teacher has not been told of yet; of a test alone."""
    if not form.is_valid() or not form.cleaned_data["kind"].is_test:
        return []
    if request.POST.get("confirmed") == form.confirmation:
        return []
    return cautions(form.cleaned_data["lesson"], besides=besides)


def _page(
    request: HttpRequest, lesson: Any, form: WorkForm, asked: list[Caution], work: Work | None = None
) -> HttpResponse:
    title = f"{lesson.course.subject.name}, {lesson.course.audience}"
    context = {"lesson": lesson, "title": title, "form": form, "cautions": asked, "work": work}
    if asked:
        context["confirmation"] = form.confirmation
    return render(request, "diary/work.html", context, status=422 if form.errors or asked else 200)


def _own_work(request: HttpRequest, pk: int) -> tuple[Work, Any]:
    """404 and 403 are those of its lesson."""
    seen = Lesson.objects.visible_to(request.user)
    work = get_object_or_404(Work.objects.filter(lesson__in=seen).select_related("kind"), pk=pk)
    return work, writable_lesson(request, work.lesson_id or 0)


@require_http_methods(["GET", "POST"])
def work(request: HttpRequest, pk: int) -> HttpResponse:
    found, lesson = _own_work(request, pk)
    form = WorkForm(
        request.POST if request.method == "POST" else None,
        lessons=_lessons(request, lesson),
        organisation=lesson.organisation_id,
        initial={"lesson": lesson.pk, "kind": found.kind_id, "title": found.title},
    )
    asked = _asked(request, form, besides=found)
    if form.is_valid() and not asked:
        try:
            works.change(found, **form.cleaned_data, shown_version=_shown(request))
        except Refused as refused:
            form.add_error("title", str(refused))
        else:
            messages.success(request, _("Saved"))
            return redirect("diary:lesson", pk=form.cleaned_data["lesson"].pk)
    return _page(request, lesson, form, asked, found)


@require_POST
def work_removal(request: HttpRequest, pk: int) -> HttpResponse:
    found, lesson = _own_work(request, pk)
    try:
        works.remove(found, shown_version=_shown(request))
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("diary:work", pk=pk)
    messages.success(request, _("The work is not planned any more."))
    return redirect("diary:lesson", pk=lesson.pk)


def _shown(request: HttpRequest) -> int:
    return number(request.POST.get("version"))


@require_GET
def class_tests(request: HttpRequest, pk: int, day: datetime.date | None = None) -> HttpResponse:
    """`day` is any of the month that is shown, this month without one."""
    today = timezone.localdate()
    school_class = get_object_or_404(classes_seen_or_taught_by(request.user, today), pk=pk)
    month = (day or today).replace(day=1)
    context = {
        "school_class": school_class,
        "days": tests_of_month(school_class, month, reader=request.user),
        "month": month_pager(school_class, month),
    }
    return render(request, "diary/class_tests.html", context)

"""Programmes: the list, a course's page, what its teacher and the head teacher decide."""

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diary.models import LessonProgramme
from diary.programme import contents
from diary.programme.access import (
    courses_read_by,
    has_programmes,
    may_decide,
    may_edit,
    sources_for,
    targets_for,
)
from diary.programme.forms import BeginForm, CopyForm, ReturnForm, TargetsForm, VersionForm
from diary.programme.listing import ProgrammeList
from diary.programme.page import ProgrammePage
from diary.programme.plan import move_plan
from diary.programme.spreadsheet import TYPE, template

State = LessonProgramme.State


def visible_course(request: HttpRequest, course_pk: int) -> Any:
    """The course, with what `may_edit` and `may_decide` ask. Raises Http404."""
    courses = courses_read_by(request.user, timezone.localdate())
    return get_object_or_404(courses, pk=course_pk)


def own_course(request: HttpRequest, course_pk: int, may: Callable[[Any], bool] = may_edit) -> Any:
    """The course, for who may do it. Raises Http404, PermissionDenied."""
    course = visible_course(request, course_pk)
    if not may(course):
        raise PermissionDenied
    return course


def changed_meanwhile(request: HttpRequest, course_pk: int) -> HttpResponse:
    messages.warning(request, _("The programme was changed meanwhile: here it is as it stands now."))
    return redirect("diary:programme", course_pk=course_pk)


@require_GET
def programmes(request: HttpRequest) -> HttpResponse:
    """The programmes of this year's courses that one may read."""
    if not has_programmes(request.user.roles):  # type: ignore[union-attr]
        raise Http404
    found = ProgrammeList(request.user, timezone.localdate(), state=request.GET.get("state", ""))
    return render(request, "diary/programmes.html", found.context(request.GET.get("page", "1")))


@require_GET
def programme(request: HttpRequest, course_pk: int) -> HttpResponse:
    page = ProgrammePage(visible_course(request, course_pk), reader=request.user, on=timezone.localdate())
    context = page.context(ordering="order" in request.GET)
    return render(request, "diary/programme.html", {**context, "return_form": ReturnForm()})


@require_GET
def programme_export(request: HttpRequest, course_pk: int) -> HttpResponse:
    page = ProgrammePage(visible_course(request, course_pk), reader=request.user, on=timezone.localdate())
    return _workbook(page.workbook(), f"programme-{course_pk}.xlsx")


@require_GET
def programme_template(request: HttpRequest) -> HttpResponse:
    if not has_programmes(request.user.roles):  # type: ignore[union-attr]
        raise Http404
    return _workbook(template(), "programme-template.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=TYPE, headers={"Content-Disposition": disposition})


@require_POST
def programme_plan(request: HttpRequest, course_pk: int) -> HttpResponse:
    """Move the plan: the rest goes onto the lessons that are left."""
    course = own_course(request, course_pk)
    if course.topics.exists():
        move_plan(course, timezone.localdate())
        messages.success(request, _("The plan is moved."))
    return redirect("diary:programme", course_pk=course_pk)


@require_POST
def programme_start(request: HttpRequest, course_pk: int) -> HttpResponse:
    """What stands before the chosen topic was given without the programme."""
    course = own_course(request, course_pk)
    form = BeginForm(request.POST)
    if form.is_valid() and course.topics.exists():
        contents.begin_with(course, form.cleaned_data["place"], on=timezone.localdate())
        messages.success(request, _("The programme begins with this topic, the plan is moved."))
    return redirect("diary:programme", course_pk=course_pk)


@require_http_methods(["GET", "POST"])
def programme_copy(request: HttpRequest, course_pk: int) -> HttpResponse:
    course, today = own_course(request, course_pk), timezone.localdate()
    sources = sources_for(course, request.user, today)
    form = CopyForm(request.POST if request.method == "POST" else None, sources=sources)
    if form.is_valid():
        try:
            count = contents.copy_programme(form.cleaned_data["source"], course, on=today)
        except contents.HasTopics:
            return changed_meanwhile(request, course_pk)
        text = ngettext("%(number)d topic is copied.", "%(number)d topics are copied.", count)
        messages.success(request, text % {"number": count})
        return redirect("diary:programme", course_pk=course_pk)
    context = {"form": form, "course": course, "has_sources": form.fields["source"].queryset.exists()}  # type: ignore[attr-defined]
    return render(request, "diary/programme_copy.html", context, status=422 if form.is_bound else 200)


@require_POST
def programme_copies(request: HttpRequest, course_pk: int) -> HttpResponse:
    """The same programme for the teacher's parallel courses, in one action."""
    course, today = own_course(request, course_pk), timezone.localdate()
    form = TargetsForm(request.POST, targets=targets_for(course, request.user, today))
    if not form.is_valid():
        return changed_meanwhile(request, course_pk)
    try:
        contents.copy_to(course, list(form.cleaned_data["targets"]), on=today)
    except contents.HasTopics:
        return changed_meanwhile(request, course_pk)
    names = ", ".join(target.audience for target in form.cleaned_data["targets"])
    messages.success(request, _("The programme is copied: %(courses)s.") % {"courses": names})
    return redirect("diary:programme", course_pk=course_pk)


@require_POST
def programme_submission(request: HttpRequest, course_pk: int) -> HttpResponse:
    """The teacher asks for approval."""
    course = own_course(request, course_pk)
    return _decide(request, course, State.SENT, _("The programme is sent to the head teacher."))


@require_POST
def programme_approval(request: HttpRequest, course_pk: int) -> HttpResponse:
    course = own_course(request, course_pk, may_decide)
    return _decide(request, course, State.APPROVED, _("The programme is approved."))


@require_POST
def programme_return(request: HttpRequest, course_pk: int) -> HttpResponse:
    course = own_course(request, course_pk, may_decide)
    form = ReturnForm(request.POST)
    if form.is_valid():
        words = form.cleaned_data["words"]
        return _decide(request, course, State.RETURNED, _("The programme is returned."), words=words)
    page = ProgrammePage(course, reader=request.user, on=timezone.localdate())
    context = {**page.context(ordering=False), "return_form": form}
    return render(request, "diary/programme.html", context, status=422)


def _decide(
    request: HttpRequest, course: Any, state: LessonProgramme.State, done: str, words: str = ""
) -> HttpResponse:
    """What the page showed is decided, nothing newer."""
    form = VersionForm(request.POST)
    if not form.is_valid() or not course.topics.exists():
        return changed_meanwhile(request, course.pk)
    by: Any = request.user.person  # type: ignore[union-attr]
    at: datetime.datetime = timezone.now()
    shown = form.cleaned_data["shown_version"]
    try:
        contents.decide(course, state, by=by, at=at, shown_version=shown, words=words)
    except contents.ChangedMeanwhile:
        return changed_meanwhile(request, course.pk)
    messages.success(request, done)
    return redirect("diary:programme", course_pk=course.pk)

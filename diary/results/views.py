"""The results of a course, and the table behind an average."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diary.access import classes_led_by, courses_visible_to
from diary.results.acceptance import (
    NotYours,
    Proposals,
    accept_suggestions,
    goes_on,
    signed,
    undo,
    undoable,
)
from diary.results.columns import Column, Kind, column_of_today
from diary.results.entries import NoLongerOpen, save_column
from diary.results.explained import Explanation, course_of_child
from diary.results.page import ResultPage
from diary.results.sheet import ResultSheet
from schools.deadlocks import again_after_deadlock
from schools.family import children_of
from schools.models import Course, Information, Term


def _sheet(request: HttpRequest, course_pk: int, *, also: str = "") -> ResultSheet:
    """As far as the account sees the course; 404 where it does not."""
    today = timezone.localdate()
    course: Any = get_object_or_404(courses_visible_to(request.user, today), pk=course_pk)
    classes = None if course.is_seen_whole else classes_led_by(request.user, today).values("pk")
    return ResultSheet(course, today=today, also=frozenset({also}), classes=classes)


def _column(sheet: ResultSheet, key: str | None) -> Column:
    column = sheet.column(key) if key else column_of_today(sheet.columns, sheet.today)
    if column is None:
        raise Http404
    return column


@require_http_methods(["GET", "POST"])
@again_after_deadlock
def results(request: HttpRequest, course_pk: int, column: str | None = None) -> HttpResponse:
    sheet = _sheet(request, course_pk, also=column or "")
    chosen = _column(sheet, column)
    page = ResultPage(sheet, chosen, is_mine=sheet.course.is_mine)  # type: ignore[attr-defined]
    if request.method == "GET":
        accepted = request.GET.get("accepted", "")
        undo_count = undoable(accepted, sheet.course, chosen, by=request.user.person)  # type: ignore[union-attr]
        context = page.context() | {"accepted_token": accepted, "undo_count": undo_count}
        return render(request, "diary/results.html", context)
    if not page.may_write:
        raise PermissionDenied
    try:
        refused = save_column(
            sheet,
            chosen,
            request.POST,
            by=request.user.person,  # type: ignore[union-attr]
            at=timezone.now(),
        )
    except NoLongerOpen:
        raise PermissionDenied from None
    if not refused:
        messages.success(request, _("Saved"))
        return redirect("diary:results-of", course_pk, chosen.key)
    now = _sheet(request, course_pk, also=column or "")
    again = ResultPage(now, _column(now, chosen.key), is_mine=True, refused=refused)
    return render(request, "diary/results.html", again.context(), status=422)


def _own_column(request: HttpRequest, course_pk: int, key: str) -> tuple[ResultSheet, Column]:
    """One that the account may write; else 404 or 403."""
    sheet = _sheet(request, course_pk, also=key)
    column = _column(sheet, key)
    if not ResultPage(sheet, column, is_mine=sheet.course.is_mine).may_write:  # type: ignore[attr-defined]
        raise PermissionDenied
    return sheet, column


@require_POST
@again_after_deadlock
def acceptance(request: HttpRequest, course_pk: int, column: str) -> HttpResponse:
    """While lessons are still to come it is asked first whether that is meant."""
    sheet, chosen = _own_column(request, course_pk, column)
    not_certified = "not_certified" in request.POST
    if goes_on(sheet, chosen) and "sure" not in request.POST:
        return _asked(request, sheet, chosen, not_certified)
    by, at = request.user.person, timezone.now()  # type: ignore[union-attr]
    try:
        count = accept_suggestions(sheet, chosen, not_certified=not_certified, by=by, at=at)
    except NoLongerOpen:
        raise PermissionDenied from None
    accepted = ngettext("%(count)d suggestion accepted", "%(count)d suggestions accepted", count)
    messages.success(request, accepted % {"count": count})
    back = reverse("diary:results-of", args=[course_pk, chosen.key])
    return redirect(f"{back}?accepted={signed(sheet.course, chosen, by=by, at=at)}" if count else back)


def _asked(request: HttpRequest, sheet: ResultSheet, column: Column, not_certified: bool) -> HttpResponse:
    chosen = Proposals.of(sheet, column).chosen(not_certified=not_certified)
    page = ResultPage(sheet, column, is_mine=True)
    context = page.question(chosen, not_certified=not_certified)
    return render(request, "diary/results_acceptance.html", context, status=422)


@require_POST
@again_after_deadlock
def acceptance_undoing(request: HttpRequest, course_pk: int, column: str) -> HttpResponse:
    sheet, chosen = _own_column(request, course_pk, column)
    token, by = request.POST.get("accepted", ""), request.user.person  # type: ignore[union-attr]
    try:
        count = undo(token, sheet.course, chosen, by=by)
    except NoLongerOpen:
        raise PermissionDenied from None
    except NotYours:
        messages.warning(request, _("This cannot be undone any more: empty the results one by one."))
    else:
        undone = ngettext("%(count)d result is emptied again.", "%(count)d results are emptied again.", count)
        messages.success(request, undone % {"count": count})
    return redirect("diary:results-of", course_pk, chosen.key)


@require_GET
def average(request: HttpRequest, course_pk: int, term_pk: int, student_pk: int) -> HttpResponse:
    """Mark × weight: to the teachers and head teacher of the course, and to the student's family."""
    now = timezone.localtime()
    explanation = _to_staff(request, course_pk, term_pk, student_pk) or _to_family(
        request, course_pk, term_pk, student_pk, now
    )
    if explanation is None:
        raise Http404
    return render(request, "diary/average.html", explanation.context())


def _to_staff(request: HttpRequest, course_pk: int, term_pk: int, student_pk: int) -> Explanation | None:
    if not request.user.roles.is_staff:  # type: ignore[union-attr]
        return None
    try:
        sheet = _sheet(request, course_pk)
    except Http404:
        return None
    column = sheet.column(f"{Kind.TERM}-{term_pk}")
    if column is None or column.term is None or student_pk not in sheet.members:
        return None
    student, since = sheet.members[student_pk]
    return Explanation(sheet.course, column.term, student, since=since, today=sheet.today)


def _to_family(
    request: HttpRequest, course_pk: int, term_pk: int, student_pk: int, now: datetime.datetime
) -> Explanation | None:
    children = children_of(request.user, on=now.date())
    child = next((child for child in children if child.student.pk == student_pk), None)
    if child is None or not child.shows(Information.MARKS):
        return None
    course = Course.objects.select_related("subject", "school_class", "group").filter(pk=course_pk).first()
    term = Term.objects.filter(pk=term_pk).first()
    if course is None or term is None:
        return None
    since = course_of_child(child, course, term)
    if since is None:
        return None
    return Explanation(
        course, term, child.student, since=since, today=now.date(), published_at=now, child=child
    )

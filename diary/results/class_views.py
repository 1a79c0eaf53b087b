"""The summary sheet of a class, and the behaviour marks on it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diary.access import classes_led_by, schools_headed_by
from diary.results.class_sheet import ClassPage, ClassSheet, save_behaviour
from diary.results.columns import Column, column_of_today
from diary.results.entries import NoLongerOpen
from schools.deadlocks import again_after_deadlock
from schools.models import SchoolClass


def _sheet(request: HttpRequest, class_pk: int) -> tuple[ClassSheet, bool]:
    """To its class teacher and the head teacher; and whether the account leads the class."""
    today = timezone.localdate()
    led = classes_led_by(request.user, today).values("pk")
    headed = schools_headed_by(request.user, today).values("pk")
    visible = SchoolClass.objects.filter(Q(pk__in=led) | Q(organisation__in=headed)).select_related("year")
    school_class: Any = get_object_or_404(visible, pk=class_pk)
    return ClassSheet(school_class, today=today), led.filter(pk=class_pk).exists()


def _column(sheet: ClassSheet, key: str | None) -> Column:
    found = {column.key: column for column in sheet.columns}
    if key is None:
        return column_of_today(sheet.columns, sheet.today)
    if key not in found:
        raise Http404
    return found[key]


@require_GET
def class_results(request: HttpRequest, class_pk: int, column: str | None = None) -> HttpResponse:
    sheet, is_led = _sheet(request, class_pk)
    page = ClassPage(sheet, _column(sheet, column), is_led=is_led)
    return render(request, "diary/class_results.html", page.context())


@require_POST
@again_after_deadlock
def behaviour(request: HttpRequest, class_pk: int, column: str) -> HttpResponse:
    sheet, is_led = _sheet(request, class_pk)
    chosen = _column(sheet, column)
    if not ClassPage(sheet, chosen, is_led=is_led).may_write:
        raise PermissionDenied
    try:
        refused = save_behaviour(
            sheet,
            chosen,
            request.POST,
            by=request.user.person,  # type: ignore[union-attr]
            at=timezone.now(),
        )
    except NoLongerOpen:
        raise PermissionDenied from None
    if refused:
        page = ClassPage(sheet, chosen, is_led=True, refused=refused)
        return render(request, "diary/class_results.html", page.context(), status=422)
    messages.success(request, _("Saved"))
    return redirect("diary:class-results-of", class_pk, chosen.key)

"""The page of a student's attendance."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from diary.attendance import page
from diary.attendance.months import months_of
from diary.attendance.periods import Period, period_named, periods_of
from diary.attendance.reading import attendance_of
from diary.family import family_shown, framed
from diary.models import AbsenceNote
from diary.notes.lines import note_lines
from schools.calendar import calendar_of
from schools.family import Child, signs_for
from schools.models import Information


@require_GET
def attendance(request: HttpRequest) -> HttpResponse:
    """One's own, or the oldest child's."""
    _children, child = family_shown(request.user, None, Information.ATTENDANCE, on=timezone.localdate())
    return redirect("diary:attendance-of", student_pk=child.student.pk)


@require_GET
def attendance_of_student(request: HttpRequest, student_pk: int, period: str = "") -> HttpResponse:
    """Of the term of today, or of the period in the address: `quarter-2`, `year`."""
    today = timezone.localdate()
    children, child = family_shown(request.user, student_pk, Information.ATTENDANCE, on=today)
    periods = periods_of(calendar_of(child.school_class), today)
    shown = period_named(periods, period, today)
    if shown is None:
        raise Http404
    found = attendance_of(child, shown.since, shown.until, today=today)
    notes = _notes(child, shown)
    may_file = signs_for(request.user, student_pk, on=today)
    days = page.Days(found, student_pk, notes, may_file=may_file)
    context = {
        **framed(children, child, "diary:attendance-of"),
        "periods": [_choice(each, shown, student_pk) for each in periods],
        "period": shown,
        "awaited": days.awaited(today=today),
        "figures": page.figures(found),
        "reasons": page.reasons(found),
        "exempt": found.exempt,
        "months": months_of(found, today=today),
        "tables": page.tables(found),
        "days": days.lines(),
        "notes": note_lines(notes),
        "new_url": reverse("diary:note-new", args=[student_pk]) if may_file else "",
    }
    return render(request, "diary/attendance.html", context)


def _notes(child: Child, period: Period) -> list[AbsenceNote]:
    """Of the period and of what comes after it, the newest days first. One statement."""
    found = AbsenceNote.objects.filter(student=child.student, until__gte=period.since).with_names()
    return list(found.order_by("-since", "-pk")[:50])


def _choice(each: Period, shown: Period, student: int) -> dict[str, Any]:
    return {"label": each.label, "url": each.url(student), "current": each is shown}

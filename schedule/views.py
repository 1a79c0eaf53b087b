"""The timetable of a class."""

import datetime
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from schedule.converters import has_address
from schedule.timetable import class_days, has_timetables
from schedule.weeks import WEEK, monday_of, week_subtitle, week_title
from schools.calendar import calendar_of
from schools.family import Child, child_tabs, children_of
from schools.models import Appointment, Information, SchoolClass


@require_GET
def classes(request: HttpRequest) -> HttpResponse:
    """The classes one may look at; families go straight to the oldest child's."""
    roles = request.user.roles  # type: ignore[union-attr]
    today = timezone.localdate()
    this_year = SchoolClass.objects.filter(year__since__lte=today, year__until__gte=today)
    visible = list(this_year.visible_to(request.user).select_related("organisation").in_order())
    if visible and (len(visible) == 1 or not roles.is_staff):
        return redirect("schedule:class-timetable", pk=visible[-1].pk)
    if not visible and not has_timetables(roles):
        raise Http404
    several = len({school_class.organisation_id for school_class in visible}) > 1
    grades = [
        {
            "label": _("Grade %(grade)d") % {"grade": grade},
            "classes": [
                {
                    "label": school_class.label,
                    "url": reverse("schedule:class-timetable", args=[school_class.pk]),
                    "note": school_class.organisation.short_name if several else "",
                }
                for school_class in members
            ],
        }
        for grade, members in groupby(visible, key=lambda school_class: school_class.grade)
    ]
    return render(request, "schedule/classes.html", {"grades": grades, "is_staff": roles.is_staff})


@require_GET
def class_timetable(request: HttpRequest, pk: int, monday: datetime.date | None = None) -> HttpResponse:
    school_class = get_object_or_404(SchoolClass.objects.visible_to(request.user), pk=pk)
    today = timezone.localdate()
    shown = monday or monday_of(today)
    context = {
        "school_class": school_class,
        "days": class_days(school_class, shown, today=today, reader=request.user),
        "children": _children(request, school_class, today, monday),
        "week": week_pager(shown, school_class, today=today),
        "reads_whole": _reads_whole(request.user, school_class, today),
    }
    return render(request, "schedule/class_timetable.html", context)


def _reads_whole(user: Any, school_class: SchoolClass, on: datetime.date) -> bool:
    """Whether the class's absences and tests are open to the account: its class teacher, the head teacher."""
    if user.roles.leads_class:
        led = user.person.classes_led.in_service(on).filter(school_class=school_class)
        if led.exists():
            return True
    if not user.roles.is_head_teacher:
        return False
    headed = user.person.appointments.in_service(on).filter(role=Appointment.Role.HEAD_TEACHER)
    return bool(headed.filter(organisation=school_class.organisation_id).exists())


def _children(
    request: HttpRequest, shown: SchoolClass, today: datetime.date, monday: datetime.date | None
) -> list[dict[str, Any]]:
    """The timetables of one's other children, the same week."""

    def address(child: Child) -> str:
        name = "schedule:class-timetable-week" if monday else "schedule:class-timetable"
        return reverse(name, args=[child.school_class.pk, *([monday] if monday else [])])

    children = [child for child in children_of(request.user, on=today) if child.shows(Information.TIMETABLE)]
    return child_tabs(children, address, current=lambda child: child.school_class.pk == shown.pk)


def week_pager(
    monday: datetime.date, school_class: SchoolClass, *, today: datetime.date
) -> dict[str, object]:
    def url(day: datetime.date) -> str:
        return (
            reverse("schedule:class-timetable-week", args=[school_class.pk, day]) if has_address(day) else ""
        )

    return {
        "title": week_title(monday),
        "subtitle": week_subtitle(monday, calendar_of(school_class)),
        "previous_url": url(monday - WEEK),
        "next_url": url(monday + WEEK),
        "today_url": "" if monday == monday_of(today) else url(monday_of(today)),
        "is_current": monday == monday_of(today),
    }
